"""Somebody else's model as a recogniser: any rate, length and outputs, held to the labels' 5 Hz."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import soxr
from numpy.typing import ArrayLike, NDArray

from sercore.reading import shortened
from sercore.reading.number import number
from sercore.recogniser.recogniser import Recogniser
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

_TRIAL_SECONDS = 2.0  # of soft noise, by which a model that does not say so tells how many outputs it has


class ModelError(ValueError):
    """A model cannot be used: one sentence that says what it did."""


@dataclass(frozen=True, eq=False)
class Foreign(Recogniser):
    """A model behind one call: ``answer(samples at its rate) -> numbers``.

    It may answer once for all it is given, or many times: an answer is held for the frames that it is of.
    What is longer than ``longest`` goes through in pieces, the last of which is moved back to be whole.
    What is shorter than ``shortest`` is followed by silence.

    Args:
        answer: shape (samples,) -> (outputs,) or (steps, outputs).
        name: in results.
        key: identifies it, for instance the SHA-256 of its file.
        dimensions: what its outputs are called; () asks the model how many there are.
        sample_rate: that it wants, in Hz.
        longest: seconds that it takes at once; None takes any.
        shortest: seconds that it needs.
        scale: lowest and highest of what its outputs may be, if it says so.

    Raises:
        ModelError: if a rate or a length is impossible, or the model fails on two seconds of noise.
    """

    answer: Callable[[NDArray[np.float32]], Any]
    name: str = "model"
    key: str = "model"
    dimensions: tuple[str, ...] = ()
    sample_rate: int = SAMPLE_RATE
    longest: float | None = None
    shortest: float = 0.2
    scale: tuple[float, float] | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if not 1_000 <= self.sample_rate <= 192_000:
            raise ModelError(f"{self.name} wants {self.sample_rate} Hz; 1,000 to 192,000 Hz are possible")
        if self.longest is not None and self.longest < max(self.shortest, 0.2):
            raise ModelError(
                f"{self.name} takes at most {self.longest:g} s, less than the {self.shortest:g} s it needs"
            )
        if self.scale is not None and not -1e9 < self.scale[0] < self.scale[1] < 1e9:
            raise ModelError(f"{self.name} has outputs from {self.scale[0]:g} to {self.scale[1]:g}: none")
        if not self.dimensions:
            seconds = self.longest or _TRIAL_SECONDS
            trial = 0.01 * np.random.default_rng(0).standard_normal(round(seconds * SAMPLE_RATE))
            n_outputs = self._steps(trial.astype(np.float32)).shape[1]
            object.__setattr__(self, "dimensions", tuple(f"output {i + 1}" for i in range(n_outputs)))

    def predict(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples,) at 16 kHz -> (samples // 3200, outputs).

        Raises:
            ModelError: if the model fails, or answers in another shape or with numbers that are not finite.
            ValueError: if there is less than one frame.
        """
        n_frames = len(audio) // SAMPLES_PER_FRAME
        if n_frames < 1:
            raise ValueError(
                f"audio must hold at least one frame of {SAMPLES_PER_FRAME} samples, got {len(audio)}"
            )
        at_once = (
            n_frames if self.longest is None else max(1, int(self.longest * SAMPLE_RATE) // SAMPLES_PER_FRAME)
        )
        course = np.empty((n_frames, len(self.dimensions)), dtype=np.float32)
        for start in range(0, n_frames, at_once):
            first = max(0, min(start, n_frames - at_once))
            end = min(first + at_once, n_frames)
            steps = self._steps(audio[first * SAMPLES_PER_FRAME : end * SAMPLES_PER_FRAME])
            course[first:end] = _held(steps, end - first)
        return course

    def only(self, dimensions: Sequence[str]) -> "Foreign":
        """The same model with these outputs alone, in this order.

        Raises:
            ModelError: if it does not have them.
        """
        if missing := [each for each in dimensions if each not in self.dimensions]:
            there = ", ".join(self.dimensions)
            raise ModelError(f"{self.name} has no output called {', '.join(missing)}; it has {there}")
        places = [self.dimensions.index(each) for each in dimensions]

        def answer(sound: NDArray[np.float32]) -> NDArray[np.float32]:
            return self._checked(sound)[:, places]

        return replace(self, answer=answer, dimensions=tuple(dimensions))

    def brought_to(self, factor: ArrayLike, offset: ArrayLike) -> "Foreign":
        """The same model on another scale: each output by its factor, plus its offset. Shapes: (outputs,)."""
        by, plus = (np.asarray(each, dtype=np.float64) for each in (factor, offset))

        def answer(sound: NDArray[np.float32]) -> NDArray[np.float64]:
            return self._checked(sound) * by + plus

        return replace(self, answer=answer, scale=None)

    def _steps(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """What it answers. Shape: (samples,) at 16 kHz -> (steps, outputs)."""
        sound = audio
        if self.sample_rate != SAMPLE_RATE:
            sound = soxr.resample(audio, SAMPLE_RATE, self.sample_rate)
        if (missing := round(self.shortest * self.sample_rate) - len(sound)) > 0:
            sound = np.pad(sound, (0, missing))
        return self._checked(sound.astype(np.float32, copy=False))

    def _checked(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """What it answers to sound at its own rate, if that makes sense."""
        seconds = f"{len(sound) / self.sample_rate:.1f} s of sound"
        try:
            found = np.asarray(self.answer(sound), dtype=np.float32)
        except ModelError:
            raise
        except Exception as error:
            said = (str(error) or type(error).__name__).splitlines()[0][:200]
            raise ModelError(f"{self.name} fails on {seconds}: {said}{self._advice(len(sound))}") from error
        steps = np.atleast_2d(found)
        expected = len(self.dimensions) or steps.shape[-1]
        if steps.ndim != 2 or 0 in steps.shape or steps.shape[1] != expected:
            wanted = f"({expected},) or (steps, {expected})"
            raise ModelError(f"{self.name} answers {seconds} in the shape {found.shape}; {wanted} is needed")
        if bad := np.count_nonzero(~np.isfinite(steps)):
            raise ModelError(f"{self.name} answers {seconds} with {bad} numbers that are NaN or infinite")
        return steps

    def _advice(self, n_samples: int) -> str:
        """What may help a model that failed, as the end of a sentence; it is tried on two seconds."""
        seconds = n_samples / self.sample_rate
        if seconds == _TRIAL_SECONDS:
            return f" (it was given {self.sample_rate:,} Hz)"
        kind = "shortest" if seconds < _TRIAL_SECONDS else "longest"
        return f" (if it {'needs more' if kind == 'shortest' else 'takes less at once'}, say so: {kind})"


def scale_of(text: str, name: str) -> tuple[float, float] | None:
    """The scale that a model's file says, as "-1,1"; None if it says none.

    Raises:
        ModelError: if it is something else.
    """
    if not text:
        return None
    try:
        low, high = map(number, text.split(","))
    except ValueError:
        rule = "two numbers are needed, as -1,1"
        raise ModelError(f"{name} says its scale is {shortened(text)}; {rule}") from None
    return low, high


def _held(steps: NDArray[np.float32], n_frames: int) -> NDArray[np.float32]:
    """The newest answer in the middle of each frame. Shape: (steps, outputs) -> (frames, outputs)."""
    twice_the_middle = 2 * np.arange(n_frames) + 1  # in whole numbers: a step may begin right in the middle
    held: NDArray[np.float32] = steps[twice_the_middle * len(steps) // (2 * n_frames)]
    return held
