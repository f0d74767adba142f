"""Captures, pcap and pcapng: the UDP datagrams in them, and the call of one RTP stream or of RTCP."""

import io
import struct
from array import array
from collections.abc import Iterator
from typing import Any

import dpkt
import numpy as np
from numpy.typing import NDArray

from sercore.trace.arrivals import trace_of
from sercore.trace.rtcp import Reports
from sercore.trace.rtp import Stream, Streams, choose, is_rtcp, listed
from sercore.trace.trace import PACKET_MS, Statistics, Trace, TraceError

MOST_RECORDS = 5_000_000
_PAUSE_S = 0.5  # in which a recording of other traffic too holds nothing: it was the recording that paused
_OTHERS = 5  # packets of other traffic in the second before and after
_PCAPNG = b"\x0a\x0d\x0d\x0a"
_PCAP = {b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1"}
_MODIFIED_PCAP = {b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1"}
MAGICS = {_PCAPNG, *_PCAP, *_MODIFIED_PCAP}

_ETHERNET, _LOOPBACKS, _RAW, _COOKED, _COOKED_2 = 1, (0, 108), (12, 14, 101), 113, 276
_LINKS = {
    _ETHERNET: dpkt.ethernet.Ethernet,
    _COOKED: dpkt.sll.SLL,
    _COOKED_2: dpkt.sll2.SLL2,
    228: dpkt.ip.IP,
    229: dpkt.ip6.IP6,
    **dict.fromkeys(_LOOPBACKS, dpkt.loopback.Loopback),
}
_READABLE = {*_LINKS, *_RAW}
# What dpkt lets through when a packet lies about itself.
_DAMAGE = (
    dpkt.Error,
    struct.error,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    KeyError,
    OverflowError,
)


def read_capture(content: bytes, source: str, stream: str | None = None) -> Trace | Statistics:
    """The call in a capture: the RTP stream wanted, or the longest of audio; without RTP, what RTCP reports.

    Args:
        content: of a pcap or pcapng file.
        source: its name, for messages.
        stream: the number of a stream in the list, its SSRC, or ``rtcp`` for the reports.

    Raises:
        TraceError: if it is damaged before its first packet, holds no such stream, or is too long.
    """
    streams, reports, times, remarks = _sorted_datagrams(content, source)
    found = streams.valid()
    if stream == "rtcp" or (not found and reports):
        return reports.statistics(source)
    if not found:
        held = f"{len(times):,} packets, none of them RTP over UDP (8 or more in sequence)"
        raise TraceError(f"{source} holds {held}; capture the call where it is received")
    place = choose(found, stream, source)
    taken = found[place]
    if len(found) > 1:
        remarks += [f"stream {place + 1} of {len(found)} was taken: {listed(found)}"]
    remarks += reports.words(taken.ssrc)
    trace = trace_of(
        taken.arrivals(_pauses(times, taken)), packet_ms=taken.packet_ms or PACKET_MS, source=source
    )
    return Trace(trace.received, trace.packet_ms, trace.delay_ms, source, (*remarks, *trace.remarks))


def list_streams(content: bytes, source: str) -> list[Stream]:
    """All RTP streams of a capture, in the order in which they began; errors as of ``read_capture``."""
    return _sorted_datagrams(content, source)[0].valid()


def _sorted_datagrams(content: bytes, source: str) -> tuple[Streams, Reports, NDArray[np.float64], list[str]]:
    """Streams and reports of a capture, when each of its packets came, and what was odd about the file."""
    streams, reports, times, remarks = Streams(), Reports(), array("d"), []
    links = set()
    try:
        for captured, link, packet in _records(content):
            times.append(captured)
            if len(times) > MOST_RECORDS:
                raise TraceError(f"it holds more than {MOST_RECORDS:,} packets; capture one call alone")
            links.add(link)
            for path, payload in _datagram(link, packet):
                (reports if is_rtcp(payload) else streams).add(captured, path, payload)
    except TraceError as error:
        raise TraceError(f"{source}: {error}") from None
    except _DAMAGE as error:
        if not times:
            raise TraceError(f"{source} is damaged before its first packet ({error or 'cut off'})") from None
        remarks.append(f"the file is cut off or damaged after packet {len(times):,}")
    if unknown := ", ".join(str(link) for link in sorted(links - _READABLE)):
        rule = (
            f"packets of the link type {unknown} cannot be read; Ethernet, Linux cooked, loopback and IP can"
        )
        if not links & _READABLE:
            raise TraceError(f"{source}: {rule}")
        remarks.append(rule)
    return streams, reports, np.asarray(times), remarks


def _records(content: bytes) -> Iterator[tuple[float, int, bytes]]:
    """Time in seconds, kind of link and bytes of each packet."""
    if content[:4] == _PCAPNG:
        yield from _pcapng_records(content)
        return
    reader = dpkt.pcap.Reader(io.BytesIO(content))
    link = reader.datalink()
    for captured, packet in reader:
        yield float(captured), link, packet


def _pcapng_records(content: bytes) -> Iterator[tuple[float, int, bytes]]:
    """The same of pcapng, in which each section has its byte order and each interface its link and clock."""
    order = "<"
    interfaces: list[tuple[int, float, int]] = []
    for kind, block in _blocks(content):
        little = order == "<"
        if kind == dpkt.pcapng.PCAPNG_BT_SHB:
            order, interfaces = "<" if block[8:12] == b"\x4d\x3c\x2b\x1a" else ">", []
        elif kind == dpkt.pcapng.PCAPNG_BT_IDB:
            kinds = dpkt.pcapng.InterfaceDescriptionBlock, dpkt.pcapng.InterfaceDescriptionBlockLE
            interface = kinds[little](block)
            interfaces.append((interface.linktype, *_clock(interface, order)))
        elif kind in (dpkt.pcapng.PCAPNG_BT_EPB, dpkt.pcapng.PCAPNG_BT_PB):
            where, high, low, length = struct.unpack(order + "4I", block[8:24])
            if kind == dpkt.pcapng.PCAPNG_BT_PB:  # the older block counts drops in the other half
                where = struct.unpack(order + "H", block[8:10])[0]
            link, ticks, offset = interfaces[where]
            yield ((high << 32) + low) / ticks + offset, link, block[28 : 28 + length]


def _blocks(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and bytes of each block, whose length is in the byte order of its section."""
    place, order = 0, "<"
    while place < len(content):
        if content[place : place + 4] == _PCAPNG:
            order = "<" if content[place + 8 : place + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, length = struct.unpack(order + "2I", content[place : place + 8])
        if length < 12 or place + length > len(content):
            raise ValueError("cut off")
        yield kind, content[place : place + length]
        place += length


def _clock(interface: Any, order: str) -> tuple[float, int]:
    """Ticks a second of an interface's times, and the seconds to add to them."""
    ticks, offset = 1e6, 0
    for option in interface.opts:
        if option.code == dpkt.pcapng.PCAPNG_OPT_IF_TSRESOL:
            ticks = float(2 if option.data[0] & 0x80 else 10) ** (option.data[0] & 0x7F)
        elif option.code == dpkt.pcapng.PCAPNG_OPT_IF_TSOFFSET:
            offset = struct.unpack(order + "q", option.data)[0]
    return ticks, offset


def _datagram(link: int, packet: bytes) -> Iterator[tuple[tuple[bytes, int, bytes, int], bytes]]:
    """Path and payload of the UDP datagram in a packet, if it holds one."""
    if link not in _READABLE:
        return
    try:
        six = link in _RAW and packet[0] >> 4 == 6
        found = dpkt.ip6.IP6(packet) if six else _LINKS.get(link, dpkt.ip.IP)(packet)
        while not isinstance(found, dpkt.ip.IP | dpkt.ip6.IP6 | bytes):
            found = found.data
        if isinstance(found, bytes) or not isinstance(found.data, dpkt.udp.UDP):
            return
        udp = found.data
        yield (bytes(found.src), udp.sport, bytes(found.dst), udp.dport), _out_of_turn(bytes(udp.data))
    except _DAMAGE:  # one packet of many; a loss, if it was one of the call
        return


def _out_of_turn(payload: bytes) -> bytes:
    """What a relay of WebRTC carries in a channel of TURN (RFC 8656, 12.4); any other payload as it is."""
    in_channel = len(payload) >= 16 and 0x40 <= payload[0] <= 0x4F
    length = int.from_bytes(payload[2:4], "big")
    return payload[4 : 4 + length] if in_channel and 0 <= len(payload) - 4 - length < 4 else payload


def _pauses(times: NDArray[np.float64], stream: Stream) -> NDArray[np.float64]:
    """Spans in which nothing at all was captured, other traffic around them. Shape: (spans, 2)."""
    times = np.sort(times)
    own = np.sort(np.asarray(stream.captured))
    before = np.flatnonzero(np.diff(times) > _PAUSE_S)
    start, end = times[before], times[before + 1]

    def others(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
        def within(values: NDArray[np.float64]) -> NDArray[np.int64]:
            return np.searchsorted(values, high, "right") - np.searchsorted(values, low, "left")

        return within(times) - within(own)

    paused = (others(start - 1, start) >= _OTHERS) & (others(end, end + 1) >= _OTHERS)
    return np.stack([start, end], axis=1)[paused]
