"""A sweep of experiments as independent jobs, each named by its content: what is finished is never run again.

The folder of an experiment is named by what decides its networks (corpus, plan, code), a job by that and by
what decides its own result. All machines must see the folder: there networks, checkpoints and sheets lie, and
a job that died goes on after its last finished epoch or saved cell, wherever it is run next.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from sercore.corpus import Corpus, open_corpus
from sercore.corpus.corpus import corpus_folder
from sercore.engines import Outcome
from sercore.experiment import version
from sercore.experiment.plan import Experiment, Network
from sercore.experiment.tables import evaluate_network, gather, write_tables
from sercore.experiment.trained import train_network
from sercore.files import locked, sha256_of, write_file
from sercore.network.device import choose_device
from sercore.network.weights import read_card
from sercore.training.memory import keep_freed_memory
from sercore.training.state import epochs_done

TRAIN, EVALUATE = "train", "evaluate"


@dataclass(frozen=True)
class SweepJob:
    """To train, or to evaluate, one network of an experiment."""

    step: str  # TRAIN or EVALUATE
    experiment: Experiment  # from ``placed``, whose folder is named by content
    network: Network
    corpus_sha256: str  # of the corpus that a machine must have to do this
    device: str = "auto"  # or "cpu" or "cuda"
    threads: int = 1  # of the processor

    @cached_property
    def content(self) -> dict[str, Any]:
        """All that decides the result, as JSON."""
        of = self.experiment
        own = {"step": self.step, "setting": asdict(self.network.setting), "seed": self.network.seed}
        if self.step == EVALUATE:
            own |= {"partition": of.partition, "grid": of.grid, "loss_seeds": of.loss_seeds}
            own["evaluation_code"] = version.names_of("evaluation", version.EVALUATION)[0]
        return _training_content(of, self.corpus_sha256) | own

    @property
    def name(self) -> str:
        """For people, with a hash of the content: equal names, equal results."""
        return f"{self.step}-{self.network.name}-{_digest(self.content)}"

    @property
    def mark(self) -> Path:
        """The file that says that this job is finished."""
        return self.experiment.runs / "finished" / f"{self.name}.json"

    @property
    def is_finished(self) -> bool:
        """Whether it need not be run."""
        return self.mark.exists()

    @property
    def epochs_done(self) -> int:
        """How far its training is."""
        return epochs_done(self.experiment.folder(self.network))


def _training_content(experiment: Experiment, corpus_sha256: str, code: str = "") -> dict[str, Any]:
    """What decides all networks of an experiment, but for setting and seed."""
    plan = experiment.plan.decisive() | {"corpus_sha256": corpus_sha256}
    shared = {name: value for name, value in plan.items() if name not in {"setting", "seed"}}
    shared |= {"delay": experiment.delay, "post_processing": experiment.post_processing}
    return shared | {"training_code": code or version.names_of("training", version.TRAINING)[0]}


def placed(experiment: Experiment, corpus: Corpus, out: Path) -> Experiment:
    """The experiment with paths that other machines understand, in a folder named by its content."""
    codes = version.names_of("training", version.TRAINING)
    contents = [_training_content(experiment, corpus.sha256, code) for code in codes]
    homes = [out.resolve() / f"{corpus.name}-{_digest(content)}" for content in contents]
    home = next((home for home in homes if home.exists()), homes[0])
    folder = str(corpus_folder(experiment.corpus).resolve())
    return replace(experiment, corpus=folder, runs=home, trained=home / "trained", results=home / "results")


def sweep_jobs(step: str, experiment: Experiment, corpus_sha256: str, **how: Any) -> list[SweepJob]:
    """The jobs of one step; ``how`` gives device and threads."""
    return [SweepJob(step, experiment, network, corpus_sha256, **how) for network in experiment.networks]


def run_job(job: SweepJob) -> None:
    """Do one job, or the rest of it, and mark it as finished; nothing if it is.

    Raises:
        ValueError: if this machine has another corpus at the job's path.
    """
    if job.is_finished:
        return
    torch.set_num_threads(job.threads)
    keep_freed_memory()
    corpus = _opened(job.experiment.corpus)
    if corpus.sha256 != job.corpus_sha256:
        raise ValueError(
            f"the corpus {job.experiment.corpus} has the hash {corpus.sha256[:12]} on this machine, "
            f"the sweep wants {job.corpus_sha256[:12]}"
        )
    device = choose_device(job.device)
    if job.step == TRAIN:
        train_network(job.experiment, job.network, corpus, device)
    else:
        for partition in job.experiment.partitions_of(corpus):
            for _ in evaluate_network(job.experiment, job.network, partition, corpus, device):
                pass
    write_file(job.mark, json.dumps(job.content, indent=1).encode() + b"\n")


def run_step(
    jobs: Sequence[SweepJob], engine: Callable[[Sequence[SweepJob]], Iterator[Outcome | None]]
) -> list[Outcome]:
    """Run what is missing of one step, with a progress bar; the outcomes that are errors.

    ``engine`` runs jobs with ``run_job``; see ``sercore.engines``.
    """
    trains = jobs[0].step == TRAIN
    missing = [job for job in jobs if not job.is_finished]
    failed, ended = [], len(jobs) - len(missing)
    total = sum(job.experiment.plan_of(job.network).epochs for job in jobs) if trains else len(jobs)
    with tqdm(total=total, unit="epoch" if trains else "network", desc=jobs[0].step) as bar:
        for outcome in engine(missing) if missing else ():
            if outcome is not None:
                ended += 1
                failed += [outcome] if outcome.error else []
            bar.update((sum(job.epochs_done for job in jobs) if trains else ended) - bar.n)
    return failed


def write_sweep_tables(experiment: Experiment, corpus: Corpus) -> None:
    """Write the tables of an experiment whose jobs are all finished."""
    cards = [read_card(experiment.weights(network)) for network in experiment.networks]
    with locked(experiment.results):
        write_tables(experiment, *gather(experiment, corpus, cards))


@lru_cache(maxsize=1)
def _opened(folder: str) -> Corpus:
    return open_corpus(folder)


def _digest(content: dict[str, Any]) -> str:
    return sha256_of(json.dumps(content, sort_keys=True).encode())[:12]
