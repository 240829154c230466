#!/usr/bin/env python3
"""Makes noise-vectors.json.

  make-noise-vectors.py cacophony.txt > noise-vectors.json

The first two are taken as they are from the vectors of the Noise implementation Cacophony (the Unlicense), in the file that the crate
snow 0.10.0 (Apache-2.0 or MIT) has as tests/vectors/cacophony.txt. The others are made by the Python package noiseprotocol 0.3.1 (MIT),
which shares no code with Culvert: the exchange of docs/protocol.md, as Noise sees it.
"""
import json
import sys

from noise.connection import Keypair, NoiseConnection

NAMES = ["Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s", "Noise_IKpsk2_25519_AESGCM_BLAKE2s"]
PROLOGUE = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
TIMESTAMP = (0x400000000000000A + 1_800_000_000).to_bytes(8, "big") + bytes(4)
PAYLOADS = [TIMESTAMP, b"", bytes([0x66]) * 16, bytes([0x77]) * 16]


def filled(byte):
    return bytes([byte]) * 32


def made(name):
    ends = []
    for static, ephemeral in ((0x11, 0x44), (0x22, 0x55)):
        end = NoiseConnection.from_name(name.encode())
        end.set_prologue(PROLOGUE)
        end.set_psks(psk=filled(0x33))
        end.set_keypair_from_private_bytes(Keypair.STATIC, filled(static))
        end.set_keypair_from_private_bytes(Keypair.EPHEMERAL, filled(ephemeral))
        ends.append(end)
    initiator, responder = ends
    remote = responder.noise_protocol.keypairs["s"].public_bytes
    initiator.set_keypair_from_public_bytes(Keypair.REMOTE_STATIC, remote)
    initiator.set_as_initiator()
    responder.set_as_responder()
    for end in ends:
        end.start_handshake()
    messages = []
    for number, payload in enumerate(PAYLOADS):
        sender, receiver = ends[number % 2], ends[1 - number % 2]
        if number < 2:
            ciphertext = bytes(sender.write_message(payload))
            assert bytes(receiver.read_message(ciphertext)) == payload
        else:
            ciphertext = bytes(sender.encrypt(payload))
            assert bytes(receiver.decrypt(ciphertext)) == payload
        messages.append({"payload": payload.hex(), "ciphertext": ciphertext.hex()})
    return {
        "protocol_name": name, "init_prologue": PROLOGUE.hex(), "init_psks": [filled(0x33).hex()], "init_static": filled(0x11).hex(),
        "init_ephemeral": filled(0x44).hex(), "init_remote_static": remote.hex(), "resp_prologue": PROLOGUE.hex(),
        "resp_psks": [filled(0x33).hex()], "resp_static": filled(0x22).hex(), "resp_ephemeral": filled(0x55).hex(),
        "handshake_hash": initiator.get_handshake_hash().hex(), "messages": messages}


with open(sys.argv[1]) as file:
    taken = [vector for vector in json.load(file)["vectors"] if vector["protocol_name"] in NAMES]
json.dump({"cacophony": taken, "noiseprotocol": [made(name) for name in NAMES]}, sys.stdout, indent=1)
print()
