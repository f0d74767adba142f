"""Reports of RTCP (RFC 3550, RFC 3611): what a receiver tells its sender of the losses.

A receiver report counts lost packets, not bursts; the VoIP metrics of an extended report tell both.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sercore.trace.trace import PACKET_MS, Statistics, TraceError

_SENDER_REPORT, _RECEIVER_REPORT, _EXTENDED_REPORT = 200, 201, 207
_VOIP_METRICS = 7
_BLOCK_BYTES = 24
_MOST_SOURCES = 4_096


@dataclass
class _Source:
    """What was reported of one sender: the first and the last count, and the last VoIP metrics."""

    first: tuple[int, int]
    last: tuple[int, int]
    reports: int = 1


@dataclass(frozen=True)
class VoipMetrics:
    """The shares of loss inside and outside of bursts, and how long these lasted (RFC 3611, 4.7)."""

    loss_rate: float
    discard_rate: float
    burst_density: float
    gap_density: float
    burst_ms: int
    gap_ms: int

    def mean_burst(self, packet_ms: float = PACKET_MS) -> float | None:
        """Packets lost in a row, if burst and gap are states that lose each by itself; None without loss.

        What is lost, over how often a loss begins: after a packet that arrived, in the state that follows.
        """
        lengths, loses = (self.gap_ms, self.burst_ms), (self.gap_density, self.burst_density)
        whole = sum(lengths)
        ends = [min(1.0, packet_ms / max(length, packet_ms)) for length in lengths]
        lost = begins = 0.0
        for state, other in ((0, 1), (1, 0)):
            share = lengths[state] / whole if whole else 0.0
            lost += share * loses[state]
            next_lost = (1 - ends[state]) * loses[state] + ends[state] * loses[other]
            begins += share * (1 - loses[state]) * next_lost
        return lost / begins if begins > 0 else None

    @property
    def words(self) -> str:
        """One sentence for people."""
        bursts = f"bursts of {self.burst_ms:,} ms with {self.burst_density:.1%} lost"
        return f"{self.loss_rate:.1%} lost, {bursts}, gaps of {self.gap_ms:,} ms with {self.gap_density:.1%}"


@dataclass
class Reports:
    """All reports of a capture, by the SSRC that they are about."""

    sources: dict[int, _Source] = field(default_factory=dict)
    metrics: dict[int, VoipMetrics] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sources)

    def add(self, captured: float, path: object, payload: bytes) -> None:  # noqa: ARG002  (as ``Streams.add``)
        """Take a datagram of RTCP; one that does not add up, as encrypted ones, is left."""
        packets = list(_packets(payload))
        for kind, count, content in packets:
            skipped = {_SENDER_REPORT: 24, _RECEIVER_REPORT: 4}.get(kind)
            if skipped is not None:
                for place in range(skipped, skipped + count * _BLOCK_BYTES, _BLOCK_BYTES):
                    self._add_block(content[place : place + _BLOCK_BYTES])
            elif kind == _EXTENDED_REPORT:
                self._add_metrics(content[4:])

    def statistics(self, source: str) -> Statistics:
        """The counts of the source that was reported on most often.

        Raises:
            TraceError: if nothing was reported, or nothing was sent between the first report and the last.
        """
        if not self.sources:
            raise TraceError(f"{source} holds no RTCP report in the clear; encrypted ones cannot be read")
        ssrc = max(self.sources, key=lambda each: self.sources[each].reports)
        counted = self.sources[ssrc]
        expected, lost = (last - first for first, last in zip(counted.first, counted.last, strict=True))
        if expected <= 0:
            said = f"{counted.reports} RTCP reports on 0x{ssrc:08x}"
            raise TraceError(f"{source} holds {said}, between which nothing was sent; two are needed")
        lost = min(max(lost, 0), expected)  # a duplicate counts as a negative loss
        burst = self.metrics[ssrc].mean_burst() if ssrc in self.metrics else None
        bursts = lost / burst if lost and burst else None if lost else 0
        how = "how they follow each other by its VoIP metrics" if bursts else "not how they follow each other"
        words = f"RTCP reports on 0x{ssrc:08x} count losses, {how}"
        return Statistics(expected, lost, bursts, PACKET_MS, source, (words, *self.words(ssrc)[1:]))

    def words(self, ssrc: int) -> list[str]:
        """What receivers reported of a source, one sentence each."""
        found = []
        if ssrc in self.sources:
            counted = self.sources[ssrc]
            found.append(f"RTCP says of it: {counted.last[1]:,} lost when last reported")
        if ssrc in self.metrics:
            found.append(f"RTCP's VoIP metrics: {self.metrics[ssrc].words}")
        return found

    def _add_block(self, block: bytes) -> None:
        ssrc, lost, highest = struct.unpack(">3I", block[:12])
        lost &= 0xFFFFFF
        lost -= 0x1000000 * (lost >= 0x800000)
        counts = (highest, lost)
        if ssrc in self.sources:
            known = self.sources[ssrc]
            known.last, known.reports = counts, known.reports + 1
        elif len(self.sources) < _MOST_SOURCES:
            self.sources[ssrc] = _Source(counts, counts)

    def _add_metrics(self, content: bytes) -> None:
        place = 0
        while place + 4 <= len(content):
            kind, _, words = struct.unpack(">BBH", content[place : place + 4])
            block = content[place + 4 : place + 4 + 4 * words]
            if kind == _VOIP_METRICS and len(block) == 32 and len(self.metrics) < _MOST_SOURCES:
                ssrc, loss, discard, burst, gap, burst_ms, gap_ms = struct.unpack(">I4B2H", block[:12])
                self.metrics[ssrc] = VoipMetrics(
                    loss / 256, discard / 256, burst / 256, gap / 256, burst_ms, gap_ms
                )
            place += 4 + 4 * words


def _packets(payload: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Kind, count and content of each packet of a compound one; none if their lengths do not add up."""
    place, found = 0, []
    while place + 4 <= len(payload):
        first, kind, words = struct.unpack(">BBH", payload[place : place + 4])
        end = place + 4 + 4 * words
        needed = {_SENDER_REPORT: 24, _RECEIVER_REPORT: 4}.get(kind, 0)
        needed += (first & 31) * _BLOCK_BYTES * (kind in (_SENDER_REPORT, _RECEIVER_REPORT))
        if first >> 6 != 2 or not 192 <= kind <= 223 or end > len(payload) or 4 * words < needed:
            return
        found.append((kind, first & 31, payload[place + 4 : end]))
        place = end
    if place == len(payload):
        yield from found
