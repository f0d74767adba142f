"""Twenty-second pieces of the training tracks, and the order in which a network meets them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.corpus import Track
from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME

SEGMENT_SECONDS = 20.0
BATCH_SIZE = 16


@dataclass(frozen=True, eq=False)
class Segments:
    """Training pieces of one length, as views into their tracks.

    Args:
        audio: one (samples,) float32 array for each segment.
        gold: one (frames, 2) float32 array for each segment.
    """

    audio: tuple[NDArray[np.float32], ...]
    gold: tuple[NDArray[np.float32], ...]

    def __len__(self) -> int:
        return len(self.audio)

    def batches(
        self, rng: np.random.Generator, batch_size: int = BATCH_SIZE
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Every segment once, in random order; the last batch may be smaller.

        Yields:
            Audio (batch, samples) and gold standard (batch, frames, 2).
        """
        order = rng.permutation(len(self))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            yield np.stack([self.audio[i] for i in chosen]), np.stack([self.gold[i] for i in chosen])


def cut_segments(tracks: Sequence[Track], seconds: float = SEGMENT_SECONDS) -> Segments:
    """Cut each track into segments of equal length; what is left over at a track's end is not used.

    Raises:
        ValueError: if no track is as long as one segment, or the length is under one second.
    """
    n_frames = round(seconds * LABEL_RATE)
    if n_frames < LABEL_RATE:
        raise ValueError(f"a segment must last at least 1 s, got {seconds} s")
    audio, gold = [], []
    for track in tracks:
        for start in range(0, track.n_frames - n_frames + 1, n_frames):
            end = start + n_frames
            audio.append(track.audio[start * SAMPLES_PER_FRAME : end * SAMPLES_PER_FRAME])
            gold.append(track.gold[start:end])
    if not audio:
        longest = max((track.n_frames / LABEL_RATE for track in tracks), default=0.0)
        raise ValueError(
            f"no training track holds a segment of {seconds:g} s: there are {len(tracks)} tracks, "
            f"the longest lasts {longest:g} s"
        )
    return Segments(tuple(audio), tuple(gold))
