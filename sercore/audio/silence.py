"""Whether anything is to be heard: a muted microphone gives samples too."""

import numpy as np
from numpy.typing import NDArray

from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME

# Peak to peak, in a frame: zeros, a constant, and what rounding to 16 bits makes of them, resampled too.
SILENT = 6 / 32_768
CLICKS = 0.02  # of the frames at most: a switch, and nothing else
MUCH = 0.5  # of the frames: worth a word


def silent_frames(audio: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which frames of 200 ms hold no sound; an unfinished last one counts. Shape: (samples,) -> (frames,)."""
    if len(audio) == 0:
        return np.empty(0, dtype=bool)
    starts = np.arange(0, len(audio), SAMPLES_PER_FRAME)
    spread = np.maximum.reduceat(audio, starts) - np.minimum.reduceat(audio, starts)
    return np.asarray(spread <= SILENT)


def is_silent(audio: NDArray[np.floating]) -> bool:
    """Whether audio at 16 kHz, shape (samples,), holds no sound, or but a click.

    Example:
        >>> is_silent(np.full(16_000, 0.25)), is_silent(np.sin(np.arange(16_000)))
        (True, False)
    """
    return bool(silent_frames(audio).mean() >= 1 - CLICKS) if len(audio) else True


def said_of_silence(audio: NDArray[np.floating], what: str = "the audio") -> str:
    """What one should know of audio at 16 kHz that is silent, or at least half of it; empty otherwise.

    ``what`` is how the sentence calls it.

    Example:
        >>> said_of_silence(np.zeros(32_000))
        'the audio holds no sound: all of its 2.0 s are silent'
    """
    silent = silent_frames(audio)
    seconds, whole = silent.sum() / LABEL_RATE, len(silent) / LABEL_RATE
    if is_silent(audio):
        how_much = "all" if silent.all() else f"{seconds:.1f} s"
        return f"{what} holds no sound: {how_much} of its {whole:.1f} s are silent"
    return f"{what} is silent for {seconds:.1f} of its {whole:.1f} s" if silent.mean() >= MUCH else ""
