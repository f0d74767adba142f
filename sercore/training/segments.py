"""Twenty-second pieces of the training tracks, and the order in which a network meets them."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sercore.corpus import Track
from sercore.corpus.stored import StoredSound
from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME

SEGMENT_SECONDS = 20.0
Pieces = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Audio and gold standard of a batch of segments, (segments, samples) and (segments, frames, 2)."""
Segment = tuple[NDArray[np.float32] | StoredSound, NDArray[np.float32]]
"""Those of one segment, (samples,) and (frames, 2); the audio may lie on disk."""


def cut_segments(tracks: Sequence[Track], seconds: float) -> list[Segment]:
    """Segments of one length, as views into their tracks; what is left over at a track's end is not used.

    Raises:
        ValueError: if no track is as long as one segment, or the length is under one second.
    """
    n_frames = round(seconds * LABEL_RATE)
    if n_frames < LABEL_RATE:
        raise ValueError(f"a segment must last at least 1 s, got {seconds} s")
    segments = []
    for track in tracks:
        for start in range(0, track.n_frames - n_frames + 1, n_frames):
            end = start + n_frames
            audio = track.sound[start * SAMPLES_PER_FRAME : end * SAMPLES_PER_FRAME]
            segments.append((audio, track.gold[start:end]))
    if not segments:
        longest = max((track.seconds for track in tracks), default=0.0)
        raise ValueError(
            f"no training track holds a segment of {seconds:g} s: there are {len(tracks)} tracks, "
            f"the longest lasts {longest:g} s"
        )
    return segments


def batches(segments: Sequence[Segment], rng: np.random.Generator, batch_size: int) -> Iterator[Pieces]:
    """Every segment once, in random order; the last batch may be smaller."""
    order = rng.permutation(len(segments))
    for start in range(0, len(order), batch_size):
        audio, gold = zip(*(segments[i] for i in order[start : start + batch_size]), strict=True)
        yield np.stack([np.asarray(each) for each in audio]), np.stack(gold)
