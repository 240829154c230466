#!/usr/bin/env python3
"""Records three exchanges with a real wireguard-go, by an independent initiator and responder whose every secret is known.

  record-exchange.py WIREGUARD_GO > wireguard-go-exchange.json

Needs root, ip(8), wg(8) and the Python package cryptography; makes the namespace culvert-t-record and removes it.

  ours      we begin: initiation, response, a keepalive, an echo request and its reply
  theirs    wireguard-go begins: initiation, response, its keepalive, an echo request and its reply
  cookie    we begin while it is flooded: initiation, cookie reply, an initiation with mac2 five seconds later on our clock, response

Our ephemeral keys, time stamps, indices and counters are those that WireGuardExchangeTest lets the device choose. What wireguard-go sends
is as random as ever.
"""
import base64
import hashlib
import hmac
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAMESPACE = "culvert-t-record"
DEVICE = "wgrec0"
PORT = 51820
NAME = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
IDENTIFIER = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
SECONDS = 1_800_000_000
OUR_ADDRESS, THEIR_ADDRESS = "10.1.1.2", "10.1.2.2"


def private(byte):
    return X25519PrivateKey.from_private_bytes(bytes([byte]) * 32)


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def agree(key, other):
    return key.exchange(X25519PublicKey.from_public_bytes(other))


def blake(*parts):
    return hashlib.blake2s(b"".join(parts)).digest()


def mac(key, data):
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def kdf(key, data, count):
    secret = hmac.new(key, data, hashlib.blake2s).digest()
    out, previous = [], b""
    for i in range(1, count + 1):
        previous = hmac.new(secret, previous + bytes([i]), hashlib.blake2s).digest()
        out.append(previous)
    return out


def nonce(counter):
    return struct.pack("<IQ", 0, counter)


def tai64n(seconds):
    return struct.pack(">QI", 0x400000000000000A + seconds, 0)


OUR = private(0x11)
THEIR = private(0x22)
PRESHARED = bytes([0x33]) * 32


class Symmetric:
    def __init__(self, responder):
        self.key = blake(NAME)
        self.hash = blake(blake(self.key, IDENTIFIER), responder)

    def mix_hash(self, data):
        self.hash = blake(self.hash, data)

    def mix_ephemeral(self, data):
        self.mix_hash(data)
        (self.key,) = kdf(self.key, data, 1)

    def mix_key(self, shared):
        (self.key,) = kdf(self.key, shared, 1)

    def derive(self, shared):
        self.key, key = kdf(self.key, shared, 2)
        return key

    def derive_preshared(self):
        self.key, mixed, key = kdf(self.key, PRESHARED, 3)
        self.mix_hash(mixed)
        return key

    def seal(self, key, plain):
        sealed = ChaCha20Poly1305(key).encrypt(nonce(0), plain, self.hash)
        self.mix_hash(sealed)
        return sealed

    def open(self, key, sealed):
        plain = ChaCha20Poly1305(key).decrypt(nonce(0), sealed, self.hash)
        self.mix_hash(sealed)
        return plain

    def split(self):
        return kdf(self.key, b"", 2)


def with_macs(message, receiver, cookie=None):
    message += mac(blake(b"mac1----", receiver), message)
    return message + (mac(cookie, message) if cookie else bytes(16))


def initiate(ephemeral, index, stamp, cookie=None):
    """The initiation and what finishes it: a function from the response to the keys and its sender's index."""
    state = Symmetric(public(THEIR))
    state.mix_ephemeral(public(ephemeral))
    message = struct.pack("<II", 1, index) + public(ephemeral)
    message += state.seal(state.derive(agree(ephemeral, public(THEIR))), public(OUR))
    message += state.seal(state.derive(agree(OUR, public(THEIR))), stamp)

    def finish(response):
        kind, sender, receiver = struct.unpack_from("<III", response)
        assert (kind, receiver, len(response)) == (2, index, 92)
        their_ephemeral = response[12:44]
        state.mix_ephemeral(their_ephemeral)
        state.mix_key(agree(ephemeral, their_ephemeral))
        state.mix_key(agree(OUR, their_ephemeral))
        assert state.open(state.derive_preshared(), response[44:60]) == b""
        send, receive = state.split()
        return send, receive, sender

    return with_macs(message, public(THEIR), cookie), finish


