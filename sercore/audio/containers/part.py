"""One stream of sound in a file, and what can be told of its length before it is decoded."""

from dataclasses import dataclass

from sercore.audio.containers.window import Window


@dataclass(frozen=True)
class Part:
    """One stream of sound; a file holds several one after the other where Ogg streams are chained.

    Attributes:
        content: what libsndfile is given to read.
        problem: why it cannot be used, as in "is truncated: its last page is not whole"; empty if it can.
        estimated: whether the length that the content now declares is an estimate, and proves nothing.
    """

    content: Window
    problem: str = ""
    estimated: bool = False


def missing_bytes(declared: int, held: int) -> str:
    """The problem of a stream whose header declares more than is there; empty if it does not.

    Example:
        >>> missing_bytes(200_000, 128_000)
        'is truncated: it declares 200,000 bytes and holds 128000'
    """
    return f"is truncated: it declares {declared:,} bytes and holds {held}" if declared > held else ""


def is_placeholder(declared: int, bits: int = 32) -> bool:
    """Whether a size says that whoever wrote the header did not know it yet, as in a pipe.

    It is then the largest number that fits, signed or unsigned, less some for the header or for whole
    blocks: ffmpeg writes 0xFFFFFFFF, sox 0x7FFFF000, LAME 0x7FFFFFFF, arecord 0x80000000. Such a size is
    never a true one of a file that holds less.

    Example:
        >>> is_placeholder(0x7FFFFFFF - 36), is_placeholder(4_000_000_000)
        (True, False)
    """
    return any(limit - 65_536 <= declared <= limit for limit in (2 ** (bits - 1), 2**bits))
