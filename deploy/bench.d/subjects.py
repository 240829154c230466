"""What joins the two hosts: Culvert and everything that a user would otherwise pick. Each has a class with the same four methods."""

import os
import shutil
import subprocess

from culvert import Pair
from measures import Path
from topology import HOSTS, SERVER_ADDRESS, UNDERLAY, Topology, run

OTHER = {"a": "b", "b": "a"}


class Subject:
    """One way from container to container, up from set_up to tear_down."""

    name = ""

    def __init__(self, underlay, settings):
        self.underlay, self.settings = underlay, settings
        self.topology = Topology(self.name, underlay)
        self.path = Path(self.topology.container("a"), self.topology.container("b"), SERVER_ADDRESS)

    def missing(self):
        """Why it cannot be measured here, or None."""
        return None

    def version(self):
        return None

    def set_up(self):
        self.topology.up()
        self.join()
        self.path.open()
        self.path.await_open()

    def join(self):
        raise NotImplementedError

    def tear_down(self):
        self.path.close()
        self.topology.down()


class Direct(Subject):
    """No overlay: the hosts route to each other. The ceiling."""

    name = "direct"

    def join(self):
        for side in HOSTS:
            self.topology.route(side, "via", UNDERLAY[OTHER[side]])


class Vxlan(Subject):
    name = "vxlan"

    def join(self):
        for side in HOSTS:
            host, number = self.topology.host(side), HOSTS.index(side) + 1
            run("ip", "-n", host, "link", "add", "vx0", "type", "vxlan", "id", 1, "local", UNDERLAY[side], "remote",
                UNDERLAY[OTHER[side]], "dstport", 8472, "dev", "eth0")
            run("ip", "-n", host, "addr", "add", f"10.200.0.{number}/24", "dev", "vx0")
            run("ip", "-n", host, "link", "set", "vx0", "up")
            self.topology.route(side, "via", f"10.200.0.{3 - number}")


class Reference(Subject):
    """The plain TUN/UDP loop in C, with every offload and nothing else. The yardstick."""

    name = "reference"

    def missing(self):
        return None if os.environ.get("REFERENCE_LOOP") else "there is no C compiler (gcc)"

    def join(self):
        for side in HOSTS:
            self.topology.start(side, os.environ["REFERENCE_LOOP"], UNDERLAY[OTHER[side]])
        self.topology.device_up("tun0", 1472)


class Socat(Subject):
    """What the article begins with: one datagram a system call."""

    name = "socat"

    def missing(self):
        return None if shutil.which("socat") else "socat is not installed"

    def version(self):
        return next((line for line in run("socat", "-V", check=False).splitlines() if "version" in line), None)

    def join(self):
        for side in HOSTS:
            self.topology.start(side, "socat", f"UDP:{UNDERLAY[OTHER[side]]}:7000,bind={UNDERLAY[side]}:7000",
                                "TUN,tun-name=tun0,iff-no-pi")
        self.topology.device_up("tun0", 1472)


class WireguardGo(Subject):
    name = "wireguard-go"

    def missing(self):
        if not shutil.which(os.environ.get("WIREGUARD_GO") or "wireguard-go"):
            return "there is no wireguard-go: install the Debian package, or Go to have the newest made"
        return None if shutil.which("wg") else "wg is not installed (wireguard-tools)"

    def binary(self):
        return os.environ.get("WIREGUARD_GO") or "wireguard-go"

    def version(self):
        if shutil.which("go"):
            for line in run("go", "version", "-m", self.binary(), check=False).splitlines():
                if line.split()[:1] == ["mod"]:
                    return " ".join(line.split()[1:3])
        return (run(self.binary(), "--version", check=False).splitlines() or [None])[0]

    def join(self):
        # The control sockets of all namespaces are in one folder, so the devices' names must be nobody else's.
        device = {side: f"cvbwg{side}" for side in HOSTS}
        keys = {}
        for side in HOSTS:
            private = run("wg", "genkey").strip()
            public = subprocess.run(["wg", "pubkey"], input=private, capture_output=True, text=True, check=True).stdout.strip()
            keys[side] = (private, public)
            self.topology.start(side, self.binary(), "-f", device[side])
        for side in HOSTS:
            self.topology.await_device(side, device[side])
            other, number = OTHER[side], 2 if side == "a" else 1
            configuration = (f"[Interface]\nPrivateKey = {keys[side][0]}\nListenPort = 51820\n[Peer]\nPublicKey = {keys[other][1]}\n"
                             f"Endpoint = {UNDERLAY[other]}:51820\nAllowedIPs = 10.1.{number}.0/24\n")
            self.configure(device[side], configuration)
            run("ip", "-n", self.topology.host(side), "link", "set", device[side], "mtu", 1440, "up")
            self.topology.route(side, "dev", device[side])

    def configure(self, device, configuration):
        # The device can be there a moment before its control socket.
        for attempt in range(50):
            done = subprocess.run(["nsenter", f"--net=/run/netns/{self.topology.host(device[-1])}", "wg", "setconf", device, "/dev/stdin"],
                                  input=configuration, capture_output=True, text=True)
            if done.returncode == 0:
                return
            run("sleep", "0.1")
        raise RuntimeError("wg setconf: " + done.stderr.strip())


class Culvert(Subject):
    name = "culvert"
    queues = 1
    crowd = 0
    cipher = None
    log_pauses = False

    def join(self):
        self.pair = Pair(self.topology, self.settings.deploy, self.settings.work, self.settings.offloads)
        self.pair.start(self.log_pauses)
        self.pair.tunnel(self.queues, cipher=self.cipher)
        if self.crowd:
            self.pair.crowd(self.crowd)


class CulvertWireguard(Culvert):
    """What every WireGuard peer understands."""

    name = "culvert-wireguard"
    cipher = "chacha20-poly1305"


class CulvertAes(Culvert):
    """The same protocol over AES-256-GCM, between Culvert nodes."""

    name = "culvert-aes"
    cipher = "aes-256-gcm"


def culvert_variant(suffix, queues=1, crowd=0, kind=Culvert):
    """Culvert under a name of its own, so that it can be up beside the others."""
    return type("Culvert" + suffix, (kind,), {"name": "culvert-" + suffix, "queues": queues, "crowd": crowd})


class Given(Subject):
    """A subject that somebody else runs (--plane): only its ends are known, and nothing of it is touched."""

    def __init__(self, underlay, settings):
        self.name = settings.plane["name"]
        self.path = Path(settings.plane["client"], settings.plane["server"], settings.plane["address"])

    def set_up(self):
        self.path.open()
        self.path.await_open()

    def tear_down(self):
        self.path.close()


SUBJECTS = {kind.name: kind for kind in (Direct, Vxlan, Reference, Socat, WireguardGo, Culvert,
                                           CulvertWireguard, CulvertAes)}
