"""From packets to samples and to frames: what a channel loses, and what labels at 5 Hz see of it.

A channel loses packets: 10, 20, 40 or 60 ms of sound in a call, a frame of 200 ms in the paper. A packet need
not divide a frame. Labels, predictions and scores count in frames: a frame counts as received when at least
half of it arrived. This is the one place where that is decided.

The last packet of a recording may stick out over its end.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.units import FRAME_MS, SAMPLE_RATE, SAMPLES_PER_FRAME

SHORTEST_MS = 2.5  # of Opus; no codec for speech has shorter packets
CALL_MS = 20  # what a packet of nearly every call holds
USUAL_MS = (10, CALL_MS, 40, 60, FRAME_MS)


def checked_packet_ms(packet_ms: Any) -> float:
    """A length of packets in ms, if such a packet holds whole samples and is no longer than a frame.

    Raises:
        ValueError: if it is not.

    Example:
        >>> checked_packet_ms(20.0), checked_packet_ms("2.5")
        (20, 2.5)
    """
    rule = f"a packet must last {SHORTEST_MS:g} to {FRAME_MS} ms and hold whole samples at {SAMPLE_RATE:,} Hz"
    try:
        number = float(packet_ms)
    except (TypeError, ValueError):
        raise ValueError(f"{rule}, got {packet_ms!r}") from None
    samples = number * SAMPLE_RATE / 1000
    if not SHORTEST_MS <= number <= FRAME_MS or samples != int(samples):
        raise ValueError(f"{rule}, got {packet_ms} ms")
    return int(number) if number == int(number) else number


def samples_in_packet(packet_ms: float) -> int:
    """How many samples a packet holds.

    Example:
        >>> samples_in_packet(20)
        320
    """
    return int(checked_packet_ms(packet_ms) * SAMPLE_RATE / 1000)


def packets_in(n_frames: int, packet_ms: float) -> int:
    """How many packets it takes to send some frames; the last one may stick out.

    Example:
        >>> packets_in(100, 20), packets_in(100, 60), packets_in(100, 200)
        (1000, 334, 100)
    """
    return -(-n_frames * SAMPLES_PER_FRAME // samples_in_packet(packet_ms))


def samples_arrived(received: NDArray[np.bool_], packet_ms: float) -> NDArray[np.int64]:
    """How many samples of a call arrived until the end of each of its whole frames.

    Shape: (packets,) -> (frames,).

    Example:
        >>> samples_arrived(np.array([True, False, True, True]), packet_ms=100).tolist()
        [1600, 4800]
    """
    size = samples_in_packet(packet_ms)
    ends = np.arange(SAMPLES_PER_FRAME, len(received) * size + 1, SAMPLES_PER_FRAME)
    packet, inside = np.divmod(ends, size)  # a frame may end inside of a packet
    before = size * np.concatenate([[0], np.cumsum(received)])
    arrived: NDArray[np.int64] = before[packet] + inside * np.append(received, False)[packet]
    return arrived


def frames_received(received: NDArray[np.bool_], packet_ms: float) -> NDArray[np.bool_]:
    """Which frames of 200 ms count as received: those of which at least half arrived.

    True = received. Shape: (packets,) -> (frames,).

    Example:
        >>> frames_received(np.array([True, False, False, False]), packet_ms=100).tolist()
        [True, False]
    """
    half: NDArray[np.bool_] = (
        2 * np.diff(samples_arrived(received, packet_ms), prepend=0) >= SAMPLES_PER_FRAME
    )
    return half