def respond(initiation, ephemeral, index):
    state = Symmetric(public(OUR))
    kind, sender = struct.unpack_from("<II", initiation)
    assert (kind, len(initiation)) == (1, 148)
    their_ephemeral = initiation[8:40]
    state.mix_ephemeral(their_ephemeral)
    assert state.open(state.derive(agree(OUR, their_ephemeral)), initiation[40:88]) == public(THEIR)
    state.open(state.derive(agree(OUR, public(THEIR))), initiation[88:116])
    state.mix_ephemeral(public(ephemeral))
    state.mix_key(agree(ephemeral, their_ephemeral))
    state.mix_key(agree(ephemeral, public(THEIR)))
    message = struct.pack("<III", 2, index, sender) + public(ephemeral) + state.seal(state.derive_preshared(), b"")
    receive, send = state.split()
    return with_macs(message, public(THEIR)), send, receive, sender


def data(key, receiver, counter, packet):
    packet += bytes(-len(packet) % 16)
    return struct.pack("<IIQ", 4, receiver, counter) + ChaCha20Poly1305(key).encrypt(nonce(counter), packet, None)


def opened(key, message):
    kind, _, counter = struct.unpack_from("<IIQ", message)
    assert kind == 4
    return ChaCha20Poly1305(key).decrypt(nonce(counter), message[16:], None)


def checksum(block):
    total = sum(struct.unpack(f">{len(block) // 2}H", block))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack(">H", total ^ 0xFFFF)


def echo_request():
    icmp = struct.pack(">BBHHH", 8, 0, 0, 7, 1) + bytes(range(56))
    icmp = icmp[:2] + checksum(icmp) + icmp[4:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(icmp), 1, 0, 64, 1, 0) + socket.inet_aton(OUR_ADDRESS) + socket.inet_aton(THEIR_ADDRESS)
    return ip[:10] + checksum(ip) + ip[12:] + icmp


def rotate(value, by):
    return (value << by | value >> (32 - by)) & 0xFFFFFFFF


def hchacha20(key, block):
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + block))
    columns = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]
    for _ in range(10):
        for a, b, c, d in columns:
            for x, y, z, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                state[x] = (state[x] + state[y]) & 0xFFFFFFFF
                state[z] = rotate(state[z] ^ state[x], by)
    return struct.pack("<8I", *state[:4], *state[12:])


def cookie_of(reply, mac1, index):
    kind, receiver = struct.unpack_from("<II", reply)
    assert (kind, receiver, len(reply)) == (3, index, 64)
    key = hchacha20(blake(b"cookie--", public(THEIR)), reply[8:24])
    return ChaCha20Poly1305(key).decrypt(bytes(4) + reply[24:32], reply[32:], mac1)


