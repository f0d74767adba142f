"""A receiver for a call that goes on: what it answers to blocks is what it answers to the whole call."""

import math

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import samples_in_packet
from sercore.receiver.receiver import Receiver

MEMORY_MS = 1_000.0  # of what was heard that a receiver gets to see again, and of a hole that is still open
LONGEST_WAIT_MS = 1_000.0  # for a receiver that would wait for the end of a hole, however long that takes


class Streamed:
    """A receiver that is given packets as they come, and answers what may be played.

    One that is causal answers at once, and to the bit what it would answer to the whole call, as long as it
    looks back by at most a second. One that waits answers ``delay_packets`` later; where it would wait for
    longer than a second, what it answers to a longer hole is what it knows after a second.

    Args:
        receiver: what is done about a loss.
        packet_ms: what is lost at a time.
    """

    def __init__(self, receiver: Receiver, packet_ms: float) -> None:
        self.receiver, self.packet_ms = receiver, packet_ms
        self._size = samples_in_packet(packet_ms)
        self._memory = math.ceil(MEMORY_MS / packet_ms)  # packets
        waits = 0.0 if receiver.CAUSAL else min(receiver.DELAY_MS, LONGEST_WAIT_MS)
        self.delay_packets = math.ceil(waits / packet_ms)
        self.reset()

    def reset(self) -> None:
        """Begin another call."""
        nothing = np.empty(0, dtype=np.float32)
        self._past = nothing  # heard before the hole that is open, or before what has not been answered
        self._sent, self._heard = nothing, nothing  # since then
        self._received = np.empty(0, dtype=bool)

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        return self._past.nbytes + self._sent.nbytes + self._heard.nbytes + self._received.nbytes

    def push(self, sound: NDArray[np.float32], received: NDArray[np.bool_]) -> NDArray[np.float32]:
        """What may be played now that these packets are here.

        Shapes: (packets * samples in a packet,), (packets,) -> (samples,).
        """
        if not self.receiver.KEEPS_LENGTH:
            return self.receiver(sound, received, packet_ms=self.packet_ms)
        self._sent = np.concatenate([self._sent, sound])
        self._received = np.concatenate([self._received, received])
        return self._answer(len(self._received) - self.delay_packets)

    def flush(self) -> NDArray[np.float32]:
        """What is left at the end of a call, by a receiver that waits. Shape: (samples,)."""
        return self._answer(len(self._received))

    def _answer(self, upto: int) -> NDArray[np.float32]:
        """Answer as far as packet ``upto``."""
        if upto * self._size <= len(self._heard):
            return np.empty(0, dtype=np.float32)
        before = np.ones(len(self._past) // self._size, dtype=bool)
        whole = self.receiver(
            np.concatenate([self._past, self._sent]),
            np.concatenate([before, self._received]),
            packet_ms=self.packet_ms,
        )[len(self._past) :]
        new = whole[len(self._heard) : upto * self._size].copy()
        self._heard = np.concatenate([self._heard, new])
        self._forget(upto)
        return new

    def _forget(self, upto: int) -> None:
        """Keep what was heard for a second before the hole that is open, and a second of that."""
        arrived = np.flatnonzero(self._received[:upto])
        hole = int(arrived[-1]) + 1 if len(arrived) else 0
        kept = np.concatenate([self._past, self._heard[: hole * self._size]])
        self._past = kept[-self._memory * self._size :]
        begins = max(hole, upto - self._memory)
        self._sent, self._heard = self._sent[begins * self._size :], self._heard[begins * self._size :]
        self._received = self._received[begins:]
