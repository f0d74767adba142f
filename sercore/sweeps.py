"""A whole evaluation as a list of jobs, each named by its content: what is finished is never run again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sercore.evaluation import Cell, evaluate_cell
from sercore.junctions import track_features

if TYPE_CHECKING:
    from sercore.corpus import Corpus
    from sercore.loss_models import Gilbert
    from sercore.model import EmotionModel

Row = Mapping[str, Any]
_NAME = ("partition", "corpus_sha256", "weights_sha256", "setting", "seed", "p_n", "p_l")


@dataclass(frozen=True)
class Job:
    """One cell of one network on one partition.

    Args:
        cell: setting, channel and loss seed.
        about: the columns that all its rows share.
    """

    cell: Cell
    about: Mapping[str, str]

    @property
    def name(self) -> tuple[Any, ...]:
        """What makes this job this job, and no other."""
        cell = self.cell
        return job_name(
            {
                **self.about,
                "setting": cell.setting,
                "seed": cell.seed,
                "p_n": cell.channel.p_n,
                "p_l": cell.channel.p_l,
            }
        )


def job_name(row: Row) -> tuple[Any, ...]:
    """The name of the job that a row of results came from."""
    return tuple(row[column] for column in _NAME)


def list_jobs(
    models: Sequence[EmotionModel],
    corpus: Corpus,
    *,
    partitions: Sequence[str],
    channels: Sequence[Gilbert],
    seeds: Sequence[int],
    finished: Sequence[Row] = (),
) -> list[Job]:
    """Every job that is not among the finished rows, those of one network and partition together."""
    done = {job_name(row) for row in finished}
    jobs = [
        Job(
            Cell(model.card["setting"]["name"], channel, seed),
            {
                "partition": partition,
                "corpus": corpus.name,
                "corpus_sha256": corpus.sha256,
                "weights_sha256": model.card["sha256"],
            },
        )
        for model in models
        for partition in partitions
        for seed in seeds
        for channel in dict.fromkeys(channels)
    ]
    return [job for job in jobs if job.name not in done]


def run_jobs(jobs: Sequence[Job], models: Sequence[EmotionModel], corpus: Corpus) -> Iterator[list[Row]]:
    """Run jobs one after another; the clean tracks' features are computed once for jobs that share them.

    Yields:
        The rows of each job.
    """
    by_weights = {model.card["sha256"]: model for model in models}
    shared: tuple[str, str] | None = None
    features: list[Any] = []
    for job in jobs:
        model = by_weights[job.about["weights_sha256"]]
        tracks = corpus.partition(job.about["partition"])
        if shared != (job.about["weights_sha256"], job.about["partition"]):
            shared = (job.about["weights_sha256"], job.about["partition"])
            features = [track_features(model, track.audio) for track in tracks]
        yield list(evaluate_cell(model, job.cell, tracks, features, job.about))
