"""Copies packets between a TUN device and a UDP port, one at a time, as the article's program does.

    tun_udp.py DEVICE LOCAL-PORT PEER-ADDRESS PEER-PORT

The device is opened without IFF_NO_PI, so every packet carries struct tun_pi in front: two bytes of flags and two of
EtherType. They travel with it, and the other end has to want them. Ends when it is told to, by a signal.
"""
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
LARGEST = 65536


def open_tun(name):
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN))
    return tun


def open_udp(port, peer):
    family = socket.AF_INET6 if ":" in peer else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    udp.bind(("", port))
    return udp


def main():
    name, port, peer, peer_port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    tun = open_tun(name)
    udp = open_udp(port, peer)
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([tun, udp], [], [])
        if tun in readable:
            udp.sendto(os.read(tun, LARGEST), (peer, peer_port))
        if udp in readable:
            datagram = udp.recv(LARGEST)
            try:
                os.write(tun, datagram)
            except OSError as refused:
                print("not taken by the device:", refused, flush=True)


if __name__ == "__main__":
    main()
