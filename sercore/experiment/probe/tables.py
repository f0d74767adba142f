"""Predictions made elsewhere: files are corrupted here, and a table says what a model made of each.

A folder of corrupted files holds ``manifest.csv``, which says what happened to each, and ``labels.csv``,
where there are labels. A table of predictions has the column ``file``, perhaps ``time`` in seconds, when what
is said begins, and one column of numbers for each output.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from sercore.audio import write_wav
from sercore.channel import LossModel, channel_key, channel_of
from sercore.channel.packets import samples_arrived
from sercore.corpus.label_causes import few
from sercore.corpus.labelled import LABELS, LabelledRecording, LabelledRecordings
from sercore.corpus.table_of_files import FILE, TIME, Said, TableError, read_table_of_files
from sercore.experiment.probe.answers import Answers
from sercore.experiment.probe.conditions import (
    LADDER,
    NOTHING,
    Condition,
    NamedChannel,
    packets_arrived,
    sound_arrived,
)
from sercore.experiment.probe.scale import Scale
from sercore.files import sha256_of, sha256_of_file, write_file
from sercore.line import receiver_of
from sercore.reading import ReadingError, first_line, read_csv, shortened, told_as
from sercore.scoring.timeline import hold
from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME

MANIFEST = "manifest.csv"
COLUMNS = ("file", "source", "frames", "channel", "receiver", "seed", "series", "title")
_MOST_BYTES = 256_000_000


def corrupt(
    recordings: LabelledRecordings,
    channels: Sequence[NamedChannel],
    conditions: Sequence[Condition],
    rungs: Sequence[Condition],
    folder: Path,
) -> int:
    """Write every recording under every condition, the manifest and the labels; how many files there are.

    A file that is there is not written again. One of which less than a frame arrived has no file.

    Raises:
        OSError: if the folder cannot be written to.
    """
    titles = {each.channel: (each.series, each.title) for each in channels}
    every = {NOTHING: ("", "")} | dict.fromkeys(rungs, (LADDER, ""))
    every |= {each: titles[each.channel] for each in conditions}
    rows, labels = [], []
    with tqdm(total=len(recordings.items) * len(every), unit="file") as bar:
        for number, recording in enumerate(recordings.items, 1):
            audio, hashed = recording.read(), recording.hashed()
            n_frames = len(audio) // SAMPLES_PER_FRAME
            labels += _label_rows(recording, n_frames)
            for each, title in every.items():
                name = f"{number:05}/{sha256_of(f'{hashed} {each.key}'.encode())[:12]}.wav"
                sound = sound_arrived(each, recording.name, audio)
                sound = sound[: len(sound) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
                if len(sound) and not (folder / name).is_file():
                    write_wav(folder / name, sound)
                told = [recording.name, n_frames, channel_key(each.channel), each.receiver, each.seed]
                rows.append([name if len(sound) else "", *told, *title])
                bar.update()
    if labels:
        times = [TIME] if recordings.items[0].said.times is not None else []
        _write_csv(folder / LABELS, [[FILE, *times, *recordings.numbers, *recordings.words], *labels])
    _write_csv(folder / MANIFEST, [list(COLUMNS), *rows])
    return sum(bool(row[0]) for row in rows)


def _label_rows(recording: LabelledRecording, n_frames: int) -> list[list[Any]]:
    said = recording.said
    if not said.numbers and not said.words:
        return []
    numbers, words = list(said.numbers.values()), list(said.words.values())
    if said.times is None:
        return [[recording.name, *(_cell(each[0]) for each in numbers), *words]]
    inside = np.flatnonzero(said.times <= n_frames / LABEL_RATE)
    return [
        [recording.name, repr(float(said.times[at])), *(_cell(each[at]) for each in numbers), *words]
        for at in inside
    ]


def _cell(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))


def _write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    write_file(path, text.getvalue())


@dataclass(frozen=True, eq=False)
class Corrupted:
    """A folder that ``corrupt`` wrote.

    Attributes:
        folder: where it lies.
        recordings: the sources, with their labels; their sound is not there.
        frames: of each source, by its name.
        channels: that they went through, with their titles.
        conditions: beside that without loss; those of the ladder of the line are ``rungs``.
        files: by the source's name and the condition's key; "" where nothing arrived.
    """

    folder: Path
    recordings: LabelledRecordings
    frames: dict[str, int]
    channels: tuple[NamedChannel, ...]
    conditions: tuple[Condition, ...]
    rungs: tuple[Condition, ...]
    files: dict[tuple[str, str], str]


def open_corrupted(folder: Path, labels: Path | None = None) -> Corrupted:
    """Read the manifest of a folder, and its labels or others.

    Raises:
        TableError: if the manifest or the labels are missing or cannot be used.
    """
    frames: dict[str, int] = {}
    channels: dict[LossModel, NamedChannel] = {}
    conditions: dict[Condition, str] = {}  # their series
    files: dict[tuple[str, str], str] = {}
    path = folder / MANIFEST
    with told_as(TableError, f"the manifest {path} cannot be used", "; scripts/corrupt.py writes it"):
        header, rows = read_csv(path, _MOST_BYTES)
        if tuple(header) != COLUMNS:
            raise ReadingError(f"its columns must be {', '.join(COLUMNS)}, got {few(header)}")
        for line, cells in rows:
            row = dict(zip(COLUMNS, cells, strict=True))
            try:
                channel = channel_of(row["channel"])
                condition = Condition(channel, row["receiver"], int(row["seed"]))
                frames[row["source"]] = int(row["frames"])
            except ValueError as error:
                raise ReadingError(f"line {line}: {first_line(error)}") from None
            files[row["source"], condition.key] = row["file"]
            if condition != NOTHING:
                conditions[condition] = row["series"]
            if row["series"] not in ("", LADDER):
                channels[channel] = NamedChannel(row["series"], row["title"], channel)
        for source in frames:
            if missing := [each for each in (NOTHING, *conditions) if (source, each.key) not in files]:
                raise ReadingError(f"it lacks {shortened(source)} after {missing[0].key}")
    recordings = _sources(folder, tuple(frames), labels)
    rungs, others = (
        tuple(each for each, series in conditions.items() if (series == LADDER) == is_rung)
        for is_rung in (True, False)
    )
    return Corrupted(folder, recordings, frames, tuple(channels.values()), others, rungs, files)


def _sources(folder: Path, names: Sequence[str], labels: Path | None) -> LabelledRecordings:
    table = labels or (folder / LABELS if (folder / LABELS).is_file() else None)
    said = read_table_of_files(table) if table else {}
    if table and (missing := [name for name in names if name not in said]):
        raise TableError(f"the table {table} lacks {len(missing)} of the recordings: {few(missing, 3)}")
    hashed = sha256_of_file(folder / MANIFEST)
    items = tuple(
        LabelledRecording(name, _not_here, said.get(name, Said({}, {})), lambda: hashed) for name in names
    )
    first = items[0].said if items else Said({}, {})
    return LabelledRecordings(folder.resolve().name, items, tuple(first.numbers), tuple(first.words))


def _not_here() -> NDArray[np.float32]:
    raise TableError("what was predicted elsewhere has no sound here")


class OfTable(Answers):
    """What a table says of corrupted files."""

    def __init__(
        self, path: Path, corrupted: Corrupted, scale: tuple[float, float] | None, name: str = ""
    ) -> None:
        self._said, self._of = read_table_of_files(path, only_numbers=True), corrupted
        if missing := [file for file in corrupted.files.values() if file and file not in self._said]:
            raise TableError(f"the predictions {path} lack {len(missing)} of the files: {few(missing, 3)}")
        self.name, self.key, self.scale = name or path.stem, sha256_of_file(path), scale
        self.outputs = tuple(next(iter(self._said.values())).numbers)

    def clean(self, recording: LabelledRecording) -> NDArray[np.floating]:
        """Shape: (frames, outputs)."""
        return self._course(recording, NOTHING, self._of.frames[recording.name])

    def courses(
        self, recording: LabelledRecording, conditions: Sequence[Condition], scale: Scale
    ) -> Iterator[NDArray[np.floating]]:
        """Laid back on the recording's own time where lost packets were cut out."""
        n_frames = self._of.frames[recording.name]
        for each in conditions:
            if receiver_of(each.receiver).KEEPS_LENGTH:
                yield scale(self._course(recording, each, n_frames)).astype(np.float32)
                continue
            packet_ms = each.channel.packet_ms
            received = packets_arrived(each, recording.name, n_frames)
            full = int(samples_arrived(received, packet_ms)[-1]) // SAMPLES_PER_FRAME
            course = scale(self._course(recording, each, full))
            yield hold(course.astype(np.float32), received, packet_ms)

    def _course(
        self, recording: LabelledRecording, condition: Condition, n_frames: int
    ) -> NDArray[np.float32]:
        if not n_frames:
            return np.empty((0, len(self.outputs)), np.float32)
        said = self._said[self._of.files[recording.name, condition.key]]
        columns = [said.newest(name, n_frames) for name in self.outputs]
        return np.stack(columns, axis=1).astype(np.float32)
