"""Which two things a speaker compares."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def compared(items: Sequence[T], neighbours: int = 4) -> Iterator[tuple[T, T]]:
    """Each item with the few that follow it in the list, around the end.

    Example:
        >>> list(compared("abc", neighbours=1))
        [('a', 'b'), ('b', 'c'), ('c', 'a')]
    """
    for start, item in enumerate(items):
        for step in range(1, neighbours + 1):
            yield item, items[(start + step) % len(items)]
