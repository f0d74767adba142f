"""The few tracks that ship with the package: picked from a finished corpus and compressed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from sercore.corpus.manifest import MANIFEST
from sercore.files import replacing, sha256_of, write_file
from sercore.reading import Name, ReadingError, made, read_bytes, read_json, told_as
from sercore.synthetic.build import BuildError
from sercore.synthetic.layout import audio_bytes, paths

# Language and sex of each; None takes whoever comes first.
WANTED = (("fr", "female"), ("fr", "male"), ("it", None), ("de", None))
MOST_BYTES = 2_000_000  # of one track with its labels
_QUALITIES = (0.4, 0.3, 0.2, 0.1, 0.0)
_SHIPPED = "sercore demo"  # how their manifest begins


@dataclass(frozen=True)
class _Entry:
    """What shipping needs to know of a track."""

    name: Name
    partition: str
    language: str
    sex: str


@dataclass(frozen=True)
class _Manifest:
    """What it needs to know of a corpus."""

    sha256: str
    tracks: tuple[_Entry, ...]


def pick(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first test track of each kind that is ``WANTED``.

    Raises:
        BuildError: if the corpus has none of a kind.
    """
    chosen = []
    test = [entry for entry in entries if entry["partition"] == "test"]
    for language, sex in WANTED:
        fits = [e for e in test if e["language"] == language and sex in {None, e["sex"]}]
        if not fits:
            raise BuildError(f"the corpus has no test track in {language!r} of sex {sex or 'any'} to ship")
        chosen.append(fits[0])
    return chosen


def ship(corpus: Path, folder: Path) -> Path:
    """Write the tracks that ship: Ogg Vorbis, gold standard, ratings and a manifest of their own.

    They are written beside the folder first, and take its place when they are complete. It must be new or
    empty, or one that this function wrote.

    Returns:
        Path of the manifest.

    Raises:
        BuildError: if the corpus is not complete or lacks a track, if a track cannot be made small enough,
            or if the folder holds anything else or cannot be written.
    """
    with told_as(BuildError, f"{corpus} holds no finished corpus: {MANIFEST} cannot be used"):
        manifest = read_json(corpus / MANIFEST)
        made(_Manifest, manifest, "a manifest")
    chosen = pick(manifest["tracks"])
    folder = folder.resolve()
    if reason := _objection(corpus.resolve(), folder):
        raise BuildError(f"the tracks cannot be shipped to {folder}: {reason}")
    try:
        with replacing(folder) as fresh:
            manifest["tracks"] = [_ship_track(corpus, fresh, entry) for entry in chosen]
            manifest["corpus"] = f"{_SHIPPED}: four tracks of sercore default, as Ogg Vorbis"
            manifest["corpus_sha256"] = manifest.pop("sha256")
            write_file(fresh / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    except (OSError, ReadingError, soundfile.LibsndfileError) as error:
        raise BuildError(f"the tracks cannot be shipped to {folder}: {error}") from error
    return folder / MANIFEST


def _objection(corpus: Path, folder: Path) -> str:
    """Why something could be lost in a folder; nothing if all is well."""
    if folder == corpus or corpus in folder.parents or folder in corpus.parents:
        return "it is, holds or lies in the corpus itself"
    if folder.is_file():
        return "it is a file"
    there = {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}
    if foreign := sorted(there - _shipped_before(folder)):
        return f"it holds files that were not shipped before, such as {foreign[0]}; choose another folder"
    return ""


def _shipped_before(folder: Path) -> set[Path]:
    """The files that an earlier call wrote; none if it was not this function."""
    try:
        manifest = read_json(folder / MANIFEST)
        if not manifest["corpus"].startswith(_SHIPPED):
            return set()
        return {Path(MANIFEST), *(Path(path) for entry in manifest["tracks"] for path in entry["sha256"])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _ship_track(corpus: Path, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Write one track and return its entry of the manifest."""
    name = entry["name"]
    *labels, wav = paths(name)
    *_, ogg = paths(name, "ogg")
    content = {path: read_bytes(corpus / path) for path in labels}
    audio, _ = soundfile.read(corpus / wav, dtype="float32")
    left = MOST_BYTES - sum(map(len, content.values()))
    small = next((data for q in _QUALITIES if len(data := audio_bytes(audio, q)) <= left), None)
    if small is None:
        raise BuildError(f"{name} cannot be made smaller than {MOST_BYTES:,} bytes")
    content[ogg] = small
    for path, data in content.items():
        write_file(folder / path, data)
    hashes = {path.as_posix(): sha256_of(data) for path, data in content.items()}
    return entry | {"sha256": hashes}
