"""A small file as text, and what is wrong with it as one short sentence."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from reprlib import Repr
from typing import Any

from sercore.reading.mistaken import mistaken_for

MOST_BYTES = 16_000_000  # a card with its plane has 20 kB, a table of results as CSV some MB
_LONGEST = 200  # letters of another library's words
_CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r"})  # which no text has
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60
_SHORT.maxlevel = 2


class ReadingError(ValueError):
    """A file that cannot be used: one sentence with what was found and the rule that it breaks."""


@contextmanager
def told_as(kind: type[ValueError], words: str, advice: str = "") -> Iterator[None]:
    """What is wrong with a file as a room's own error: its words, the reason, and what to do about it.

    Example:
        >>> with told_as(LookupError, "the card a.json is none"):
        ...     raise ReadingError("seed must be a whole number, got 'three'")
        Traceback (most recent call last):
        LookupError: the card a.json is none: seed must be a whole number, got 'three'
    """
    try:
        yield
    except ReadingError as error:
        raise kind(f"{words}: {error}{advice}") from None


def shortened(value: Any) -> str:
    """A value for a sentence: in one line, and never long.

    Example:
        >>> shortened("x" * 1_000_000)
        "'xxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxx'"
    """
    return _cut(" ".join(_SHORT.repr(value).split()))


def first_line(error: BaseException) -> str:
    """What an error says, in one line that is never long."""
    return _cut((str(error).strip() or type(error).__name__).splitlines()[0])


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of an ordinary file of at most so many bytes.

    Raises:
        ReadingError: if it is absent, no ordinary file (a pipe or a device might never end), too large, or
            something else than a file of ours (``mistaken_for``).
    """
    try:
        if not path.is_file():
            raise ReadingError("it is no ordinary file" if path.exists() else "it is not there")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or first_line(error)
        raise error if isinstance(error, ReadingError) else ReadingError(reason) from None
    if len(content) > most:
        raise ReadingError(f"it has more than {most:,} bytes")
    if what := mistaken_for(content):
        raise ReadingError(what)
    return content


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """The text of an ordinary file in UTF-8.

    Raises:
        ReadingError: as ``read_bytes``, or if it is no text.
    """
    return text_of(read_bytes(path, most))


def text_of(content: bytes) -> str:
    """The text of some bytes in UTF-8, without the mark that some programs put before it.

    Raises:
        ReadingError: if they are no text.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadingError(f"it is not text in UTF-8 (byte {error.start:,}){_encoding(content)}") from None
    if "\0" in text:
        raise ReadingError(f"it is not text: it holds NUL bytes{_encoding(content)}")
    return text


def _encoding(content: bytes) -> str:
    """What other encoding of text some bytes may have, and how to mend that, as the end of a sentence."""
    zeros = [content[start:1_000:2].count(0) for start in (0, 1)]
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or max(zeros) > 0.4 * len(content[:1_000]):
        return ': it is UTF-16, as spreadsheets save "Unicode text"; save it as UTF-8'
    if content[:1_000].translate(None, _CONTROLS) != content[:1_000]:
        return ""
    return ": is it Windows-1252, as older spreadsheets save CSV? Save it as UTF-8"
