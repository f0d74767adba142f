"""A receiver for a call that goes on: its answers to blocks, joined, are its answer to the whole call."""

import math

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import samples_in_packet
from sercore.receiver.receiver import Receiver

MEMORY_MS = 1_000.0  # what a receiver gets to hear again, and how much of a hole that is still open
LONGEST_WAIT_MS = 1_000.0  # for a receiver that would wait for the end of a hole, however long that takes


class Streamed:
    """A receiver that is given packets as they come, and answers what may be played.

    One that is exact and causal answers at once, and to the bit what it would answer to the whole call, as
    long as it looks back by at most a second. One that waits answers ``delay_packets`` later; where it would
    wait for longer than a second, its answer to a longer hole is what it knows after a second. Behind a
    codec a second of the call is sent again before each block, in which the codec finds its state: its answer
    is the same but for the codec's own rounding.

    Args:
        receiver: what is done about a loss.
        packet_ms: what is lost at a time.
    """

    def __init__(self, receiver: Receiver, packet_ms: float) -> None:
        self.receiver, self.packet_ms = receiver, packet_ms
        self._size = samples_in_packet(packet_ms)
        self._memory = math.ceil(MEMORY_MS / packet_ms)  # packets
        self.delay_packets = math.ceil(min(receiver.DELAY_MS, LONGEST_WAIT_MS) / packet_ms)
        self.reset()

    def reset(self) -> None:
        """Begin another call."""
        self._past = np.empty(0, dtype=np.float32)  # what the receiver hears again
        self._past_received = np.empty(0, dtype=bool)
        self._sent = np.empty(0, dtype=np.float32)  # what follows, from the hole on that is open
        self._received = np.empty(0, dtype=bool)
        self._answered = np.empty(0, dtype=np.float32)  # of that

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        return self._past.nbytes + self._sent.nbytes + self._answered.nbytes + self._received.nbytes

    def push(self, sound: NDArray[np.float32], received: NDArray[np.bool_]) -> NDArray[np.float32]:
        """What may be played now that these packets are here.

        Shapes: (packets * samples in a packet,), (packets,) -> (samples,).
        """
        self._sent = np.concatenate([self._sent, sound])
        self._received = np.concatenate([self._received, received])
        return self._answer(len(self._received) - self.delay_packets)

    def flush(self) -> NDArray[np.float32]:
        """What is left at the end of a call, by a receiver that waits. Shape: (samples,)."""
        return self._answer(len(self._received))

    def _answer(self, upto: int) -> NDArray[np.float32]:
        """Answer as far as packet ``upto``."""
        states = np.concatenate([self._past_received, self._received])
        known = len(self._past_received)
        done = known + len(self._answered) // self._size
        if known + upto <= done:
            return np.empty(0, dtype=np.float32)
        whole = self.receiver(np.concatenate([self._past, self._sent]), states, packet_ms=self.packet_ms)
        lengths = self._size * (np.ones_like(states) if self.receiver.KEEPS_LENGTH else states)
        places = np.concatenate([[0], np.cumsum(lengths)])
        new = whole[places[done] : places[known + upto]].copy()
        self._remember(new, upto)
        return new

    def _remember(self, new: NDArray[np.float32], upto: int) -> None:
        """Keep a second of what the receiver hears again, and of the hole that is open."""
        if not (self.receiver.EXACT and self.receiver.KEEPS_LENGTH):
            self._move(self._sent[: upto * self._size], self._received[:upto], upto)
            return
        self._answered = np.concatenate([self._answered, new])
        arrived = np.flatnonzero(self._received[:upto])
        hole = int(arrived[-1]) + 1 if len(arrived) else 0
        heard = self._answered[: hole * self._size]
        begins = max(hole, upto - self._memory)
        self._answered = self._answered[begins * self._size :]
        self._move(heard, np.ones(hole, dtype=bool), begins)

    def _move(self, past: NDArray[np.float32], received: NDArray[np.bool_], begins: int) -> None:
        self._past = np.concatenate([self._past, past])[-self._memory * self._size :]
        self._past_received = np.concatenate([self._past_received, received])[-self._memory :]
        self._sent, self._received = self._sent[begins * self._size :], self._received[begins:]
