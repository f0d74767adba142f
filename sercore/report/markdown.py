"""Markdown: tables, numbers, and sections of a text that are written between marks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SCORE_TITLES = {"ccc": "frames that arrive", "ccc_timeline": "whole timeline"}
Table = tuple[list[str], list[list[str]]]  # header and rows


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    Example:
        >>> print(markdown_table(["a", "b"], [["1", "2"]]))
        | a | b |
        |---|---|
        | 1 | 2 |
    """
    lines = ["| " + " | ".join(line) + " |" for line in (header, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(header), *lines[1:]])


def number(value: float, *, signed: bool = False) -> str:
    """Three decimals, or that there is none.

    Example:
        >>> number(0.12345), number(0.1, signed=True), number(math.nan)
        ('0.123', '+0.100', 'none')
    """
    return "none" if math.isnan(value) else f"{value:{'+' if signed else ''}.3f}"


@dataclass(frozen=True)
class Marks:
    """Two lines of a text between which a section is written again and again."""

    begin: str
    end: str

    def are_in(self, text: str) -> bool:
        """Whether the text has both, one after the other."""
        return self.end in text.partition(self.begin)[2]


def replace_section(text: str, section: str, marks: Marks) -> str:
    """Put ``section`` between the marks.

    Raises:
        ValueError: if the marks are not there.
    """
    if not marks.are_in(text):
        raise ValueError(f"the text needs the marks {marks.begin!r} and, after it, {marks.end!r}")
    before, rest = text.split(marks.begin, 1)
    return f"{before}{marks.begin}\n{section}\n{marks.end}{rest.split(marks.end, 1)[1]}"
