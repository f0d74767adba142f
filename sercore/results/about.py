"""What a reader of the tables should know: what was trained, on what, where, and how long it took."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from sercore.results.table import ResultsError

_Kind = TypeVar("_Kind")


@dataclass(frozen=True)
class AboutCorpus:
    """The corpus of an experiment."""

    name: str = ""
    sha256: str = ""
    synthetic: bool = False  # sercore's own voices
    tracks: Mapping[str, int] = field(default_factory=dict)  # by partition
    speakers: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)  # tracks of each
    partition: tuple[str, ...] = ()  # sentences that set it beside the paper's
    notes: tuple[str, ...] = ()  # sentences on what is unusual


@dataclass(frozen=True)
class AboutNetwork:
    """One training."""

    setting: str
    seed: int
    sha256: str = ""  # of its weights
    chosen: str = ""  # which of the training's weights these are
    devel_score: float = math.nan
    training_hours: float = 0.0
    machine: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """about.json: the experiment behind a folder of results; what a file does not say has a default."""

    corpus: AboutCorpus = field(default_factory=AboutCorpus)
    partition: str = ""  # that the plane was scored on
    grid: int = 0  # points on a side of the plane
    loss_seeds: int = 0  # draws of the losses per channel
    resamples_of_tracks: int = 0
    annotation_delay_seconds: float = 0.0  # that was compensated
    post_processing: bool = False
    epochs: int = 0
    networks: tuple[AboutNetwork, ...] = ()  # that the tables are made of
    missing: tuple[str, ...] = ()  # networks that are not trained yet
    shipped_seed: Mapping[str, int] = field(default_factory=dict)  # of each setting
    training_hours: float = 0.0
    evaluation_hours: float = 0.0
    machine: Mapping[str, Any] = field(default_factory=dict)  # that made the tables
    git_commit: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, found: Any) -> "About":
        """What about.json holds, whatever else is there left out; ``ResultsError`` if it is of another kind.

        Example:
            >>> About.from_json({"partition": "test"}).partition
            'test'
        """
        about = _made(cls, found)
        networks = tuple(_made(AboutNetwork, each) for each in found.get("networks", ()))
        return replace(about, networks=networks, corpus=_made(AboutCorpus, found.get("corpus", {})))


def _made(kind: type[_Kind], found: Any) -> _Kind:
    """One of the dataclasses from what JSON holds of it; its lists become tuples."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    try:
        known = {name: value for name, value in found.items() if name in names}
        return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in known.items()})
    except (AttributeError, TypeError) as error:
        raise ResultsError(f"this is no {kind.__name__}: {error}") from None
