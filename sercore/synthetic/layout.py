"""Write a track as the AVEC 2016 challenge laid out RECOLA, so that one reader opens both."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from sercore.corpus.gold_standard import RATING_RATE
from sercore.corpus.label_files import RATERS
from sercore.files import write_file
from sercore.units import DIMENSIONS, SAMPLE_RATE

_HEADER = """@relation GOLDSTANDARD

@attribute Instance_name string
@attribute frameTime numeric
@attribute GoldStandard numeric


@data

"""


def paths(name: str, extension: str = "wav") -> tuple[Path, ...]:
    """The files of one track below the corpus folder; the audio is last, for it marks a whole track.

    Example:
        >>> [path.as_posix() for path in paths("dev_1")][::4]
        ['ratings_gold_standard/arousal/dev_1.arff', 'recordings_audio/dev_1.wav']
    """
    gold = [Path("ratings_gold_standard", dimension, f"{name}.arff") for dimension in DIMENSIONS]
    individual = [Path("ratings_individual", dimension, f"{name}.csv") for dimension in DIMENSIONS]
    return (*gold, *individual, Path("recordings_audio", f"{name}.{extension}"))


def gold_text(name: str, gold: NDArray[np.float64]) -> str:
    """The ARFF file of one dimension. Shape: gold (rows,) at 25 Hz."""
    rows = (f"{name},{row / RATING_RATE:g},{value:.6f}\n" for row, value in enumerate(gold))
    return _HEADER + "".join(rows)


def ratings_text(traces: NDArray[np.float64]) -> str:
    """The CSV file of one dimension, its header with the original's blanks. Shape: (raters, rows)."""
    header = "time;" + " ;".join(RATERS) + "\n"
    rows = enumerate(traces.T)
    lines = (f"{row / RATING_RATE:.2f};{';'.join(f'{x:.2f}' for x in values)}\n" for row, values in rows)
    return header + "".join(lines)


def audio_bytes(audio: NDArray[np.float32], kind: str = "WAV", quality: float = 0.4) -> bytes:
    """Encode 16 kHz audio as 16-bit WAV or as Ogg Vorbis of a quality from 0 to 1. Shape: (samples,)."""
    file = io.BytesIO()
    options: dict[str, Any] = {"subtype": "PCM_16"}
    if kind == "OGG":
        options = {"subtype": "VORBIS", "compression_level": 1.0 - quality}
    with soundfile.SoundFile(file, "w", SAMPLE_RATE, 1, format=kind, **options) as sound:
        # In blocks: libsndfile 1.2.2 crashes when it writes millions of Vorbis frames in one call.
        for first in range(0, len(audio), SAMPLE_RATE):
            sound.write(audio[first : first + SAMPLE_RATE])
    return file.getvalue()


def write_track(
    folder: Path,
    name: str,
    audio: NDArray[np.float32],
    gold: NDArray[np.float64],
    traces: NDArray[np.float64],
) -> None:
    """Write the five files of a track, the audio last.

    Args:
        folder: the corpus.
        name: ``train_1``, ``dev_1``, ``test_1`` and so on.
        audio: 16 kHz. Shape: (samples,).
        gold: 25 Hz. Shape: (rows, 2).
        traces: the raters. Shape: (raters, rows, 2).
    """
    files = paths(name)
    for d in range(len(DIMENSIONS)):
        write_file(folder / files[d], gold_text(name, gold[:, d]))
        write_file(folder / files[2 + d], ratings_text(traces[:, :, d]))
    write_file(folder / files[4], audio_bytes(audio))
