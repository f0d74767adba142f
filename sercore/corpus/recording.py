"""From the files of one recording to a track: labels to 5 Hz, audio to 16 kHz, both to one length."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sercore.audio import AudioError, read_audio
from sercore.audio.silence import said_of_silence
from sercore.corpus.alignment import count_frames, fit_audio
from sercore.corpus.find_files import Recording
from sercore.corpus.gold_standard import POOL, gold_standard, pool_labels, rater_weights
from sercore.corpus.label_files import RATERS, read_gold, read_ratings
from sercore.corpus.labels import STEP, LabelError, Labels
from sercore.corpus.layouts import Layout
from sercore.corpus.track import Track
from sercore.units import DIMENSIONS, SAMPLES_PER_FRAME

Content = TypeVar("Content")
Note = tuple[str, str]  # where, and what the user should know

MAX_SECONDS = 7_200.0  # no recording of a corpus is longer; a damaged one may decode to more


@dataclass(frozen=True)
class Loaded:
    """The track, if nothing is wrong; a sentence for each thing that is, or that the user should know."""

    track: Track | None
    problems: list[str]
    notes: list[Note]


def load_recording(
    recording: Recording,
    layout: Layout,
    root: Path,
    speaker: str,
    language: str,
    *,
    read_sound: Callable[..., NDArray[np.float32]] = read_audio,
) -> Loaded:
    """Read all files of one recording, then report what is wrong with them, by their paths below ``root``.

    ``read_sound`` takes arguments and raises errors as ``read_audio``, and OSError.
    """
    gold, problems = _read_all(read_gold, recording.gold, root)
    ratings, ratings_problems = _read_all(read_ratings, recording.ratings, root)
    read = partial(read_sound, max_seconds=MAX_SECONDS)
    sound, audio_problems = _read_all(read, {"audio": recording.audio}, root)
    problems += ratings_problems + audio_problems
    where = {d: path.relative_to(root).as_posix() for d, path in recording.ratings.items()}
    notes = [(where[d], note) for d, labels in ratings.items() for note in labels.notes]
    for dimension, labels in gold.items():
        if layout.key(labels.instance) not in {None, recording.key}:
            what = f"its {dimension} gold standard is of {labels.instance}, as its rows say"
            problems.append(f"{recording.name}: {what}")
    if problems or recording.missing:
        return Loaded(None, problems, notes)
    audio = sound["audio"]
    notes += _rater_notes(recording.name, gold, ratings)
    try:
        gold = {d: gold.get(d) or _computed_gold(ratings[d], d) for d in DIMENSIONS}
        fitted = fit_audio(audio, count_frames({"gold": gold, "ratings": ratings}))
    except ValueError as error:
        return Loaded(
            None, [f"{recording.name}: {error}"], notes + _stamped_early(recording.name, gold, ratings)
        )
    pooled = np.concatenate([pool_labels(gold[d].after_start) for d in DIMENSIONS], axis=1).astype("f4")
    if np.abs(pooled).max() > 1:
        notes.append((recording.name, "the gold standard exceeds [-1, 1], which no prediction can"))
    if len(audio) > len(fitted) + SAMPLES_PER_FRAME:
        notes.append((recording.name, "the audio goes on after the last label and is cut there"))
    if said := said_of_silence(fitted):
        notes.append((recording.name, said))
    who = (speaker, language, recording.key[0])
    return Loaded(Track(recording.name, fitted, pooled, *who, _pooled_ratings(ratings)), [], notes)


def _read_all(
    read: Callable[[Path], Content], files: dict[str, Path], root: Path
) -> tuple[dict[str, Content], list[str]]:
    """What the files hold, and what is wrong with those that cannot be used, in sentences that name them."""
    contents, problems = {}, []
    for what, path in files.items():
        where = path.relative_to(root)
        try:
            contents[what] = read(path)
        except LabelError as error:
            problems += [f"{where.as_posix()}: {problem}" for problem in error.problems]
        except AudioError as error:
            problems.append(f"{where.parent.as_posix()}/{error}")
        except OSError as error:  # a recording that cannot be stored
            problems.append(f"{where.as_posix()} cannot be kept in {error.filename}: {error.strerror}")
    return contents, problems


def _rater_notes(name: str, gold: dict[str, Labels], ratings: dict[str, Labels]) -> list[Note]:
    """Raters who are absent or never moved, and those whose gold standard means little."""
    notes = []
    for dimension, labels in ratings.items():
        where = f"{name} {dimension}"
        if np.abs(labels.values).max() > 1:
            notes.append((where, "ratings exceed [-1, 1], which no prediction can"))
        if absent := [rater for rater in RATERS if rater not in labels.columns]:
            notes.append((where, f"no ratings of {', '.join(absent)}"))
        still = np.asarray(labels.columns)[np.ptp(labels.values, axis=0) == 0]
        notes += [(where, f"{rater} never moved") for rater in still]
        if dimension not in gold and rater_weights(labels.values.T).sum() <= 0:
            what = f"the raters contradict each other in {dimension}: the gold standard's level is void"
            notes.append((name, what))
    return notes


def _stamped_early(name: str, *kinds: dict[str, Labels]) -> list[Note]:
    """Whether the labels fill whole frames, but for being stamped at the start of their 0.04 s."""
    files = [labels for of in kinds for labels in of.values()]
    if not all(labels.begins_at_0 and len(labels.time) % POOL == 0 for labels in files):
        return []
    what = f"its label files begin at 0 s, and do not have the row at {files[0].time[-1] + STEP:.2f} s"
    mend = f"if each label is stamped where its {STEP:g} s start, add {STEP:g} s to every time"
    return [(name, f"{what}; {mend}")]


def _computed_gold(ratings: Labels, dimension: str) -> Labels:
    try:
        gold = gold_standard(ratings.values.T)
    except ValueError as error:
        raise ValueError(f"no gold standard of {dimension} can be computed: {error}") from error
    return Labels(ratings.time, gold[:, None], ("gold",))


def _pooled_ratings(ratings: dict[str, Labels]) -> dict[str, NDArray[np.float32]] | None:
    """Ratings at 5 Hz of each rater who rated both dimensions. Shape of each: (frames, 2)."""
    if not ratings:
        return None
    pooled = {
        d: dict(zip(of.columns, pool_labels(of.after_start).T, strict=True)) for d, of in ratings.items()
    }
    both = [rater for rater in RATERS if all(rater in of for of in pooled.values())]
    return {rater: np.stack([pooled[d][rater] for d in DIMENSIONS], axis=1).astype("f4") for rater in both}
