"""A whole evaluation as a list of jobs, each named by its content: what is finished is never run again."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product, repeat
from typing import Any

import torch

from sercore.channel import LossModel, channel_key
from sercore.corpus import Corpus, Track
from sercore.experiment.evaluate import Cell, Part, evaluate_cell, measure_cell
from sercore.line import receiver_of
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.results.table import RECEIVER
from sercore.units import DIMENSIONS

Row = Mapping[str, Any]
_NAME = ("partition", "corpus_sha256", "weights_sha256", "setting", "seed", "channel")
_SAVE_SECONDS = 60.0
_SECONDS_HEARD = 4_500.0  # at a time, where sound lies on disk: 15 tracks of 300 s fill 1.8 GB
_CELLS_AT_A_TIME = 21  # then, for all blocks must be heard before a cell has its rows
_MANY_CELLS = 20  # that cut out: else threads would compute the same splices at the same time


@dataclass(frozen=True)
class Job:
    """One cell of one recogniser on one partition."""

    cell: Cell
    about: Mapping[str, str]  # the columns that all its rows share

    @property
    def name(self) -> tuple[Any, ...]:
        """What makes this job this job, and no other."""
        return job_name({**self.about, **vars(self.cell), "channel": channel_key(self.cell.channel)})


def job_name(row: Row) -> tuple[Any, ...]:
    """The name of the job that a row of results came from."""
    receiver = row.get(RECEIVER)
    named = receiver if isinstance(receiver, str) else Drop.NAME  # tables of before do not say
    return (*(row[column] for column in _NAME), named)


def list_jobs(
    recognisers: Sequence[Recogniser],
    corpus: Corpus,
    *,
    partitions: Sequence[str],
    channels: Sequence[LossModel],
    seeds: Sequence[int],
    receiver: str = Drop.NAME,
    finished: Sequence[Row] = (),
) -> list[Job]:
    """Every job that is not among the finished rows, those of one recogniser and partition together.

    Raises:
        ValueError: if a recogniser predicts something else than the corpus is labelled with.
    """
    for recogniser in recognisers:
        if recogniser.dimensions != DIMENSIONS:
            labelled, predicted = " and ".join(DIMENSIONS), " and ".join(recogniser.dimensions)
            raise ValueError(
                f"the corpus is labelled with {labelled}, {recogniser.name} predicts {predicted}"
            )
    done = {job_name(row) for row in finished}
    jobs = []
    for recogniser, partition in product(recognisers, partitions):
        about = {"partition": partition, "corpus": corpus.name, "corpus_sha256": corpus.sha256}
        about["weights_sha256"] = recogniser.key
        places = product(seeds, dict.fromkeys(channels))
        jobs += [Job(Cell(recogniser.name, channel, seed, receiver), about) for seed, channel in places]
    return [job for job in jobs if job.name not in done]


def run_jobs(
    jobs: Sequence[Job], recognisers: Sequence[Recogniser], corpus: Corpus, *, workers: int = 0
) -> Iterator[list[Row]]:
    """Run jobs in any order; those of one recogniser and partition hear the clean tracks once.

    ``workers`` jobs run at a time, each on one processor thread: as many as PyTorch has threads if 0, and 1
    where a recogniser gains nothing from more. The rows do not depend on it.

    Yields:
        The rows of each job.
    """
    by_key = {recogniser.key: recogniser for recogniser in recognisers}
    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        groups.setdefault((job.about["weights_sha256"], job.about["partition"]), []).append(job)
    parallel = all(recogniser.parallel for recogniser in recognisers)
    with one_thread_each(workers or (torch.get_num_threads() if parallel else 1)) as pool:
        for (key, partition), same in groups.items():
            recogniser, tracks = by_key[key], corpus.partition(partition)
            cut_out = [job for job in same if not receiver_of(job.cell.receiver).KEEPS_LENGTH]
            hear = partial(recogniser.hear, many=len(cut_out) >= _MANY_CELLS)
            *first, last = blocks_of(tracks)
            for few in _chunks(same, _CELLS_AT_A_TIME if first else len(same)):
                cells = [job.cell for job in few]
                before: list[list[Part]] = [[] for _ in few]
                for block in first:
                    heard = list(pool.map(hear, (track.audio for track in block)))
                    found = pool.map(measure_cell, repeat(recogniser), cells, repeat(block), repeat(heard))
                    for parts, part in zip(before, found, strict=True):
                        parts.append(part)
                heard = list(pool.map(hear, (track.audio for track in last)))
                yield from pool.map(partial(_finish, recogniser, last, heard), few, before)


def _finish(
    recogniser: Recogniser, tracks: Sequence[Track], heard: Sequence[Any], job: Job, before: Sequence[Part]
) -> list[Row]:
    return evaluate_cell(recogniser, job.cell, tracks, heard, job.about, before=before)


def blocks_of(tracks: Sequence[Track]) -> list[Sequence[Track]]:
    """The tracks that are heard at one time: all of them, or so many that they do not fill the memory.

    Only where their sound lies on disk (``corpus.stored``) are they not heard all.
    """
    if not any(track.is_stored for track in tracks):
        return [tracks]
    blocks: list[list[Track]] = [[]]
    for track in tracks:
        if blocks[-1] and sum(each.seconds for each in blocks[-1]) + track.seconds > _SECONDS_HEARD:
            blocks.append([])
        blocks[-1].append(track)
    return list(blocks)


def _chunks(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    return (jobs[start : start + size] for start in range(0, len(jobs), max(size, 1)))


def run_and_save(
    jobs: Sequence[Job],
    recognisers: Sequence[Recogniser],
    corpus: Corpus,
    save: Callable[[list[Row], float], None],
) -> Iterator[int]:
    """Run jobs, and save their rows each minute, at the end and when stopped.

    ``save`` gets all rows so far, and the seconds since it was called last.

    Yields:
        How many jobs are done, after each.
    """
    rows: list[Row] = []
    saved = time.monotonic()
    try:
        for number, found in enumerate(run_jobs(jobs, recognisers, corpus), 1):
            rows += found
            if (now := time.monotonic()) - saved > _SAVE_SECONDS:
                save(rows, now - saved)
                saved = now
            yield number
    finally:
        save(rows, time.monotonic() - saved)


@contextmanager
def one_thread_each(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for whole jobs, each of which then gets one: a sum's last bit depends on how it is shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(workers, thread_name_prefix="sweep") as pool:
            yield pool
    finally:
        torch.set_num_threads(before)
