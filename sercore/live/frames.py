"""What is known of each frame of a call that goes on: how much was lost, and when sound last arrived."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import samples_in_packet
from sercore.recogniser.confidence import WINDOW_SECONDS
from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME


@dataclass(frozen=True)
class Frame:
    """A frame of the call.

    Args:
        heard_upto: the sample of what is heard that is its end.
        lost: share of it that was lost.
        share_lost: share that was lost of the 20 s that end with it.
        since_received: seconds since the last frame of which at least half arrived; 0 if it is this one.
    """

    heard_upto: int
    lost: float
    share_lost: float
    since_received: float


class Frames:
    """What ``recogniser.confidence.known_of`` tells of a whole call, packet by packet.

    Args:
        packet_ms: what is lost at a time.
        in_time: whether what is heard has the length of the call.
    """

    def __init__(self, packet_ms: float, *, in_time: bool) -> None:
        self._size, self._in_time = samples_in_packet(packet_ms), in_time
        self._packets = self._arrived = 0  # packets and received samples so far
        self._frame_begins = 0  # how much had arrived where the last frame ended
        self._last_received = 0  # number of the last frame of which half arrived, counted from 1
        self._lost: deque[float] = deque(maxlen=round(WINDOW_SECONDS * LABEL_RATE))

    def push(self, received: NDArray[np.bool_]) -> Iterator[Frame]:
        """The frames of the call that end within the next packets; all of them must be fetched."""
        first, self._packets = self._packets, self._packets + len(received)
        arrived = self._arrived + self._size * np.concatenate([[0], np.cumsum(received)])
        begins = first * self._size // SAMPLES_PER_FRAME
        for n in range(begins, self._packets * self._size // SAMPLES_PER_FRAME):
            end = (n + 1) * SAMPLES_PER_FRAME
            packet, inside = divmod(end - first * self._size, self._size)
            upto = int(arrived[packet]) + (inside * int(received[packet]) if inside else 0)
            lost = 1 - (upto - self._frame_begins) / SAMPLES_PER_FRAME
            self._frame_begins = upto
            self._lost.append(lost)
            self._last_received = n + 1 if lost <= 0.5 else self._last_received
            since = (n + 1 - self._last_received) / LABEL_RATE
            yield Frame(end if self._in_time else upto, lost, float(np.mean(self._lost)), since)
        self._arrived = int(arrived[-1])
