"""The last seconds of a call for a recogniser that is told what is lost: it hears them anew each time."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import packets_in, samples_in_packet
from sercore.receiver.receiver import Receiver
from sercore.recogniser.recogniser import Recogniser
from sercore.units import SAMPLES_PER_FRAME


class SlidingCall:
    """A ``recogniser.sliding.Sliding`` over what was sent, which packets of it arrived told beside.

    The window begins with a packet: where packets end elsewhere than frames, it is up to that longer.

    Args:
        recogniser: that is told what is lost.
        receiver: what is done about a loss.
        packet_ms: what is lost at a time.
        frames: that the window holds.
    """

    delay_frames = 0  # undone already

    def __init__(self, recogniser: Recogniser, receiver: Receiver, packet_ms: float, frames: int) -> None:
        self._recogniser, self._how = recogniser, (receiver, packet_ms)
        self._frames, size = frames, samples_in_packet(packet_ms)
        self._at_once = size // math.gcd(size, SAMPLES_PER_FRAME)  # frames that begin and end with a packet
        self._sent: deque[NDArray[np.float32]] = deque()
        self._received: deque[bool] = deque()

    @property
    def nbytes(self) -> int:
        """Of the sound."""
        return sum(frame.nbytes for frame in self._sent)

    def tell(self, received: NDArray[np.bool_]) -> None:
        """Which of the next packets arrive, before the frames that lie in them. Shape: (packets,)."""
        self._received.extend(received.tolist())

    def push(self, frame: NDArray[np.float32]) -> None:
        """Shape: (3200,)."""
        self._sent.append(frame)
        if len(self._sent) == self._frames + self._at_once:
            for _ in range(self._at_once):
                self._sent.popleft()
            for _ in range(packets_in(self._at_once, self._how[1])):
                self._received.popleft()

    def course(self) -> NDArray[np.float32]:
        """What is predicted of the window alone. Shape: (frames in the window, dimensions)."""
        receiver, packet_ms = self._how
        n_packets = packets_in(len(self._sent), packet_ms)
        received = np.array([each for each, _ in zip(self._received, range(n_packets), strict=False)])
        heard = self._recogniser.hear(np.concatenate(self._sent))
        return self._recogniser.predict_heard([(heard, received)], receiver, packet_ms=packet_ms)[0]
