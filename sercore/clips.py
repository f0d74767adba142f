"""Short labelled clips of real voices: what a network says of them, whole or through a lossy channel."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from sercore.audio import SAMPLE_RATE, SAMPLES_PER_FRAME, read_audio
from sercore.drop import sample_mask
from sercore.gold_standard import DIMENSIONS
from sercore.lines import Line
from sercore.loss_models import Gilbert, received_from_uniforms
from sercore.prediction import predict
from sercore.segments import SEGMENT_SECONDS
from sercore.transmission import send

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.model import EmotionModel

_MAX_SECONDS = 60.0
_MOST_PROBLEMS = 20
_KNOWN = {"arousal": ("high", "low"), "valence": ("positive", "negative")}
_NEITHER = ("", "neutral", "medium", "mid", "none", "nan")

RISING_LOSS = (
    Gilbert(0.95, 0.5),
    Gilbert(0.85, 0.6),
    Gilbert(0.7, 0.7),
    Gilbert(0.4, 0.8),
    Gilbert(0.1, 0.9),
)
"""Five channels that lose 9, 27, 50, 75 and 90 % of the frames; what a network can tell falls along them."""


class ClipsError(ValueError):
    """The labels or a clip cannot be used."""


@dataclass(frozen=True, eq=False)
class Clip:
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


def read_clips(folder: str | Path, labels: str | Path) -> list[Clip]:
    """Read the clips that a table of labels names.

    Args:
        folder: where the clips are.
        labels: a CSV file with the columns ``file``, ``arousal`` (high, low or empty), ``valence``
            (positive, negative or empty), and optionally ``speaker`` and ``emotion``. Neutral and medium
            count as empty.

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
        clips.append(Clip(row["file"], audio, row.get("speaker") or "", row))
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


def receive(clips: Sequence[Clip], channel: Gilbert, seed: int = 0) -> list[Clip]:
    """What arrives of each clip: lost frames are cut out, as in the paper, and so is an unfinished last one.

    Each clip goes through the channel by itself, its chance drawn from the seed and its place in the list: a
    worse channel loses all that a better one lost (``received_from_uniforms``), and more.

    Returns:
        As many clips; of some nothing may be left.

    Example:
        >>> clip = Clip("a.wav", np.ones(10_000, dtype=np.float32), "", {})
        >>> [len(arrived.audio) for arrived in receive([clip], Gilbert(1.0, 0.0))]
        [9600]
    """
    arrived = []
    for number, clip in enumerate(clips):
        n_frames = len(clip.audio) // SAMPLES_PER_FRAME
        chance = np.random.default_rng([seed, number]).random(n_frames)
        received = received_from_uniforms(chance, channel.p_n, channel.p_l)
        audio = clip.audio[: n_frames * SAMPLES_PER_FRAME][sample_mask(received)]
        arrived.append(replace(clip, audio=audio))
    return arrived


def through_line(clips: Sequence[Clip], line: Line, seed: int = 0) -> list[Clip]:
    """Each clip as it comes out of a line.

    Noise and room are drawn from the seed and the clip's place in the list.

    Example:
        >>> clip = Clip("a.wav", np.ones(10_000, dtype=np.float32), "", {})
        >>> [len(heard.audio) for heard in through_line([clip], Line(telephone="A-law"))]
        [10000]
    """
    heard = []
    for number, clip in enumerate(clips):
        chance = int(np.random.default_rng([seed, number]).integers(2**63))
        audio = send(torch.from_numpy(clip.audio)[None], [line], torch.Generator().manual_seed(chance))
        heard.append(replace(clip, audio=audio[0].numpy()))
    return heard


def mean_predictions(model: EmotionModel, clips: Sequence[Clip]) -> NDArray[np.float64]:
    """Mean prediction over each clip, all clips played at one level and again and again for 20 s.

    The level is the one that the network's batch norm saw in training, so that no clip is loud or soft. The
    length is that of a training segment: the network answers some seconds late, as the raters did whom it
    learned from, and two seconds are over before it has.

    Returns:
        NaN for a clip of which nothing, or only silence, arrived. Shape: (clips, 2).
    """
    level = float(model.norm.running_var.sqrt()) if model.norm.running_var is not None else 0.1
    means = []
    for clip in clips:
        rms = float(np.sqrt(np.mean(np.square(clip.audio, dtype=np.float64)))) if len(clip.audio) else 0.0
        if not rms:
            means.append(np.full(len(DIMENSIONS), np.nan))
            continue
        played = np.resize(clip.audio, max(len(clip.audio), round(SEGMENT_SECONDS * SAMPLE_RATE)))
        means.append(predict(model, (played * (level / rms)).astype(np.float32)).mean(axis=0))
    return np.array(means, dtype=np.float64)


def _read_labels(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    """The rows, cleaned, and what is wrong with others.

    Raises:
        ClipsError: if the file is no such table.
    """
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
        row |= {dimension: _label(row[dimension]) for dimension in DIMENSIONS}
        wrong = _wrong(cells, row, lines)
        problems += [f"line {line} of {path.name}: {sentence}" for sentence in wrong]
        if not wrong:
            lines[row["file"]] = line
            rows.append(row)
    return rows, problems


def _label(text: str) -> str:
    return "" if text.lower() in _NEITHER else text.lower()


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
