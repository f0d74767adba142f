"""Short labelled clips of real voices, read from a folder and a table of labels."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.audio import read_audio
from sercore.audio.silence import is_silent, said_of_silence
from sercore.corpus.compare import groups_alike
from sercore.corpus.label_causes import few
from sercore.reading import ReadingError, read_text
from sercore.reading.names import on_disk
from sercore.units import DIMENSIONS, SAMPLES_PER_FRAME

_MAX_SECONDS = 60.0
_MOST_PROBLEMS = 20
_MOST_LETTERS = 900
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
    negative or empty), and optionally ``speaker`` and ``emotion``. Neutral and medium count as empty. Its
    cells may be separated by semicolons or tabs, as spreadsheets do, and its paths by backslashes.

    Raises:
        ClipsError: if the table or clips are missing or unusable; the message lists all problems.
    """
    folder, clips = on_disk(folder), []
    rows, problems = _read_labels(on_disk(labels))
    for row in rows:
        try:
            whole = read_audio(folder / row["file"], max_seconds=_MAX_SECONDS)
            if is_silent(whole):
                raise ValueError(f"{row['file']}: {said_of_silence(whole)}")
            audio = trim_silence(whole)
        except (OSError, ValueError) as error:
            problems.append(str(error))
            continue
        if len(audio) < SAMPLES_PER_FRAME:
            problems.append(f"{row['file']}: {len(audio)} samples of sound, fewer than one frame of 3,200")
            continue
        clips.append(LabelledClip(row["file"], audio, row.get("speaker") or "", row))
    if problems:
        raise ClipsError(f"{len(problems)} clips cannot be used: {_listed(problems)}")
    return clips


def clips_alike(clips: Sequence[LabelledClip]) -> list[str]:
    """A sentence on clips that hold the same sound, each of which counts, and on labels that contradict."""
    groups = groups_alike((clip, clip.audio) for clip in clips)
    sentences = []
    for group in groups:
        labels = {tuple(clip.labels.get(dimension) for dimension in DIMENSIONS) for clip in group}
        other = ", with different labels" if len(labels) > 1 else ""
        sentences.append(f"{few(clip.file for clip in group)} hold the same sound{other}")
    return sentences


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
        text = read_text(path)
    except ReadingError as error:
        raise ClipsError(f"the labels {path} cannot be read: {error}") from None
    if not (told := _told_lines(text)):
        raise ClipsError(f"the labels {path} are empty")
    (_, header), *lines = told
    separator = max(",;\t", key=header.count)
    columns = [name.strip().lower() for name in _cells(header, separator) or [header]]
    missing = [name for name in ("file", *DIMENSIONS) if name not in columns]
    if missing:
        found = f"found {few(columns)}"
        raise ClipsError(f"the labels {path} lack the columns {', '.join(missing)}; {found}")
    if twice := [name for place, name in enumerate(columns) if name in columns[:place]]:
        raise ClipsError(f"the labels {path} have the column {twice[0]} twice")
    rows: list[dict[str, str]] = []
    problems: list[str] = []
    seen: dict[str, int] = {}  # the line of each clip
    if not lines:
        raise ClipsError(f"the labels {path} name no clip")
    for number, line in lines:
        row, wrong = _row(_cells(line, separator), columns, seen)
        problems += [f"line {number} of {path.name}: {sentence}" for sentence in wrong]
        if not wrong:
            seen[row["file"]] = number
            rows.append(row)
    return rows, problems


def _told_lines(text: str) -> list[tuple[int, str]]:
    """The numbered lines that say something; not the one in which a spreadsheet says what separates cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    told = [(number, line) for number, line in enumerate(lines, 1) if line.strip(" ,;\t")]
    return told[1:] if told and told[0][1].lower().startswith("sep=") else told


def _cells(line: str, separator: str) -> list[str] | None:
    """The cells of one line; None if a quote is left open, which would swallow the lines after it."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _row(
    cells: list[str] | None, columns: Sequence[str], seen: Mapping[str, int]
) -> tuple[dict[str, str], list[str]]:
    """One row, cleaned, and what is wrong with it."""
    if cells is None:
        return {}, ["a quote is left open, or stands within a cell"]
    if len(cells) != len(columns):
        return {}, [f"it has more or fewer cells than the {len(columns)} columns"]
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    for dimension in DIMENSIONS:
        label = row[dimension].lower()
        row[dimension] = "" if label in _NEITHER else label
    return row, _wrong(row, seen)


def _wrong(row: Mapping[str, str], seen: Mapping[str, int]) -> list[str]:
    """What is wrong with a row."""
    if not row["file"]:
        return ["it names no file"]
    wrong = [
        f"{dimension} must be {' or '.join(_KNOWN[dimension])} or empty, got {row[dimension][:40]!r}"
        for dimension in DIMENSIONS
        if row[dimension] not in ("", *_KNOWN[dimension])
    ]
    if row["file"] in seen:
        wrong.append(f"{row['file'][:100]} is in line {seen[row['file']]} already")
    return wrong


def _listed(problems: Sequence[str]) -> str:
    """As many of the problems as a message of a thousand letters holds."""
    shown: list[str] = []
    letters = 0
    for problem in problems:
        letters += len(problem) + 2
        if len(shown) == _MOST_PROBLEMS or letters > _MOST_LETTERS:
            return "; ".join([*shown, "..."])
        shown.append(problem)
    return "; ".join(shown)
