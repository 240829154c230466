"""Two hosts on one machine, each with a container:

  ca 10.1.1.2 ─ veth ─ 10.1.1.1 ha 10.99.0.1 ── underlay veth ── 10.99.0.2 hb 10.1.2.1 ─ veth ─ 10.1.2.2 cb

What joins 10.1.1.0/24 to 10.1.2.0/24 is the subject of the measurement. Each subject has a topology of its own, so that all are up
at the same time and can be measured in turn without being set up again; the addresses are the same in all of them.
"""

import ctypes
import os
import signal
import socket
import subprocess
import threading
import time

PREFIX = "culvert-b-"
UNDERLAY = {"a": "10.99.0.1", "b": "10.99.0.2"}
CLIENT_ADDRESS, SERVER_ADDRESS = "10.1.1.2", "10.1.2.2"
HOSTS = ("a", "b")
CLONE_NEWNET = 0x40000000


def run(*command, check=True):
    """Runs a command to its end; its error output becomes the error's text."""
    done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def in_namespace(namespace, *command):
    return ["nsenter", f"--net=/run/netns/{namespace}", *[str(c) for c in command]]


def connect_in(namespace, address, port, timeout):
    """A TCP connection made inside a network namespace. The thread that enters it ends there; the socket stays."""
    result = {}

    def connect():
        try:
            descriptor = os.open(f"/run/netns/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), f"setns {namespace}")
            finally:
                os.close(descriptor)
            result["socket"] = socket.create_connection((address, port), timeout)
        except OSError as error:
            result["error"] = error

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    if "error" in result:
        raise result["error"]
    return result["socket"]


class Topology:
    def __init__(self, name, underlay):
        self.name, self.underlay = name, underlay
        self.processes = []

    def host(self, side):
        return f"{PREFIX}{self.name}-h{side}"

    def container(self, side):
        return f"{PREFIX}{self.name}-c{side}"

    def up(self):
        for side in HOSTS:
            host = self.host(side)
            run("ip", "netns", "add", host)
            run("ip", "-n", host, "link", "set", "lo", "up")
            run(*in_namespace(host, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0",
                              "net.ipv4.conf.default.rp_filter=0"))
        run("ip", "link", "add", "eth0", "netns", self.host("a"), "type", "veth", "peer", "name", "eth0", "netns", self.host("b"))
        for side in HOSTS:
            host, container, number = self.host(side), self.container(side), HOSTS.index(side) + 1
            run("ip", "-n", host, "addr", "add", f"{UNDERLAY[side]}/24", "dev", "eth0")
            run("ip", "-n", host, "link", "set", "eth0", "up")
            if self.underlay == "wire":
                # Single packets, as between real machines. Names that an older kernel lacks are refused one by one.
                for feature in ("tso off", "gso off", "tx-udp_tnl-segmentation off", "tx-udp_tnl-csum-segmentation off",
                                "tx-udp-segmentation off", "tx-gso-partial off", "gro on"):
                    run(*in_namespace(host, "ethtool", "-K", "eth0", *feature.split()), check=False)
            run("ip", "netns", "add", container)
            run("ip", "-n", container, "link", "set", "lo", "up")
            run("ip", "link", "add", "veth0", "netns", container, "type", "veth", "peer", "name", "veth1", "netns", host)
            run("ip", "-n", container, "addr", "add", f"10.1.{number}.2/24", "dev", "veth0")
            run("ip", "-n", container, "link", "set", "veth0", "up")
            run("ip", "-n", host, "addr", "add", f"10.1.{number}.1/24", "dev", "veth1")
            run("ip", "-n", host, "link", "set", "veth1", "up")
            run("ip", "-n", container, "route", "add", "default", "via", f"10.1.{number}.1")

    def start(self, side, *command, log=subprocess.DEVNULL, env=None):
        process = subprocess.Popen(in_namespace(self.host(side), *command), stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT, env=env, start_new_session=True)
        self.processes.append(process)
        return process

    def route(self, side, *through):
        other = 2 if side == "a" else 1
        run("ip", "-n", self.host(side), "route", "replace", f"10.1.{other}.0/24", *through)

    def await_device(self, side, device):
        """Waits for a device that a program makes."""
        deadline = time.monotonic() + 10
        while not run("ip", "-n", self.host(side), "link", "show", "dev", device, check=False):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}: no {device} on host {side} after 10 s")
            time.sleep(0.05)

    def device_up(self, device, mtu):
        for side in HOSTS:
            self.await_device(side, device)
            run("ip", "-n", self.host(side), "link", "set", device, "mtu", mtu, "up")
            self.route(side, "dev", device)

    def down(self):
        end(self.processes)
        for namespace in (self.container("a"), self.container("b"), self.host("a"), self.host("b")):
            run("ip", "netns", "del", namespace, check=False)


def end(processes):
    """Ends programs that this run started: politely, then not."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + 8
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    processes.clear()


def remove_leftovers():
    """Removes what a killed run left: namespaces that carry our prefix and whatever runs in them. Returns how many there were."""
    try:
        names = [n for n in os.listdir("/run/netns") if n.startswith(PREFIX)]
    except FileNotFoundError:
        names = []
    for name in names:
        for pid in run("ip", "netns", "pids", name, check=False).split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass
    for name in names:
        run("ip", "netns", "del", name, check=False)
    return len(names)
