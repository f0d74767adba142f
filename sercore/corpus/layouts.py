"""How RECOLA is laid out on disk by its three distributions, and which partition a name belongs to."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Key = tuple[str, int]  # partition and number: what audio and labels of one recording share

AVEC_NAME = re.compile(r"(train|dev|devel|test)_(\d+)", re.IGNORECASE)
PARTICIPANT = re.compile(r"P(\d+)", re.IGNORECASE)

# The partition of the consortium, which the paper uses: 16, 15 and 15 participants.
PARTICIPANTS = {
    "train": (15, 16, 17, 18, 21, 23, 25, 37, 39, 41, 46, 50, 51, 55, 56, 60),
    "devel": (14, 19, 24, 26, 28, 30, 34, 40, 42, 43, 44, 45, 52, 64, 65),
    "test": (13, 20, 22, 32, 38, 47, 48, 49, 53, 54, 57, 58, 59, 62, 63),
}


def avec_key(stem: str) -> Key | None:
    """Partition and number of a name such as ``train_3``; ``dev`` is ``devel``.

    Example:
        >>> avec_key("dev_7"), avec_key("P16")
        (('devel', 7), None)
    """
    found = AVEC_NAME.fullmatch(stem)
    if not found:
        return None
    partition = found[1].lower()
    return ("devel" if partition == "dev" else partition, int(found[2]))


def participant_key(stem: str) -> Key | None:
    """Partition and number of a participant such as ``P16``.

    Example:
        >>> participant_key("P16"), participant_key("P99")
        (('train', 16), None)
    """
    found = PARTICIPANT.fullmatch(stem)
    number = int(found[1]) if found else -1
    return next(((name, number) for name, members in PARTICIPANTS.items() if number in members), None)


@dataclass(frozen=True)
class Layout:
    """Where one distribution keeps its files.

    Attributes:
        name: for the user.
        audio: folder of the recordings.
        gold: folders that may hold ``arousal/`` and ``valence/`` with gold standards, by release.
        gold_suffix: of the gold standards' files.
        ratings: the same for individual ratings, which are always ``.csv``.
        key: takes a file's stem apart; None for a stem that does not belong here.
        names: what the stems look like, for messages.
    """

    name: str
    audio: str
    gold: tuple[str, ...]
    gold_suffix: str
    ratings: tuple[str, ...]
    key: Callable[[str], Key | None]
    names: str

    @property
    def folders(self) -> tuple[str, ...]:
        """All folders by which this layout is recognised."""
        return (self.audio, *self.gold, *self.ratings)


_NUMBERED = (avec_key, "train_N, dev_N or test_N")
_PARTICIPANTS = (participant_key, "P and the number of one of RECOLA's 46 participants")
_AVEC_GOLD = ("ratings_gold_standard", "labels/gs_1")
_AVEC_RATINGS = ("ratings_individual", "labels/individual")
_PUBLIC_RATINGS = ("RECOLA-Annotation/emotional_behaviour",)
_CONSORTIUM_GOLD = ("Ratings_affective_behaviour_CCC_centred",)
LAYOUTS = (
    Layout("AVEC", "recordings_audio", _AVEC_GOLD, ".arff", _AVEC_RATINGS, *_NUMBERED),
    Layout("public RECOLA", "RECOLA-Audio-recordings", (), ".csv", _PUBLIC_RATINGS, *_PARTICIPANTS),
    Layout("consortium RECOLA", "Audio_recordings_WAV", _CONSORTIUM_GOLD, ".csv", (), *_PARTICIPANTS),
)
