"""Train one network in one of the paper's settings, and keep the weights that are best on devel.

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
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import at_least, run, writable_folder

from sercore.training.settings import ALIASES, TRAINED_SETTINGS, setting_named

if TYPE_CHECKING:
    from sercore.training.state import TrainingState


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    import torch
    from tqdm import tqdm

    from sercore.corpus.corpus import open_corpus
    from sercore.experiment.plan import Network, experiment_for
    from sercore.experiment.trained import checked_card, train_network
    from sercore.network.device import choose_device
    from sercore.training.checkpoint import epochs_done
    from sercore.training.memory import keep_freed_memory
    from sercore.training.plan import TrainingPlan

    keep_freed_memory()
    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    setting = setting_named(arguments.setting)
    plan = TrainingPlan(
        setting=setting,
        seed=arguments.seed,
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        segment_seconds=arguments.segment_seconds,
        devel_every=arguments.devel_every,
    )
    experiment = replace(experiment_for(arguments.corpus, runs=arguments.runs), plan=plan)
    network = Network(setting, plan.seed)
    target = arguments.out / f"{setting.name}.safetensors" if arguments.out else experiment.weights(network)
    print(f"Reading the corpus {arguments.corpus} ...")
    corpus = open_corpus(arguments.corpus)
    writable_folder(target.parent, "--out")
    if target.exists():
        checked_card(experiment, network, target, corpus, option="--out")
    for note in corpus.notes:
        print(f"note: {note}")
    folder = writable_folder(experiment.folder(network), "--runs")
    if done := epochs_done(folder):
        print(f"Going on after epoch {done} of {plan.epochs} from {folder}")
    with tqdm(total=plan.epochs, initial=done, unit="epoch", desc=setting.name) as bar:

        def after_epoch(state: TrainingState) -> None:
            bar.set_postfix(progress(state.history))
            bar.update()

        card = train_network(experiment, network, corpus, device, after_epoch=after_epoch, target=target)
    print(f"{card.chosen} weights (chosen on devel) are in {target}; scores:")
    for name, scores in (card.candidates or {}).items():
        print(
            f"  {name:9}" + "".join(f"  {k} {v['arousal']:.3f}/{v['valence']:.3f}" for k, v in scores.items())
        )
    return 0


def progress(history: list[dict[str, Any]]) -> dict[str, str]:
    """What the bar shows: the objective, and the newest devel scores."""
    shown = {"1-CCC": f"{history[-1]['objective']:.3f}"}
    scored = [row for row in history if "devel_arousal" in row]
    if scored:
        shown["devel"] = f"{scored[-1]['devel_arousal']:.3f}/{scored[-1]['devel_valence']:.3f}"
    return shown


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = ", ".join([*TRAINED_SETTINGS, *ALIASES])
    parser.add_argument("--setting", required=True, metavar="NAME", help=f"how to train; one of {names}")
    parser.add_argument(
        "--corpus",
        default="default",
        metavar="FOLDER",
        help="'default', 'demo', or the folder of a corpus (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where weights and card go, by the setting's name (default: networks in the folder of --runs, "
        "by setting and seed)",
    )
    parser.add_argument(
        "--runs",
        type=Path,
        metavar="FOLDER",
        help="where checkpoints and history go (default: runs, and for a corpus in a folder runs/ITS_NAME)",
    )
    parser.add_argument(
        "--epochs", type=int, default=200, help="passes over the training tracks (the paper's: %(default)s)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        help="decides weights, order, channels and dropout (default: %(default)s)",
    )
    parser.add_argument(
        "--batch-size", type=int, default=16, help="segments in one step (the paper's: %(default)s)"
    )
    parser.add_argument(
        "--segment-seconds",
        type=float,
        default=20.0,
        help="length of a training piece (the paper's: %(default)s)",
    )
    parser.add_argument(
        "--devel-every",
        type=int,
        default=10,
        help="score the devel partition every so many epochs (default: %(default)s)",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    parser.add_argument(
        "--threads", type=at_least(0), default=0, help="processor threads (default: PyTorch's choice)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
