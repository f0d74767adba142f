"""Find a corpus's files by their names, pair audio and labels, and say what is missing or misplaced.

What is in the files is read by ``sercore.corpus.recording``. Files are paired by their stems, never by
the order of two listings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sercore.corpus.layouts import LAYOUTS, PARTICIPANTS, Key, Layout, participant_key
from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    from pathlib import Path

# Those that libsndfile reads and a person may have.
AUDIO_SUFFIXES = frozenset(
    (
        ".aif",
        ".aifc",
        ".aiff",
        ".au",
        ".caf",
        ".flac",
        ".mp3",
        ".oga",
        ".ogg",
        ".opus",
        ".snd",
        ".w64",
        ".wav",
    )
)


@dataclass(frozen=True)
class Recording:
    """The files of one recording.

    Attributes:
        key: partition and number.
        name: the stem of its audio file.
        audio: path of its audio.
        gold: path of the gold standard of each dimension, or empty.
        raters: path of the individual ratings of each dimension, or empty.
        complete: whether no file is missing; what is there is read and checked in any case.
    """

    key: Key
    name: str
    audio: Path
    gold: dict[str, Path]
    raters: dict[str, Path]
    complete: bool


@dataclass
class Survey:
    """What a folder holds, judged by names alone.

    Attributes:
        root: the folder.
        layout: the layout found, if one is.
        recordings: those that have audio, in the order of partition and number.
        problems: one sentence for each.
        notes: what the user should know.
        keys: partition and number of all recordings that have any file here.
    """

    root: Path
    layout: Layout | None = None
    recordings: list[Recording] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)


@dataclass(frozen=True)
class _Kind:
    """One kind of label: its folder below the root, and the files of each dimension."""

    folder: str
    suffix: str
    files: dict[str, dict[Key, Path]]

    def any_of(self, keys: list[Key]) -> bool:
        return any(key in files for files in self.files.values() for key in keys)

    def of(self, key: Key) -> dict[str, Path]:
        return {dimension: files[key] for dimension, files in self.files.items() if key in files}


def find_recordings(root: Path) -> Survey:
    """Find the layout of a folder and pair its files.

    A kind of label (gold standard, individual ratings) must be there for all recordings of a partition and
    both dimensions, or for none. Where only raters are there, the gold standard is to be computed. The test
    partition may lack labels, as in AVEC's releases: then it is left out, with a note.

    Args:
        root: the folder that holds the layout's folders.
    """
    survey = Survey(root)
    if not root.is_dir():
        what = "is a file; a folder is needed" if root.exists() else "does not exist"
        survey.problems.append(f"the folder {root} {what}")
        return survey
    found = [layout for layout in LAYOUTS if any((root / folder).is_dir() for folder in layout.folders)]
    if len(found) != 1:
        survey.problems.append(_unclear_layout(root, found))
        return survey
    survey.layout = layout = found[0]
    audio = _files_by_key(survey, layout.audio, AUDIO_SUFFIXES)
    gold = _kind(survey, layout.gold, layout.gold_suffix)
    raters = _kind(survey, layout.raters, ".csv")
    labels = [*gold.files.values(), *raters.files.values()]
    survey.keys.update(audio, *labels)
    _check_labels_have_audio(survey, audio, labels)
    for partition in PARTICIPANTS:
        _pair(survey, sorted(key for key in audio if key[0] == partition), audio, gold, raters)
    if layout.name == "public RECOLA":
        survey.notes.append(_public_note(survey))
    if layout.key is participant_key:
        survey.notes.append(
            "RECOLA's agreement covers weights trained on it too: they stay with who signed it"
        )
    return survey


def _unclear_layout(root: Path, found: list[Layout]) -> str:
    if found:
        return f"{root} holds several layouts ({', '.join(layout.name for layout in found)}); keep one"
    sought = "; ".join(
        f"{layout.name}: {layout.audio}/ with {' or '.join(f'{f}/' for f in (*layout.gold, *layout.raters))}"
        for layout in LAYOUTS
    )
    known = [folder for layout in LAYOUTS for folder in layout.folders]
    inside = [each for each in sorted(root.iterdir()) if any((each / folder).is_dir() for folder in known)]
    hint = f" (its folder {inside[0].name} has one)" if inside else ""
    return f"{root} has no known layout{hint}; looked for {sought}"


def _files_by_key(survey: Survey, folder: str, suffixes: frozenset[str]) -> dict[Key, Path]:
    """The files of one folder; misplaced names and duplicates become problems."""
    layout = survey.layout
    if layout is None or not (survey.root / folder).is_dir():
        survey.problems.append(f"the folder {folder}/ is missing")
        return {}
    files: dict[Key, Path] = {}
    for path in sorted((survey.root / folder).iterdir()):
        if path.name.startswith(".") or path.suffix.lower() not in suffixes:
            continue
        key = layout.key(path.stem)
        if key is None:
            survey.problems.append(f"{folder}/{path.name} is misnamed: names must be {layout.names}")
        elif key in files:
            survey.problems.append(f"{folder}/ holds one recording twice: {files[key].name} and {path.name}")
        else:
            files[key] = path
    return files


def _kind(survey: Survey, folders: tuple[str, ...], suffix: str) -> _Kind:
    """All files of one kind of label; its folder is the first of the releases' names that is there."""
    here = [folder for folder in folders if (survey.root / folder).is_dir()]
    if len(here) > 1:
        survey.problems.append(f"{' and '.join(f'{folder}/' for folder in here)} hold the same; keep one")
    if not here:
        return _Kind(folders[0] if folders else "", suffix, {dimension: {} for dimension in DIMENSIONS})
    suffixes = frozenset([suffix])
    files = {each: _files_by_key(survey, f"{here[0]}/{each}", suffixes) for each in DIMENSIONS}
    return _Kind(here[0], suffix, files)


