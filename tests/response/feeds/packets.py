"""A capture file written by hand: questions to a resolver, requests of the web, and what answers them.

https://www.ietf.org/archive/id/draft-gharris-opsawg-pcap-01.html
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

CLIENT, RESOLVER = "192.0.2.10", "192.0.2.53"
_ETHERNET = bytes(12) + b"\x08\x00"
_SYN, _ACK, _PUSH = 2, 16, 8


def capture(*packets: bytes) -> bytes:
    """A capture file of these packets, a millisecond apart."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return head + b"".join(
        struct.pack("<IIII", 1_790_000_000, number * 1000, len(packet), len(packet)) + packet
        for number, packet in enumerate(packets)
    )


def question(name: str, number: int = 1) -> bytes:
    """A DNS message that asks for the address of a name."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def datagram(payload: bytes, to: str, port: int, source: int = 40000) -> bytes:
    """A UDP packet from the client."""
    udp = struct.pack(">HHHH", source, port, 8 + len(payload), 0) + payload
    return _ip(udp, 17, CLIENT, to)


def web_request(host: str, path: str, server: str, body: bytes = b"ok", port: int = 41000) -> Iterator[bytes]:
    """The packets of a whole conversation: greeting, request, answer with a body."""
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: test\r\n\r\n".encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
    answer += f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    here, there = (CLIENT, port, server, 80), (server, 80, CLIENT, port)
    yield _tcp(*here, 100, 0, _SYN)
    yield _tcp(*there, 500, 101, _SYN | _ACK)
    yield _tcp(*here, 101, 501, _ACK)
    yield _tcp(*here, 101, 501, _ACK | _PUSH, asked)
    yield _tcp(*there, 501, 101 + len(asked), _ACK | _PUSH, answer)
    yield _tcp(*here, 101 + len(asked), 501 + len(answer), _ACK)
    yield _tcp(*here, 101 + len(asked), 501 + len(answer), _ACK | 1)
    yield _tcp(*there, 501 + len(answer), 102 + len(asked), _ACK | 1)
    yield _tcp(*here, 102 + len(asked), 502 + len(answer), _ACK)


def _tcp(
    source: str, port: int, to: str, to_port: int, sequence: int, heard: int, flags: int, payload: bytes = b""
) -> bytes:
    header = struct.pack(">HHIIBBHHH", port, to_port, sequence, heard, 5 << 4, flags, 65535, 0, 0)
    pseudo = socket.inet_aton(source) + socket.inet_aton(to) + struct.pack(">BBH", 0, 6, 20 + len(payload))
    total = _checksum(pseudo + header + payload)
    return _ip(header[:16] + struct.pack(">H", total) + header[18:] + payload, 6, source, to)


def _ip(payload: bytes, protocol: int, source: str, to: str) -> bytes:
    ends = socket.inet_aton(source) + socket.inet_aton(to)
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + ends
    return _ETHERNET + header[:10] + struct.pack(">H", _checksum(header)) + header[12:] + payload


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
