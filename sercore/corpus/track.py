"""One recording: audio, gold standard, and who speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.arrays import unmasked
from sercore.audio.samples import level_problem
from sercore.corpus.stored import StoredSound
from sercore.units import DIMENSIONS, LABEL_RATE, PARTITIONS, SAMPLE_RATE, SAMPLES_PER_FRAME

_BLOCK = 2**22  # samples that are hashed at a time


class _Audio:
    """Audio that may lie on disk: whoever asks for it gets an array all the same."""

    def __get__(self, track: "Track | None", kind: type | None = None) -> NDArray[np.float32]:
        if track is None:
            raise AttributeError("audio is of a track, and has no default")
        return np.asarray(track.sound, dtype=np.float32)

    def __set__(self, track: "Track", values: ArrayLike | StoredSound) -> None:
        track.__dict__["sound"] = values


@dataclass(frozen=True, eq=False)
class Track:
    """A recording whose audio and gold standard fit together: 3,200 samples for each frame of 200 ms.

    The arrays are float32 and read-only, so that a track can be shared.

    Attributes:
        name: unique in its corpus, for instance "train_1" or "P16".
        audio: mono at 16 kHz, 1.0 being full scale; read from disk each time it is asked for where ``sound``
            lies there. Shape: (3200 * frames,).
        gold: arousal and valence at 5 Hz. Shape: (frames, 2).
        speaker: who speaks; the same in all tracks of this speaker.
        language: for instance "French", or "unknown".
        partition: "train", "devel" or "test".
        ratings: what each rater drew, by the rater's name, if known. Shape of each: (frames, 2).
        utterance: of an utterance with one label, how many frames it lasts; they are played again and again.

    Raises:
        ValueError: if a shape, a length, a value or the partition is not as above.

    Example:
        >>> track = Track("a", np.zeros(6_400), np.zeros((2, 2)), "a", "French", "test")
        >>> track.n_frames, track.seconds
        (2, 0.4)
    """

    name: str
    audio: NDArray[np.float32]
    gold: NDArray[np.float32]
    speaker: str
    language: str
    partition: str
    ratings: Mapping[str, NDArray[np.float32]] | None = None
    utterance: int | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a track needs a name, got an empty one")
        if self.partition not in PARTITIONS:
            raise ValueError(f"partition must be one of {', '.join(PARTITIONS)}, got {self.partition!r}")
        if not self.is_stored:
            audio = _constant(f"{self.name}: audio", self.__dict__["sound"], "(samples,)")
            if problem := level_problem(audio):
                raise ValueError(f"{self.name}: audio {problem}")
            object.__setattr__(self, "audio", audio)
        object.__setattr__(self, "gold", _constant(f"{self.name}: gold", self.gold, "(frames, 2)"))
        if len(self.sound) != self.n_frames * SAMPLES_PER_FRAME:
            raise ValueError(
                f"{self.name}: {self.n_frames:,} frames need {self.n_frames * SAMPLES_PER_FRAME:,} samples "
                f"({SAMPLES_PER_FRAME:,} each), got {len(self.sound):,}"
            )
        if self.ratings is not None:
            object.__setattr__(self, "ratings", self._checked_ratings())

    @property
    def sound(self) -> NDArray[np.float32] | StoredSound:
        """The audio, or where it lies: slices of it cost nothing until they are read."""
        sound: NDArray[np.float32] | StoredSound = self.__dict__["sound"]
        return sound

    @property
    def is_stored(self) -> bool:
        """Whether the audio lies on disk; it was checked before it went there."""
        return isinstance(self.sound, StoredSound)

    def scored(self, values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """What a score is computed of: the mean over an utterance, of all else every frame.

        Shape: (frames, dimensions) -> (1, dimensions), or as it is; no frame stays none.
        """
        if self.utterance is None or not len(values):
            return values
        mean: NDArray[np.floating[Any]] = values.mean(axis=0, keepdims=True, dtype=np.float64)
        return mean

    @property
    def n_frames(self) -> int:
        """How many frames of 200 ms."""
        return len(self.gold)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.n_frames / LABEL_RATE

    @property
    def audio_rate(self) -> int:
        """Samples per second: 16,000."""
        return SAMPLE_RATE

    @property
    def label_rate(self) -> int:
        """Labels per second: 5."""
        return LABEL_RATE

    @cached_property
    def sha256(self) -> str:
        """Hash of what a network learns from: name, partition, audio and gold standard."""
        digest = sha256(f"{self.name}\n{self.partition}\n{self.n_frames}\n".encode())
        for start in range(0, len(self.sound), _BLOCK):
            digest.update(np.ascontiguousarray(self.sound[start : start + _BLOCK], dtype="<f4").data)
        digest.update(np.ascontiguousarray(self.gold, dtype="<f4").data)
        return digest.hexdigest()

    def _checked_ratings(self) -> dict[str, NDArray[np.float32]]:
        checked = {}
        for rater, values in (self.ratings or {}).items():
            checked[rater] = _constant(f"{self.name}: ratings of {rater}", values, "(frames, 2)")
            if len(checked[rater]) != self.n_frames:
                raise ValueError(
                    f"{self.name}: ratings of {rater} must have {self.n_frames:,} frames as the gold "
                    f"standard, got {len(checked[rater]):,}"
                )
        return checked


Track.audio = _Audio()  # type: ignore[assignment]  # not in the class: it would be a default


def _constant(what: str, values: ArrayLike, shape: str) -> NDArray[np.float32]:
    """The values as a read-only float32 array of one row or more, all finite."""
    array = unmasked(values, what, np.float32).view()
    wanted = array.ndim == 1 if shape == "(samples,)" else array.shape[1:] == (len(DIMENSIONS),)
    if not wanted or len(array) == 0:
        raise ValueError(f"{what} must have the shape {shape} and not be empty, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{what} must be finite, {np.count_nonzero(~np.isfinite(array)):,} values are not")
    array.flags.writeable = False
    return array
