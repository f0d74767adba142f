"""What a reader of the tables should know: what was trained, on what, where, and how long it took."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from sercore.results.table import ResultsError

_Kind = TypeVar("_Kind")


@dataclass(frozen=True)
class AboutCorpus:
    """The corpus of an experiment.

    Attributes:
        name: of its folder.
        sha256: of its files.
        synthetic: whether its voices are sercore's own.
        tracks: how many, by partition.
        speakers: how many.
        languages: tracks by language.
        partition: sentences that set the partition beside the paper's.
        notes: sentences on what is unusual.
    """

    name: str = ""
    sha256: str = ""
    synthetic: bool = False
    tracks: Mapping[str, int] = field(default_factory=dict)
    speakers: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    partition: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AboutNetwork:
    """One training: its setting and seed, the SHA-256 of its weights, which of them count, and its cost."""

    setting: str
    seed: int
    sha256: str = ""
    chosen: str = ""
    devel_score: float = math.nan
    training_hours: float = 0.0
    machine: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """about.json: the experiment behind a folder of results. What an older file does not say has a default.

    Attributes:
        corpus: what all was trained and scored on.
        partition: which the plane was scored on.
        grid: points on a side of the plane.
        loss_seeds: draws of the losses per channel.
        resamples_of_tracks: of the bootstrap.
        annotation_delay_seconds: that was compensated.
        post_processing: whether AVEC's chain was fitted on devel.
        epochs: of each training.
        networks: those that the tables are made of.
        missing: names of those that are not trained yet.
        shipped_seed: of each setting.
        training_hours: of all trainings together.
        evaluation_hours: of all scores together.
        machine: that made the tables.
        git_commit: of the source.
        versions: of what the numbers depend on.
    """

    corpus: AboutCorpus = AboutCorpus()
    partition: str = ""
    grid: int = 0
    loss_seeds: int = 0
    resamples_of_tracks: int = 0
    annotation_delay_seconds: float = 0.0
    post_processing: bool = False
    epochs: int = 0
    networks: tuple[AboutNetwork, ...] = ()
    missing: tuple[str, ...] = ()
    shipped_seed: Mapping[str, int] = field(default_factory=dict)
    training_hours: float = 0.0
    evaluation_hours: float = 0.0
    machine: Mapping[str, Any] = field(default_factory=dict)
    git_commit: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Any) -> About:
        """What ``to_json`` gave, whatever else is there left out.

        Raises:
            ResultsError: if it is of another kind.

        Example:
            >>> About.from_json({"partition": "test"}).partition
            'test'
        """
        about = _made(cls, found)
        networks = tuple(_made(AboutNetwork, each) for each in found.get("networks", ()))
        corpus = _made(AboutCorpus, found.get("corpus", {}))
        return _made(cls, {**vars(about), "networks": networks, "corpus": corpus})


def _made(kind: type[_Kind], found: Any) -> _Kind:
    """One of the dataclasses from what JSON holds of it; its lists become tuples."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    try:
        return kind(**{name: _frozen(value) for name, value in found.items() if name in names})
    except (AttributeError, TypeError) as error:
        raise ResultsError(f"this is no {kind.__name__}: {error}") from None


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
