"""Two Culvert nodes in a topology's hosts, their tunnel made by REST calls."""

import http.client
import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from topology import HOSTS, UNDERLAY, connect_in

PORT = 8080
CROWD_SECONDS = 600


class Connection(http.client.HTTPConnection):
    """An HTTP connection that is made inside a namespace, again too after the server has closed it."""

    def __init__(self, namespace):
        super().__init__("127.0.0.1", PORT, timeout=60)
        self.namespace = namespace

    def connect(self):
        self.sock = connect_in(self.namespace, self.host, self.port, self.timeout)


class Node:
    """One node process. Its API listens on loopback inside the host's namespace."""

    def __init__(self, topology, side, deploy, directory):
        self.topology, self.side, self.deploy = topology, side, deploy
        self.state = os.path.join(directory, f"{topology.name}-{side}")
        self.log = self.state + ".log"
        self.started = self.ready_seconds = None
        self.process = None

    def start(self, log_pauses=False):
        # Nothing of the caller's environment, which could be configuration.
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "JAVA_HOME": os.environ["JAVA_HOME"]}
        if "CULVERT_JAVA_OPTIONS" in os.environ:
            env["CULVERT_JAVA_OPTIONS"] = os.environ["CULVERT_JAVA_OPTIONS"]
        if log_pauses:
            env["CULVERT_JAVA_OPTIONS"] = env.get("CULVERT_JAVA_OPTIONS", "") + f" -Xlog:safepoint:file={self.state}.pauses"
        self.started = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = self.topology.start(
                self.side, os.path.join(self.deploy, "node"), f"--culvert.node-name=bench-{self.side}",
                f"--culvert.state-directory={self.state}", "--server.address=127.0.0.1", f"--server.port={PORT}", log=log, env=env)

    @property
    def pid(self):
        return self.process.pid

    def await_ready(self):
        while True:
            try:
                if self.raw("GET", "/actuator/health/readiness", None, {})[0] == 200:
                    self.ready_seconds = time.monotonic() - self.started
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > self.started + 120:
                with open(self.log, errors="replace") as log:
                    raise RuntimeError(f"node {self.side} did not become ready:\n" + "".join(log.readlines()[-20:]))
            time.sleep(0.02)

    def connection(self):
        return Connection(self.topology.host(self.side))

    def raw(self, method, path, body, headers, connection=None):
        own = connection or self.connection()
        try:
            own.request(method, path, body, headers)
            answer = own.getresponse()
            return answer.status, answer.read().decode()
        finally:
            if not connection:
                own.close()

    def call(self, method, path, body=None, connection=None):
        with open(os.path.join(self.state, "api-token")) as token:
            headers = {"Authorization": "Bearer " + token.read().strip()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        status, text = self.raw(method, path, None if body is None else json.dumps(body), headers, connection)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {text}")
        return text

    def put(self, path, body, connection=None):
        """PUTs a resource and waits until it is APPLIED."""
        answer = json.loads(self.call("PUT", path, body, connection))
        deadline = time.monotonic() + 30
        while answer["status"]["state"] != "APPLIED":
            if time.monotonic() > deadline:
                raise RuntimeError(f"{path} is {answer['status']['state']}: {answer['status'].get('message')}")
            time.sleep(0.02)
            answer = json.loads(self.call("GET", path, None, connection))
        return answer

    def metrics(self):
        """The actuator's samples by name, summed over labels."""
        samples = {}
        for line in self.call("GET", "/actuator/prometheus").splitlines():
            if line and not line.startswith("#"):
                name, value = line.split("{")[0].split(" ")[0], line.rsplit(" ", 1)[1]
                samples[name] = samples.get(name, 0.0) + float(value)
        return samples

    def pauses(self):
        """Every stop of all threads so far, where they are logged: what for, and milliseconds from the request to the end."""
        with open(self.state + ".pauses") as log:
            return [(reason, int(nanos) / 1e6) for reason, nanos in re.findall(r'Safepoint "(\w+)".* Total: +(\d+) ns', log.read())]

    def anonymous_kib(self):
        with open(f"/proc/{self.pid}/status") as status:
            return int(next(line for line in status if line.startswith("RssAnon:")).split()[1])

    def cpu_seconds_by_thread(self):
        """What the process's threads have used, summed over those of one name, finer than the clock ticks of stat."""
        used = {}
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{thread}/comm") as comm, open(f"/proc/{self.pid}/task/{thread}/schedstat") as schedstat:
                    name, nanos = comm.read().strip(), int(schedstat.read().split()[0])
            except OSError:  # it has ended
                continue
            used[name] = used.get(name, 0.0) + nanos / 1e9
        return used

    def young_used_kib(self):
        """What the heap's young part holds, which grows by what is allocated until a collection empties it; None if unknown."""
        jcmd = os.path.join(os.environ["JAVA_HOME"], "bin", "jcmd")
        try:
            text = subprocess.run([jcmd, str(self.pid), "GC.heap_info"], capture_output=True, text=True, timeout=20).stdout
        except (OSError, subprocess.TimeoutExpired):
            return None
        for line in text.splitlines():
            words = line.replace(",", " ").split()
            if "new generation" in line.lower() or line.strip().lower().startswith("defnew"):
                return int(words[words.index("used") + 1].rstrip("Kk"))
        return None


class Pair:
    """Both nodes of a topology."""

    def __init__(self, topology, deploy, directory, offloads=None):
        self.nodes = {side: Node(topology, side, deploy, directory) for side in HOSTS}
        self.offloads = offloads

    def start(self, log_pauses=False):
        for node in self.nodes.values():
            node.start(log_pauses)
        for node in self.nodes.values():
            node.await_ready()

    def tunnel(self, queues=1, name="tun0", port=7000, prefixes=None, cipher=None):
        """A tunnel between both nodes, WireGuard's if a cipher is given; each node's own prefix goes to the other unless others are
        given, by side."""
        keys = {}
        for side, node in self.nodes.items():
            body = {"transport": "plain", "listen": [f"0.0.0.0:{port}"], "queues": queues}
            if cipher:
                body |= {"transport": "wireguard", "cipher": cipher}
            if self.offloads is not None:
                body["offloads"] = self.offloads
            keys[side] = node.put(f"/api/v1/tunnels/{name}", body).get("publicKey")
        for side, node in self.nodes.items():
            other = "b" if side == "a" else "a"
            through = (prefixes or {"a": ["10.1.2.0/24"], "b": ["10.1.1.0/24"]})[side]
            body = {"endpoint": f"{UNDERLAY[other]}:{port}", "allowedPrefixes": through}
            if cipher:
                body["publicKey"] = keys[other]
            node.put(f"/api/v1/tunnels/{name}/peers/other", body)

    def crowd(self, peers, prefixes=10):
        """Further peers that nobody speaks with. Their kernel routes are left out: what is measured is the node's own table.
        Fails when they are not there after CROWD_SECONDS."""
        deadline = time.monotonic() + CROWD_SECONDS

        def one(node, first):
            connection = node.connection()
            try:
                for number in range(first, peers, 2):
                    if time.monotonic() > deadline:
                        raise RuntimeError(f"only about {number} of {peers} peers were made in {CROWD_SECONDS} s")
                    node.put(f"/api/v1/tunnels/tun0/peers/p{number}", {
                        "endpoint": f"10.99.{1 + number // 250}.{1 + number % 250}:7000", "installRoutes": False,
                        "allowedPrefixes": [f"{20 + n}.{number // 256}.{number % 256}.0/24" for n in range(prefixes)]}, connection)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(one, node, first) for node in self.nodes.values() for first in (0, 1)]:
                done.result()
