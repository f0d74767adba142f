"""Hostile inputs from valid ones: seeded, so that each can be made again from its number.

Bytes are flipped, cut, spliced, repeated, and overwritten where lengths may stand. Text, JSON, CSV and ARFF
are also altered as what they are: other types, huge and missing values, nesting, duplicates, NaN, Unicode.
"""

import struct
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.mutate_json import json_altered

NASTY_TEXTS = (
    *(
        "",
        " ",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1e308",
        "-1e999",
        "1_0",
        "0x10",
        "٣",
        "1,5",
        "-0",
        "1e-400",
        "99" * 30,
    ),
    *(
        "null",
        "NA",
        "None",
        "true",
        "[]",
        "{}",
        "../..",
        "/dev/zero",
        "=1+1",
        "<b>",
        "{{7*7}}",
        "%s%n",
        "$(id)",
    ),
    *('"', "'", "\\", ";", ",", "\t", "\v" * 99, "\0", "\r", "\ufeff", "\u202e", "\u2028", "é", "\U0001f600"),
    *("x" * 5_000, "a\nb", "matched_", "gilbert:p_n=2", "2026-11-26", "00:00"),
)
LENGTHS = (0, 1, 2, 127, 128, 255, 256, 65_535, 2**24, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
MOST_BYTES = 4_000_000  # of an input: larger ones take time without finding more


def altered(content: bytes, kind: str, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The content with one to four changes, as bytes or as what its ``kind`` (a suffix) says it is."""
    changes = [*BYTE_CHANGES, *TEXT_CHANGES.get(kind, ())]
    weights = [1.0] * len(BYTE_CHANGES) + [3.0] * (len(changes) - len(BYTE_CHANGES))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        change = rng.choices(changes, weights)[0]
        content = change(content, rng, others)[:MOST_BYTES]
    return content


def _flip(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 8, 64))):
        if changed:
            changed[_place(changed, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    at, size = _place(content, rng), rng.choice((1, 4, 16, 300))
    new = rng.choice((bytes(size), b"\xff" * size, rng.randbytes(size)))
    return content[:at] + new + content[at + size :]


def _length(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    """A number where a length may stand: most of them stand near the beginning, many at even places."""
    kind = rng.choice(("<H", ">H", "<I", ">I", "<Q", ">Q"))
    size = struct.calcsize(kind)
    at = _place(content, rng) & ~1
    number = rng.choice((*LENGTHS, len(content), len(content) - at, rng.randrange(2**16)))
    return content[:at] + struct.pack(kind, number % 2 ** (8 * size)) + content[at + size :]


def _cut(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _behead(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    return content[rng.randrange(len(content) + 1) :]


def _remove(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    at = _place(content, rng)
    return content[:at] + content[at + rng.choice((1, 2, 4, 16, 1_000)) :]


def _repeat(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
    at, size = _place(content, rng), rng.choice((1, 4, 64, 1_000))
    return content[:at] + content[at : at + size] * rng.choice((2, 3, 100)) + content[at + size :]


def _splice(content: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    other = rng.choice(list(others) or [content])
    return content[: _place(content, rng)] + other[_place(other, rng) :]


def _place(content: bytes | bytearray, rng: Random) -> int:
    """Somewhere; half of the time near the beginning, where headers are."""
    return rng.randrange(max(1, min(len(content), 200) if rng.random() < 0.5 else len(content)))


BYTE_CHANGES = (_flip, _overwrite, _length, _cut, _behead, _remove, _repeat, _splice)


def _of_lines(
    change: Callable[[list[str], Random], None],
) -> Callable[[bytes, Random, Sequence[bytes]], bytes]:
    def of_bytes(content: bytes, rng: Random, _others: Sequence[bytes]) -> bytes:
        lines = content.decode(errors="surrogateescape").split("\n")
        change(lines, rng)
        return "\n".join(lines).encode(errors="surrogateescape")

    return of_bytes


def _line(lines: list[str], rng: Random) -> int:
    return rng.randrange(min(len(lines), 10) if rng.random() < 0.5 else len(lines))


def _cell(lines: list[str], rng: Random) -> None:
    """Another value in one cell, whichever letter divides cells."""
    at = _line(lines, rng)
    divider = max(",;\t =", key=lines[at].count)
    cells = lines[at].split(divider)
    cells[rng.randrange(len(cells))] = rng.choice(NASTY_TEXTS)
    lines[at] = divider.join(cells)


def _column(lines: list[str], rng: Random) -> None:
    """The same value in a whole column."""
    divider = max(",;\t", key=lines[0].count)
    column, value = rng.randrange(lines[0].count(divider) + 1), rng.choice(NASTY_TEXTS)
    for at, line in enumerate(lines[1:], 1):
        cells = line.split(divider)
        if len(cells) > column:
            cells[column] = value
            lines[at] = divider.join(cells)


def _swap_lines(lines: list[str], rng: Random) -> None:
    one, other = _line(lines, rng), _line(lines, rng)
    lines[one], lines[other] = lines[other], lines[one]


def _twice(lines: list[str], rng: Random) -> None:
    at = _line(lines, rng)
    lines[at:at] = [lines[at]] * rng.choice((1, 2, 500))


def _without_line(lines: list[str], rng: Random) -> None:
    if len(lines) > 1:
        del lines[_line(lines, rng)]


def _insert(lines: list[str], rng: Random) -> None:
    at = _line(lines, rng)
    place = rng.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + rng.choice(NASTY_TEXTS) + lines[at][place:]


def _dividers(lines: list[str], rng: Random) -> None:
    old, new = rng.choice(",;\t. \n"), rng.choice((",", ";", "\t", "", '"', "\v", ",,"))
    lines[:] = "\n".join(lines).replace(old, new, rng.choice((1, 5, -1))).split("\n")


def _ends(lines: list[str], rng: Random) -> None:
    end = rng.choice(("\r", "\v", "\f", "\x1c", "\x85", "\u2028", " "))
    lines[:] = [line + end for line in lines] if rng.random() < 0.5 else [end.join(lines)]


LINE_CHANGES = tuple(
    map(_of_lines, (_cell, _cell, _column, _swap_lines, _twice, _without_line, _insert, _dividers, _ends))
)


TEXT_CHANGES: dict[str, Sequence[Callable[[bytes, Random, Sequence[bytes]], bytes]]] = {
    **dict.fromkeys((".csv", ".arff", ".txt", ".toml", ".md", ".xml"), LINE_CHANGES),
    ".json": (json_altered, json_altered, json_altered),
}
