"""Make a whole corpus: plan it, make the tracks that are missing on all cores, write the manifest."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.gold_standard import gold_standard
from sercore.corpus.manifest import BEGUN, MANIFEST
from sercore.engines import in_processes
from sercore.files import locked, remove_abandoned, sha256_of, sha256_of_file, write_file
from sercore.provenance import version_of
from sercore.reading import read_json, read_text, told_as
from sercore.synthetic.layout import paths, write_track
from sercore.synthetic.speakers import cast, more_speakers
from sercore.synthetic.tracks import Plan, make_track
from sercore.synthetic.voices import MissingToolError, speak, world
from sercore.units import PARTITIONS

CORPUS_VERSION = 7
"""Raised with each change that alters samples or labels."""

CACHE = ".cache"
PREFIXES = {"train": "train", "devel": "dev", "test": "test"}


class BuildError(ValueError):
    """The corpus cannot be made as asked; one sentence says why."""


@dataclass(frozen=True)
class Size:
    """How much to make: tracks in each partition, and the length of each in seconds.

    ``extra`` training tracks are added to the others and change none of them.
    """

    train: int = 16
    devel: int = 15
    test: int = 15
    seconds: float = 300.0
    extra: int = 0

    def __post_init__(self) -> None:
        for partition in (*PARTITIONS, "extra"):
            if getattr(self, partition) < 0:
                raise BuildError(f"{partition} must be 0 or more tracks, got {getattr(self, partition)}")
        if not self.train + self.devel + self.test + self.extra:
            raise BuildError("a corpus needs at least one track, got none")
        if not 8.0 <= self.seconds <= 3600.0:
            raise BuildError(f"a track must last 8 seconds to 60 minutes, got {self.seconds:g} seconds")


def plan(size: Size, seed: int) -> tuple[Plan, ...]:
    """All tracks of a corpus, in order.

    Example:
        >>> [track.name for track in plan(Size(1, 1, 1, 10.0), seed=1)]
        ['train_1', 'dev_1', 'test_1']
    """
    if seed < 0:
        raise BuildError(f"seed must be 0 or more, got {seed}")
    counts = {partition: getattr(size, partition) for partition in PARTITIONS}
    drawn = cast(counts, seed)
    drawn["train"] += more_speakers(size.extra, sum(counts.values()) + 1, seed)
    return tuple(
        Plan(f"{PREFIXES[partition]}_{number}", partition, speaker, size.seconds, (seed, 2, p, number))
        for p, (partition, speakers) in enumerate(drawn.items())
        for number, speaker in enumerate(speakers, start=1)
    )


def gold_of(traces: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gold standard of both dimensions. Shape: (raters, rows, 2) -> (rows, 2)."""
    return np.stack([gold_standard(traces[:, :, d]) for d in range(traces.shape[2])], axis=1)


def _make(job: tuple[Plan, Path]) -> dict[str, Any]:
    """Make one track and return its entry of the manifest; runs in a process of its own."""
    track, folder = job
    made = make_track(track, folder / CACHE)
    write_track(folder, track.name, made.audio, gold_of(made.ratings), made.ratings)
    entry = {
        "name": track.name,
        "partition": track.partition,
        "speaker": track.speaker.name,
        "language": track.speaker.language,
        "sex": track.speaker.sex,
        "seconds": track.seconds,
        "seed": list(track.seed),
        "sha256": {path.as_posix(): sha256_of_file(folder / path) for path in paths(track.name)},
    }
    write_file(folder / CACHE / f"{track.name}.json", json.dumps(entry))
    return entry


def _entry(track: Plan, folder: Path) -> dict[str, Any]:
    """The entry that ``_make`` left of a track."""
    return dict(read_json(folder / CACHE / f"{track.name}.json"))


