"""Read a whole corpus folder: find its files, look who speaks, load each recording, gather what is wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sercore.corpus.find_files import Survey, find_recordings
from sercore.corpus.manifest import BEGUN, MANIFEST, Manifest, ManifestError, read_manifest
from sercore.corpus.recording import load_recording

if TYPE_CHECKING:
    from pathlib import Path

    from sercore.corpus.layouts import Layout
    from sercore.corpus.recording import Loaded
    from sercore.corpus.track import Track

THREADS = 2  # decoding leaves Python's lock, so two keep two cores busy; memory grows with each


@dataclass(frozen=True)
class Content:
    """What a folder holds.

    Attributes:
        survey: what its files' names say.
        tracks: those with nothing wrong, in the order of partition and number.
        notes: what the user should know, one sentence each.
        problems: what is wrong, one sentence each.
    """

    survey: Survey
    tracks: tuple[Track, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def load_folder(root: Path, partitions: tuple[str, ...]) -> Content:
    """Load the recordings of some partitions; nothing that is wrong with the files is raised.

    Args:
        root: the folder.
        partitions: which to load. What is missing is reported for the others too.
    """
    try:
        survey = find_recordings(root)
    except OSError as error:
        return Content(Survey(root), (), (), (f"{root} cannot be read ({error.strerror})",))
    problems = list(survey.problems)
    if (root / BEGUN).is_file() and not (root / MANIFEST).is_file():
        return Content(survey, (), (), (f"{root} is not finished: run scripts/make_corpus.py again",))
    if survey.layout is None:
        return Content(survey, (), (), tuple(problems))
    manifest = Manifest()
    try:
        manifest = read_manifest(root)
    except ManifestError as error:
        problems.append(str(error))
    problems += _missing_tracks(survey, survey.layout, manifest)
    loaded = _load(survey, survey.layout, manifest, partitions)
    problems += [problem for each in loaded for problem in each.problems]
    tracks = tuple(each.track for each in loaded if each.track)
    return Content(survey, tracks, (*survey.notes, *_grouped_notes(loaded)), tuple(problems))


def _missing_tracks(survey: Survey, layout: Layout, manifest: Manifest) -> list[str]:
    """Tracks of the manifest of which no file at all is left."""
    gone = [name for name in manifest.tracks if layout.key(name) not in survey.keys]
    return [f"{name} is missing, though {MANIFEST} lists it" for name in gone]


def _load(survey: Survey, layout: Layout, manifest: Manifest, partitions: tuple[str, ...]) -> list[Loaded]:
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = []
        for recording in survey.recordings:
            if recording.key[0] in partitions:
                speaker = manifest.say(recording.name, "speaker", otherwise=recording.name)
                language = manifest.say(recording.name, "language", otherwise="unknown")
                jobs.append(pool.submit(load_recording, recording, layout, survey.root, speaker, language))
        return [job.result() for job in jobs]


def _grouped_notes(loaded: list[Loaded]) -> list[str]:
    """One sentence for each kind of note, naming at most three places."""
    places: dict[str, list[str]] = {}
    for where, what in (note for each in loaded for note in each.notes):
        places.setdefault(what, []).append(where)
    return [
        f"{', '.join(where[:3])}{f' and {len(where) - 3} more' if len(where) > 3 else ''}: {what}"
        for what, where in places.items()
    ]
