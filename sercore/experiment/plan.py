"""The paper's experiment as a plan: which networks, which channels, and where everything lies on disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sercore.channel import LossModel, plane
from sercore.corpus import Corpus
from sercore.corpus.partition import is_synthetic, scored_partitions
from sercore.recogniser.annotation_delay import advanced, delay_frames
from sercore.training.plan import TrainingPlan
from sercore.training.settings import (
    AUGMENTATION,
    MATCHED,
    TRAINED_SETTINGS,
    Setting,
    matched_for,
    share_heard,
)


@dataclass(frozen=True)
class Network:
    """One network of the experiment: a setting and the seed of its training."""

    setting: Setting
    seed: int

    @property
    def name(self) -> str:
        """Of its files, and of its folder of checkpoints."""
        return f"{self.setting.name}-seed{self.seed}"


@dataclass(frozen=True)
class Experiment:
    """What is trained, what is evaluated, and where it lies. The defaults are the paper's.

    Args:
        corpus: "default", or the folder of a corpus.
        settings: what to train, by name.
        seeds: trainings of each setting.
        plan: epochs, batch and segment of each training; its setting and seed are replaced.
        equal_frames: the plan's epochs are those of clean speech; where frames are lost, a training lasts as
            much longer as fewer of them arrive, so that all networks hear as many.
        grid: points a side of the plane of channels.
        loss_seeds: draws of the losses per channel.
        partition: which the plane is evaluated on.
        delay: annotation delay in seconds that is compensated; 0 takes labels as they are.
        post_processing: fit AVEC's chain on devel.
        voices: scores of clips (``scripts/score_clips.py``) by which, where they hold every seed of a
            setting, the best of them ships in place of the median.
        runs: folder of checkpoints, finished networks and sheets; never committed.
        trained: folder that the median networks go to.
        results: folder of the tables.

    Raises:
        ValueError: if a number or a name is impossible.
    """

    corpus: str = "default"
    settings: tuple[str, ...] = tuple(TRAINED_SETTINGS)
    seeds: int = 3
    plan: TrainingPlan = field(default_factory=TrainingPlan)
    equal_frames: bool = False
    grid: int = 21
    loss_seeds: int = 3
    partition: str = "test"
    delay: float = 0.0
    post_processing: bool = False
    voices: tuple[Path, ...] = ()
    runs: Path = Path("runs")
    trained: Path = Path("trained")
    results: Path = Path("trained/results")

    def __post_init__(self) -> None:
        for name in ("seeds", "loss_seeds"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.grid < 2:
            raise ValueError(f"grid must be at least 2 points a side, got {self.grid}")
        if self.partition not in ("devel", "test"):
            raise ValueError(f"the plane's partition must be devel or test, got {self.partition!r}")
        unknown = [name for name in self.settings if name not in TRAINED_SETTINGS]
        if unknown or not self.settings:
            known = ", ".join(TRAINED_SETTINGS)
            raise ValueError(f"settings must be some of {known}, got {', '.join(unknown) or 'none'}")
        delay_frames(self.delay)

    @property
    def networks(self) -> list[Network]:
        """All networks, seed after seed, so that each setting has one before any has two."""
        return [Network(TRAINED_SETTINGS[name], seed) for seed in range(self.seeds) for name in self.settings]

    def folder(self, network: Network) -> Path:
        """Where the checkpoints of a network lie."""
        return self.runs / network.name

    def weights(self, network: Network) -> Path:
        """Where a finished network lies."""
        return self.runs / "networks" / f"{network.name}.safetensors"

    def sheet(self, sha256: str, partition: str) -> Path:
        """Where the rows of one network on one partition lie."""
        return self.runs / "sheets" / f"{sha256[:16]}-{partition}.parquet"

    def plan_of(self, network: Network) -> TrainingPlan:
        """How a network is trained."""
        longer = 1 / share_heard(network.setting) if self.equal_frames else 1
        epochs = round(self.plan.epochs * longer)
        return replace(self.plan, setting=network.setting, seed=network.seed, epochs=epochs)

    def partitions_of(self, corpus: Corpus) -> list[str]:
        """Which are scored: devel and test, as far as they have tracks.

        Raises:
            ValueError: if that of the plane has none.
        """
        scored_partitions(corpus, [self.partition], option="--partition")
        return scored_partitions(corpus)

    def channels(self, setting: str) -> Sequence[LossModel]:
        """The channels of the plane that a setting's networks are needed for: matched ones for their own."""
        every = plane(self.grid)
        if setting in {matched.name for matched in MATCHED.values()} - {AUGMENTATION.name}:
            return [channel for channel in every if matched_for(channel).name == setting]
        return every


def experiment_for(
    corpus: str,
    *,
    results: Path | None = None,
    trained: Path | None = None,
    runs: Path | None = None,
    partition: str | None = None,
) -> Experiment:
    """Where things lie, and what is scored, for a corpus.

    What comes from a corpus that is not sercore's own stays out of ``trained/``, in ``runs/NAME/``, for
    RECOLA's licence covers weights and scores too; and its plane is scored on devel, as the paper's.
    ``trained`` is the folder that holds ``results`` if left out, and ``results`` lies in ``trained``.
    """
    home = Path("runs") if corpus == "default" else Path("runs") / Path(corpus).resolve().name
    usual = Path("trained") if corpus == "default" else home / "trained"
    trained = trained or (results.parent if results else usual)
    own = corpus == "default" or is_synthetic(corpus)
    return Experiment(
        corpus=corpus,
        partition=partition or ("test" if own else "devel"),
        runs=runs or home,
        trained=trained,
        results=results or trained / "results",
    )


def with_delay(corpus: Corpus, seconds: float) -> Corpus:
    """The corpus with labels moved to earlier by the raters' lag, their last value repeated.

    Sources: Mariooryad and Busso 2015, "Correcting time-continuous emotional labels by modeling the reaction
    lag of evaluators"; Ringeval et al. 2018, AVEC. Networks trained so predict early; evaluation undoes it.
    """
    frames = delay_frames(seconds)
    if not frames:
        return corpus
    tracks = tuple(
        replace(track, audio=track.sound, gold=advanced(track.gold, frames))  # type: ignore[arg-type]
        for track in corpus
    )
    return replace(corpus, tracks=tracks)
