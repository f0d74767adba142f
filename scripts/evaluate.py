"""Score trained networks: through lossy channels on a corpus, or on short clips of real voices.

Examples:
  python scripts/evaluate.py --models trained/*.safetensors                    the clean channel, devel and test
  python scripts/evaluate.py --models trained/mismatched.safetensors --p-n 0.9 --p-l 0.5
  python scripts/evaluate.py --models trained/*.safetensors --grid 11 --out trained/results/plane.parquet
  python scripts/evaluate.py --models trained/mismatched.safetensors --clips FOLDER --labels labels.csv

A channel evaluation can be stopped at any time; the same command goes on with the cells that are missing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sercore.command_line import run


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    import torch

    from sercore.checkpoints import load_model
    from sercore.training import choose_device

    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    models = {path: load_model(path, device) for path in arguments.models}
    return clips(arguments, models) if arguments.clips else channels(arguments, models)


def channels(arguments: argparse.Namespace, models: dict) -> int:
    """Rows of CCC for each network, channel and loss seed."""
    from tqdm import tqdm

    from sercore.corpus import open_corpus
    from sercore.evaluation import Cell, evaluate_cell, plane
    from sercore.junctions import track_features
    from sercore.loss_models import Gilbert
    from sercore.results import read_results, results_table, write_results

    wanted = [Gilbert(1.0, 0.0)]
    if arguments.grid:
        wanted += plane(arguments.grid)
    if arguments.p_n is not None or arguments.p_l is not None:
        if arguments.p_n is None or arguments.p_l is None:
            raise ValueError("--p-n and --p-l name a channel together: give both")
        wanted.append(Gilbert(arguments.p_n, arguments.p_l))
    corpus = open_corpus(arguments.corpus)
    table = results_table([])
    if arguments.out and arguments.out.exists():
        table = read_results(arguments.out)
    rows = table.to_dict("records")
    done = {job_name(row, row["setting"], row["seed"], row["p_n"], row["p_l"]) for row in rows}
    jobs = []
    for path, model in models.items():
        setting = model.card["setting"]["name"]
        for partition in arguments.partitions:
            about = {
                "partition": partition,
                "corpus": corpus.name,
                "corpus_sha256": corpus.sha256,
                "weights_sha256": model.card["sha256"],
            }
            for seed in range(arguments.loss_seeds):
                for channel in dict.fromkeys(wanted):
                    if job_name(about, setting, seed, channel.p_n, channel.p_l) not in done:
                        jobs.append((path, Cell(setting, channel, seed), about))
    try:
        prepared: tuple = (None, None, None)
        for index, (path, cell, about) in enumerate(tqdm(jobs, unit="cell", disable=not jobs)):
            partition = corpus.partition(about["partition"])
            if prepared[:2] != (path, about["partition"]):
                features = [track_features(models[path], track.audio) for track in partition]
                prepared = (path, about["partition"], features)
            rows += evaluate_cell(models[path], cell, partition, prepared[2], about)
            if arguments.out and index % 20 == 19:
                write_results(arguments.out, results_table(rows))
    finally:
        table = results_table(rows)
        if arguments.out:
            write_results(arguments.out, table)
            if arguments.csv:
                write_results(arguments.out.with_suffix(".csv"), table)
    shown = table if len(table) <= 24 else table[(table.p_n == 1) & (table.p_l == 0) & (table.seed == 0)]
    columns = ["partition", "setting", "p_n", "p_l", "loss_rate", "dimension", "ccc", "status", "n_frames"]
    print(shown[columns].to_string(index=False, float_format=lambda value: f"{value:.3f}"))
    if arguments.out:
        print(f"{len(table)} rows are in {arguments.out}")
    return 0


def job_name(about: dict, setting: str, seed: int, p_n: float, p_l: float) -> tuple:
    """A job by its content, so that a finished one is never run again."""
    return (about["partition"], about["corpus_sha256"], about["weights_sha256"], setting, seed, p_n, p_l)


def clips(arguments: argparse.Namespace, models: dict) -> int:
    """AUC of each network on labelled clips."""
    import json

    from sercore.checkpoints import write_atomically
    from sercore.clips import mean_predictions, read_clips, score_clips

    labels = arguments.labels or arguments.clips / "labels.csv"
    found = read_clips(arguments.clips, labels)
    report = {}
    for path, model in models.items():
        rows = score_clips(found, mean_predictions(model, found))
        report[str(path)] = rows
        print(f"{path}: {len(found)} clips, 95 % bootstrap intervals over clips")
        for row in rows:
            print(
                f"  {row['contrast']:38} {row['compared']:15} AUC {row['auc']:.3f} "
                f"[{row['ci_low']:.3f}, {row['ci_high']:.3f}]  {row['clips_up']} against {row['clips_down']} clips"
            )
    if arguments.out:
        write_atomically(arguments.out, json.dumps(report, indent=2).encode() + b"\n")
    return 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", required=True, type=Path, metavar="FILE", help="weights (.safetensors) with their cards beside them")  # fmt: skip
    parser.add_argument("--corpus", default="default", metavar="FOLDER", help="'default', 'demo', or the folder of a corpus (default: %(default)s)")  # fmt: skip
    parser.add_argument("--partitions", nargs="+", default=["devel", "test"], choices=["train", "devel", "test"], help="which tracks (default: devel test)")  # fmt: skip
    parser.add_argument("--grid", type=int, default=0, metavar="POINTS", help="evaluate the whole plane, so many points a side from 0 to 1")  # fmt: skip
    parser.add_argument("--p-n", type=float, help="probability to stay in N (received) for a single channel")
    parser.add_argument("--p-l", type=float, help="probability to stay in L (lost) for a single channel")
    parser.add_argument("--loss-seeds", type=int, default=1, help="draws of the losses per channel (default: %(default)s)")  # fmt: skip
    parser.add_argument("--clips", type=Path, metavar="FOLDER", help="score short labelled clips instead of a corpus")  # fmt: skip
    parser.add_argument("--labels", type=Path, metavar="CSV", help="labels of the clips: file, arousal, valence[, speaker, emotion] (default: labels.csv in the folder)")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE", help="where results go: .parquet or .csv for channels, .json for clips")  # fmt: skip
    parser.add_argument("--csv", action="store_true", help="write a CSV beside a Parquet file")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="processor threads (default: PyTorch's choice)")
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
