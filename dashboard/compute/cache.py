"""What was computed lately, within a limit of bytes: memory stays bounded however many visitors come.

Streamlit's own caches are no place for it: what any visitor may say (clear_cache) empties them for all.
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, ClassVar, Generic, TypeVar

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """Values by key; the one that was not asked for the longest goes first when the limit is reached.

    Streamlit's own cache hashes large arrays by a sample of their values, and counts entries, not bytes.

    Args:
        limit: the most bytes to keep; the latest value is kept whatever its size.
        size_of: bytes of a value; if left out, values are counted.

    Example:
        >>> latest = Cache(limit=2, size_of=len)
        >>> latest.put("a", b"1"); latest.put("b", b"2"); latest.put("c", b"3")
        >>> latest.get("a") is None, latest.get("c"), latest.size
        (True, b'3', 2)
    """

    every: ClassVar[weakref.WeakSet["Cache[Any]"]] = weakref.WeakSet()

    def __init__(self, limit: int, size_of: Callable[[Value], int] = lambda _: 1) -> None:
        self.limit, self.size = limit, 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self.every.add(self)

    def get(self, key: Hashable) -> Value | None:
        """The value, or None if it is not there any more."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def find(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value; made and kept where it is not there, once for all who ask meanwhile.

        Example:
            >>> latest = Cache(limit=9)
            >>> latest.find("a", lambda: 1), latest.find("a", lambda: 2)
            (1, 1)
        """
        found = self.get(key)
        if found is None:
            with self._lock:
                made_by_one = self._making.setdefault(key, threading.Lock())
            try:
                with made_by_one:
                    found = self.get(key)
                    if found is None:
                        found = make()
                        self.put(key, found)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return found

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, and forget the oldest ones beyond the limit."""
        with self._lock:
            if key in self._values:
                self.size -= self._size_of(self._values.pop(key))
            self._values[key] = value
            self.size += self._size_of(value)
            while self.size > self.limit and len(self._values) > 1:
                self.size -= self._size_of(self._values.popitem(last=False)[1])

    def forget(self, goes: Callable[[Hashable], bool]) -> None:
        """Drop every value whose key ``goes``.

        Example:
            >>> latest = Cache(limit=9, size_of=len)
            >>> latest.put("a", b"1"); latest.put("b", b"2")
            >>> latest.forget("a".__eq__)
            >>> latest.get("a"), latest.get("b"), latest.size
            (None, b'2', 1)
        """
        with self._lock:
            for key in [key for key in self._values if goes(key)]:
                self.size -= self._size_of(self._values.pop(key))


def forget_everything() -> None:
    """Empty every cache of this process: what is on disk has changed."""
    for cache in tuple(Cache.every):
        cache.forget(lambda _: True)
