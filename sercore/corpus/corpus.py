"""A corpus: tracks with their partitions, opened by name or folder, whole or not at all."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sercore.corpus.folder import THREADS, load_folder
from sercore.corpus.manifest import MANIFEST
from sercore.corpus.stored import Store
from sercore.corpus.track import Track
from sercore.files import sha256_of
from sercore.reading.names import on_disk
from sercore.units import PARTITIONS

__all__ = ["Corpus", "CorpusError", "Track", "corpus_folder", "open_corpus"]

DEMO = Path(__file__).parent / "demo"  # four test tracks that ship with the package
DEFAULT = Path("corpora", "default")  # made by scripts/make_corpus.py


class CorpusError(ValueError):
    """A corpus that cannot be used. ``problems`` holds one sentence for each thing that is wrong.

    The message also says ``hints``, which help to mend it.
    """

    def __init__(self, name: str, problems: Iterable[str], hints: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        listed = "".join(f"\n  - {problem}" for problem in self.problems)
        many = f"the corpus {name} cannot be used, for {len(self.problems)} problems:{listed}"
        text = f"the corpus {name}: {self.problems[0]}" if len(self.problems) == 1 else many
        super().__init__(text + "".join(f"\n  (note: {hint})" for hint in hints))


@dataclass(frozen=True, eq=False)
class Corpus:
    """Tracks that belong together; iterating gives them in the order of partition and number.

    Attributes:
        name: for tables and titles.
        tracks: all tracks; their names are unique.
        notes: what the user should know of it, one sentence each.

    Raises:
        ValueError: if two tracks have one name.
    """

    name: str
    tracks: tuple[Track, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tracks", tuple(self.tracks))
        object.__setattr__(self, "notes", tuple(self.notes))
        names = [track.name for track in self.tracks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"track names must be unique, got twice: {', '.join(twice)}")

    def __len__(self) -> int:
        return len(self.tracks)

    def __iter__(self) -> Iterator[Track]:
        return iter(self.tracks)

    def partition(self, name: str) -> tuple[Track, ...]:
        """The tracks of one partition; none if it is empty.

        Args:
            name: "train", "devel" or "test".

        Raises:
            ValueError: for any other name.
        """
        (wanted,) = _checked_partitions(name)
        return tuple(track for track in self.tracks if track.partition == wanted)

    @cached_property
    def sha256(self) -> str:
        """Hash of all that networks learn from: names, partitions, audio and gold standards.

        It depends on the content alone, not on how the files are stored or on the order of the tracks. A
        corpus opened for some partitions only has another hash than the whole.
        """
        with ThreadPoolExecutor(THREADS) as pool:
            hashes = sorted(pool.map(lambda track: track.sha256, self.tracks))
        return sha256_of("\n".join(hashes).encode())


def corpus_folder(name: str | Path) -> Path:
    """The folder of a corpus: ``"demo"`` and ``"default"`` are known by name, all else is a path.

    Example:
        >>> corpus_folder("default").as_posix()
        'corpora/default'
    """
    known: dict[str | Path, Path] = {"demo": DEMO, "default": DEFAULT}
    return known.get(name) or on_disk(name)


def open_corpus(
    folder: str | Path,
    partitions: str | Iterable[str] | None = None,
    *,
    names: Iterable[str] | None = None,
    stored_in: str | Path | None = None,
) -> Corpus:
    """Open a corpus: RECOLA or AVEC in one of three layouts, or one that sercore made.

    Audio becomes mono at 16 kHz, labels become 5 Hz, and the gold standard is computed where only raters
    are there. A corpus is opened whole or not at all: one error lists every problem of all its files.

    Args:
        folder: a folder, or "demo" (four test tracks that ship with sercore), or "default" (the corpus
            that scripts/make_corpus.py makes in corpora/default).
        partitions: read these only, for instance "test" or ("train", "devel"); all by default. Missing
            files are reported for the others too; their content is not read.
        names: read these tracks of them only.
        stored_in: a folder where its sound is kept, decoded, and read from when it is needed, in place of
            memory. If left out, that is done for corpora of more than eleven hours alone, in the user's
            folder of caches (``corpus.stored``). Nothing that is computed depends on it.

    Raises:
        CorpusError: if anything is missing, truncated, duplicated (in name or content), misnamed or not
            finite, or a track of ``names`` is not there.
        ValueError: if a partition has another name than train, devel or test.
    """
    wanted = _checked_partitions(partitions)
    root = corpus_folder(folder)
    name = str(folder) if folder in ("demo", "default") else _as_text(root.resolve().name)
    if folder == "default" and not (root / MANIFEST).is_file():
        state = "is not finished" if root.is_dir() else f"is not there ({root.resolve()})"
        raise CorpusError(name, [f"it {state}; run: python scripts/make_corpus.py"])
    asked = None if names is None else frozenset(names)
    content = load_folder(root, wanted, Store(Path(stored_in)) if stored_in else None, asked)
    if content.problems:
        raise CorpusError(name, content.problems, content.hints)
    if lacking := sorted((asked or frozenset()) - {track.name for track in content.tracks}):
        raise CorpusError(name, [f"it holds no track {', '.join(lacking)}"])
    if not content.tracks:
        raise CorpusError(name, [f"it holds no track of the partition {' or '.join(wanted)} that has labels"])
    return Corpus(name, content.tracks, content.notes)


def _as_text(name: str) -> str:
    """A name on disk for tables and cards, which hold text alone: bytes that are none are escaped."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _checked_partitions(partitions: str | Iterable[str] | None) -> tuple[str, ...]:
    names = (partitions,) if isinstance(partitions, str) else tuple(partitions or PARTITIONS)
    for name in names:
        if name not in PARTITIONS:
            raise ValueError(f"a partition must be one of {', '.join(PARTITIONS)}, got {name!r}")
    return names
