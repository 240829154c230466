"""Many WireGuard peers, and somebody who floods a node with handshakes: what a node is measured by that has more than one peer."""

import base64
import glob
import hashlib
import os
import random
import select
import socket
import subprocess
import sys
import time

from topology import UNDERLAY, in_namespace, run

PORT = 51820
NETWORK = "10.66.0.0/16"
ADDRESSES = 1000
FLOOD_A_SECOND = 20_000


def addresses(topology):
    """Host b has as many addresses as it likes, and host a reaches them."""
    run("ip", "-n", topology.host("b"), "route", "replace", "local", NETWORK, "dev", "lo")
    run("ip", "-n", topology.host("a"), "route", "replace", NETWORK, "via", UNDERLAY["b"])


class Initiators:
    """Peers that all begin at the same moment, on host b; node-service/src/jmh has the program."""

    def __init__(self, topology, settings, node_key, count, keepalive):
        application = os.path.join(os.path.dirname(settings.deploy), "node-service", "target", "culvert", "app")
        path = os.path.join(application, "node-service.jar") + ":" + os.path.join(application, "lib", "*")
        sources = os.path.join(os.path.dirname(settings.deploy), "node-service", "src", "jmh", "java")
        classes = settings.fresh_directory()
        java = os.path.join(os.environ["JAVA_HOME"], "bin")
        package = os.path.join("net", "culvert", "node", "transport", "wireguard")
        made = subprocess.run([os.path.join(java, "javac"), "-nowarn", "-proc:none", "-cp", path, "-d", classes,
                               *glob.glob(os.path.join(sources, package, "InitiatorCrowd.java"))], capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError("the initiators do not compile (deploy/install makes what they need): " + made.stderr[-500:])
        self.process = subprocess.Popen(
            in_namespace(topology.host("b"), os.path.join(java, "java"), "-XX:+UseSerialGC", "-cp", classes + ":" + path,
                         package.replace("/", ".") + ".InitiatorCrowd", UNDERLAY["a"], PORT, node_key, count, "10.66.0.1", keepalive),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.keys = [self.process.stdout.readline().strip() for _ in range(count)]

    def begin(self):
        """All at once; the seconds until the last of them had its answer, and how many initiations and cookies it took."""
        self.process.stdin.write("begin\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if not words or int(words[1]) != len(self.keys):
            raise RuntimeError(f"not all initiators were answered: {' '.join(words)}")
        return float(words[3]), int(words[5]), int(words[7])

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Flood:
    """Initiations with a right mac1 and nothing else that is right, from 1,000 addresses of host b, at a steady rate."""

    def __init__(self, topology, port, node_key):
        self.process = subprocess.Popen(
            in_namespace(topology.host("b"), sys.executable, "-B", __file__, UNDERLAY["a"], port, node_key, FLOOD_A_SECOND),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.process.stdout.readline()

    def close(self):
        """How many were sent, a second."""
        text, _ = self.process.communicate("end\n", timeout=20)
        return float(text)


class Unread:
    """A socket of host a that nobody reads."""

    def __init__(self, topology, port):
        self.process = subprocess.Popen(
            in_namespace(topology.host("a"), sys.executable, "-c",
                         f"import socket,sys; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('0.0.0.0',{port})); "
                         "print(flush=True); sys.stdin.read()"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.process.stdout.readline()

    def close(self):
        self.process.communicate(timeout=20)


def flood(target, port, node_key, a_second):
    key = hashlib.blake2s(b"mac1----" + base64.b64decode(node_key)).digest()
    messages = []
    for _ in range(20_000):
        message = b"\x01\0\0\0" + random.randbytes(112)
        messages.append(message + hashlib.blake2s(message, key=key, digest_size=16).digest() + bytes(16))
    sockets = []
    for number in range(ADDRESSES):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((f"10.66.{number // 250}.{1 + number % 250}", 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect((target, port))
        sock.setblocking(False)
        sockets.append(sock)
    print("ready", flush=True)
    begun, sent, step = time.monotonic(), 0, 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        step += 1
        behind = begun + step * 0.005 - time.monotonic()
        if behind > 0:
            time.sleep(behind)
        for _ in range(a_second // 200):
            try:
                sockets[sent % ADDRESSES].send(messages[sent % len(messages)])
            except OSError:  # refused, or no room: on to the next
                pass
            sent += 1
    print(sent / (time.monotonic() - begun))


if __name__ == "__main__":
    flood(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
