"""Who speaks in a corpus that sercore made, and the hashes of its files: ``manifest.json``."""

import os.path
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sercore.corpus.label_causes import few
from sercore.files import sha256_of_file
from sercore.reading import ReadingError, first_line, read_json
from sercore.reading.names import on_disk

MANIFEST = "manifest.json"
BEGUN = ".cache/plan.txt"  # in a folder that scripts/make_corpus.py began; the manifest comes last
_IS_NONE = f"{MANIFEST} is not a list of tracks in JSON"


class ManifestError(ValueError):
    """A manifest that is there but cannot be used."""


@dataclass(frozen=True)
class Manifest:
    """The entry of each track by its name, and the hash of each file by its path below the corpus folder.

    ``corpus`` is what the corpus calls itself; it begins with "sercore" if sercore made it.
    """

    tracks: dict[str, dict[str, Any]] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    corpus: str = ""

    def say(self, track: str, what: str, otherwise: str) -> str:
        """What the manifest says of a track, for instance its language.

        Example:
            >>> Manifest({"train_1": {"language": "French"}}).say("train_1", "language", "unknown")
            'French'
        """
        return str(self.tracks.get(track, {}).get(what) or otherwise)


def read_manifest(root: Path) -> Manifest:
    """Read the manifest of a corpus folder; an empty one where there is none.

    Raises:
        ManifestError: if it is not JSON of the expected form.
    """
    path = root / MANIFEST
    if not path.exists():
        return Manifest()
    try:
        found = read_json(path)
        if isinstance(found, dict) and "tracks" not in found:
            raise ReadingError(f"another program's: it holds {few(found) or 'nothing'}; rename or remove it")
        listed = found["tracks"]
        entries = listed if isinstance(listed, dict) else {entry["name"]: entry for entry in listed}
        tracks = {str(name): dict(entry) for name, entry in entries.items()}
        files = [each for entry in tracks.values() for each in entry.get("sha256", {}).items()]
    except ReadingError as error:
        raise ManifestError(f"{_IS_NONE} ({error})") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ManifestError(
            f"{_IS_NONE} ({first_line(error)}); if another program wrote it, rename it"
        ) from None
    name = found.get("corpus", "") if isinstance(found, dict) else ""
    return Manifest(tracks, {file: str(sha) for file, sha in files}, str(name))


def changed_files(root: Path, manifest: Manifest) -> list[str]:
    """One sentence for each file of a corpus folder that is not what its manifest says."""
    problems = []
    for name, expected in sorted(manifest.sha256.items()):
        path = on_disk(root / name)
        if not os.path.isfile(path):  # noqa: PTH113  (Path.is_file raises for a name that no file can have)
            problems.append(f"{name} is missing, though {MANIFEST} lists it")
        elif sha256_of_file(path) != expected:
            problems.append(f"{name} was changed: its SHA-256 is not the one in {MANIFEST}")
    return problems
