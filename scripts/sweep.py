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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import (
    ManyPaths,
    add_computer,
    at_least,
    decimal,
    print_notes,
    run,
    script_parser,
    writable_folder,
)
from trainings import add_experiment, experiment_of

from sercore.corpus import open_corpus
from sercore.engines import Outcome, in_processes, on_ray

if TYPE_CHECKING:
    from sercore.experiment.sweep import SweepJob


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.experiment.sweep import EVALUATE, TRAIN, placed, run_step, sweep_jobs, write_sweep_tables
    from sercore.experiment.tables import set_aside_old_sheets

    if not arguments.list:
        writable_folder(arguments.out, "--out")
    how = {"device": arguments.device, "threads": arguments.threads}
    experiments = []
    jobs: dict[str, list[SweepJob]] = {TRAIN: [], EVALUATE: []}
    for name in arguments.corpora:
        corpus = open_corpus(name)
        experiment = placed(experiment_of(arguments, name), corpus, arguments.out)
        experiments.append((experiment, corpus))
        for step in jobs:
            jobs[step] += sweep_jobs(step, experiment, corpus.sha256, **how)
    if arguments.list:
        for job in [*jobs[TRAIN], *jobs[EVALUATE]]:
            print("finished" if job.is_finished else "missing ", job.name)
        return 0
    for experiment, corpus in experiments:
        print_notes(corpus.notes)
        set_aside_old_sheets(experiment)
    for listed in jobs.values():
        if failed := run_step(listed, lambda missing: engine(missing, arguments)):
            print(f"{len(failed)} of {len(listed)} jobs failed; the same command tries them again:")
            print("\n".join(f"  {outcome.task.name}: {outcome.error}" for outcome in failed))
            return 1
    for experiment, corpus in experiments:
        write_sweep_tables(experiment, corpus)
        print(f"{len(experiment.networks)} networks on {corpus.name}: tables are in {experiment.results}")
    return 0


def engine(jobs: Sequence[SweepJob], arguments: argparse.Namespace) -> Iterator[Outcome | None]:
    """The outcomes of the jobs, from the engine that the command line names."""
    from sercore.experiment.sweep import run_job

    workers = arguments.workers or max(1, (os.cpu_count() or 1) // arguments.threads)
    if arguments.engine == "processes":
        return in_processes(jobs, run_job, workers=workers)
    how = {name: getattr(arguments, name) for name in ("address", "threads", "gpus")}
    return on_ray(jobs, run_job, workers=workers, **how)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    words = "'default', 'demo', or folders of corpora (default: default)"
    add("--corpora", nargs="+", action=ManyPaths, default=["default"], metavar="FOLDER", help=words)
    add_experiment(parser)
    words = "results (default: %(default)s)"
    add("--out", type=Path, default=Path("sweeps"), metavar="FOLDER", help=words)
    words = "what runs the jobs (%(default)s)"
    add("--engine", choices=["processes", "ray"], default="processes", help=words)
    add("--address", help="of a Ray cluster, 'auto' for this machine's (a Ray of its own if left out)")
    words = "jobs at a time on this machine (one for each --threads)"
    add("--workers", type=at_least(0), default=0, help=words)
    add("--gpus", type=decimal, default=0, help="GPUs of a job, for Ray (default: %(default)s)")
    add_computer(parser, threads=1)
    add("--list", action="store_true", help="say which jobs are finished, run nothing")
    arguments = parser.parse_args()
    if not 0 <= arguments.gpus < float("inf"):
        parser.error(f"--gpus must be a number of at least 0, got {arguments.gpus}")
    if arguments.address and arguments.engine != "ray":
        parser.error("--address names a Ray cluster: add --engine ray")
    return arguments


if __name__ == "__main__":
    run(main)