def _check_labels_have_audio(survey: Survey, audio: dict[Key, Path], labels: list[dict[Key, Path]]) -> None:
    labelled = {key: path for files in labels for key, path in files.items()}
    for key, path in sorted(labelled.items()):
        if key not in audio and survey.layout:
            survey.problems.append(f"{survey.layout.audio}/ has no recording for the labels of {path.stem}")
    if not audio and not labelled and survey.layout:
        survey.problems.append(f"{survey.root} holds no recordings; names must be {survey.layout.names}")


def _pair(survey: Survey, keys: list[Key], audio: dict[Key, Path], gold: _Kind, raters: _Kind) -> None:
    """Add the recordings of one partition to the survey, or what they lack."""
    if not keys:
        return
    partition = keys[0][0]
    present = [kind for kind in (gold, raters) if kind.any_of(keys)]
    if not present and partition == "test":
        survey.notes.append(f"{len(keys)} test recordings have no labels and are left out")
        return
    if present == [raters]:
        survey.notes.append(f"the gold standard of {partition} is computed from the individual ratings")
    needed = present or [gold if gold.folder else raters]
    for key in keys:
        missing = [
            f"{kind.folder}/{dimension}/{audio[key].stem}{kind.suffix} is missing"
            for kind in needed
            for dimension in DIMENSIONS
            if key not in kind.files[dimension]
        ]
        survey.problems += missing
        name, path = audio[key].stem, audio[key]
        survey.recordings.append(Recording(key, name, path, gold.of(key), raters.of(key), not missing))


def _public_note(survey: Survey) -> str:
    counts = Counter(recording.key[0] for recording in survey.recordings)
    here = ", ".join(f"{counts[partition]} {partition}" for partition in PARTICIPANTS)
    return (
        f"public RECOLA has 23 of the 46 participants (here: {here}); the paper's partition of 16 train, "
        "15 devel and 15 test cannot be rebuilt from it, and its scores cannot be compared with the paper's"
    )
