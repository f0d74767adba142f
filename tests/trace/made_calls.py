"""RTP and RTCP packets made byte by byte, and captures of them, for the tests of all readers of calls."""

import io
import struct
from collections.abc import Iterable, Sequence

import dpkt

ADDRESSES = (bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))  # RFC 5737
PORTS = (4_000, 5_000)
SSRC = 0x5E12C0DE


def rtp(number: int, timestamp: int, *, ssrc: int = SSRC, payload_type: int = 0, size: int = 0) -> bytes:
    """The header of RFC 3550, section 5.1, and ``size`` bytes of payload."""
    head = struct.pack(">BBHII", 0x80, payload_type, number % 2**16, timestamp % 2**32, ssrc)
    return head + bytes(size)


def ethernet(payload: bytes, *, back: bool = False, ports: tuple[int, int] = PORTS) -> bytes:
    """A UDP datagram over IPv4 in an Ethernet frame."""
    source, target = ADDRESSES[::-1] if back else ADDRESSES
    kind = struct.pack(">H", dpkt.ethernet.ETH_TYPE_IP)
    return bytes(12) + kind + ip4(payload, source, target, ports)


def ip4(
    payload: bytes,
    source: bytes = ADDRESSES[0],
    target: bytes = ADDRESSES[1],
    ports: tuple[int, int] = PORTS,
) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0)
    return head + source + target + udp(payload, ports)


def ip6(payload: bytes, ports: tuple[int, int] = PORTS) -> bytes:
    return (
        struct.pack(">IHBB", 6 << 28, 8 + len(payload), 17, 64)
        + bytes(15)
        + b"\1"
        + bytes(15)
        + b"\2"
        + udp(payload, ports)
    )


def udp(payload: bytes, ports: tuple[int, int] = PORTS) -> bytes:
    return struct.pack(">4H", *ports, 8 + len(payload), 0) + payload


def pcap(packets: Iterable[tuple[float, bytes]], linktype: int = 1) -> bytes:
    """A capture of frames with their times in seconds."""
    file = io.BytesIO()
    writer = dpkt.pcap.Writer(file, linktype=linktype)
    for time, packet in packets:
        writer.writepkt(packet, ts=time)
    return file.getvalue()


def call(
    numbers: Sequence[int], *, packet_ms: int = 20, start: int = 0, ssrc: int = SSRC, back: bool = False
) -> list[tuple[float, bytes]]:
    """G.711 packets by their place in the call, each captured 50 ms after it was sent."""
    ticks = packet_ms * 8
    return [
        (1_000 + n * packet_ms / 1_000 + 0.05, ethernet(rtp(start + n, n * ticks, ssrc=ssrc), back=back))
        for n in numbers
    ]


def report_block(ssrc: int, highest: int, lost: int, fraction: int = 0) -> bytes:
    """RFC 3550, section 6.4.1."""
    return struct.pack(">IIIIII", ssrc, (fraction << 24) | (lost & 0xFFFFFF), highest, 0, 0, 0)


def receiver_report(*blocks: bytes) -> bytes:
    content = struct.pack(">I", 1) + b"".join(blocks)
    return struct.pack(">BBH", 0x80 | len(blocks), 201, len(content) // 4) + content


def voip_metrics(ssrc: int, *, loss: int, burst: int, gap: int, burst_ms: int, gap_ms: int) -> bytes:
    """An extended report with one block of RFC 3611, section 4.7."""
    block = struct.pack(">BBHI4B2H", 7, 0, 8, ssrc, loss, 0, burst, gap, burst_ms, gap_ms) + bytes(20)
    content = struct.pack(">I", 1) + block
    return struct.pack(">BBH", 0x80, 207, len(content) // 4) + content
