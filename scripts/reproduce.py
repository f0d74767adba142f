r"""The paper's experiment, whole: train, evaluate, compare, write every table. Stop it anytime; it goes on.

Examples:
  python scripts/reproduce.py --corpus default --out trained/results/   everything, in place of what ships
  python scripts/reproduce.py --no-training                            with the networks that are there
  python scripts/reproduce.py --from-trained                           train only what does not ship yet
  python scripts/reproduce.py --corpus /path/to/RECOLA                 the same on RECOLA (trained/RECOLA.md)
  python scripts/reproduce.py --epochs 2 --seeds 1 --grid 5 --loss-seeds 1 \
      --runs runs/trial --out runs/trial/trained/results                   a trial

Finished networks lie in the folder of runs; the median seed of each setting by devel score, not the best,
goes to the folder of weights (the one that holds --out).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sercore.command_line import at_least, run, writable_folder

if TYPE_CHECKING:
    from sercore.experiment import Experiment


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    experiment = experiment_of(arguments)
    import torch

    from sercore.account import ABOUT, account
    from sercore.allocation import keep_freed_memory
    from sercore.checkpoints import write_atomically
    from sercore.corpus import open_corpus
    from sercore.experiment_tables import (
        evaluation_hours,
        gather,
        scored_partitions,
        set_aside_old_sheets,
        write_tables,
    )
    from sercore.networks import finished, of_shared_seeds
    from sercore.partitions import is_synthetic, partition_report
    from sercore.publication import publish
    from sercore.shipped import adopt_shipped, ship
    from sercore.training import choose_device

    keep_freed_memory()
    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    corpus = open_corpus(experiment.corpus)
    scored_partitions(experiment, corpus)
    for option in ("runs", "results", "trained"):
        writable_folder(getattr(experiment, option), "--out" if option == "results" else f"--{option}")
    for sentence in [*partition_report(corpus, synthetic=is_synthetic(experiment.corpus)), *corpus.notes]:
        print(sentence)
    if arguments.from_trained:
        taken = adopt_shipped(experiment, corpus)
        print(f"Taken from {experiment.trained}: {', '.join(n.name for n in taken) or 'none'}.")
    cards = finished(experiment, corpus)
    cards = train_missing(experiment, corpus, device, cards, only_trained=arguments.no_training)
    if not cards:
        raise ValueError(f"no network is in {experiment.runs / 'networks'}: leave out --no-training")
    untrained = [network.name for network in experiment.networks if network not in cards]
    compared = of_shared_seeds(cards)
    set_aside_old_sheets(experiment)
    evaluate_missing(experiment, corpus, device, list(compared))
    write_tables(experiment, *gather(experiment, corpus, compared.values()))
    shipped = ship(experiment, compared)
    hours = evaluation_hours(experiment, [card["sha256"] for card in compared.values()])
    about = account(experiment, corpus, compared, shipped=shipped, evaluation_hours=hours)
    write_atomically(experiment.results / ABOUT, json.dumps(about, indent=1).encode() + b"\n")
    committed = experiment.results == Path("trained", "results")
    readme = arguments.readme or (Path("README.md") if committed else None)
    table = publish(experiment.results, experiment.trained, readme=readme, html=arguments.html)
    print(f"\nCCC without loss on {corpus.name}, and the paper's on RECOLA:\n\n{table}\n")
    if untrained:
        print(f"Not trained yet: {', '.join(untrained)}.")
    if waiting := [network.name for network in cards if network not in compared]:
        print(f"Left out until the other settings have that seed too: {', '.join(waiting)}.")
    print(f"All tables are in {experiment.results}, the median networks in {experiment.trained}.")
    return 0


def train_missing(
    experiment: Experiment, corpus: Any, device: Any, cards: dict, *, only_trained: bool
) -> dict:
    """Train what is not there yet, or only score what scripts/train.py has finished; the cards of all."""
    from tqdm import tqdm

    from sercore.networks import epochs_done, train_network

    missing = [network for network in experiment.networks if network not in cards]
    if only_trained:
        epochs = experiment.plan.epochs
        missing = [network for network in missing if epochs_done(experiment, network) == epochs]
    for number, network in enumerate(missing, 1):
        label = f"{network.name} ({number} of {len(missing)})"
        with tqdm(total=experiment.plan.epochs, unit="epoch", desc=label) as bar:

            def shown(state: Any, bar: tqdm = bar) -> None:
                bar.update(state.epoch - bar.n)

            cards[network] = train_network(experiment, network, corpus, device, after_epoch=shown)
    return {network: cards[network] for network in experiment.networks if network in cards}


def evaluate_missing(experiment: Experiment, corpus: Any, device: Any, networks: list) -> None:
    """Evaluate all cells that are not there yet."""
    from tqdm import tqdm

    from sercore.experiment_tables import evaluate_network, scored_partitions

    jobs = [(network, name) for network in networks for name in scored_partitions(experiment, corpus)]
    for number, (network, partition) in enumerate(jobs, 1):
        with tqdm(unit="cell", desc=f"{network.name} on {partition} ({number} of {len(jobs)})") as bar:
            for done, total in evaluate_network(experiment, network, partition, corpus, device):
                bar.total = total
                bar.update(done - bar.n)


def experiment_of(arguments: argparse.Namespace) -> Experiment:
    """What the command line asks for."""
    from sercore.experiment import experiment_for
    from sercore.settings import setting_named
    from sercore.training import TrainingPlan

    found = experiment_for(
        arguments.corpus,
        results=arguments.out,
        trained=arguments.trained,
        runs=arguments.runs,
        partition=arguments.partition,
    )
    plan = TrainingPlan(
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        segment_seconds=arguments.segment_seconds,
        devel_every=arguments.devel_every,
        lines=arguments.lines,
    )
    wanted = {
        "plan": plan,
        "seeds": arguments.seeds,
        "grid": arguments.grid,
        "loss_seeds": arguments.loss_seeds,
        "delay": arguments.delay,
        "post_processing": arguments.post_processing,
    }
    if arguments.settings:
        wanted["settings"] = tuple(dict.fromkeys(setting_named(name).name for name in arguments.settings))
    return replace(found, **wanted)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--corpus", default="default", metavar="FOLDER", help="'default', or a folder such as RECOLA's")
    add("--out", type=Path, metavar="FOLDER", help="the tables (default: trained/results)")
    add(
        "--trained",
        type=Path,
        metavar="FOLDER",
        help="the median networks (default: the one that holds --out)",
    )
    add("--runs", type=Path, metavar="FOLDER", help="checkpoints, all networks, rows (default: runs)")
    add(
        "--readme",
        type=Path,
        metavar="FILE",
        help="a text with marks to write the tables into (default: README.md for trained/results, else none)",
    )
    add("--html", type=Path, metavar="FILE", help="also write one self-contained page (5 MB)")
    add(
        "--from-trained",
        action="store_true",
        help="count the networks in the folder of weights as finished: what a fresh clone goes on from",
    )
    add("--no-training", action="store_true", help="use what is trained and name what is missing")
    size = parser.add_argument_group("size; the defaults are the paper's")
    size.add_argument("--settings", nargs="+", metavar="NAME", help="train these only (default: all eleven)")
    size.add_argument(
        "--seeds", type=at_least(1), default=3, help="trainings of each setting (default: %(default)s)"
    )
    size.add_argument(
        "--epochs", type=at_least(1), default=200, help="of each training (default: %(default)s)"
    )
    size.add_argument(
        "--batch-size", type=at_least(1), default=16, help="segments in a step (default: %(default)s)"
    )
    size.add_argument("--segment-seconds", type=float, default=20.0, help="(default: %(default)s)")
    size.add_argument(
        "--devel-every", type=at_least(1), default=10, help="epochs between devel scores (default: 10)"
    )
    size.add_argument(
        "--grid", type=at_least(2), default=21, help="channels a side of the plane (default: 21)"
    )
    size.add_argument(
        "--loss-seeds", type=at_least(1), default=3, help="draws of the losses per channel (default: 3)"
    )
    size.add_argument(
        "--partition",
        choices=["devel", "test"],
        help="which tracks the plane is scored on (default: test; devel for RECOLA, as in the paper)",
    )
    more = parser.add_argument_group("not in the paper; off by default")
    more.add_argument(
        "--delay",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="compensate the raters' lag, 0 to 8 s (Mariooryad and Busso 2015; Ringeval et al. 2018)",
    )
    more.add_argument(
        "--post-processing",
        action="store_true",
        help="AVEC's median filter, centring and scaling, each kept only if the devel CCC rises "
        "(Valstar et al. 2016; Trigeorgis et al. 2016)",
    )
    more.add_argument(
        "--lines",
        action="store_true",
        help="send each training segment through a random microphone, room, noise or telephone (the networks "
        "that ship were trained so)",
    )
    more.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    more.add_argument(
        "--threads", type=at_least(0), default=0, help="processor threads (default: PyTorch's choice)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
