"""Train the concealment of lost sound among the features of a network, which itself stays as it is.

Examples:
  python scripts/train_concealer.py --network trained/mismatched.safetensors
  python scripts/train_concealer.py --network trained/mismatched.safetensors --both-ways --epochs 10

It takes some minutes. The concealer goes into the folder "concealers" beside the network, where it is read
as a recogniser: python scripts/evaluate.py --models trained/concealers/mismatched_learned.safetensors
"""

from __future__ import annotations

import argparse
from pathlib import Path

from command_line import (
    add_computer,
    add_corpus,
    print_notes,
    run,
    script_parser,
    use_computer,
    writable_file,
)

from sercore.corpus import open_corpus
from sercore.corpus.partition import is_synthetic
from sercore.training import memory


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from tqdm import tqdm

    from sercore.network.weights import load_model, save_model
    from sercore.recogniser.concealed import FOLDER
    from sercore.recogniser.learned import learned_name
    from sercore.training.concealment import ConcealmentPlan, train_concealer

    memory.keep_freed_memory()
    device = use_computer(arguments)
    network = load_model(arguments.network, device)
    plan = ConcealmentPlan(both_ways=arguments.both_ways, seed=arguments.seed, epochs=arguments.epochs)
    kind = learned_name(waits=plan.both_ways)
    folder = arguments.out or arguments.network.parent / FOLDER
    target = folder / f"{network.card.setting_name}_{kind}.safetensors"
    writable_file(target, "--out")
    corpus = open_corpus(arguments.corpus)
    print_notes(corpus.notes)
    with tqdm(total=plan.epochs, unit="epoch", desc=target.stem) as bar:

        def after_epoch(row: dict[str, float]) -> None:
            bar.set_postfix({"objective": f"{row['objective']:.3f}", "devel": f"{row['devel']:.3f}"})
            bar.update()

        synthetic = is_synthetic(arguments.corpus)
        concealer, card = train_concealer(network, corpus, plan, synthetic=synthetic, after_epoch=after_epoch)
    save_model(target, concealer, card)
    print(f"The weights of epoch {card.best_epoch}, best on devel, are in {target}")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    words = "the network's .safetensors file"
    add("--network", type=Path, required=True, metavar="FILE", help=words)
    add("--both-ways", action="store_true", help="run backwards too, and wait for what comes after a loss")
    add_corpus(parser)
    words = "where the concealer goes (default: concealers, beside the network)"
    add("--out", type=Path, metavar="FOLDER", help=words)
    add("--epochs", type=int, default=15, help="passes over the training tracks (default: %(default)s)")
    add("--seed", type=int, default=0, help="decides weights, order and losses (default: %(default)s)")
    add_computer(parser)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
