"""Find a corpus's files by their names, pair audio and labels, and say what is missing or misplaced.

What is in the files is read by ``sercore.corpus.recording``. Files are paired by their stems, never by
the order of two listings.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sercore.audio.header import AUDIO_SUFFIXES
from sercore.corpus.label_causes import few
from sercore.corpus.layouts import LAYOUTS, Key, Layout, participant_key
from sercore.units import DIMENSIONS, PARTITIONS


@dataclass(frozen=True)
class Recording:
    """The files of one recording.

    Attributes:
        name: the stem of its audio file.
        gold: path of the gold standard of each dimension, or empty.
        ratings: path of the individual ratings of each dimension, or empty.
        missing: files that it lacks, by their paths below the corpus folder; what is there is read and
            checked in any case.
    """

    key: Key
    name: str
    audio: Path
    gold: dict[str, Path]
    ratings: dict[str, Path]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a folder holds, judged by names alone; problems and notes are one sentence each.

    Attributes:
        layout: the layout, if it is clear.
        recordings: those that have audio, in the order of partition and number.
        keys: of all recordings that have any file here.
    """

    layout: Layout | None = None
    recordings: tuple[Recording, ...] = ()
    keys: frozenset[Key] = frozenset()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Kind:
    """One kind of label: its folder below the root, the files of each dimension, and what is wrong."""

    folder: str
    suffix: str
    files: dict[str, dict[Key, Path]]
    problems: list[str]

    def any_of(self, keys: list[Key]) -> bool:
        return any(key in files for files in self.files.values() for key in keys)

    def of(self, key: Key) -> dict[str, Path]:
        return {dimension: files[key] for dimension, files in self.files.items() if key in files}


def find_files(root: Path) -> Found:
    """Find the layout of a folder and pair its files.

    A kind of label (gold standard, individual ratings) must be there for all recordings of a partition and
    both dimensions, or for none. Where only ratings are there, the gold standard is to be computed. The
    test partition may lack labels, as in AVEC's releases: then it is left out, with a note.

    Raises:
        OSError: if a folder cannot be listed.
    """
    if not root.is_dir():
        what = "is a file; a folder is needed" if root.exists() else "does not exist"
        return Found(problems=(f"the folder {root} {what}",))
    layouts = [layout for layout in LAYOUTS if any((root / folder).is_dir() for folder in layout.folders)]
    if len(layouts) != 1:
        return Found(problems=(_unclear_layout(root, layouts),))
    return _in_layout(root, layouts[0])


def _in_layout(root: Path, layout: Layout) -> Found:
    audio, problems = _list_folder(root, layout, layout.audio, frozenset(AUDIO_SUFFIXES))
    gold = _find_labels(root, layout, layout.gold, layout.gold_suffix)
    ratings = _find_labels(root, layout, layout.ratings, ".csv")
    labels = [*gold.files.values(), *ratings.files.values()]
    labelled = {key: path for files in labels for key, path in files.items()}
    problems += gold.problems + ratings.problems
    unheard = [path.stem for key, path in sorted(labelled.items()) if key not in audio]
    problems += [
        f"{layout.audio}/ has no recording for the labels of {stem}{_instead(root / layout.audio, stem)}"
        for stem in unheard
    ]
    if not audio and not labelled:
        problems.append(f"{root} holds no recordings; names must be {layout.names}")
    recordings, notes = _paired(audio, gold, ratings)
    missing = [Path(file) for recording in recordings for file in recording.missing]
    problems += [f"{each.as_posix()} is missing{_instead(root / each.parent, each.stem)}" for each in missing]
    notes += _licence_notes(layout, recordings)
    keys = frozenset([*audio, *labelled])
    return Found(layout, tuple(recordings), keys, tuple(problems), tuple(notes))


def _instead(folder: Path, stem: str) -> str:
    """What lies in a folder under the name that is sought, with another ending; the end of a sentence."""
    there = sorted(path.name for path in folder.glob(f"{stem}.*")) if folder.is_dir() else []
    return f" ({few(there, most=3)} cannot be read: export or rename it)" if there else ""


