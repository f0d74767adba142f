"""Names of files as other systems write them: composed or not, in other cases, with backslashes."""

import unicodedata
from functools import lru_cache
from pathlib import Path


def on_disk(path: str | Path) -> Path:
    r"""The path as this disk spells it; as it is given, if it is there or if nothing or several are alike.

    On a Mac an umlaut may be two characters (u and a diaeresis) and elsewhere one; there and on Windows
    capitals make no difference; and Windows parts folders by backslashes.

    Example:
        >>> on_disk("nowhere\\a.wav").name.endswith("a.wav")
        True
    """
    path = Path(path)
    try:
        if path.exists():
            return path
        parted = Path(str(path).replace("\\", "/"))
        found = Path(parted.anchor)
        for part in parted.parts[1 if parted.anchor else 0 :]:
            found /= part if (found / part).exists() else _alike(found, part)
    except (OSError, ValueError, LookupError):
        return path
    return found


def composed(name: str) -> str:
    """A name with composed umlauts and without blanks around it, so that one person has one name.

    Example:
        >>> composed("Jo\u0308rg ") == composed("Jörg"), composed("Jörg") == composed("Jorg")
        (True, False)
    """
    return unicodedata.normalize("NFC", name).strip()


def _alike(folder: Path, part: str) -> str:
    alike = _names_in(folder, folder.stat().st_mtime_ns).get(_common(part), [])
    if len(alike) != 1:
        raise LookupError(part)
    return alike[0]


@lru_cache(maxsize=16)
def _names_in(folder: Path, _changed: int) -> dict[str, list[str]]:
    """The names in a folder by what they have in common with others, as it is at one time."""
    names: dict[str, list[str]] = {}
    for entry in sorted(folder.iterdir()):
        names.setdefault(_common(entry.name), []).append(entry.name)
    return names


def _common(name: str) -> str:
    """What names that differ in composition and case alone have in common."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
