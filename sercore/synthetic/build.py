"""Make a whole corpus: plan it, make the tracks that are missing on all cores, write the manifest."""

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.gold_standard import gold_standard
from sercore.manifest import BEGUN, MANIFEST
from sercore.synthetic.layout import paths, write, write_track
from sercore.synthetic.sentences import PARTITIONS
from sercore.synthetic.speakers import cast, more_speakers
from sercore.synthetic.tracks import Plan, make_track
from sercore.synthetic.voices import MissingToolError, speak, world

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


def fingerprint(tracks: tuple[Plan, ...]) -> str:
    """What a folder is to hold, as a short hash: it tells a resumed run from another corpus."""
    return hashlib.sha256(f"{CORPUS_VERSION} {tracks!r}".encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def gold_of(traces: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gold standard of both dimensions. Shape: (raters, rows, 2) -> (rows, 2)."""
    return np.stack([gold_standard(traces[:, :, d]) for d in range(traces.shape[2])], axis=1)


def _make(job: tuple[Plan, str]) -> dict[str, Any]:
    """Make one track and return its entry of the manifest; runs in a process of its own."""
    track, folder = job
    made = make_track(track, Path(folder, CACHE))
    write_track(Path(folder), track.name, made.audio, gold_of(made.ratings), made.ratings)
    entry = {
        "name": track.name,
        "partition": track.partition,
        "speaker": track.speaker.name,
        "language": track.speaker.language,
        "sex": track.speaker.sex,
        "seconds": track.seconds,
        "seed": list(track.seed),
        "sha256": {path.as_posix(): _sha256(Path(folder, path)) for path in paths(track.name)},
    }
    write(Path(folder, CACHE, f"{track.name}.json"), json.dumps(entry))
    return entry


def _finished(folder: Path, track: Plan) -> dict[str, Any] | None:
    """The entry of a track that an earlier run finished and nobody touched since."""
    try:
        entry: dict[str, Any] = json.loads((folder / CACHE / f"{track.name}.json").read_text())
        whole = all(_sha256(folder / path) == digest for path, digest in entry["sha256"].items())
    except (OSError, ValueError, KeyError):
        return None
    return entry if whole else None


def _open_folder(folder: Path, mark: str) -> None:
    """Make the folder, or check that it holds the same corpus."""
    try:
        (folder / CACHE).mkdir(parents=True, exist_ok=True)
        note = folder / BEGUN
        if not note.exists():
            if (folder / MANIFEST).exists() or (folder / "recordings_audio").exists():
                raise BuildError(
                    f"{folder} holds recordings that this script did not make; choose another folder"
                )
            write(note, mark)
        if note.read_text() != mark:
            raise BuildError(
                f"{folder} holds a corpus of another seed, size or version; choose another folder"
            )
    except OSError as error:
        raise BuildError(f"cannot write to {folder}: {error.strerror or error}") from error


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def build(
    folder: Path,
    size: Size,
    seed: int,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Make a corpus in a folder, or finish one that was begun there.

    It may be killed at any point: files appear whole or not at all, and the next run makes what is
    missing.  The manifest is written last, so that its presence says the corpus is complete.

    Args:
        folder: Where to; made if absent.
        size: How much.
        seed: The same seed gives the same files, bit for bit, on one machine with the same versions.
        jobs: Processes; one for each core if None.
        progress: Called with (tracks done, tracks in all).

    Returns:
        Path of the manifest.

    Raises:
        BuildError: If the folder cannot be written or holds something else, or if ttspico or pyworld is
            not installed.
    """
    tell = progress or (lambda *_: None)
    tracks = plan(size, seed)
    _check_tools()
    _open_folder(folder, fingerprint(tracks))
    entries = {track.name: entry for track in tracks if (entry := _finished(folder, track))}
    tell(len(entries), len(tracks))
    missing = [(track, str(folder)) for track in tracks if track.name not in entries]
    for entry in _made(missing, min(jobs or os.cpu_count() or 1, len(missing))):
        entries[entry["name"]] = entry
        tell(len(entries), len(tracks))
    return _write_manifest(folder, size, seed, [entries[track.name] for track in tracks])


def _check_tools() -> None:
    """Ask for the optional packages before any work is done."""
    try:
        world()
        speak("oui", "fr")
        import scipy.signal  # noqa: F401, PLC0415
    except ImportError as error:
        name = getattr(error, "name", None)
        missing = f"{name} is missing, and making a corpus needs it: pip install -e '.[corpus]'"
        raise BuildError(str(error) if isinstance(error, MissingToolError) else missing) from error


def _made(jobs: list[tuple[Plan, str]], processes: int) -> Iterator[dict[str, Any]]:
    """The manifest entries of tracks, each as soon as it is made."""
    if processes <= 1:
        yield from map(_make, jobs)
        return
    # Fresh processes: a fork of one with threads, as a progress bar starts, can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_die_with_parent) as pool:
        try:
            for done in as_completed([pool.submit(_make, job) for job in jobs]):
                yield done.result()
        except BrokenProcessPool:
            raise BuildError(
                f"one of {processes} processes that make tracks was killed, perhaps for lack of memory: "
                "use fewer (--jobs); the same command goes on with what is missing"
            ) from None


def _die_with_parent() -> None:
    """End this worker when its parent ends, however it ends, and without a word on Ctrl-C."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


def _write_manifest(folder: Path, size: Size, seed: int, entries: list[dict[str, Any]]) -> Path:
    """List all tracks with their hashes, and drop what only the making needed."""
    digest = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
    manifest = {
        "corpus": "sercore default" + (f" and {size.extra} more speakers" if size.extra else ""),
        "version": CORPUS_VERSION,
        "seed": seed,
        "sha256": digest,
        "made_with": {package: _version(package) for package in ("numpy", "pyworld", "scipy", "ttspico")},
        "tracks": entries,
    }
    write(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    for leftover in [
        *(folder / CACHE).glob("*.npz"),
        *folder.rglob("*.tmp"),
        *(folder / CACHE).glob("*.tmp"),
    ]:
        leftover.unlink(missing_ok=True)
    return folder / MANIFEST
