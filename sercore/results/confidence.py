"""``confidence.json``: bands of recognisers, and what they cover of speech that they were not fitted on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sercore.files import write_file
from sercore.reading import Count, Name, Share, read_json, told_as
from sercore.reading import made as made_of
from sercore.recogniser.confidence import Bands
from sercore.results.errors import ResultsError

CONFIDENCE = "confidence.json"
Shares = tuple[Share | None, ...]  # one for each dimension; None where the band abstains throughout


@dataclass(frozen=True)
class Covered:
    """What a band covered of the gold standard in one ninth of the plane.

    Attributes:
        p_n: "low", "mid" or "high".
        p_l: "low", "mid" or "high".
        covered: share of the moments at which it answered. Shape: (dimensions,).
        worst_speaker: the same of the speaker of whom it covered the least. Shape: (dimensions,).
        answered: share of all moments. Shape: (dimensions,).
    """

    p_n: Name
    p_l: Name
    covered: Shares
    worst_speaker: Shares
    answered: Shares


@dataclass(frozen=True)
class Confidence:
    """The bands of one recogniser behind one receiver, and what they covered on another partition.

    Attributes:
        name: of the recogniser.
        key: that identifies it, for instance the SHA-256 of its weights.
        receiver: what was done about losses.
        corpus_sha256: of the two partitions of the corpus.
        grid: points a side of the plane of channels.
        seed: of the losses.
        fitted_on: partition.
        tested_on: another partition.
        bands: the bands.
        plane: what they covered in each ninth of the plane.
        speakers: what they covered of each, over all channels.
    """

    name: Name
    key: Name
    receiver: Name
    corpus_sha256: Name
    grid: Count
    seed: Count
    fitted_on: Name
    tested_on: Name
    bands: Bands
    plane: tuple[Covered, ...]
    speakers: Mapping[str, Shares]

    @property
    def worst_speaker(self) -> Shares:
        """The least that is covered of any speaker, for each dimension."""
        each = zip(*self.speakers.values(), strict=True)
        return tuple(min((one for one in of if one is not None), default=None) for of in each)


@dataclass(frozen=True)
class _File:
    networks: tuple[Confidence, ...]


def read_confidence(path: Path) -> tuple[Confidence, ...]:
    """What the file holds; nothing if it is not there.

    Raises:
        ResultsError: if it cannot be used.
    """
    if not path.is_file():
        return ()
    with told_as(ResultsError, f"{path} cannot be read"):
        return made_of(_File, read_json(path), CONFIDENCE).networks


def read_bands(path: str | Path) -> dict[tuple[str, str], Bands]:
    """The bands of a file of ``scripts/confidence.py``, by a recogniser's key and the name of a receiver.

    Raises:
        ResultsError: if it cannot be used.

    Example:
        >>> read_bands("nowhere.json")
        {}
    """
    return {(each.key, each.receiver): each.bands for each in read_confidence(Path(path))}


def write_confidence(path: Path, found: Sequence[Confidence]) -> None:
    """Write the file whole."""
    content = {"networks": [asdict(each) for each in found]}
    write_file(path, json.dumps(content, indent=1, allow_nan=False) + "\n")
