"""Late is not lost: what a call could have had if it had waited longer, or had sent more.

Arithmetic on which packets arrived, and how much later than the fastest each did. A packet is there in time
if its delay is at most the playout deadline. Ears need about 200 ms; a course of emotion at 5 Hz can wait for
1 to 2 s. A packet that is lost stays lost whatever the deadline; only what is sent again, or twice, brings it
back.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EARS_MS, EMOTION_MS = 200.0, 1_000.0  # deadlines: of a conversation, and of a trace of emotion
States = NDArray[np.bool_]
Delays = NDArray[np.float64]


def in_time(received: States, delay_ms: Delays | None, deadline_ms: float) -> States:
    """Which packets are there when they are played. Without delays, all that arrive. Shape: (packets,).

    Raises:
        ValueError: if lengths differ or the deadline is not a number of at least 0.

    Example:
        >>> in_time(np.array([True, True, False]), np.array([10.0, 250.0, np.nan]), deadline_ms=200).tolist()
        [True, False, False]
    """
    if not deadline_ms >= 0:
        raise ValueError(f"a deadline must be at least 0 ms, got {deadline_ms:g}")
    if delay_ms is None:
        return received.copy()
    if delay_ms.shape != received.shape:
        raise ValueError(f"each packet needs one delay, got the shapes {received.shape} and {delay_ms.shape}")
    with np.errstate(invalid="ignore"):
        there: States = received & ~(delay_ms > deadline_ms)
    return there


def with_red(
    received: States,
    delay_ms: Delays | None,
    deadline_ms: float,
    *,
    packet_ms: float,
    distances: tuple[int, ...] = (1,),
) -> States:
    """With copies of earlier packets in later ones (RFC 2198), each as late as the packet that carries it.

    One copy at distance 1 is also what forward error correction one packet back gives (Opus' in-band FEC, at
    less quality). The copy of packet i in packet i + d is there d packets later than its own would have been.

    Args:
        received: True = received. Shape: (packets,).
        delay_ms: how much later than the fastest each arrived; None if that is not known.
        deadline_ms: when a packet is played, after the fastest could come.
        packet_ms: length of a packet.
        distances: how many packets later each copy is sent.

    Returns:
        Which packets are there in time, themselves or as a copy. Shape: (packets,).

    Raises:
        ValueError: as ``in_time``, or if a distance is not a whole number of at least 1.

    Example:
        >>> with_red(np.array([True, False, True]), None, 200, packet_ms=20).tolist()
        [True, True, True]
    """
    there = in_time(received, delay_ms, deadline_ms)
    for distance in distances:
        if distance != int(distance) or distance < 1:
            raise ValueError(f"a copy is sent a whole number of packets later, at least 1, got {distance}")
        left = deadline_ms - distance * packet_ms
        if left >= 0 and distance < len(received):
            there[:-distance] |= in_time(received, delay_ms, left)[distance:]
    return there


def with_retransmission(
    received: States,
    delay_ms: Delays | None,
    deadline_ms: float,
    *,
    packet_ms: float,
    round_trip_ms: float,
    loss_rate: float | None = None,
    rng: np.random.Generator | None = None,
) -> States:
    """With one request for each packet that is missed when the next one comes (RFC 4585, RFC 4588).

    The next packet that arrives shows the gap; a round trip later the copy is there, unless it is lost as
    well, as often as packets are. A late packet that comes after all counts, whichever of the two is first.

    Args:
        received: True = received. Shape: (packets,).
        delay_ms: how much later than the fastest each arrived; None takes none of them for late.
        deadline_ms: when a packet is played, after the fastest could come.
        packet_ms: length of a packet.
        round_trip_ms: from the request to the copy.
        loss_rate: of the copies; None takes that of the call.
        rng: decides which copies are lost; None takes a fixed seed.

    Returns:
        Which packets are there in time. Shape: (packets,).

    Raises:
        ValueError: as ``in_time``, or if the round trip is not a number of at least 0.

    Example:
        >>> call = np.array([True, False, False, True])
        >>> with_retransmission(call, None, 200, packet_ms=20, round_trip_ms=170, loss_rate=0).tolist()
        [True, False, True, True]
    """
    if not round_trip_ms >= 0:
        raise ValueError(f"a round trip must take at least 0 ms, got {round_trip_ms:g}")
    rng = (
        np.random.default_rng([4588, 0]) if rng is None else rng
    )  # not that of a call drawn with a usual seed
    loss_rate = 1 - float(received.mean()) if loss_rate is None else loss_rate
    sent = np.arange(len(received)) * packet_ms
    comes = np.where(received, sent + (0 if delay_ms is None else delay_ms), np.inf)
    next_comes = np.append(np.minimum.accumulate(comes[::-1])[::-1][1:], np.inf)  # any later one
    sent_again = (comes > next_comes) & (rng.random(len(received)) >= loss_rate)
    copy_comes = np.where(sent_again, next_comes + round_trip_ms, np.inf)
    there: States = in_time(received, delay_ms, deadline_ms) | (copy_comes - sent <= deadline_ms)
    return there


@dataclass(frozen=True)
class Outlook:
    """Shares of packets that are missing when played, as it was and with each way to bring some back."""

    deadline_ms: float
    missing: float
    with_red: float  # or FEC, one packet back
    with_two_copies: float  # RED, one and two packets back
    with_retransmission: float


def outlook(
    received: States,
    delay_ms: Delays | None,
    *,
    packet_ms: float,
    round_trip_ms: float = 100.0,
    deadlines_ms: tuple[float, ...] = (EARS_MS, EMOTION_MS),
) -> list[Outlook]:
    """What is missing at each deadline, and what could be done about it.

    Example:
        >>> call = np.array([True, False, False, False, True, True])
        >>> now, later = outlook(call, None, packet_ms=20, round_trip_ms=150)
        >>> now.missing, round(now.with_red, 3), round(now.with_two_copies, 3)
        (0.5, 0.333, 0.167)
    """
    found = []
    for deadline in deadlines_ms:
        call = (received, delay_ms, deadline)
        ways = (
            in_time(*call),
            with_red(*call, packet_ms=packet_ms),
            with_red(*call, packet_ms=packet_ms, distances=(1, 2)),
            with_retransmission(*call, packet_ms=packet_ms, round_trip_ms=round_trip_ms),
        )
        found.append(Outlook(deadline, *(float(1 - there.mean()) for there in ways)))
    return found
