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
    rows = ([row / RATING_RATE, *values] for row, values in enumerate(traces.T))
    return header + "".join(";".join(f"{x:.2f}" for x in row) + "\n" for row in rows)


def audio_bytes(audio: NDArray[np.float32], ogg_quality: float | None = None) -> bytes:
    """Encode 16 kHz audio as 16-bit WAV, or as Ogg Vorbis of a quality from 0 to 1. Shape: (samples,)."""
    file = io.BytesIO()
    options: dict[str, Any] = {"format": "WAV", "subtype": "PCM_16"}
    if ogg_quality is not None:
        options = {"format": "OGG", "subtype": "VORBIS", "compression_level": 1.0 - ogg_quality}
    with soundfile.SoundFile(file, "w", SAMPLE_RATE, 1, **options) as sound:
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

    Shape: audio (samples,) at 16 kHz, gold (rows, 2) at 25 Hz, the raters' traces (raters, rows, 2).
    """
    contents: list[bytes | str] = [gold_text(name, column) for column in gold.T]
    contents += [ratings_text(traces[:, :, d]) for d in range(len(DIMENSIONS))]
    for path, content in zip(paths(name), [*contents, audio_bytes(audio)], strict=True):
        write_file(folder / path, content)
