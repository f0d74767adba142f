"""What a reader of the tables should know: what was trained, on what, where, and how long it took."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any

from sercore.reading import Amount, Count, Holds, Name, made

_Trainer = Annotated[Mapping[str, Any], Holds({"processor": str}, needed=("processor",))]
_Scorer = Annotated[Mapping[str, Any], Holds({"processor": str, "cores": Count}, ("processor", "cores"))]
UNKNOWN = MappingProxyType({"processor": "an unknown processor", "cores": 0})


@dataclass(frozen=True)
class AboutCorpus:
    """The corpus of an experiment."""

    name: str = ""
    sha256: str = ""
    synthetic: bool = False  # sercore's own voices
    tracks: Mapping[str, Count] = field(default_factory=dict)  # by partition
    speakers: Count = 0
    languages: Mapping[str, Count] = field(default_factory=dict)  # tracks of each
    partition: tuple[str, ...] = ()  # sentences that set it beside the paper's
    notes: tuple[str, ...] = ()  # sentences on what is unusual


@dataclass(frozen=True)
class AboutNetwork:
    """One training."""

    setting: Name
    seed: Count
    sha256: str = ""  # of its weights
    chosen: str = ""  # which of the training's weights these are
    devel_score: float = math.nan
    training_hours: Amount = 0.0
    machine: _Trainer = field(default_factory=UNKNOWN.copy)


@dataclass(frozen=True)
class About:
    """about.json: the experiment behind a folder of results; what a file does not say has a default."""

    corpus: AboutCorpus = field(default_factory=AboutCorpus)
    partition: str = ""  # that the plane was scored on
    grid: Count = 0  # points on a side of the plane
    loss_seeds: Count = 0  # draws of the losses per channel
    resamples_of_tracks: Count = 0
    annotation_delay_seconds: Amount = 0.0  # that was compensated
    post_processing: bool = False
    epochs: Count = 0
    equal_frames: bool = False  # whether a training that loses frames lasted as much longer as fewer arrive
    networks: tuple[AboutNetwork, ...] = ()  # that the tables are made of
    missing: tuple[str, ...] = ()  # networks that are not trained yet
    shipped_seed: Mapping[str, Count] = field(default_factory=dict)  # of each setting
    training_hours: Amount = 0.0
    evaluation_hours: Amount = 0.0
    machine: _Scorer = field(default_factory=UNKNOWN.copy)  # that made the tables
    git_commit: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, found: Any) -> "About":
        """What about.json holds, whatever else is there left out.

        Raises:
            ReadingError: if it is no table, or a field is of another kind; one sentence says which.

        Example:
            >>> About.from_json({"partition": "test"}).partition
            'test'
        """
        return made(cls, found, "what is said of an experiment")