def _finished(folder: Path, track: Plan) -> dict[str, Any] | None:
    """The entry of a track that an earlier run finished and nobody touched since."""
    try:
        entry = _entry(track, folder)
        kept = all(sha256_of_file(folder / path) == sha for path, sha in entry["sha256"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return entry if kept else None


def _open_folder(folder: Path, mark: str) -> None:
    """Make the folder, or check that it holds the same corpus."""
    try:
        note, foreign = folder / BEGUN, ""
        with locked(folder / CACHE):
            if note.exists():
                with told_as(BuildError, f"the note {note} cannot be read"):
                    foreign = "" if read_text(note) == mark else "a corpus of another seed, size or version"
            elif (folder / MANIFEST).exists() or (folder / "recordings_audio").exists():
                foreign = "recordings that this script did not make"
            else:
                write_file(note, mark)
    except OSError as error:
        raise BuildError(f"cannot write to {folder}: {error.strerror or error}") from error
    if foreign:
        raise BuildError(f"{folder} holds {foreign}; choose another folder")


def build(
    folder: Path,
    size: Size,
    seed: int,
    jobs: int | None = None,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> Path:
    """Make a corpus in a folder, or finish one that was begun there.

    It may be killed at any point: files appear whole or not at all, and the next run makes what is missing.
    The manifest is written last, so that its presence says the corpus is complete. The same seed gives the
    same files, bit for bit, on one machine with the same versions. ``jobs`` are processes, one for each core
    if None; ``progress`` is called with (tracks done, tracks in all).

    Returns:
        Path of the manifest.

    Raises:
        BuildError: if the folder cannot be written or holds something else, or if ttspico or pyworld is
            not installed.
    """
    tracks = plan(size, seed)
    _check_tools()
    _open_folder(folder, sha256_of(f"{CORPUS_VERSION} {tracks!r}".encode())[:16])
    entries = {track.name: entry for track in tracks if (entry := _finished(folder, track))}
    progress(len(entries), len(tracks))
    missing = [(track, folder) for track in tracks if track.name not in entries]
    for entry in _made(missing, min(jobs or os.cpu_count() or 1, len(missing))):
        entries[entry["name"]] = entry
        progress(len(entries), len(tracks))
    return _write_manifest(folder, size, seed, [entries[track.name] for track in tracks])


def _check_tools() -> None:
    """Ask for the optional packages before any work is done."""
    try:
        world()
        speak("oui", "fr")
        import scipy.signal  # noqa: F401, PLC0415
    except ImportError as error:
        told = error if isinstance(error, MissingToolError) else MissingToolError(error.name or "a package")
        raise BuildError(str(told)) from error


def _made(jobs: list[tuple[Plan, Path]], processes: int) -> Iterator[dict[str, Any]]:
    """The manifest entries of tracks, each as soon as it is made."""
    if processes <= 1:
        yield from map(_make, jobs)
        return
    for outcome in in_processes(jobs, _make, workers=processes):
        if outcome and outcome.was_killed:
            raise BuildError(
                f"one of {processes} processes that make tracks was killed, perhaps for lack of memory: "
                "use fewer (--jobs); the same command goes on with what is missing"
            )
        if outcome and outcome.error:
            raise BuildError(f"{outcome.task[0].name} cannot be made: {outcome.error}")
        if outcome:
            yield _entry(*outcome.task)


def _write_manifest(folder: Path, size: Size, seed: int, entries: list[dict[str, Any]]) -> Path:
    """List all tracks with their hashes, and drop what only the making needed."""
    manifest = {
        "corpus": "sercore default" + (f" and {size.extra} more speakers" if size.extra else ""),
        "version": CORPUS_VERSION,
        "seed": seed,
        "sha256": sha256_of(json.dumps(entries, sort_keys=True).encode()),
        "made_with": {package: version_of(package) for package in ("numpy", "pyworld", "scipy", "ttspico")},
        "tracks": entries,
    }
    write_file(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    for leftover in (folder / CACHE).glob("*.npz"):
        leftover.unlink(missing_ok=True)
    for place in {path.parent for entry in entries for path in map(Path, entry["sha256"])}:
        remove_abandoned(folder / place)
    return folder / MANIFEST
