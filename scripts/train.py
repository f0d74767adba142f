"""Train one network in one setting, the paper's or one more, and keep the weights that are best on devel.

Examples:
  python scripts/train.py --setting mismatched
  python scripts/train.py --setting multi_condition --epochs 50 --seed 1 --out my_weights
  python scripts/train.py --setting augmentation --corpus /path/to/RECOLA

A run can be stopped at any time (Ctrl-C, a crash, a power cut); the same command goes on from the last
finished epoch and ends in the same weights as a run that was never stopped. Weights that ship (trained/) are
not touched: the network goes where scripts/reproduce.py looks for it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import (
    add_computer,
    add_corpus,
    print_notes,
    run,
    script_parser,
    use_computer,
    writable_folder,
)
from trainings import add_training, plan_of

from sercore.corpus import open_corpus
from sercore.training import memory
from sercore.training.settings import ALIASES, BEYOND_THE_PAPER, TRAINED_SETTINGS, setting_named
from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    from sercore.training.state import TrainingState


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from tqdm import tqdm

    from sercore.experiment.plan import Network, experiment_for
    from sercore.experiment.trained import checked_card, is_there, train_network
    from sercore.training.state import epochs_done

    memory.keep_freed_memory()
    device = use_computer(arguments)
    setting = setting_named(arguments.setting)
    network = Network(setting, arguments.seed)
    experiment = experiment_for(arguments.corpus, runs=arguments.runs)
    experiment = replace(experiment, plan=plan_of(arguments), equal_frames=arguments.equal_frames)
    plan = experiment.plan_of(network)
    target = arguments.out / f"{setting.name}.safetensors" if arguments.out else experiment.weights(network)
    print(f"Reading the corpus {arguments.corpus} ...")
    corpus = open_corpus(arguments.corpus)
    writable_folder(target.parent, "--out")
    if is_there(target):
        checked_card(experiment, network, target, corpus, option="--out")
    print_notes(corpus.notes)
    folder = writable_folder(experiment.folder(network), "--runs")
    if done := epochs_done(folder):
        print(f"Going on after epoch {done} of {plan.epochs} from {folder}")
    with tqdm(total=plan.epochs, initial=done, unit="epoch", desc=setting.name) as bar:

        def after_epoch(state: TrainingState) -> None:
            bar.set_postfix(progress(state.history))
            bar.update()
            if state.epoch == plan.epochs:
                bar.write("Scoring last, best and averaged weights on devel and test ...")

        card = train_network(experiment, network, corpus, device, after_epoch=after_epoch, target=target)
    print(f"{card.chosen} weights ({card.chosen_by}) are in {target}; scores:")
    for name, scores in (card.candidates or {}).items():
        words = [f"{what} {in_words(of)}" for what, of in scores.items()]
        print(f"  {name:9}", *words, sep="  ")
    return 0


def progress(history: list[dict[str, Any]]) -> dict[str, str]:
    """What the bar shows: the objective, and the newest devel scores."""
    shown = {"1-CCC": f"{history[-1]['objective']:.3f}"}
    of_devel = [{d: row[f"devel_{d}"] for d in DIMENSIONS if f"devel_{d}" in row} for row in history]
    if scored := [scores for scores in of_devel if scores]:
        shown["devel"] = in_words(scored[-1])
    return shown


def in_words(scores: Mapping[str, float | None]) -> str:
    """The CCCs of arousal and valence; one against labels that never move is not defined."""
    each = [scores.get(dimension) for dimension in DIMENSIONS]
    return "/".join("not defined" if score is None else f"{score:.3f}" for score in each)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    names = ", ".join([*TRAINED_SETTINGS, *ALIASES])
    words = f"how to train; one of {names}; beyond the paper: {', '.join(BEYOND_THE_PAPER)}"
    add("--setting", required=True, metavar="NAME", help=words)
    add_corpus(parser)
    words = "where weights and card go, by the setting's name (default: networks in the folder of --runs)"
    add("--out", type=Path, metavar="FOLDER", help=words)
    words = "where checkpoints and history go (default: runs, and for a corpus in a folder runs/ITS_NAME)"
    add("--runs", type=Path, metavar="FOLDER", help=words)
    words = "decides weights, order, channels and dropout (default: %(default)s)"
    add("--seed", type=int, default=0, help=words)
    add_training(parser)
    add_computer(parser)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
