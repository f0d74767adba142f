"""Recordings with whatever is known of them: a corpus, a folder of sound, or one with a table of labels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.audio import read_audio
from sercore.audio.header import AUDIO_SUFFIXES
from sercore.audio.silence import is_silent
from sercore.corpus.corpus import Corpus, corpus_folder, open_corpus
from sercore.corpus.find_files import find_files
from sercore.corpus.label_causes import few
from sercore.corpus.manifest import read_manifest
from sercore.corpus.table_of_files import Said, TableError, read_table_of_files
from sercore.corpus.track import Track
from sercore.files import sha256_of_file
from sercore.reading.names import composed, on_disk
from sercore.units import DIMENSIONS, LABEL_RATE, PARTITIONS, SAMPLE_RATE, SAMPLES_PER_FRAME

LABELS = "labels.csv"  # in a folder of sound, taken where no other table is named
LONGEST = 7_200.0  # seconds of a recording
SPEAKER = "speaker"
GROUPS = ("sex", "gender", "language", "age", "group")  # columns that say who speaks, and are no label


@dataclass(frozen=True, eq=False)
class LabelledRecording:
    """One recording, read when it is wanted.

    Attributes:
        name: its path below the folder, or the track's name; unique.
        read: gives mono speech at 16 kHz, whole frames. Shape: (frames * 3200,).
        said: its labels; none where nothing is known.
        hashed: gives what identifies its sound.
    """

    name: str
    read: Callable[[], NDArray[np.float32]]
    said: Said
    hashed: Callable[[], str]


@dataclass(frozen=True, eq=False)
class LabelledRecordings:
    """Recordings that are probed together.

    Attributes:
        name: for titles.
        items: in the order of their names.
        numbers: columns of labels that hold numbers.
        words: columns that hold words, groups of speakers among them.
        notes: one sentence each on what is left out.
    """

    name: str
    items: tuple[LabelledRecording, ...]
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def unlabelled(self) -> "LabelledRecordings":
        """The same without labels; groups of speakers stay."""
        stay = tuple(name for name in self.words if name in (SPEAKER, *GROUPS))
        return self._with({}, stay)

    def brought_from(self, low: float, high: float) -> "LabelledRecordings":
        """The same with numbers that ran from ``low`` to ``high`` brought to the scale from -1 to 1."""
        by, plus = 2 / (high - low), -(high + low) / (high - low)
        return self._with(dict.fromkeys(self.numbers, (by, plus)), self.words)

    def _with(
        self, numbers: Mapping[str, tuple[float, float]], words: tuple[str, ...]
    ) -> "LabelledRecordings":
        items = []
        for each in self.items:
            kept = {name: each.said.numbers[name] * by + plus for name, (by, plus) in numbers.items()}
            said = Said(kept, {name: each.said.words[name] for name in words}, each.said.times)
            items.append(replace(each, said=said))
        return replace(self, items=tuple(items), numbers=tuple(numbers), words=words)


def open_labelled(
    place: str | Path, labels: Path | None = None, *, seconds: float | None = None
) -> LabelledRecordings:
    """Open a corpus (its test partition, if it has one), or a folder of sound, with its labels if any.

    Args:
        place: "demo", "default", the folder of a corpus, or any folder of sound files.
        labels: a table with the column ``file``, perhaps ``time``, and labels; without one, ``labels.csv`` in
            the folder, if it is there.
        seconds: how much of the beginning of each recording is taken; None takes all.

    Raises:
        TableError: if the table cannot be used, or names a file that is not there.
        ValueError: if there is no recording, or a corpus cannot be used.
    """
    root = corpus_folder(place)
    if labels is None and (place in ("demo", "default") or (root.is_dir() and find_files(root).layout)):
        return _of_corpus(open_corpus(place), root, seconds)
    root = on_disk(root)
    if not root.is_dir():
        raise ValueError(f"the recordings {root} are no folder")
    table = labels or (root / LABELS if (root / LABELS).is_file() else None)
    said = read_table_of_files(on_disk(table)) if table else _unlabelled(root)
    if missing := [name for name in said if not on_disk(root / name).is_file()]:
        raise TableError(f"{len(missing)} files of the table {table} are not in {root}: {few(missing, 3)}")
    items = tuple(_of_file(name, on_disk(root / name), each, seconds) for name, each in sorted(said.items()))
    if not items:
        raise ValueError(f"{root} holds no sound that can be read ({', '.join(sorted(AUDIO_SUFFIXES))})")
    first = items[0].said
    notes = () if table else ("no labels: the model is held against its own answers without loss",)
    return LabelledRecordings(root.resolve().name, items, tuple(first.numbers), tuple(first.words), notes)


def _unlabelled(root: Path) -> dict[str, Said]:
    found = [path for path in root.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES and path.is_file()]
    return {composed(path.relative_to(root).as_posix()): Said({}, {}) for path in found}


def _of_file(name: str, path: Path, said: Said, seconds: float | None) -> LabelledRecording:
    return LabelledRecording(
        name, partial(_read, path, seconds), said, lambda: f"{sha256_of_file(path)} {seconds}"
    )


def _read(path: Path, seconds: float | None) -> NDArray[np.float32]:
    audio = read_audio(path, max_seconds=LONGEST)
    if len(audio) < SAMPLES_PER_FRAME:
        raise ValueError(
            f"{path}: {len(audio)} samples of sound, fewer than one frame of {SAMPLES_PER_FRAME}"
        )
    if is_silent(audio):
        raise ValueError(f"{path} is silent: nothing can be predicted from it")
    return _whole_frames(audio, seconds)


def _whole_frames(audio: NDArray[np.float32], seconds: float | None) -> NDArray[np.float32]:
    samples = len(audio) if seconds is None else min(len(audio), round(seconds * SAMPLE_RATE))
    return audio[: max(samples, SAMPLES_PER_FRAME) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]


def _of_corpus(corpus: Corpus, root: Path, seconds: float | None) -> LabelledRecordings:
    by_size = {name: corpus.partition(name) for name in reversed(PARTITIONS)}
    partition, tracks = next((name, tracks) for name, tracks in by_size.items() if tracks)
    manifest, items = read_manifest(root), []
    for track in tracks:
        words = {SPEAKER: track.speaker, "language": track.language}
        words["sex"] = manifest.say(track.name, "sex", otherwise="")
        known = {name: word for name, word in words.items() if word not in ("", "unknown")}
        items.append(_of_track(track, {SPEAKER: "", "language": "", "sex": ""} | known, seconds))
    note = f"the {partition} partition of {corpus.name}"
    return LabelledRecordings(corpus.name, tuple(items), DIMENSIONS, tuple(items[0].said.words), (note,))


def _of_track(track: Track, words: dict[str, str], seconds: float | None) -> LabelledRecording:
    times = (np.arange(track.n_frames) + 0.5) / LABEL_RATE  # each label is of a whole frame
    gold = track.gold.astype(np.float64)
    said = Said({name: gold[:, at] for at, name in enumerate(DIMENSIONS)}, words, times)
    return LabelledRecording(
        track.name, partial(_whole_frames, track.audio, seconds), said, lambda: f"{track.sha256} {seconds}"
    )
