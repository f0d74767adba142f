"""Read a whole corpus folder: find its files, look who speaks, load each recording, gather what is wrong."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sercore.audio.header import AudioError, opened
from sercore.corpus.compare import speakers_apart, what_is_twice, what_to_know
from sercore.corpus.find_files import Found, Recording, find_files
from sercore.corpus.layouts import Layout
from sercore.corpus.manifest import BEGUN, MANIFEST, Manifest, ManifestError, read_manifest
from sercore.corpus.recording import MAX_SECONDS, Loaded, load_recording
from sercore.corpus.stored import Store, usual_store
from sercore.corpus.table_of_files import Said, TableError
from sercore.corpus.track import Track
from sercore.corpus.utterances import hours_played, load_utterances, read_utterances

MOST_HOURS = 11.0  # of sound that is kept in memory, 2.5 GB; of longer corpora it is read from disk
THREADS = 2  # decoding leaves Python's lock, so two keep two cores busy; memory grows with each


@dataclass(frozen=True)
class Content:
    """What file names say, the tracks with nothing wrong, and sentences on what is wrong or to be known.

    Those of ``hints`` are notes on recordings that cannot be used.
    """

    found: Found
    tracks: tuple[Track, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def layout(self) -> str:
        """What the layout is called; empty if it is not clear."""
        if any(track.utterance for track in self.tracks):
            return "utterances"
        return self.found.layout.name if self.found.layout else ""


def load_folder(
    root: Path,
    partitions: tuple[str, ...],
    store: Store | None = None,
    names: Collection[str] | None = None,
) -> Content:
    """Load the recordings of some partitions; what is missing is reported for the others too.

    Nothing that is wrong with the files is raised. Without a ``store``, one is used where there is more sound
    than ``MOST_HOURS``. Where there are ``names``, only recordings that are called so are read.
    """
    try:
        found = find_files(root)
    except OSError as error:
        return Content(Found(), problems=(f"{root} cannot be read ({error.strerror})",))
    try:
        table = read_utterances(root) if found.layout is None else {}
    except TableError as error:
        return Content(Found(), problems=(str(error),))
    if table:
        wanted_rows = {name: said for name, said in table.items() if names is None or name in names}
        return _of_utterances(root, wanted_rows, partitions, store)
    if (root / BEGUN).is_file() and not (root / MANIFEST).is_file():
        return Content(found, problems=(f"{root} is not finished: run scripts/make_corpus.py again",))
    if (layout := found.layout) is None:
        return Content(found, problems=found.problems)
    problems = [*found.problems]
    manifest = Manifest()
    try:
        manifest = read_manifest(root)
    except ManifestError as error:
        problems.append(str(error))
    gone = [name for name in manifest.tracks if layout.key(name) not in found.keys]
    problems += [f"{name} is missing, though {MANIFEST} lists it" for name in gone]
    wanted = [r for r in found.recordings if r.key[0] in partitions and (names is None or r.name in names)]
    if store is None and hours_of([recording.audio for recording in wanted]) > MOST_HOURS:
        store = usual_store()
    loaded = _load(wanted, layout, root, manifest, store)
    problems += [problem for each in loaded for problem in each.problems]
    tracks = tuple(each.track for each in loaded if each.track)
    problems += what_is_twice(tracks)
    notes = (*found.notes, *_grouped_notes(loaded), *what_to_know(tracks))
    hints = _grouped_notes([each for each in loaded if not each.track])
    return Content(found, tracks, tuple(problems), notes, tuple(hints))


def _of_utterances(
    root: Path, table: Mapping[str, Said], partitions: tuple[str, ...], store: Store | None
) -> Content:
    if store is None and hours_played(table) > MOST_HOURS:
        store = usual_store()
    tracks, problems = load_utterances(root, table, partitions, store, THREADS)
    return Content(Found(), tracks, tuple(problems), tuple(speakers_apart(tracks)))


def hours_of(recordings: list[Path]) -> float:
    """How much sound files say that they hold; what cannot be read counts as none."""
    seconds = 0.0
    for path in recordings:
        with suppress(AudioError, OSError), opened(path) as (file, _):
            seconds += min(file.frames / file.samplerate, MAX_SECONDS)
    return seconds / 3600


def _load(
    recordings: list[Recording], layout: Layout, root: Path, manifest: Manifest, store: Store | None
) -> list[Loaded]:
    reads = {"read_sound": store.read} if store else {}

    def load(recording: Recording) -> Loaded:
        speaker = manifest.say(recording.name, "speaker", otherwise=recording.name)
        language = manifest.say(recording.name, "language", otherwise="unknown")
        found = load_recording(recording, layout, root, speaker, language, **reads)
        if store is None or found.track is None:
            return found
        sound = store.sound(recording.audio, len(found.track.sound))
        return replace(found, track=replace(found.track, audio=sound))  # type: ignore[arg-type]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(load, recordings))


def _grouped_notes(loaded: list[Loaded]) -> list[str]:
    """One sentence for each kind of note, naming at most three places."""
    places: dict[str, list[str]] = {}
    for where, what in (note for each in loaded for note in each.notes):
        places.setdefault(what, []).append(where)
    return [
        f"{', '.join(where[:3])}{f' and {len(where) - 3} more' if len(where) > 3 else ''}: {what}"
        for what, where in places.items()
    ]
