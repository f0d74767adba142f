"""Every sentence of a language: templates filled with things, purposes, and what agrees with them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def compose(language: str) -> Iterator[str]:
    """Every sentence of the grammar, in a fixed order.

    A template names its item by ``{noun}``, forms that agree with it by the names in ``[forms]``, the same
    with a capital (``{Noun}``) where they begin a sentence, and those of a second item with a 2.

    Args:
        language: name of a TOML file beside this module, for instance "fr".

    Example:
        >>> next(compose("de"))
        'Ja, einverstanden.'
    """
    path = Path(__file__).with_name(f"{language}.toml")
    grammar = tomllib.loads(path.read_text(encoding="utf-8"))
    items = grammar["items"]
    yield from grammar["fixed"]
    for item in items:
        forms = _forms(item, grammar)
        yield from (template.format(**forms) for template in grammar["of_one"])
        for template in grammar["for_a_purpose"]:
            for purpose in item[2]:
                impersonal = _replaced(purpose, grammar.get("impersonal", {}))
                sentence = template.format(purpose=purpose, impersonal=impersonal, **forms)
                yield _replaced(sentence, grammar.get("contractions", {}))
    for item, other in compared(items):
        second = {f"{name}2": form for name, form in _forms(other, grammar).items()}
        yield from (t.format(**_forms(item, grammar), **second) for t in grammar["of_two"])


def compared(items: Sequence[T], neighbours: int = 4) -> Iterator[tuple[T, T]]:
    """Each item with the few that follow it in the list, around the end: what a speaker compares.

    Example:
        >>> list(compared("abc", neighbours=1))
        [('a', 'b'), ('b', 'c'), ('c', 'a')]
    """
    for start, item in enumerate(items):
        for step in range(1, neighbours + 1):
            yield item, items[(start + step) % len(items)]


def _forms(item: tuple[str, str, list[str]], grammar: Mapping[str, Any]) -> dict[str, str]:
    """The noun and all that agrees with it, as it is and with a capital."""
    noun, kind, _ = item
    place = grammar["classes"].index(kind)
    forms = {name: of[place].format(noun=noun) for name, of in grammar["forms"].items()} | {"noun": noun}
    return forms | {name.capitalize(): form[0].upper() + form[1:] for name, form in forms.items()}


def _replaced(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text
