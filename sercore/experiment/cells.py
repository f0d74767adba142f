"""A whole evaluation as a list of jobs, each named by its content: what is finished is never run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from sercore.channel.loss_model import LossModel
from sercore.channel.registry import channel_key
from sercore.experiment.evaluate import Cell, evaluate_cell
from sercore.network.spliced_features import REMEMBERED, TrackFeatures, remember, track_features

if TYPE_CHECKING:
    from sercore.corpus.corpus import Corpus, Track
    from sercore.network.model import EmotionModel

Row = Mapping[str, Any]
_NAME = ("partition", "corpus_sha256", "weights_sha256", "setting", "seed", "channel")
_SAVE_SECONDS = 60.0
_MANY_CELLS = 20  # from which on threads would otherwise compute the same meetings at the same time


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
        own = {"setting": cell.setting, "seed": cell.seed, "channel": channel_key(cell.channel)}
        return job_name({**self.about, **own})


def job_name(row: Row) -> tuple[Any, ...]:
    """The name of the job that a row of results came from."""
    return tuple(row[column] for column in _NAME)


def list_jobs(
    models: Sequence[EmotionModel],
    corpus: Corpus,
    *,
    partitions: Sequence[str],
    channels: Sequence[LossModel],
    seeds: Sequence[int],
    finished: Sequence[Row] = (),
) -> list[Job]:
    """Every job that is not among the finished rows, those of one network and partition together."""
    done = {job_name(row) for row in finished}
    jobs = [
        Job(
            Cell(str(model.card.setting_name), channel, seed),
            {
                "partition": partition,
                "corpus": corpus.name,
                "corpus_sha256": corpus.sha256,
                "weights_sha256": str(model.card.sha256),
            },
        )
        for model in models
        for partition in partitions
        for seed in seeds
        for channel in dict.fromkeys(channels)
    ]
    return [job for job in jobs if job.name not in done]


def run_jobs(
    jobs: Sequence[Job], models: Sequence[EmotionModel], corpus: Corpus, *, workers: int = 0
) -> Iterator[list[Row]]:
    """Run jobs; those of one network and partition follow each other and share the clean tracks' features.

    Args:
        jobs: from ``list_jobs``, in any order.
        models: the networks they name.
        corpus: the corpus that they were listed for.
        workers: jobs at a time, each on one processor thread; as many as PyTorch has threads if 0, and 1 on
            a GPU. The rows do not depend on it.

    Yields:
        The rows of each job.
    """
    by_weights = {model.card.sha256: model for model in models}
    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        groups.setdefault((job.about["weights_sha256"], job.about["partition"]), []).append(job)
    on_gpu = any(parameter.is_cuda for model in models for parameter in model.parameters())
    with _threads(workers or (1 if on_gpu else torch.get_num_threads())) as pool:
        for (weights, partition), same in groups.items():
            model, tracks = by_weights[weights], corpus.partition(partition)
            features = list(pool.map(partial(_features, model, len(same) >= _MANY_CELLS), tracks))
            yield from pool.map(partial(_rows, model, tracks, features), same)


def run_and_save(
    jobs: Sequence[Job],
    models: Sequence[EmotionModel],
    corpus: Corpus,
    save: Callable[[list[Row], float], None],
) -> Iterator[int]:
    """Run jobs, and save their rows each minute, at the end and when stopped.

    Args:
        jobs: from ``list_jobs``.
        models: the networks they name.
        corpus: the corpus that they were listed for.
        save: gets all rows so far, and the seconds since it was called last.

    Yields:
        How many jobs are done, after each.
    """
    rows: list[Row] = []
    saved = time.monotonic()
    try:
        for number, found in enumerate(run_jobs(jobs, models, corpus), 1):
            rows += found
            if (now := time.monotonic()) - saved > _SAVE_SECONDS:
                save(rows, now - saved)
                saved = now
            yield number
    finally:
        save(rows, time.monotonic() - saved)


def _features(model: EmotionModel, many: bool, track: Track) -> TrackFeatures:
    features = track_features(model, track.audio)
    for n_lost in range(REMEMBERED if many else 0):
        remember(model, features, n_lost)
    return features


def _rows(
    model: EmotionModel, tracks: Sequence[Track], features: Sequence[TrackFeatures], job: Job
) -> list[Row]:
    return list(evaluate_cell(model, job.cell, tracks, features, job.about))


@contextmanager
def _threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for whole jobs, each of which then gets one: a sum's last bit depends on how it is shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(workers, thread_name_prefix="sweep") as pool:
            yield pool
    finally:
        torch.set_num_threads(before)
