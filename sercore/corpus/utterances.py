"""Corpora of utterances: sound files, and a table with one arousal and one valence for each.

``labels.csv``: the columns file, partition (or split: train, devel or dev, test), arousal and valence, from
-1 to 1, and perhaps speaker and language, as audformat writes tables of files. A network answers some seconds
late, so an utterance is played again and again until a training segment is full, as labelled clips are
(``experiment.clips``). Scored, it loses the same each time; in training each segment has losses of its own.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.audio import AudioError, read_audio
from sercore.audio.silence import said_of_silence
from sercore.corpus.compare import what_is_twice
from sercore.corpus.stored import Store
from sercore.corpus.table_of_files import Said, TableError, read_table_of_files
from sercore.corpus.track import Track
from sercore.reading.names import on_disk
from sercore.units import DIMENSIONS, LABEL_RATE, PARTITIONS, SAMPLES_PER_FRAME

LABELS = "labels.csv"
LONGEST = 60.0  # seconds of an utterance
LEAST_SECONDS = 20.0  # that it is played for: a training segment
_PARTITIONS = {**{name: name for name in PARTITIONS}, "dev": "devel"}


def read_utterances(root: Path) -> Mapping[str, Said]:
    """What a folder's table says of utterances; nothing if there is none that tells their partitions.

    Raises:
        TableError: if there is a table that cannot be used.
    """
    table = read_table_of_files(root / LABELS) if (root / LABELS).is_file() else {}
    told = any("partition" in said.words or "split" in said.words for said in table.values())
    return table if told else {}


def load_utterances(
    root: Path, table: Mapping[str, Said], partitions: tuple[str, ...], store: Store | None, threads: int
) -> tuple[tuple[Track, ...], list[str]]:
    """The utterances of some partitions, and a sentence for each thing that is wrong."""
    try:
        placed = {name: (said, _partition_of(name, said)) for name, said in table.items()}
    except TableError as error:
        return (), [str(error)]
    wanted = {name: each for name, each in placed.items() if each[1] in partitions}
    if problems := [
        f"{name} of {LABELS} is not there" for name in wanted if not on_disk(root / name).is_file()
    ]:
        return (), problems

    def load(name: str) -> Track | str:
        said, partition = wanted[name]
        try:
            return _utterance(name, on_disk(root / name), said, partition, store)
        except (AudioError, OSError, ValueError) as error:
            return f"{name}: {error}"

    with ThreadPoolExecutor(threads) as pool:
        loaded = list(pool.map(load, sorted(wanted)))
    tracks = tuple(each for each in loaded if isinstance(each, Track))
    return tracks, [each for each in loaded if isinstance(each, str)] + what_is_twice(tracks)


def hours_played(table: Mapping[str, Said]) -> float:
    """How much sound the utterances of a table are at least, once they are played again and again."""
    return len(table) * LEAST_SECONDS / 3600


def _partition_of(name: str, said: Said) -> str:
    word = (said.words.get("partition") or said.words.get("split") or "").lower()
    if word not in _PARTITIONS:
        raise TableError(
            f"{LABELS}: the partition of {name} must be one of {', '.join(_PARTITIONS)}, got {word!r}"
        )
    for dimension in DIMENSIONS:
        value = said.numbers[dimension][0] if dimension in said.numbers else float("nan")
        if said.times is not None or not -1 <= value <= 1:
            raise TableError(f"{LABELS}: {name} needs one {dimension} from -1 to 1, got {value}")
    return _PARTITIONS[word]


def _utterance(name: str, path: Path, said: Said, partition: str, store: Store | None) -> Track:
    read: Callable[..., NDArray[np.float32]] = store.read if store else read_audio
    audio = read(path, max_seconds=LONGEST)
    n_frames = len(audio) // SAMPLES_PER_FRAME
    if not n_frames:
        raise ValueError(f"{len(audio)} samples of sound, fewer than one frame of {SAMPLES_PER_FRAME:,}")
    if problem := said_of_silence(audio):
        raise ValueError(problem)
    once = audio[: n_frames * SAMPLES_PER_FRAME]
    played = max(n_frames, round(LEAST_SECONDS * LABEL_RATE))
    gold = np.tile([said.numbers[dimension][0] for dimension in DIMENSIONS], (played, 1))
    who = (said.words.get("speaker") or name, said.words.get("language") or "unknown", partition)
    track = Track(name, np.resize(once, played * SAMPLES_PER_FRAME), gold, *who, utterance=n_frames)
    if store is None:
        return track
    sound = replace(store.sound(path, len(track.sound)), again=len(once))
    return replace(track, audio=sound)  # type: ignore[arg-type]
