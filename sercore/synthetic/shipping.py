"""The few tracks that ship with the package: picked from a finished corpus and compressed."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import soundfile

from sercore.synthetic.build import MANIFEST, BuildError
from sercore.synthetic.layout import audio_bytes, paths, write

WANTED = (("fr", "female"), ("fr", "male"), ("it", None), ("de", None))
"""Language and sex of each; None takes whoever comes first."""

MOST_BYTES = 2_000_000  # of one track with its labels
_QUALITIES = (0.4, 0.3, 0.2, 0.1, 0.0)


def pick(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first test track of each kind that is ``WANTED``.

    Raises:
        BuildError: If the corpus has none of a kind.
    """
    chosen = []
    for language, sex in WANTED:
        fits = [e for e in entries if (e["partition"], e["language"]) == ("test", language)]
        fits = [e for e in fits if sex in {None, e["sex"]}]
        if not fits:
            raise BuildError(f"the corpus has no test track in {language!r} of sex {sex or 'any'} to ship")
        chosen.append(fits[0])
    return chosen


def ship(corpus: Path, folder: Path) -> Path:
    """Write the tracks that ship: Ogg Vorbis, gold standard, ratings and a manifest of their own.

    Args:
        corpus: A finished corpus.
        folder: Where to; what it holds is replaced.

    Returns:
        Path of the manifest.

    Raises:
        BuildError: If the corpus is not complete or lacks a track, or if a track cannot be made small enough.
    """
    try:
        manifest = json.loads((corpus / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise BuildError(f"{corpus} holds no finished corpus: {MANIFEST} cannot be read") from error
    chosen = pick(manifest["tracks"])
    for old in folder.glob("r*_*"):  # recordings_audio, ratings_...
        shutil.rmtree(old)
    manifest["tracks"] = [_ship_track(corpus, folder, entry) for entry in chosen]
    manifest["corpus"] = "sercore demo: four tracks of sercore default, as Ogg Vorbis"
    manifest["corpus_sha256"] = manifest.pop("sha256")
    write(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return folder / MANIFEST


def _ship_track(corpus: Path, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Write one track and return its entry of the manifest."""
    name = entry["name"]
    *labels, wav = paths(name)
    *_, ogg = paths(name, "ogg")
    content = {path: (corpus / path).read_bytes() for path in labels}
    audio, _ = soundfile.read(corpus / wav, dtype="float32")
    left = MOST_BYTES - sum(map(len, content.values()))
    small = next((data for q in _QUALITIES if len(data := audio_bytes(audio, "OGG", q)) <= left), None)
    if small is None:
        raise BuildError(f"{name} cannot be made smaller than {MOST_BYTES:,} bytes")
    content[ogg] = small
    for path, data in content.items():
        write(folder / path, data)
    hashes = {path.as_posix(): hashlib.sha256(data).hexdigest() for path, data in content.items()}
    return entry | {"sha256": hashes}
