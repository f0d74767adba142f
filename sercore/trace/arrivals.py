"""From packets as they arrived, numbered and timed, to what was lost of what was sent.

A gap in the sequence numbers is a loss. These are not: numbers that wrap around at 65,536, packets that come
twice or in another order, silence in which nothing is sent (times jump, numbers do not), and a sender that
starts to number anew.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sercore.trace.trace import MOST_PACKETS, Trace, TraceError

MAX_DROPOUT = 3_000  # RFC 3550, A.1: a larger step in the numbers is a new start, no loss
MAX_MISORDER = 100  # the same: a larger step must at least agree with the sender's clock
_AGREES = 0.1  # a long outage: numbers and clock went on alike
_REBASE_S = 1.0  # a delay that jumps by more and stays is a pause or another clock: receivers adapt to it
_SHORTEST_SEGMENT = 10  # packets between two such jumps; fewer are stragglers
_LONGEST_DRIFT = 500e-6  # two real clocks differ by less
_DRIFT_SECONDS = 60.0  # below, a queue that fills looks like drift
_REAL_TIME = 0.05  # a sender whose clock is further off did not send as one speaks


@dataclass(frozen=True)
class Arrivals:
    """Packets in the order in which they arrived.

    Args:
        number: sequence numbers; of 16 bits if ``wraps``. Shape: (n,).
        arrived: in seconds; None if not known. Shape: (n,).
        sent: in seconds by the sender's clock; None if not known. Shape: (n,).
        wraps: whether numbers go on at 0 after 65,535.
        silences: spans of the recording in seconds in which it recorded nothing at all. Shape: (spans, 2).
    """

    number: NDArray[np.int64]
    arrived: NDArray[np.float64] | None = None
    sent: NDArray[np.float64] | None = None
    wraps: bool = True
    silences: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))


def trace_of(arrivals: Arrivals, *, packet_ms: float, source: str) -> Trace:
    """Which packets arrived, with their delays where times are known.

    Raises:
        TraceError: if there is no packet, or the numbers span more than 10 million.

    Example:
        >>> trace_of(Arrivals(np.array([65534, 65535, 1, 0, 3])), packet_ms=20, source="a").received
        array([ True,  True,  True,  True, False,  True])
    """
    number, kept, restarts = unwrapped(arrivals, packet_ms)
    if not len(number):
        raise TraceError(f"{source} has no packets in sequence; two that follow each other are needed")
    sent_order, first = np.unique(number, return_index=True)
    span = int(sent_order[-1] - sent_order[0]) + 1
    if span > MOST_PACKETS:
        raise TraceError(f"{source} numbers {span:,} packets; at most {MOST_PACKETS:,} are allowed")
    place = sent_order - sent_order[0]
    received = np.zeros(span, dtype=bool)
    received[place] = True
    first = kept[first]
    remarks = _remarks(number, restarts)
    counted = np.ones(span, dtype=bool)
    delay = None
    if arrivals.arrived is not None:
        arrived = arrivals.arrived[first]
        for start, end in _unrecorded(place, arrived, arrivals.silences):
            counted[start:end] = False
        if skipped := int(np.count_nonzero(~counted)):
            remarks.append(f"{skipped:,} packets fell into pauses of the recording itself and do not count")
        sent = sent_order * packet_ms / 1_000 if arrivals.sent is None else arrivals.sent[first]
        late = delays(arrived, sent)
        if late is None:
            remarks.append("its packets were not sent at the pace of speech, so that no delays are known")
        else:
            delay = np.full(span, np.nan)
            delay[place] = late * 1_000
            delay = delay[counted]
    return Trace(received[counted], packet_ms, delay, source, tuple(remarks))


def unwrapped(arrivals: Arrivals, packet_ms: float) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Numbers that never wrap around nor start anew, whose they are, and how many new starts there were.

    A step of more than 3,000 is a new start if the next packet follows it, and if the sender's clock did not
    go on alike; a packet alone there is left out. So is a step of more than 100 during which the clock went
    on by less than half of those packets.
    """
    kept = np.arange(len(arrivals.number))
    for _ in range(3):  # leaving out a stray may join what it parted
        steps, jumps = _steps(arrivals, kept, packet_ms)
        segment = np.cumsum(np.concatenate([[False], jumps]))[: len(kept)]
        alone = np.bincount(segment, minlength=1)[segment] < 2
        if not alone.any() or len(kept) < 2:
            break
        kept = kept[~alone]
    steps, jumps = _steps(arrivals, kept, packet_ms)
    within = np.cumsum(np.concatenate([[0], np.where(jumps, 0, steps)]))[: len(kept)]
    return _joined(within, jumps, kept)


