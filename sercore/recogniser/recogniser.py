"""The contract of a recogniser: whatever turns audio into courses of arousal and valence."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.any_rate import receive
from sercore.receiver.receiver import Receiver
from sercore.recogniser.sliding import Sliding, SlidingAudio
from sercore.scoring.timeline import hold
from sercore.units import DIMENSIONS, FRAME_MS, SAMPLE_RATE, SAMPLES_PER_FRAME


@runtime_checkable
class Recogniser(Protocol):
    """A finished recogniser: what it predicts needs nothing done to it.

    One that derives from this class writes ``name``, ``key`` and ``predict``; the rest may stay.

    Attributes:
        name: in results; for a network of the paper, the setting that it was trained in.
        key: identifies it in results and caches, for instance the SHA-256 of its weights.
        seed: of its training; None where it has none.
        dimensions: what its columns are called.
        level: root mean square of the speech it was made for.
        parallel: whether it gains from several threads that ask at once; not on a GPU.
        told: whether it is told what is lost, so that ``predict_heard`` is more than ``predict`` of what a
            receiver makes of a call.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def seed(self) -> int | None: ...  # noqa: D102
    @property
    def dimensions(self) -> tuple[str, ...]:  # noqa: D102
        return DIMENSIONS

    @property
    def level(self) -> float:  # noqa: D102
        return 0.1

    @property
    def parallel(self) -> bool:  # noqa: D102
        return True

    @property
    def told(self) -> bool:  # noqa: D102
        return False

    def predict(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """The course through one recording at 16 kHz. Shape: (samples,) -> (samples // 3200, dimensions)."""

    def hear(self, audio: NDArray[np.float32], *, many: bool = False) -> Any:
        """What it keeps of a clean recording (frames * 3200,) for losses to come; has ``nbytes``.

        Args:
            audio: the recording.
            many: whether so many losses will follow that more is worth keeping.
        """
        del many
        return audio

    def predict_heard(
        self,
        heard: Sequence[tuple[Any, NDArray[np.bool_]]],
        receiver: Receiver,
        *,
        packet_ms: float = FRAME_MS,
    ) -> list[NDArray[np.float32]]:
        """The course at every moment of each recording after losses, many at once: ``predict_after`` of each.

        A recogniser that undoes the raters' delay does so last, in the recording's own time.

        Args:
            heard: recordings from ``hear``, each with its packets. True = received. Shape: (packets,).
            receiver: what is done about the losses.
            packet_ms: the length of a packet.

        Returns:
            Shape of each: (frames, dimensions), finite.
        """
        outputs = len(self.dimensions)
        return [
            predict_after(self.predict, audio, received, receiver, packet_ms, outputs=outputs)
            for audio, received in heard
        ]

    def slide(self, frames: int) -> Sliding:
        """A window of so many frames over a sound that goes on (``sercore.live``)."""
        return SlidingAudio(self.predict, frames)


def predict_after(
    predict: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    audio: NDArray[np.float32],
    received: NDArray[np.bool_],
    receiver: Receiver,
    packet_ms: float = FRAME_MS,
    *,
    outputs: int = len(DIMENSIONS),
) -> NDArray[np.float32]:
    """The course of what a receiver makes of a recording, laid back on the recording's own time.

    While a receiver that cuts out has nothing, the last prediction holds (``scoring.timeline``).

    Shapes: audio (frames * 3200,), received (packets,) -> (frames, outputs).
    """
    heard = receive(audio, SAMPLE_RATE, received, packet_ms, receiver)
    full = len(heard) >= SAMPLES_PER_FRAME
    course = predict(heard) if full else np.empty((0, outputs), np.float32)
    return course if receiver.KEEPS_LENGTH else hold(course, received, packet_ms)
