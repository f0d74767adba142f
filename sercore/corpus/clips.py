"""Short labelled clips of real voices, read from a folder and a table of labels."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.audio import read_audio
from sercore.units import DIMENSIONS, SAMPLES_PER_FRAME

_MAX_SECONDS = 60.0
_MOST_PROBLEMS = 20
_KNOWN = {"arousal": ("high", "low"), "valence": ("positive", "negative")}
_NEITHER = ("", "neutral", "medium", "mid", "none", "nan")


class ClipsError(ValueError):
    """The labels or a clip cannot be used."""


@dataclass(frozen=True, eq=False)
class LabelledClip:
    """One clip: what it sounds like and what people say of it.

    Args:
        file: its name in the folder.
        audio: trimmed speech at 16 kHz; empty where nothing of it arrived. Shape: (samples,).
        speaker: who speaks; "" if not known.
        labels: arousal ("high" or "low"), valence ("positive" or "negative") and emotion, "" if not given.
    """

    file: str
    audio: NDArray[np.float32]
    speaker: str
    labels: Mapping[str, str]


def read_clips(folder: str | Path, labels: str | Path) -> list[LabelledClip]:
    """Read the clips of a folder that a table of labels names.

    The table is CSV with the columns ``file``, ``arousal`` (high, low or empty), ``valence`` (positive,
    negative or empty), and optionally ``speaker`` and ``emotion``. Neutral and medium count as empty.

    Raises:
        ClipsError: if the table or clips are missing or unusable; the message lists all problems.
    """
    folder, clips = Path(folder), []
    rows, problems = _read_labels(Path(labels))
    for row in rows:
        try:
            audio = trim_silence(read_audio(folder / row["file"], max_seconds=_MAX_SECONDS))
        except (OSError, ValueError) as error:
            problems.append(str(error))
            continue
        if len(audio) < SAMPLES_PER_FRAME:
            problems.append(f"{row['file']}: {len(audio)} samples of sound, fewer than one frame of 3,200")
            continue
        clips.append(LabelledClip(row["file"], audio, row.get("speaker") or "", row))
    if problems:
        shown = [*problems[:_MOST_PROBLEMS], *(["..."] if len(problems) > _MOST_PROBLEMS else [])]
        raise ClipsError(f"{len(problems)} clips cannot be used: {'; '.join(shown)}")
    return clips


def trim_silence(audio: NDArray[np.float32], floor_db: float = -50.0) -> NDArray[np.float32]:
    """Cut the padding: everything before and after the samples within ``floor_db`` of the peak.

    Shape: (samples,) -> (fewer samples,).
    """
    peak = float(np.abs(audio).max(initial=0.0))
    loud = np.flatnonzero(np.abs(audio) > peak * 10 ** (floor_db / 20))
    return audio[loud[0] : loud[-1] + 1] if len(loud) else audio[:0]


def _read_labels(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    """The rows, cleaned, and what is wrong with others."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames or []
            found = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ClipsError(f"the labels {path} cannot be read: {error}") from None
    missing = [name for name in ("file", *DIMENSIONS) if name not in columns]
    if missing:
        raise ClipsError(f"the labels {path} lack the columns {', '.join(missing)}; found {list(columns)}")
    if not found:
        raise ClipsError(f"the labels {path} name no clip")
    rows: list[dict[str, str]] = []
    problems: list[str] = []
    lines: dict[str, int] = {}  # of each clip
    for line, cells in found:
        # A row that is too short has None in its last columns, one that is too long has a list under None.
        row = {name: (cells[name] or "").strip() for name in columns}
        labels = {dimension: row[dimension].lower() for dimension in DIMENSIONS}
        row |= {dimension: "" if label in _NEITHER else label for dimension, label in labels.items()}
        wrong = _wrong(cells, row, lines)
        problems += [f"line {line} of {path.name}: {sentence}" for sentence in wrong]
        if not wrong:
            lines[row["file"]] = line
            rows.append(row)
    return rows, problems


def _wrong(cells: Mapping[str, str], row: Mapping[str, str], lines: Mapping[str, int]) -> list[str]:
    """What is wrong with one row."""
    if None in cells or None in cells.values():
        return [f"it has more or fewer cells than the {len(row)} columns"]
    if not row["file"]:
        return ["it names no file"]
    wrong = [
        f"{dimension} must be {' or '.join(_KNOWN[dimension])} or empty, got {row[dimension]!r}"
        for dimension in DIMENSIONS
        if row[dimension] not in ("", *_KNOWN[dimension])
    ]
    if row["file"] in lines:
        wrong.append(f"{row['file']} is in line {lines[row['file']]} already")
    return wrong
