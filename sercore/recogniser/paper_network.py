"""The paper's network as a recogniser: post-processed and with the raters' delay undone, as its card says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import overload

import numpy as np
from numpy.typing import NDArray

from sercore.audio.silence import is_silent, said_of_silence
from sercore.network.inference import decode_each, raw_prediction
from sercore.network.model import EmotionModel
from sercore.network.sliding_features import SlidingFeatures
from sercore.network.spliced_features import LONGEST_CACHED_BURST, TrackFeatures
from sercore.receiver.drop import Drop
from sercore.receiver.receiver import Receiver
from sercore.recogniser.annotation_delay import delay_frames, delayed
from sercore.recogniser.confidence import Bands, known_in
from sercore.recogniser.post_processing import Chain, chains_of, finish
from sercore.recogniser.recogniser import Recogniser, predict_after
from sercore.scoring.timeline import hold
from sercore.units import DIMENSIONS, FRAME_MS, SAMPLES_PER_FRAME


class Heard:
    """A clean recording, and what the network needs of it to answer fast after any losses.

    That is computed when it is asked for: a receiver that keeps the length needs none of it.
    """

    def __init__(self, network: EmotionModel, audio: NDArray[np.float32]) -> None:
        self.audio = audio  # shape: (frames * 3200,)
        self._network, self._one_at_a_time = network, Lock()
        self._features: TrackFeatures | None = None

    @property
    def features(self) -> TrackFeatures:
        """Of the recording; a cache. Raises as ``TrackFeatures``."""
        with self._one_at_a_time:
            if self._features is None:
                self._features = TrackFeatures(self._network, self.audio)
            return self._features

    @property
    def nbytes(self) -> int:
        """Size in memory, once it is asked for and without the audio, which belongs to whoever gave it."""
        # Each frame adds the same.
        frames = (np.zeros(n * SAMPLES_PER_FRAME, np.float32) for n in (1, 2))
        one, two = (TrackFeatures(self._network, audio).nbytes for audio in frames)
        return one + (len(self.audio) // SAMPLES_PER_FRAME - 1) * (two - one)


@dataclass(frozen=True, eq=False)
class SlidingNetwork:
    """The network's window over a sound that goes on, as ``recogniser.sliding.Sliding`` wants it."""

    features: SlidingFeatures
    chains: Sequence[Chain]
    delay_frames: int

    @property
    def nbytes(self) -> int:
        """Of sound and features."""
        return self.features.nbytes

    def push(self, frame: NDArray[np.float32]) -> None:
        """Shape: (3200,)."""
        self.features.push(frame)

    def course(self) -> NDArray[np.float32]:
        """Post-processed, and as early as the network is. Shape: (frames, 2)."""
        return finish(self.features.decode(), self.chains)


