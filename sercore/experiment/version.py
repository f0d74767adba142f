"""Which computation made a result: a whole number for each stage, raised when what it computes changes.

Moving or renaming code, or another Python, changes no number, so it sets no result aside. What each stage
computes is held by a golden test. The corpus has its own number, ``synthetic.build.CORPUS_VERSION``.
"""

TRAINING = 1
EVALUATION = 1

# Until 0.1 results were named by a hash over the syntax tree; these are the hashes of version 1, by Python.
_HASHES = {
    ("training", 1): ("535dffac02fa", "5f4a8fe6c5a6"),
    ("evaluation", 1): ("ae6e35e8d436", "7ef490323d68"),
}


def names_of(stage: str, number: int) -> tuple[str, ...]:
    """Every name under which results of this version of a stage lie on disk; new ones take the first.

    Example:
        >>> names_of("training", 2)
        ('training-2',)
    """
    return _HASHES.get((stage, number), (f"{stage}-{number}",))
