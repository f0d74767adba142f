"""The sound in hand: an excerpt of a shipped track, or a visitor's own audio."""

from dataclasses import dataclass
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
    """

    name: str
    audio: NDArray[np.float32]
    gold: NDArray[np.float32] | None
    start: float
    sha256: str
    track: str | None = None

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
    """Part of a track, from a whole second on; moved back from its end where it would stick out."""
    frames = min(seconds * LABEL_RATE, track.n_frames)
    first = min(start * LABEL_RATE, track.n_frames - frames)
    samples = slice(first * SAMPLES_PER_FRAME, (first + frames) * SAMPLES_PER_FRAME)
    gold = track.gold[first : first + frames]
    return clip_of(track.name, track.audio[samples], gold, first / LABEL_RATE, track.name)


def own_clip(name: str, source: BinaryIO) -> Clip:
    """A visitor's audio; length, rate and channels are checked in the header before anything is decoded.

    Raises:
        AudioError: one sentence that says what is wrong with the file.
    """
    return clip_of(name, sixteen_bits(read_audio(source, max_seconds=LONGEST_SECONDS)), None)
