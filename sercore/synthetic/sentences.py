"""Which sentences a speaker may say: several hundred per language, and none shared between two partitions.

The small grammars in ``grammar/`` compose some 900 sentences a language on the winter survival task,
the one that RECOLA's speakers discussed (Ringeval et al. 2013): what to keep after a crash.
"""

from functools import cache

from sercore.files import sha256_of
from sercore.synthetic.grammar.compose import compose
from sercore.units import PARTITIONS

LANGUAGES = ("fr", "it", "de", "es")
# Of one language in one partition: enough for variety, few enough to analyse in minutes.
SENTENCES_PER_POOL = 160


@cache
def sentences(language: str, partition: str) -> tuple[str, ...]:
    """The sentences that speakers of one language may say in one partition, in a fixed shuffled order.

    A sentence's SHA-256 decides its partition, so that a change of the grammar moves no other sentence.

    Args:
        language: one of ``LANGUAGES``.
        partition: one of ``PARTITIONS``.

    Returns:
        ``SENTENCES_PER_POOL`` different sentences.

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
