"""Train one setting with several seeds, and ship the median network by devel score, not the best.

Examples:
  python scripts/ship.py --setting loss_aware --corpus corpora/large --epochs 38 --lines
  python scripts/ship.py --setting loss_aware --epochs 2 --runs runs/trial --trained runs/trial/trained

For settings beyond the paper; scripts/reproduce.py ships the paper's, with their tables. What was trained by
scripts/train.py with the same epochs and runs counts, and an unfinished training goes on. Nothing else in the
folder of weights changes; python scripts/report.py tells of the network in the model card.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from command_line import (
    add_computer,
    add_corpus,
    at_least,
    print_notes,
    run,
    script_parser,
    use_computer,
    writable_folder,
)
from trainings import add_training, plan_of

from sercore.corpus import open_corpus
from sercore.training import memory
from sercore.training.settings import BEYOND_THE_PAPER


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from sercore.experiment.plan import Network, experiment_for
    from sercore.experiment.reproduce import train_each
    from sercore.experiment.shipping import ship_one
    from sercore.experiment.trained import devel_score, finished

    setting = BEYOND_THE_PAPER[arguments.setting]
    memory.keep_freed_memory()
    device = use_computer(arguments)
    experiment = experiment_for(arguments.corpus, runs=arguments.runs, trained=arguments.trained)
    experiment = replace(experiment, plan=plan_of(arguments), equal_frames=arguments.equal_frames)
    for option in ("runs", "trained"):
        writable_folder(getattr(experiment, option), f"--{option}")
    corpus = open_corpus(arguments.corpus)
    print_notes(corpus.notes)
    networks = [Network(setting, seed) for seed in range(arguments.seeds)]
    there = finished(experiment, corpus, networks)
    cards = there | train_each(experiment, [each for each in networks if each not in there], corpus, device)
    seed = ship_one(experiment, cards)
    scores = ", ".join(f"seed {each.seed} {devel_score(cards[each]):.4f}" for each in networks)
    print(f"{setting.name} in {experiment.trained} is that of seed {seed}; devel scores: {scores}")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    add("--setting", required=True, choices=list(BEYOND_THE_PAPER), help="how to train")
    add("--seeds", type=at_least(1), default=3, help="trainings, from seed 0 (default: %(default)s)")
    add_corpus(parser)
    words = "checkpoints and all networks (default: runs, and for a corpus in a folder runs/ITS_NAME)"
    add("--runs", type=Path, metavar="FOLDER", help=words)
    words = "where the median goes (default: %(default)s)"
    add("--trained", type=Path, default=Path("trained"), metavar="FOLDER", help=words)
    add_training(parser)
    add_computer(parser)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
