"""The sound in hand: an excerpt of a shipped track, or a visitor's own audio."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from sercore.audio import AudioError, audio_sha256, read_audio, sixteen_bits
from sercore.corpus.corpus import Track
from sercore.experiment.replay import LONGEST_OWN_SECONDS
from sercore.scoring.fewest_frames import MIN_FRAMES_TO_HEAR
from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME

LONGEST_SECONDS = LONGEST_OWN_SECONDS
EXCERPT_SECONDS = 20
# 7.8 s: a prediction that begins in mid-speech needs 5 to 8 s to arrive where that of the whole track is.
RUN_IN_FRAMES = 39
RUN_IN_STEP = 3  # frames, 600 ms: whole packets of every usual length


@dataclass(frozen=True)
class Clip:
    """Audio of whole frames, with its gold standard where one exists.

    Args:
        name: for people.
        audio: samples at 16 kHz. Shape: (frames * 3,200,).
        gold: arousal and valence at 5 Hz, or None. Shape: (frames, 2).
        start: time of the first sample in its track, in seconds.
        sha256: of the samples: identifies the clip in caches.
        track: name of the shipped track, or None for a visitor's own audio.
        run_in: what networks hear before it, and no score counts. Shape: (run_in_frames * 3,200,).
    """

    name: str
    audio: NDArray[np.float32]
    gold: NDArray[np.float32] | None
    start: float
    sha256: str
    track: str | None = None
    run_in: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, dtype=np.float32))

    @property
    def run_in_frames(self) -> int:
        """Number of 200 ms frames that networks hear before the clip."""
        return len(self.run_in) // SAMPLES_PER_FRAME

    @cached_property
    def fed(self) -> NDArray[np.float32]:
        """What networks hear, the run-in first; without one no second copy of the audio."""
        return np.concatenate([self.run_in, self.audio]) if len(self.run_in) else self.audio

    @property
    def n_frames(self) -> int:
        """Number of 200 ms frames."""
        return len(self.audio) // SAMPLES_PER_FRAME

    @property
    def first_frame(self) -> int:
        """Where the clip begins in its track, in frames."""
        return round(self.start * LABEL_RATE)


def clip_of(
    name: str,
    audio: NDArray[np.float32],
    gold: NDArray[np.float32] | None,
    start: float = 0,
    track: str | None = None,
) -> Clip:
    """A clip of the whole frames in ``audio``; what is left over at the end is cut off.

    Raises:
        AudioError: if fewer frames than five remain.

    Example:
        >>> clip_of("hum", np.zeros(16_500, dtype=np.float32), None).n_frames
        5
    """
    n_frames = len(audio) // SAMPLES_PER_FRAME
    if n_frames < MIN_FRAMES_TO_HEAR:
        seconds, needed = len(audio) / SAMPLES_PER_FRAME / LABEL_RATE, MIN_FRAMES_TO_HEAR / LABEL_RATE
        raise AudioError(f"{name} is {seconds:.2f} s long, but at least {needed:.0f} s are needed")
    whole = np.ascontiguousarray(audio[: n_frames * SAMPLES_PER_FRAME], dtype=np.float32)
    return Clip(name, whole, gold, start, audio_sha256(whole), track)


def excerpt(track: Track, start: int, seconds: int) -> Clip:
    """Part of a track, from a whole second on, and its run-in; moved back where it would stick out."""
    frames = min(seconds * LABEL_RATE, track.n_frames)
    first = min(start * LABEL_RATE, track.n_frames - frames)
    samples = slice(first * SAMPLES_PER_FRAME, (first + frames) * SAMPLES_PER_FRAME)
    gold = track.gold[first : first + frames]
    run_in = min(first, RUN_IN_FRAMES) // RUN_IN_STEP * RUN_IN_STEP
    before = track.audio[(first - run_in) * SAMPLES_PER_FRAME : samples.start]
    return replace(
        clip_of(track.name, track.audio[samples], gold, first / LABEL_RATE, track.name), run_in=before
    )


def own_clip(name: str, source: BinaryIO) -> Clip:
    """A visitor's audio; length, rate and channels are checked in the header before anything is decoded.

    Raises:
        AudioError: one sentence that says what is wrong with the file.
    """
    return clip_of(name, sixteen_bits(read_audio(source, max_seconds=LONGEST_SECONDS)), None)
