"""Which sentences a speaker may say: several hundred per language, and none shared between two partitions.

The small grammars in ``grammar/`` compose some 900 sentences a language on the winter survival task,
the one that RECOLA's speakers discussed (Ringeval et al. 2013): what to keep after a crash.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sercore.files import sha256_of
from sercore.units import PARTITIONS

LANGUAGES = ("fr", "it", "de", "es")
# Of one language in one partition: enough for variety, few enough to analyse in minutes.
SENTENCES_PER_POOL = 160
_NEIGHBOURS = 4  # each item is compared with so many that follow it in the list, around the end


@cache
def sentences(language: str, partition: str) -> tuple[str, ...]:
    """The sentences that speakers of one language may say in one partition, in a fixed shuffled order.

    A sentence's SHA-256 decides its partition, so that a change of the grammar moves no other sentence.

    Raises:
        ValueError: if the language or the partition is unknown.

    Example:
        >>> len(sentences("fr", "test"))
        160
        >>> set(sentences("fr", "test")) & set(sentences("fr", "train"))
        set()
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    if partition not in PARTITIONS:
        raise ValueError(f"partition must be one of {', '.join(PARTITIONS)}, got {partition!r}")
    hashes = {sentence: sha256_of(sentence.encode()) for sentence in compose(language)}
    own = PARTITIONS.index(partition)
    pool = sorted((sha, text) for text, sha in hashes.items() if int(sha[:2], 16) % len(PARTITIONS) == own)
    return tuple(text for _, text in pool[:SENTENCES_PER_POOL])


def compose(language: str) -> Iterator[str]:
    """Every sentence of a language's grammar, in a fixed order.

    A template names its item by ``{noun}``, forms that agree with it by the names in ``[forms]``, the same
    with a capital (``{Noun}``) where they begin a sentence, and those of a second item with a 2.

    Example:
        >>> next(compose("de"))
        'Ja, einverstanden.'
    """
    path = Path(__file__).with_name("grammar") / f"{language}.toml"
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
    for start, item in enumerate(items):
        for other in [*items, *items][start + 1 : start + 1 + _NEIGHBOURS]:
            second = {f"{name}2": form for name, form in _forms(other, grammar).items()}
            yield from (t.format(**_forms(item, grammar), **second) for t in grammar["of_two"])


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