def run(*command, text=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout


def wg_peer(*words):
    with tempfile.NamedTemporaryFile("w") as key:
        key.write(base64.b64encode(PRESHARED).decode())
        key.flush()
        run("wg", "set", DEVICE, "peer", base64.b64encode(public(OUR)).decode(), "preshared-key", key.name, "allowed-ips", OUR_ADDRESS + "/32", *words)


def forget_peer():
    run("wg", "set", DEVICE, "peer", base64.b64encode(public(OUR)).decode(), "remove")


def receive(sock):
    return sock.recv(65535)


def record(sock):
    at = ("127.0.0.1", PORT)
    out = {"echo request": echo_request().hex()}

    def steps(name):
        out[name] = {}
        return lambda what, message: out[name].update({what: message.hex()})

    # ours
    wg_peer()
    note = steps("ours")
    initiation, finish = initiate(private(0x44), 0x1234 << 18, tai64n(SECONDS))
    note("our initiation", initiation)
    sock.sendto(initiation, at)
    response = receive(sock)
    note("their response", response)
    send, take, index = finish(response)
    for what, counter, packet in (("our keepalive", 0, b""), ("our echo request", 1, echo_request())):
        message = data(send, index, counter, packet)
        note(what, message)
        sock.sendto(message, at)
    reply = receive(sock)
    assert opened(take, reply)[20] == 0
    note("their echo reply", reply)
    note("our sending key", send)
    note("our receiving key", take)

    # theirs
    forget_peer()
    note = steps("theirs")
    wg_peer("endpoint", "127.0.0.1:%d" % sock.getsockname()[1], "persistent-keepalive", "25")
    initiation = receive(sock)
    note("their initiation", initiation)
    response, send, take, index = respond(initiation, private(0x55), 0x1234 << 18)
    note("our response", response)
    sock.sendto(response, at)
    keepalive = receive(sock)
    assert opened(take, keepalive) == b""
    note("their keepalive", keepalive)
    message = data(send, index, 0, echo_request())
    note("our echo request", message)
    sock.sendto(message, at)
    reply = receive(sock)
    assert opened(take, reply)[20] == 0
    note("their echo reply", reply)
    note("our sending key", send)
    note("our receiving key", take)

    # cookie
    forget_peer()
    wg_peer()
    note = steps("cookie")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flood:
        key = blake(b"mac1----", public(THEIR))
        junk = []
        for _ in range(2000):
            begin = struct.pack("<I", 1) + os.urandom(112)
            junk.append(begin + mac(key, begin) + bytes(16))
        until = time.monotonic() + 0.4
        while time.monotonic() < until:
            for message in junk:
                flood.sendto(message, at)
    time.sleep(0.3)
    initiation, _ = initiate(private(0x66), 0x1234 << 18, tai64n(SECONDS))
    note("our initiation", initiation)
    sock.sendto(initiation, at)
    reply = receive(sock)
    note("their cookie reply", reply)
    cookie = cookie_of(reply, initiation[116:132], 0x1234 << 18)
    initiation, finish = initiate(private(0x77), 0x1234 << 18 | 1, tai64n(SECONDS + 5), cookie)
    note("our initiation with mac2", initiation)
    sock.sendto(initiation, at)
    response = receive(sock)
    note("their response", response)
    send, take, _ = finish(response)
    note("our sending key", send)
    note("our receiving key", take)
    return out


def inside():
    with tempfile.NamedTemporaryFile("w") as key:
        key.write(base64.b64encode(bytes([0x22]) * 32).decode())
        key.flush()
        run("wg", "set", DEVICE, "private-key", key.name, "listen-port", str(PORT))
    run("ip", "addr", "add", THEIR_ADDRESS + "/32", "dev", DEVICE)
    run("ip", "link", "set", DEVICE, "up")
    run("ip", "route", "add", OUR_ADDRESS + "/32", "dev", DEVICE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(5)
        json.dump(record(sock), sys.stdout, indent=1)
        print()


def main(program):
    run("ip", "netns", "add", NAMESPACE)
    foreign = None
    try:
        run("ip", "-n", NAMESPACE, "link", "set", "lo", "up")
        foreign = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, program, "-f", DEVICE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not os.path.exists(f"/var/run/wireguard/{DEVICE}.sock"):
            assert time.monotonic() < until, "wireguard-go made no device"
            time.sleep(0.05)
        subprocess.run(["ip", "netns", "exec", NAMESPACE, sys.executable, __file__, "inside"], check=True)
    finally:
        if foreign is not None:
            foreign.terminate()
            foreign.wait()
        run("ip", "netns", "del", NAMESPACE)


if __name__ == "__main__":
    inside() if sys.argv[1] == "inside" else main(sys.argv[1])
