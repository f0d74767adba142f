"""RTP streams among UDP datagrams (RFC 3550), told from other traffic by their numbers over many packets.

Only the first twelve bytes are looked at: they are in the clear in SRTP too.
"""

from array import array
from dataclasses import dataclass, field
from ipaddress import ip_address

import numpy as np
from numpy.typing import NDArray

from sercore.trace.arrivals import MAX_MISORDER, Arrivals
from sercore.trace.trace import TraceError

CLOCKS = dict.fromkeys((0, 3, 4, 5, 7, 8, 9, 12, 13, 15, 18), 8_000) | {6: 16_000, 10: 44_100, 11: 44_100}
"""Ticks a second of the static payload types of audio (RFC 3551)."""
_USUAL_CLOCKS = np.array([8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 90_000])
_OPUS_CLOCK = 48_000
_FEWEST = 8  # packets; fewer prove nothing
_MOST_STREAMS = 4_096
_IN_SEQUENCE = 0.8  # of the steps from packet to packet
_PACKETS_MS = (2.5, 200.0)  # sound in one packet of audio

Path = tuple[bytes, int, bytes, int]
"""Source address and port, destination address and port."""


@dataclass
class Stream:
    """The packets of one SSRC on one path, in the order in which they were captured."""

    path: Path
    ssrc: int
    number: "array[int]" = field(default_factory=lambda: array("H"))
    timestamp: "array[int]" = field(default_factory=lambda: array("I"))
    captured: "array[float]" = field(default_factory=lambda: array("d"))
    payload_types: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.number)

    @property
    def title(self) -> str:
        """One line for a list: SSRC, path, payload types, packets and seconds."""
        source, source_port, target, target_port = self.path
        types = ", ".join(map(str, sorted(self.payload_types)))
        where = f"{ip_address(source)}:{source_port} -> {ip_address(target)}:{target_port}"
        length = f"{len(self):,} packets in {self.captured[-1] - self.captured[0]:.1f} s"
        kind = "" if self.is_audio else ", not audio"
        return f"0x{self.ssrc:08x} {where}, payload type {types}, {length}{kind}"

    @property
    def clock(self) -> int:
        """Ticks of its timestamps a second: of a known payload type, else the usual rate next to its pace."""
        known = {CLOCKS[each] for each in self.payload_types if each in CLOCKS}
        if len(known) == 1:
            return known.pop()
        apart = max(1, len(self) // 40)
        ticks, seconds = np.diff(self._ticks()[::apart]), np.diff(np.asarray(self.captured)[::apart])
        if not (seconds > 0).any():
            return _OPUS_CLOCK
        pace = float(np.median(ticks[seconds > 0] / seconds[seconds > 0]))
        nearest = int(_USUAL_CLOCKS[np.argmin(np.abs(np.log(_USUAL_CLOCKS / max(pace, 1.0))))])
        return nearest if abs(pace / nearest - 1) < 0.2 else _OPUS_CLOCK

    @property
    def packet_ms(self) -> float:
        """Sound in one packet, what most timestamps go on by where the number goes on by one; else 0."""
        ticks = np.diff(self._ticks())[np.diff(np.asarray(self.number, dtype=np.int64)) == 1]
        if not len(ticks) or np.count_nonzero(ticks == 0) > len(ticks) / 4:
            return 0.0
        steps, times = np.unique(ticks[ticks > 0], return_counts=True)
        return float(steps[np.argmax(times)]) * 1_000 / self.clock if len(steps) else 0.0

    @property
    def is_audio(self) -> bool:
        """Whether its packets hold 2.5 to 200 ms each; video sends many packets of one moment."""
        shortest, longest = _PACKETS_MS
        return self.clock < 90_000 and shortest <= self.packet_ms <= longest

    @property
    def is_valid(self) -> bool:
        """Whether its numbers go on as RTP's do (RFC 3550, A.1, over all packets)."""
        if len(self) < _FEWEST:
            return False
        number = np.asarray(self.number, dtype=np.int64)
        steps = (np.diff(number) + 32_768) % 65_536 - 32_768
        steps = steps[steps != 0]  # a capture on all interfaces holds each packet twice
        in_sequence = np.count_nonzero(np.abs(steps) <= MAX_MISORDER)
        return bool(len(steps) >= _FEWEST - 1 and in_sequence >= _IN_SEQUENCE * len(steps))

    def arrivals(self, silences: NDArray[np.float64]) -> Arrivals:
        """Its packets as they arrived."""
        sent = self._ticks() / self.clock
        number = np.asarray(self.number, dtype=np.int64)
        return Arrivals(number, np.asarray(self.captured), sent, silences=silences)

    def _ticks(self) -> NDArray[np.int64]:
        """Timestamps that do not wrap around at 2^32."""
        stamps = np.asarray(self.timestamp, dtype=np.int64)
        steps = (np.diff(stamps) + 2**31) % 2**32 - 2**31
        return np.concatenate([[0], np.cumsum(steps)])


class Streams:
    """Sorts datagrams into streams.

    Example:
        >>> found = Streams()
        >>> path = (bytes(4), 5004, bytes(4), 5004)
        >>> for number in range(9):
        ...     found.add(number / 50, path, bytes([0x80, 0, 0, number, *bytes(8)]))
        >>> [len(stream) for stream in found.valid()]
        [9]
    """

    def __init__(self) -> None:
        self._found: dict[tuple[Path, int], Stream] = {}

    def add(self, captured: float, path: Path, payload: bytes) -> None:
        """Take a datagram that looks like RTP; others are left."""
        if len(payload) < 12 or payload[0] >> 6 != 2 or is_rtcp(payload):
            return
        ssrc = int.from_bytes(payload[8:12], "big")
        stream = self._found.get((path, ssrc))
        if stream is None:
            if len(self._found) >= _MOST_STREAMS:
                self._leave_single_packets()
            stream = self._found[path, ssrc] = Stream(path, ssrc)
        stream.number.append(int.from_bytes(payload[2:4], "big"))
        stream.timestamp.append(int.from_bytes(payload[4:8], "big"))
        stream.captured.append(captured)
        stream.payload_types.add(payload[1] & 0x7F)

    def valid(self) -> list[Stream]:
        """The streams that are RTP, in the order in which they began."""
        return [stream for stream in self._found.values() if stream.is_valid]

    def _leave_single_packets(self) -> None:
        """Chance makes other traffic look like a stream of one packet."""
        self._found = {key: stream for key, stream in self._found.items() if len(stream) > 1}
        if len(self._found) >= _MOST_STREAMS:
            raise TraceError(f"it holds more than {_MOST_STREAMS:,} streams; capture one call alone")


def is_rtcp(payload: bytes) -> bool:
    """Whether a datagram of version 2 is RTCP rather than RTP (RFC 5761, section 4)."""
    return len(payload) >= 8 and payload[0] >> 6 == 2 and 192 <= payload[1] <= 223


def choose(streams: list[Stream], wanted: str | None, source: str) -> int:
    """The place of the stream wanted, by its number from 1 or its SSRC; without a wish the longest of audio.

    Raises:
        TraceError: if there is no such stream; the sentence lists them all.
    """
    if wanted is None:
        audio = [place for place, stream in enumerate(streams) if stream.is_audio] or range(len(streams))
        return max(audio, key=lambda place: len(streams[place]))
    for place, stream in enumerate(streams):
        if wanted.lower() in (str(place + 1), f"0x{stream.ssrc:08x}", f"0x{stream.ssrc:x}", str(stream.ssrc)):
            return place
    raise TraceError(f"{source} has no stream {wanted!r}; it has {listed(streams)}")


def listed(streams: list[Stream]) -> str:
    """All streams with their numbers, in one line."""
    return "; ".join(f"{place}: {stream.title}" for place, stream in enumerate(streams, start=1))
