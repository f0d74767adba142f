"""From the files of one recording to a track: labels to 5 Hz, audio to 16 kHz, both to one length."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sercore.audio import AudioError, read_audio
from sercore.corpus.alignment import count_frames, fit_audio
from sercore.corpus.gold_file import read_gold
from sercore.corpus.gold_standard import gold_standard, pool_labels, rater_weights
from sercore.corpus.labels import LabelError, Labels
from sercore.corpus.ratings_file import RATERS, read_ratings
from sercore.corpus.track import Track
from sercore.units import DIMENSIONS, SAMPLES_PER_FRAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from sercore.corpus.find_files import Recording
    from sercore.corpus.layouts import Layout

Content = TypeVar("Content")

MAX_SECONDS = 7_200.0  # no recording of a corpus is longer; a damaged one may decode to more


@dataclass
class Loaded:
    """What came of one recording.

    Attributes:
        track: the track, if nothing is wrong.
        problems: one sentence for each thing that is wrong.
        notes: what the user should know: where, and what.
    """

    track: Track | None = None
    problems: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def load_recording(recording: Recording, layout: Layout, root: Path, speaker: str, language: str) -> Loaded:
    """Read one recording; all its files are read before anything wrong is reported.

    Args:
        recording: its files.
        layout: how names are to be read.
        root: folder of the corpus, to name files in messages.
        speaker: who speaks.
        language: what is spoken.
    """
    loaded = Loaded()
    gold = {d: _attempt(loaded, read_gold, path, root) for d, path in recording.gold.items()}
    raters = {d: _attempt(loaded, read_ratings, path, root) for d, path in recording.raters.items()}
    audio = _attempt(loaded, _read_bounded, recording.audio, root)
    whole_gold = {d: labels for d, labels in gold.items() if labels}
    whole_raters = {d: labels for d, labels in raters.items() if labels}
    _check_instances(loaded, whole_gold, recording, layout)
    if loaded.problems or audio is None or not recording.complete:
        return loaded
    try:
        loaded.track = _assemble(
            loaded, recording, audio, whole_gold, whole_raters, speaker=speaker, language=language
        )
    except ValueError as error:
        loaded.problems.append(f"{recording.name}: {error}")
    return loaded


def _assemble(
    loaded: Loaded,
    recording: Recording,
    audio: NDArray[np.float32],
    gold: dict[str, Labels],
    raters: dict[str, Labels],
    *,
    speaker: str,
    language: str,
) -> Track:
    """Fit what the files hold together; a ValueError says what does not fit."""
    for dimension, labels in raters.items():
        _note_raters(loaded, f"{recording.name} {dimension}", labels)
        if dimension not in gold:
            if rater_weights(labels.values.T).sum() <= 0:
                what = f"the raters contradict each other in {dimension}: the gold standard's level is void"
                loaded.notes.append((recording.name, what))
            gold[dimension] = _computed_gold(labels, dimension)
    n_frames = count_frames({"gold": gold, "ratings": raters})
    pooled = np.concatenate([pool_labels(gold[d].after_start) for d in DIMENSIONS], axis=1)
    if np.abs(pooled).max() > 1:
        loaded.notes.append((recording.name, "the gold standard exceeds [-1, 1], which no prediction can"))
    fitted = fit_audio(audio, n_frames)
    if len(audio) > len(fitted) + SAMPLES_PER_FRAME:
        loaded.notes.append((recording.name, "the audio goes on after the last label and is cut there"))
    return Track(
        name=recording.name,
        audio=fitted,
        gold=pooled.astype(np.float32),
        speaker=speaker,
        language=language,
        partition=recording.key[0],
        ratings=_pooled_ratings(raters),
    )


def _attempt(loaded: Loaded, read: Callable[[Path], Content], path: Path, root: Path) -> Content | None:
    """Read a file; what is wrong with it becomes problems that name it."""
    where = path.relative_to(root).as_posix()
    try:
        content = read(path)
    except LabelError as error:
        loaded.problems += [f"{where}: {problem}" for problem in error.problems]
        return None
    except AudioError as error:
        loaded.problems.append(f"{path.parent.relative_to(root).as_posix()}/{error}")
        return None
    if isinstance(content, Labels):
        loaded.notes += [(where, note) for note in content.notes]
    return content


def _read_bounded(path: Path) -> NDArray[np.float32]:
    return read_audio(path, max_seconds=MAX_SECONDS)


def _check_instances(loaded: Loaded, gold: dict[str, Labels], recording: Recording, layout: Layout) -> None:
    """Rows that name another recording were put into the wrong file."""
    for dimension, labels in gold.items():
        if layout.key(labels.instance) not in {None, recording.key}:
            loaded.problems.append(
                f"{recording.name}: its {dimension} gold standard is of {labels.instance}, as its rows say"
            )


def _note_raters(loaded: Loaded, where: str, labels: Labels) -> None:
    if absent := [rater for rater in RATERS if rater not in labels.columns]:
        loaded.notes.append((where, f"no ratings of {', '.join(absent)}"))
    for rater in np.asarray(labels.columns)[np.ptp(labels.values, axis=0) == 0]:
        loaded.notes.append((where, f"{rater} never moved"))


def _computed_gold(ratings: Labels, dimension: str) -> Labels:
    try:
        gold = gold_standard(ratings.values.T)
    except ValueError as error:
        raise ValueError(f"no gold standard of {dimension} can be computed: {error}") from error
    return Labels(ratings.time, gold[:, None], ("gold",))


def _pooled_ratings(raters: dict[str, Labels]) -> dict[str, NDArray[np.float32]] | None:
    """Ratings at 5 Hz of each rater who rated both dimensions. Shape of each: (frames, 2)."""
    if not raters:
        return None
    pooled = {d: pool_labels(labels.after_start) for d, labels in raters.items()}
    both = [rater for rater in RATERS if all(rater in labels.columns for labels in raters.values())]
    return {
        rater: np.stack([pooled[d][:, raters[d].columns.index(rater)] for d in DIMENSIONS], axis=1).astype(
            "f4"
        )
        for rater in both
    }
