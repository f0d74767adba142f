"""What is known of a call's losses: packet by packet, or in three counts."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

PACKET_MS = 20.0  # what telephony sends at a time, where a recording does not say
LONGEST_PACKET_MS = 1_000.0
MOST_PACKETS = 10_000_000  # 55 hours of 20 ms packets


class TraceError(ValueError):
    """A recording of a call that cannot be used: one sentence with the file, the place in it and the rule."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Which packets of a call arrived, in the order in which they were sent.

    Args:
        received: True = received. Shape: (packets,), at least one.
        packet_ms: sound in each packet, in milliseconds.
        delay_ms: how much later than the fastest packet each one arrived, NaN where it was lost; None if
            the recording does not tell. Shape: (packets,).
        source: where it comes from, for people.
        remarks: what was found and not counted as a loss, one sentence each.

    Raises:
        TraceError: if there is no packet, more than 10 million, or lengths or ``packet_ms`` are impossible.

    Example:
        >>> trace = Trace([True, False, False, True], packet_ms=20)
        >>> trace.lost, trace.loss_rate, trace.burst_lengths.tolist()
        (2, 0.5, [2])
    """

    received: NDArray[np.bool_]
    packet_ms: float = PACKET_MS
    delay_ms: NDArray[np.float64] | None = None
    source: str = "trace"
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        received = np.array(self.received, dtype=bool)
        if received.ndim != 1 or not 1 <= len(received) <= MOST_PACKETS:
            rule = f"1 to {MOST_PACKETS:,} packets are allowed"
            raise TraceError(f"{self.source} has packets of the shape {received.shape}; {rule}")
        object.__setattr__(self, "packet_ms", checked_packet_ms(self.packet_ms, self.source))
        object.__setattr__(self, "received", _read_only(received))
        if self.delay_ms is not None:
            delay = np.where(received, np.asarray(self.delay_ms, dtype=np.float64), np.nan)
            object.__setattr__(self, "delay_ms", _read_only(delay))

    @property
    def packets(self) -> int:
        """How many were sent, from the first to the last that arrived."""
        return len(self.received)

    @property
    def lost(self) -> int:
        """How many of them did not arrive."""
        return self.packets - int(np.count_nonzero(self.received))

    @property
    def loss_rate(self) -> float:
        """Share of lost packets."""
        return self.lost / self.packets

    @property
    def burst_lengths(self) -> NDArray[np.int64]:
        """Lengths of all bursts of loss, in packets. Shape: (bursts,)."""
        return run_lengths(self.received, state=False)

    @property
    def gap_lengths(self) -> NDArray[np.int64]:
        """Lengths of all runs of received packets. Shape: (gaps,)."""
        return run_lengths(self.received, state=True)

    @property
    def statistics(self) -> "Statistics":
        """The same call in three counts."""
        bursts = len(self.burst_lengths)
        return Statistics(self.packets, self.lost, bursts, self.packet_ms, self.source, self.remarks)

    def late(self, deadline_ms: float) -> int:
        """How many packets arrived more than ``deadline_ms`` after the fastest; 0 where no delay is known."""
        return 0 if self.delay_ms is None else int(np.count_nonzero(self.delay_ms > deadline_ms))

    def at_deadline(self, deadline_ms: float) -> "Trace":
        """The call to a receiver that plays each packet ``deadline_ms`` after the fastest could come.

        What arrived later is lost. A trace without delays stays as it is.

        Raises:
            ValueError: if the deadline is not a number of at least 0; infinity waits for everything.

        Example:
            >>> Trace([True, True], delay_ms=[0.0, 250.0]).at_deadline(200).received
            array([ True, False])
        """
        if math.isnan(deadline_ms) or deadline_ms < 0:
            raise ValueError(f"a deadline must be at least 0 ms, got {deadline_ms}")
        late = self.late(deadline_ms)
        if self.delay_ms is None or not late:
            return self
        word = f"{late:,} packets came more than {deadline_ms:g} ms after the fastest and count as lost"
        in_time = self.received & ~(self.delay_ms > deadline_ms)
        return replace(self, received=in_time, remarks=(*self.remarks, word))


@dataclass(frozen=True)
class Statistics:
    """A call in three counts: what getStats of WebRTC and reports of RTCP can tell.

    Args:
        packets: how many were sent; need not be whole, since getStats counts samples.
        lost: how many of them did not arrive in time.
        bursts: how often a loss began; None if the source does not tell.
        packet_ms: sound in each packet, in milliseconds.
        source: where it comes from, for people.
        remarks: one sentence each.

    Raises:
        TraceError: if the counts contradict each other.

    Example:
        >>> counts = Statistics(packets=1_000, lost=30, bursts=12)
        >>> counts.loss_rate, counts.mean_burst
        (0.03, 2.5)
    """

    packets: float
    lost: float
    bursts: float | None = None
    packet_ms: float = PACKET_MS
    source: str = "statistics"
    remarks: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        checked_packet_ms(self.packet_ms, self.source)
        if not 0 <= self.lost <= self.packets or not 0 < self.packets < math.inf:
            found = f"{self.lost:g} lost of {self.packets:g} packets"
            raise TraceError(f"{self.source} counts {found}; at least one packet, and no more lost than sent")
        if self.bursts is None:
            return
        # Bursts are counted whole, packets may be derived from samples: a burst may seem a little short.
        if not 0 <= self.bursts <= self.lost * 1.05 + 1 or (self.lost > 0) != (self.bursts > 0):
            found = f"{self.bursts:g} bursts in {self.lost:g} lost packets"
            raise TraceError(f"{self.source} counts {found}; a burst has at least one lost packet")

    @property
    def loss_rate(self) -> float:
        """Share of lost packets."""
        return self.lost / self.packets

    @property
    def mean_burst(self) -> float | None:
        """Packets lost in a row once a loss begins; None if nothing was lost or the source does not tell."""
        return max(1.0, self.lost / self.bursts) if self.bursts else None


def run_lengths(received: NDArray[np.bool_], state: bool) -> NDArray[np.int64]:
    """Lengths of all runs of one state, those at both ends included. Shape: (packets,) -> (runs,).

    Example:
        >>> run_lengths(np.array([True, False, False, True]), state=False)
        array([2])
    """
    edges = np.flatnonzero(np.diff(received)) + 1
    lengths = np.diff(np.concatenate([[0], edges, [len(received)]]))
    return lengths[0 if received[0] == state else 1 :: 2]


def checked_packet_ms(packet_ms: float, source: str) -> float:
    """The length of a packet as a number.

    Raises:
        TraceError: unless it lies in (0, 1000] ms.
    """
    if not 0 < packet_ms <= LONGEST_PACKET_MS:
        raise TraceError(f"{source}: packet_ms must lie in (0, {LONGEST_PACKET_MS:g}], got {packet_ms:g}")
    return float(packet_ms)


def _read_only(values: NDArray[np.generic]) -> NDArray[np.generic]:
    values.setflags(write=False)
    return values