@dataclass(frozen=True, eq=False)
class PaperNetwork(Recogniser):
    """A network in eval mode, whose card says what it is and how its output is finished.

    Raises:
        ValueError: if the card's post-processing or annotation delay cannot be.
    """

    network: EmotionModel

    def __post_init__(self) -> None:
        self._delay, self._chains  # noqa: B018  (refused now, not when all else is computed)

    @property
    def name(self) -> str:
        """The setting that it was trained in."""
        return str(self.network.card.setting_name)

    @property
    def key(self) -> str:
        """SHA-256 of the weights."""
        return str(self.network.card.sha256)

    @property
    def seed(self) -> int | None:
        """Of its training."""
        return self.network.card.seed

    @property
    def level(self) -> float:
        """Root mean square of the audio that its batch norm met in training."""
        return self.network.level

    @property
    def parallel(self) -> bool:
        """On a processor, not on a GPU."""
        return not next(self.network.parameters()).is_cuda

    def predict(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples,) -> (samples // 3200, 2). Raises as ``network.inference.raw_prediction``."""
        return delayed(self._early(audio), self._delay)

    def hear(self, audio: NDArray[np.float32], *, many: bool = False) -> Heard:
        """A clean recording; with ``many`` its features are computed now, and all splices worth caching."""
        heard = Heard(self.network, audio)
        for n_lost in range(LONGEST_CACHED_BURST + 1 if many else 0):
            heard.features.cache(n_lost)
        return heard

    def predict_heard(
        self,
        heard: Sequence[tuple[Heard, NDArray[np.bool_]]],
        receiver: Receiver,
        *,
        packet_ms: float = FRAME_MS,
    ) -> list[NDArray[np.float32]]:
        """Where frames are dropped, features are spliced and all recordings are decoded at once."""
        if isinstance(receiver, Drop) and packet_ms == FRAME_MS:
            courses = self._spliced(heard)
        else:
            how = (receiver, packet_ms)
            courses = [predict_after(self._early, each.audio, received, *how) for each, received in heard]
        return [delayed(course, self._delay) for course in courses]

    def slide(self, frames: int) -> "SlidingNetwork":
        """A window that computes each convolution once."""
        return SlidingNetwork(SlidingFeatures(self.network, frames), self._chains, self._delay)

    def _early(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """The prediction before the delay is undone."""
        return finish(raw_prediction(self.network, audio), self._chains)

    def _spliced(self, heard: Sequence[tuple[Heard, NDArray[np.bool_]]]) -> list[NDArray[np.float32]]:
        some = [each.features.received(received) for each, received in heard if received.any()]
        nothing = np.empty((0, len(DIMENSIONS)), np.float32)
        finished = (finish(each, self._chains) for each in decode_each(self.network, some))
        return [hold(next(finished) if received.any() else nothing, received) for _, received in heard]

    @cached_property
    def _chains(self) -> tuple[Chain, ...]:
        return chains_of(self.network.card.post_processing)

    @cached_property
    def _delay(self) -> int:
        """By how many frames the raw output comes early, because its labels were advanced in training."""
        return delay_frames(self.network.card.annotation_delay_seconds or 0.0)


@overload
def predict(model: EmotionModel, audio: NDArray[np.float32]) -> NDArray[np.float32]: ...
@overload
def predict(
    model: EmotionModel,
    audio: NDArray[np.float32],
    *,
    confidence: Bands,
    received: NDArray[np.bool_] | None = None,
    packet_ms: float = FRAME_MS,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...


def predict(
    model: EmotionModel,
    audio: NDArray[np.float32],
    *,
    confidence: Bands | None = None,
    received: NDArray[np.bool_] | None = None,
    packet_ms: float = FRAME_MS,
) -> NDArray[np.float32] | tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Arousal and valence of one recording, at bounded memory for any length.

    The result is that of ``model(audio)``; where the network's card says so, it is post-processed and the
    raters' delay is undone. Samples after the last whole frame get no frame of their own.

    Args:
        model: a network in eval mode, as ``load_model`` returns it.
        audio: mono speech at 16 kHz, full scale at 1. Shape: (samples,).
        confidence: of this network behind the receiver in use (``results.confidence.read_bands``).
        received: which packets arrived of what was sent, True = received; ``audio`` is what arrived of them,
            or all of it with losses concealed. If left out, everything arrived. Shape: (packets,).
        packet_ms: the length of a packet.

    Returns:
        Arousal and valence, in (-1, 1) unless post-processed. Shape: (samples // 3200, 2). With
        ``confidence`` also half widths of the band around them, NaN where it abstains, of the same shape.

    Raises:
        ValueError: if the audio is of integers, masked, not one-dimensional, shorter than one frame of 3,200
            samples, not finite, over 100 times full scale or silent, if the network is in training mode, or
            if ``received`` is of another recording.
    """
    predicted = PaperNetwork(model).predict(audio)
    samples = np.asarray(audio)
    if is_silent(samples):
        raise ValueError(f"{said_of_silence(samples)}, and nothing can be predicted from them")
    if confidence is None:
        return predicted
    arrived = np.ones(len(predicted), dtype=bool) if received is None else np.asarray(received, dtype=bool)
    known = known_in(len(predicted), arrived, FRAME_MS if received is None else packet_ms)
    return predicted, confidence.of(*known)
