"""Bring the labels and the audio of a recording to one length, or say which of them is truncated."""

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.gold_standard import POOL
from sercore.corpus.labels import Labels
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

RATED_SECONDS = 300.0  # RECOLA was rated for five minutes, whatever follows in the audio


def count_frames(labels: dict[str, dict[str, Labels]]) -> int:
    """How many frames of 200 ms the label files of a recording, by kind and by dimension, span.

    Raises:
        ValueError: if they differ, or end within a frame.
    """
    steps = {f"{kind} of {d}": len(each.after_start) for kind, of in labels.items() for d, each in of.items()}
    if len(set(steps.values())) > 1:
        lengths = ", ".join(f"{what} {number:,}" for what, number in steps.items())
        raise ValueError(f"its label files must have the same number of rows after t = 0, got {lengths}")
    count = next(iter(steps.values()))
    if count % POOL or not count:
        what = f"do not fill whole frames of {POOL}: are they truncated?"
        raise ValueError(f"its {count:,} labels after t = 0 {what}")
    return count // POOL


def fit_audio(audio: NDArray[np.float32], n_frames: int) -> NDArray[np.float32]:
    """Audio of exactly the labels' length. Shape: (samples,) -> (3200 * n_frames,).

    Up to one frame (200 ms) too short, it is filled up with zeros; too long, it is cut. More than one frame
    too long means truncated labels, unless they span the five minutes that RECOLA was rated for.

    Raises:
        ValueError: if audio or labels are truncated.

    Example:
        >>> len(fit_audio(np.zeros(6_399, np.float32), 2))
        6400
    """
    wanted = n_frames * SAMPLES_PER_FRAME
    lengths = f"the audio lasts {len(audio) / SAMPLE_RATE:.2f} s, its labels {wanted / SAMPLE_RATE:.2f} s"
    if len(audio) < wanted - SAMPLES_PER_FRAME:
        raise ValueError(f"{lengths}: is the audio truncated?")
    if len(audio) > wanted + SAMPLES_PER_FRAME and wanted != RATED_SECONDS * SAMPLE_RATE:
        raise ValueError(f"{lengths}: are the labels truncated?")
    return np.pad(audio[:wanted], (0, max(0, wanted - len(audio))))
