"""What a file is in place of the one that its name promises, where its first bytes tell: cause and cure."""

from pathlib import Path

LOOKED_AT = 512  # bytes
_BEGINNINGS = {
    b"version https://git-lfs": "it is a git-lfs pointer, not the file itself: run git lfs pull",
    b"/annex/objects/": "it is a git-annex pointer, not the file itself: run git annex get",
    b"PK\x03\x04": "it is an archive or a spreadsheet's own file (.zip, .xlsx): unpack it, or save it as CSV",
    b"\xd0\xcf\x11\xe0": "it is a spreadsheet's own file (.xls): save it as CSV",
    b"\x1f\x8b": "it is compressed (gzip): unpack it",
    b"<!doctype html": "it is a web page, such as one that asks to log in: download the file again",
    b"<html": "it is a web page, such as one that asks to log in: download the file again",
}


def mistaken_for(source: Path | bytes) -> str:
    """What a file or its content is instead, and how to mend it; nothing where the first bytes do not tell.

    Example:
        >>> mistaken_for(b"version https://git-lfs.github.com/spec/v1")
        'it is a git-lfs pointer, not the file itself: run git lfs pull'
        >>> mistaken_for(b"time;FM1")
        ''
    """
    start = (source if isinstance(source, bytes) else _first_bytes(source))[:LOOKED_AT]
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    known = [
        words for first, words in _BEGINNINGS.items() if start.startswith(first) or plain.startswith(first)
    ]
    return known[0] if known else ""


def _first_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe need never answer
            return b""
        with path.open("rb") as file:
            return file.read(LOOKED_AT)
    except (OSError, ValueError):
        return b""