def _joined(
    within: NDArray[np.int64], jumps: NDArray[np.bool_], kept: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Each segment shifted so that it begins after everything before it."""
    if not len(kept):
        return kept, kept, 0
    starts = np.concatenate([[0], np.flatnonzero(jumps) + 1])
    lowest, highest = np.minimum.reduceat(within, starts), np.maximum.reduceat(within, starts)
    begins = np.concatenate([[0], np.cumsum(highest - lowest + 1)[:-1]])
    shift = np.repeat(begins - lowest, np.diff(np.concatenate([starts, [len(kept)]])))
    return within + shift, kept, len(starts) - 1


def _steps(
    arrivals: Arrivals, kept: NDArray[np.int64], packet_ms: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Steps from packet to packet as they arrived, and which of them leave the sequence."""
    steps = np.diff(np.asarray(arrivals.number, dtype=np.int64)[kept])
    if arrivals.wraps:
        steps = (steps + 32_768) % 65_536 - 32_768
    jumps = np.abs(steps) > MAX_DROPOUT
    if arrivals.sent is not None:
        went_on = np.diff(arrivals.sent[kept]) * np.sign(steps) * 1_000 / packet_ms
        jumps &= np.abs(went_on / np.where(steps == 0, 1, np.abs(steps)) - 1) > _AGREES
        jumps |= (np.abs(steps) > MAX_MISORDER) & (went_on < np.abs(steps) / 2)
    return steps, jumps


def _unrecorded(
    place: NDArray[np.int64], arrived: NDArray[np.float64], silences: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Spans of places that went missing while nothing at all was recorded."""
    before = np.flatnonzero(np.diff(place) > 1)
    spans = []
    for start, end in silences:
        inside = before[(arrived[before] <= start) & (arrived[before + 1] >= end)]
        spans += [(int(place[i]) + 1, int(place[i + 1])) for i in inside]
    return spans


def delays(arrived: NDArray[np.float64], sent: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Seconds by which each packet came later than the fastest; None if not sent at the pace of speech.

    Both in the order of sending. The clocks may differ: their offset goes with the fastest packet, their
    drift with the slope of the fastest ones over a minute or more. A jump of over a second that lasts begins
    a new offset, as after a pause whose length the sender's clock does not know; receivers adapt to it too.
    Shape: (n,).
    """
    transit = arrived - sent
    elapsed = sent - sent[0]
    slope = _slope_of_the_fastest(elapsed, transit)
    if abs(slope) > _REAL_TIME:
        return None
    if elapsed[-1] > _DRIFT_SECONDS and abs(slope) < _LONGEST_DRIFT:
        transit = transit - slope * elapsed
    starts = np.concatenate([[0], np.flatnonzero(np.abs(np.diff(transit)) > _REBASE_S) + 1])
    lengths = np.diff(np.concatenate([starts, [len(transit)]]))
    fastest = np.minimum.reduceat(transit, starts)
    whole = np.flatnonzero(lengths >= min(_SHORTEST_SEGMENT, lengths.max()))
    takes = np.maximum(np.searchsorted(whole, np.arange(len(starts)), side="right") - 1, 0)
    late: NDArray[np.float64] = transit - np.repeat(fastest[whole[takes]], lengths)
    return np.maximum(late, 0.0)


def _slope_of_the_fastest(elapsed: NDArray[np.float64], transit: NDArray[np.float64]) -> float:
    """Median slope from the fastest packet of each of 32 equal parts to that of the next.

    Pauses and queues are in few of these slopes; drift is in all of them. 0 for a stream too short to tell.
    """
    parts = min(32, len(transit) // 16)
    if parts < 4:
        return 0.0
    starts = np.arange(parts) * len(transit) // parts
    rises, spans = np.diff(np.minimum.reduceat(transit, starts)), np.diff(elapsed[starts])
    return float(np.median(rises[spans > 0] / spans[spans > 0])) if (spans > 0).any() else 0.0


def _remarks(number: NDArray[np.int64], restarts: int) -> list[str]:
    """What happened that is no loss."""
    once = number[np.sort(np.unique(number, return_index=True)[1])]
    twice = len(number) - len(once)
    overtaken = int(np.count_nonzero(once < np.maximum.accumulate(once)))
    found = [
        (twice, f"{twice:,} packets came twice"),
        (overtaken, f"{overtaken:,} packets came after one that was sent later"),
        (restarts, f"the sender began to number anew {restarts:,} times"),
    ]
    return [f"{words}; that is no loss" for count, words in found if count]
