"""One call that is followed: what is lost, what a receiver makes of it, the course with and without loss."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import samples_in_packet
from sercore.live.engine import CONTEXT_SECONDS, Live, Prediction
from sercore.live.losses import Losses
from sercore.receiver.receiver import Receiver
from sercore.recogniser.confidence import Bands
from sercore.recogniser.recogniser import Recogniser
from sercore.units import SAMPLE_RATE


@dataclass(frozen=True)
class Stretch:
    """A part of a call.

    Args:
        start: where it begins, in seconds of the call.
        sent: what was said. Shape: (packets * samples in a packet,).
        received: which packets of it arrived. Shape: (packets,).
    """

    start: float
    sent: NDArray[np.float32]
    received: NDArray[np.bool_]


class Call:
    """A voice on its way to a recogniser; how it is lost, concealed and heard may change while it goes on.

    Args:
        recogniser: any that fulfils the contract.
        receiver: what is done about a loss.
        packet_ms: what is lost at a time.
        losses: lose packets on purpose; None if it is known which ones arrive.
        clean: whether the course without loss is wanted too, at twice the cost.
        causal: as for ``Live``.
        bands: of recognisers behind receivers (``results.confidence.read_bands``).
    """

    def __init__(
        self,
        recogniser: Recogniser,
        receiver: Receiver,
        *,
        packet_ms: float,
        losses: Losses | None = None,
        clean: bool = False,
        causal: bool = False,
        bands: Mapping[tuple[str, str], Bands] | None = None,
    ) -> None:
        self.recogniser, self.receiver, self.losses = recogniser, receiver, losses
        self.packet_ms, self._size = packet_ms, samples_in_packet(packet_ms)
        self._causal, self._wants_clean, self._bands = causal, clean, bands or {}
        self._rest = np.empty(0, dtype=np.float32)  # of a packet that is not complete
        self._packets = 0  # complete so far
        self._last: deque[Stretch] = deque()
        self._begin()

    @property
    def latency_seconds(self) -> float:
        """As ``Live`` has it."""
        return self._live.latency_seconds

    @property
    def seconds(self) -> float:
        """How long it lasted so far, in whole packets."""
        return self._packets * self._size / SAMPLE_RATE

    @property
    def sound(self) -> NDArray[np.float32]:
        """What the newest block made audible behind the receiver. Shape: (samples,)."""
        return self._live.sound

    @property
    def last(self) -> Stretch:
        """The newest seconds, about as many as the recogniser hears at once."""
        nothing = Stretch(self.seconds, np.empty(0, dtype=np.float32), np.empty(0, dtype=bool))
        parts = [*self._last, nothing]
        sent, received = (
            np.concatenate([getattr(each, name) for each in parts]) for name in ("sent", "received")
        )
        return Stretch(parts[0].start, sent, received)

    def heard(self, part: Stretch) -> NDArray[np.float32]:
        """What the receiver makes of a part of the call. Shape: (samples,)."""
        return self.receiver(part.sent, part.received, packet_ms=self.packet_ms)

    def turn_to(self, recogniser: Recogniser, receiver: Receiver) -> None:
        """Go on with another recogniser or receiver, which hear nothing of what came before."""
        if (recogniser, receiver) != (self.recogniser, self.receiver):
            self.recogniser, self.receiver = recogniser, receiver
            self._begin()

    def push(
        self, audio: NDArray[np.float32], received: NDArray[np.bool_] | None = None
    ) -> tuple[Stretch, list[tuple[Prediction, Prediction | None]]]:
        """The next block of any length.

        Args:
            audio: what was sent. Shape: (samples,).
            received: True = received, one for each packet that the block completes, where that is known.

        Returns:
            The packets that it completed, and what can be predicted now: after loss, and without.
        """
        sent = np.concatenate([self._rest, audio])
        n_packets = len(sent) // self._size
        sent, self._rest = sent[: n_packets * self._size], sent[n_packets * self._size :]
        states = np.ones(n_packets, dtype=bool) if received is None else received
        if self.losses is not None:
            states = states & self.losses.draw(n_packets)
        new = Stretch(self.seconds, sent, states)
        self._packets += n_packets
        self._keep(new)
        if self._clean is not None:
            self._without_loss.update((each.seconds, each) for each in self._clean.push(sent))
        found = [
            (self._in_the_call(each), self._without_loss.pop(each.seconds, None))
            for each in self._live.push(sent, states)
        ]
        return new, found

    def _keep(self, new: Stretch) -> None:
        if len(new.received):
            self._last.append(new)
        while len(self._last) > 1 and self._last[1].start < self.seconds - CONTEXT_SECONDS:
            self._last.popleft()

    def _in_the_call(self, found: Prediction) -> Prediction:
        return replace(found, seconds=self._begins + found.seconds)

    def _begin(self) -> None:
        self._live, self._clean = self._new(), self._new() if self._wants_clean else None
        self._without_loss: dict[float, Prediction] = {}
        self._begins = self.seconds

    def _new(self) -> Live:
        bands = self._bands.get((self.recogniser.key, self.receiver.NAME))
        how: dict[str, Any] = {"packet_ms": self.packet_ms, "causal": self._causal, "confidence": bands}
        return Live(self.recogniser, self.receiver, **how)
