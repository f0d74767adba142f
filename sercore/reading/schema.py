"""What a file holds, held against a dataclass: its fields' types and limits are the schema.

Fields may be text, whole numbers, numbers, truth values, lists (``tuple[X, ...]``), tables
(``Mapping[str, X]``), other dataclasses, any of these or None, and ``Annotated`` with limits:

Example:
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Training:
    ...     seed: Count
    ...     share: Share = 0.5
    >>> made(Training, {"seed": 3, "mood": "good"}, "a training")
    Training(seed=3, share=0.5)
    >>> made(Training, {"seed": -1}, "a training")
    Traceback (most recent call last):
    sercore.reading.text.ReadingError: seed must lie in [0, 9.22e+18], got -1
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from sercore.reading.json_file import LARGEST
from sercore.reading.text import ReadingError, first_line, shortened

_Kind = TypeVar("_Kind")
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_TABLE = "a table of names and values"


class Rule(Protocol):
    """What a value of the right type must keep to."""

    def check(self, value: Any, place: str) -> None:
        """Raise ReadingError with the place, the rule and the value, if it does not."""


@dataclass(frozen=True)
class Within:
    """Numbers from ``low`` to ``high``; of a list or a text, its length."""

    low: float
    high: float

    def check(self, value: Any, place: str) -> None:
        """Raise ReadingError if the value lies elsewhere."""
        sized = hasattr(value, "__len__")
        if not self.low <= (len(value) if sized else value) <= self.high:
            rule = f"{'have a length' if sized else 'lie'} in [{self.low:.3g}, {self.high:.3g}]"
            raise ReadingError(f"{place} must {rule}, got {shortened(value)}")


@dataclass(frozen=True)
class InOneLine:
    """Text that can stand in a table or a sentence: not empty, printable, not long."""

    most: int = 100  # letters

    def check(self, value: Any, place: str) -> None:
        """Raise ReadingError if the value is other text."""
        if not (0 < len(value) <= self.most and value.isprintable() and value.strip()):
            raise ReadingError(f"{place} must be 1 to {self.most} printable letters, got {shortened(value)}")


@dataclass(frozen=True)
class OneOf:
    """One of some names."""

    names: tuple[str, ...]

    def check(self, value: Any, place: str) -> None:
        """Raise ReadingError if the value is another."""
        if value not in self.names:
            raise ReadingError(f"{place} must be one of {', '.join(self.names)}, got {shortened(value)}")


@dataclass(frozen=True)
class Holds:
    """A table in which some names, if they are there, have values of these types; the rest is free."""

    types: Mapping[str, Any]
    needed: tuple[str, ...] = ()

    def check(self, value: Any, place: str) -> None:
        """Raise ReadingError if a name is missing, or its value of another type."""
        for name in self.needed:
            if name not in value:
                raise ReadingError(f"{place} lacks {name}")
        for name, hint in self.types.items():
            if name in value:
                checked(hint, value[name], f"{place}.{name}")

    def __hash__(self) -> int:  # for the cache of hints
        return id(self)


Count = Annotated[int, Within(0, LARGEST)]
Share = Annotated[float, Within(0, 1)]
Amount = Annotated[float, Within(0, 1e12)]
Name = Annotated[str, InOneLine()]


def made(kind: type[_Kind], found: Any, place: str) -> _Kind:
    """A dataclass of what JSON holds of it; what it has no field for is left out, lists become tuples.

    Args:
        kind: the dataclass.
        found: what JSON gave.
        place: what it should be, for the message.

    Raises:
        ReadingError: if it is no table, a field is of another type or out of its limits, or one without a
            default is missing; one sentence says which.
    """
    if not isinstance(found, Mapping):
        raise ReadingError(f"{place} must be {_TABLE}, got {type(found).__name__}")
    hints, values = _hints(kind), {}  # type: ignore[arg-type]
    for each in fields(kind):  # type: ignore[arg-type]  # mypy cannot say "the type of a dataclass"
        if each.name in found and each.init:
            values[each.name] = checked(hints[each.name], found[each.name], each.name)
        elif each.default is MISSING and each.default_factory is MISSING:
            raise ReadingError(f"{place} lacks {each.name}")
    try:
        return kind(**values)
    except ReadingError:
        raise
    except ValueError as error:  # a rule over several fields, which the dataclass itself holds
        raise ReadingError(first_line(error)) from None


def checked(hint: Any, value: Any, place: str) -> Any:
    """The value, if it is of a type; its lists as tuples, its tables as the dataclasses that they should be.

    Raises:
        ReadingError: if it is not; one sentence with the place, the rule and what was found.

    Example:
        >>> checked(tuple[float, ...], [0.5, 1], "limits")
        (0.5, 1)
        >>> checked(int | None, "three", "seed")
        Traceback (most recent call last):
        sercore.reading.text.ReadingError: seed must be a whole number, got 'three'
    """
    if get_origin(hint) is Annotated:
        plain, *rules = get_args(hint)
        result = checked(plain, value, place)
        for rule in rules if value is not None else ():
            rule.check(value, place)
        return result
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (each for each in get_args(hint) if each is not type(None))
        return None if value is None else checked(inner, value, place)
    if hint is Any:
        return value
    if is_dataclass(hint) and isinstance(hint, type):
        return made(hint, value, place)
    return _CHECKS.get(get_origin(hint) or hint, _plain)(hint, value, place)


def _list(hint: Any, value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ReadingError(f"{place} must be a list, got {shortened(value)}")
    inner = get_args(hint)[0]
    return tuple(checked(inner, each, f"{place}[{number}]") for number, each in enumerate(value))


def _table(hint: Any, value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ReadingError(f"{place} must be {_TABLE}, got {shortened(value)}")
    inner = get_args(hint)[1] if get_args(hint) else Any
    if inner is Any:
        return value
    return {name: checked(inner, each, f"{place}.{shortened(name)[1:-1]}") for name, each in value.items()}


def _plain(hint: Any, value: Any, place: str) -> Any:
    kinds = (int, float) if hint is float else hint
    if not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool):
        raise ReadingError(f"{place} must be {_WORDS[hint]}, got {shortened(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ReadingError(f"{place} must be finite, got {value}")
    return value


_CHECKS: Mapping[Any, Callable[[Any, Any, str], Any]] = {tuple: _list, Mapping: _table, dict: _table}


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)
