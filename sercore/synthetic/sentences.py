"""Which sentences a speaker may say: several hundred per language, and none shared between two partitions.

The small grammars in ``french``, ``italian``, ``german`` and ``spanish`` compose about 1,500 sentences
each on the winter survival task, the one that RECOLA's speakers discussed (Ringeval et al. 2013): what to
keep after a crash.
"""

import hashlib
from functools import cache

from sercore.synthetic.grammar import french, german, italian, spanish

LANGUAGES = ("fr", "it", "de", "es")
PARTITIONS = ("train", "devel", "test")
SENTENCES_PER_POOL = 160
"""Sentences of one language in one partition: enough for variety, few enough to analyse in minutes."""

_GRAMMARS = {"fr": french.compose, "it": italian.compose, "de": german.compose, "es": spanish.compose}


@cache
def sentences(language: str, partition: str) -> tuple[str, ...]:
    """The sentences that speakers of one language may say in one partition, in a fixed shuffled order.

    A sentence's SHA-256 decides its partition, so that a change of the grammar moves no other sentence.

    Args:
        language: One of ``LANGUAGES``.
        partition: One of ``PARTITIONS``.

    Returns:
        ``SENTENCES_PER_POOL`` different sentences.

    Raises:
        ValueError: If the language or the partition is unknown.

    Example:
        >>> len(sentences("fr", "test"))
        160
        >>> set(sentences("fr", "test")) & set(sentences("fr", "train"))
        set()
    """
    if language not in _GRAMMARS:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    if partition not in PARTITIONS:
        raise ValueError(f"partition must be one of {', '.join(PARTITIONS)}, got {partition!r}")
    digests = {sentence: hashlib.sha256(sentence.encode()).digest() for sentence in _GRAMMARS[language]()}
    own = PARTITIONS.index(partition)
    pool = sorted((digest, text) for text, digest in digests.items() if digest[0] % len(PARTITIONS) == own)
    return tuple(text for _, text in pool[:SENTENCES_PER_POOL])
