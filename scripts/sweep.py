"""Train and evaluate many networks (setting x seed x corpus), on this machine or on a Ray cluster.

Examples:
  python scripts/sweep.py --settings mismatched multi_condition --seeds 3
  python scripts/sweep.py --corpora default /path/to/RECOLA --workers 2 --threads 1
  python scripts/sweep.py --engine ray --address auto --threads 8 --out /shared/sweep
  python scripts/sweep.py --list                         what is finished and what is not

Each job is named by its content: a finished one is never run again, a stopped or killed one goes on after
its last finished epoch. On a cluster all machines need sercore, the corpora at the same paths, and --out on a
disk that they share.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from command_line import at_least, run, writable_folder

from sercore.training.settings import TRAINED_SETTINGS


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.corpus.corpus import open_corpus
    from sercore.experiment.sweep import EVALUATE, TRAIN, placed, sweep_jobs
    from sercore.experiment.tables import set_aside_old_sheets

    how = {"device": arguments.device, "threads": arguments.threads}
    experiments, jobs = [], {TRAIN: [], EVALUATE: []}
    for name in arguments.corpora:
        corpus = open_corpus(name)
        experiment = placed(wanted(arguments, name), corpus, arguments.out)
        experiments.append((experiment, corpus))
        for step in jobs:
            jobs[step] += sweep_jobs(step, experiment, corpus.sha256, **how)
    if arguments.list:
        for job in [*jobs[TRAIN], *jobs[EVALUATE]]:
            print("finished" if job.is_finished else "missing ", job.name)
        return 0
    writable_folder(arguments.out, "--out")
    for experiment, _ in experiments:
        set_aside_old_sheets(experiment)
    for step, listed in jobs.items():
        if failed := do(step, listed, arguments):
            print(f"{len(failed)} of {len(listed)} jobs failed; the same command tries them again:")
            print("\n".join(f"  {outcome.task.name}: {outcome.error}" for outcome in failed))
            return 1
    finish(experiments)
    return 0


def do(step: str, jobs: list, arguments: argparse.Namespace) -> list:
    """Run what is missing of one step; the outcomes that are errors."""
    from tqdm import tqdm

    from sercore.experiment.sweep import TRAIN

    missing = [job for job in jobs if not job.is_finished]
    failed, ended = [], 0
    total = sum(job.experiment.plan.epochs for job in jobs) if step == TRAIN else len(jobs)
    with tqdm(total=total, unit="epoch" if step == TRAIN else "network", desc=step) as bar:
        for outcome in engine(missing, arguments):
            if outcome is not None:
                ended += 1
                failed += [outcome] if outcome.error else []
            done = sum(job.epochs_done for job in jobs) if step == TRAIN else len(jobs) - len(missing) + ended
            bar.update(done - bar.n)
    return failed


def engine(jobs: list, arguments: argparse.Namespace) -> Iterator[Any]:
    """The outcomes of the jobs, from the engine that the command line names."""
    from sercore.engines import in_processes, on_ray
    from sercore.experiment.sweep import run_job

    if not jobs:
        return iter(())
    workers = arguments.workers or max(1, (os.cpu_count() or 1) // arguments.threads)
    if arguments.engine == "processes":
        return in_processes(jobs, run_job, workers=workers)
    return on_ray(
        jobs,
        run_job,
        address=arguments.address,
        workers=workers,
        threads=arguments.threads,
        gpus=arguments.gpus,
    )


def finish(experiments: list) -> None:
    """Write the tables of each experiment, and say where they are."""
    from sercore.experiment.sweep import write_sweep_tables

    for experiment, corpus in experiments:
        write_sweep_tables(experiment, corpus)
        print(f"{len(experiment.networks)} networks on {corpus.name}: tables are in {experiment.results}")


def wanted(arguments: argparse.Namespace, corpus: str) -> Any:
    """The experiment that the command line asks for, on one corpus."""
    from sercore.experiment.plan import experiment_for
    from sercore.training.plan import TrainingPlan

    plan = TrainingPlan(
        epochs=arguments.epochs, batch_size=arguments.batch_size, segment_seconds=arguments.segment_seconds
    )
    return replace(
        experiment_for(corpus, partition=arguments.partition),
        settings=tuple(arguments.settings),
        seeds=arguments.seeds,
        plan=plan,
        grid=arguments.grid,
        loss_seeds=arguments.loss_seeds,
    )


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--settings",
        nargs="+",
        default=list(TRAINED_SETTINGS),
        metavar="NAME",
        help=f"what to train (all: {', '.join(TRAINED_SETTINGS)})",
    )
    add("--seeds", type=at_least(1), default=3, help="trainings of each setting (default: %(default)s)")
    add(
        "--corpora",
        nargs="+",
        default=["default"],
        metavar="FOLDER",
        help="'default', 'demo', or folders of corpora (default: default)",
    )
    add(
        "--epochs",
        type=at_least(1),
        default=200,
        help="passes over the training tracks (the paper's: %(default)s)",
    )
    add("--batch-size", type=at_least(1), default=16, help="segments in one step (the paper's: %(default)s)")
    add(
        "--segment-seconds",
        type=float,
        default=20.0,
        help="length of a training piece (the paper's: %(default)s)",
    )
    add(
        "--grid",
        type=at_least(2),
        default=21,
        metavar="POINTS",
        help="points a side of the plane (the paper's: %(default)s)",
    )
    add(
        "--loss-seeds",
        type=at_least(1),
        default=3,
        help="draws of the losses per channel (default: %(default)s)",
    )
    add(
        "--partition",
        choices=["devel", "test"],
        help="where the plane is scored (test for synthetic corpora, devel for others)",
    )
    add("--out", type=Path, default=Path("sweeps"), metavar="FOLDER", help="results (default: %(default)s)")
    add(
        "--engine", choices=["processes", "ray"], default="processes", help="what runs the jobs (%(default)s)"
    )
    add("--address", help="of a Ray cluster, 'auto' for this machine's (a Ray of its own if left out)")
    add(
        "--workers",
        type=at_least(0),
        default=0,
        help="jobs at a time on this machine (one for each --threads)",
    )
    add("--threads", type=at_least(1), default=1, help="processor threads of a job (default: %(default)s)")
    add("--gpus", type=float, default=0, help="GPUs of a job, for Ray (default: %(default)s)")
    add("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    add("--list", action="store_true", help="say which jobs are finished, run nothing")
    arguments = parser.parse_args()
    if not 0 <= arguments.gpus < float("inf"):
        parser.error(f"--gpus must be a number of at least 0, got {arguments.gpus}")
    if arguments.address and arguments.engine != "ray":
        parser.error("--address names a Ray cluster: add --engine ray")
    return arguments


if __name__ == "__main__":
    run(main)
