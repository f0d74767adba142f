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
from pathlib import Path
from typing import Any

from sercore.command_line import at_least, run, writable_folder
from sercore.settings import ALIASES, TRAINED_SETTINGS, setting_named


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    import torch
    from tqdm import tqdm

    from sercore.allocation import keep_freed_memory
    from sercore.checkpoints import save_model
    from sercore.corpus import open_corpus
    from sercore.experiment import Network, experiment_for
    from sercore.partitions import is_synthetic
    from sercore.training import TrainingPlan, choose_device, train
    from sercore.training_report import report_training
    from sercore.training_runs import describe_run, save_run, start_or_resume

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
        lines=arguments.lines,
    )
    experiment = experiment_for(arguments.corpus, runs=arguments.runs)
    network = Network(setting, plan.seed)
    target = arguments.out / f"{setting.name}.safetensors" if arguments.out else experiment.weights(network)
    print(f"Reading the corpus {arguments.corpus} ...")
    corpus = open_corpus(arguments.corpus)
    check_target(target, plan, corpus.sha256)
    for note in corpus.notes:
        print(f"note: {note}")
    description = describe_run(plan, corpus.sha256)
    folder = writable_folder(experiment.runs / network.name, "--runs")
    state = start_or_resume(folder, plan, description, device)
    if state.epoch:
        print(f"Going on after epoch {state.epoch} of {plan.epochs} from {folder}")
    with tqdm(total=plan.epochs, initial=state.epoch, unit="epoch", desc=setting.name) as bar:

        def after_epoch(state: Any) -> None:
            save_run(folder, state, description)
            bar.set_postfix(progress(state.history))
            bar.update()

        train(corpus, plan, state, after_epoch=after_epoch)
    print("Scoring last, best and averaged weights on devel and test ...")
    model, card = report_training(corpus, plan, state, synthetic=is_synthetic(arguments.corpus))
    save_model(target, model, card)
    print(f"{card['chosen']} weights (chosen on devel) are in {target}; scores:")
    for name, scores in card["candidates"].items():
        print(
            f"  {name:9}" + "".join(f"  {k} {v['arousal']:.3f}/{v['valence']:.3f}" for k, v in scores.items())
        )
    return 0


def check_target(target: Path, plan: Any, corpus_sha256: str) -> None:
    """Refuse to overwrite the weights of another training."""
    from sercore.checkpoints import WeightsError, read_card

    writable_folder(target.parent, "--out")
    if not target.exists():
        return
    try:
        card = read_card(target)
        lines = not str(card.get("lines", "none")).startswith("none")
        found = (card["corpus"]["sha256"], card["seed"], card["epochs"], lines)
    except (WeightsError, KeyError, TypeError):
        found = ()
    if found != (corpus_sha256, plan.seed, plan.epochs, plan.lines):
        raise ValueError(
            f"{target} holds weights of another training (corpus, seed, epochs or lines differ): "
            "choose another folder (--out) or delete them"
        )


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
    parser.add_argument(
        "--lines",
        action="store_true",
        help="send each training segment through a random microphone, room, noise or telephone; the networks "
        "that ship were trained so, the paper's were not",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    parser.add_argument(
        "--threads", type=at_least(0), default=0, help="processor threads (default: PyTorch's choice)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