def _unclear_layout(root: Path, layouts: list[Layout]) -> str:
    if layouts:
        return f"{root} holds several layouts ({', '.join(layout.name for layout in layouts)}); keep one"
    labels = [" or ".join(f"{folder}/" for folder in (*one.gold, *one.ratings)) for one in LAYOUTS]
    sought = "; ".join(f"{one.name}: {one.audio}/ with {of}" for one, of in zip(LAYOUTS, labels, strict=True))
    known = [folder for layout in LAYOUTS for folder in layout.folders]
    inside = [each for each in sorted(root.iterdir()) if any((each / folder).is_dir() for folder in known)]
    hint = f" (its folder {inside[0].name} has one)" if inside else ""
    return f"{root} has no known layout{hint}; looked for {sought}"


def _list_folder(
    root: Path, layout: Layout, folder: str, suffixes: frozenset[str]
) -> tuple[dict[Key, Path], list[str]]:
    """The files of one folder, and a problem for each that is misnamed or there twice."""
    if not (root / folder).is_dir():
        return {}, [f"the folder {folder}/ is missing"]
    files: dict[Key, Path] = {}
    problems = []
    for path in sorted((root / folder).iterdir()):
        if path.name.startswith(".") or path.suffix.lower() not in suffixes:
            continue
        key = layout.key(path.stem)
        if key is None:
            problems.append(f"{folder}/{path.name} is misnamed: names must be {layout.names}")
        elif key in files:
            problems.append(f"{folder}/ holds one recording twice: {files[key].name} and {path.name}")
        else:
            files[key] = path
    return files, problems


def _find_labels(root: Path, layout: Layout, folders: tuple[str, ...], suffix: str) -> _Kind:
    """All files of one kind of label; its folder is the first of the releases' names that is there."""
    here = [folder for folder in folders if (root / folder).is_dir()]
    if not here:
        return _Kind(folders[0] if folders else "", suffix, {dimension: {} for dimension in DIMENSIONS}, [])
    several = [f"{' and '.join(f'{folder}/' for folder in here)} hold the same labels; keep one"]
    listed = {d: _list_folder(root, layout, f"{here[0]}/{d}", frozenset([suffix])) for d in DIMENSIONS}
    problems = [problem for _, of in listed.values() for problem in of]
    files = {dimension: of for dimension, (of, _) in listed.items()}
    return _Kind(here[0], suffix, files, several * (len(here) > 1) + problems)


def _paired(audio: dict[Key, Path], gold: _Kind, ratings: _Kind) -> tuple[list[Recording], list[str]]:
    """The recordings of all partitions, and what to know of their labels."""
    recordings, notes = [], []
    for partition in PARTITIONS:
        keys = sorted(key for key in audio if key[0] == partition)
        present = [kind for kind in (gold, ratings) if kind.any_of(keys)]
        if keys and not present and partition == "test":
            notes.append(f"{len(keys)} test recordings have no labels and are left out")
            continue
        if present == [ratings]:
            notes.append(f"the gold standard of {partition} is computed from the individual ratings")
        needed = present or [gold if gold.folder else ratings]
        for key in keys:
            name = audio[key].stem
            missing = tuple(
                f"{kind.folder}/{dimension}/{name}{kind.suffix}"
                for kind in needed
                for dimension in DIMENSIONS
                if key not in kind.files[dimension]
            )
            recordings.append(Recording(key, name, audio[key], gold.of(key), ratings.of(key), missing))
    return recordings, notes


def _licence_notes(layout: Layout, recordings: list[Recording]) -> list[str]:
    """What the distribution is not, and what its licence covers."""
    notes = []
    if layout.name == "public RECOLA":
        counts = Counter(recording.key[0] for recording in recordings)
        here = ", ".join(f"{counts[partition]} {partition}" for partition in PARTITIONS)
        notes.append(
            f"public RECOLA has 23 of the 46 participants (here: {here}); the paper's partition of 16 train, "
            "15 devel and 15 test cannot be rebuilt from it, and its scores cannot be compared with the "
            "paper's"
        )
    if layout.key is participant_key:
        notes.append("RECOLA's agreement covers weights trained on it too: they stay with who signed it")
    return notes
