"""Score trained networks: through lossy channels on a corpus, or on short clips of real voices.

Examples:
  python scripts/evaluate.py --models trained/*.safetensors                    clean
  python scripts/evaluate.py --models trained/mismatched.safetensors --p-n 0.9 --p-l 0.5
  python scripts/evaluate.py --models trained/*.safetensors --grid 11 --out plane.parquet
  python scripts/evaluate.py --models trained/mismatched.safetensors --clips FOLDER --labels labels.csv
  python scripts/evaluate.py --models trained/mismatched.safetensors --clips FOLDER --rising-loss
  python scripts/evaluate.py --models trained/mismatched.safetensors --clips FOLDER --lines
  python scripts/evaluate.py --from settings.json                              what the dashboard showed

A channel evaluation can be stopped at any time; the same command goes on with the cells that are missing.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from sercore.command_line import at_least, run, writable_file

SAVE_SECONDS = 30.0
SHOWN_ROWS = 24


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    import torch

    from sercore.checkpoints import load_model
    from sercore.training import choose_device

    device = choose_device(arguments.device)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.out:
        suffixes = (".json",) if arguments.clips else (".parquet", ".csv")
        writable_file(arguments.out, "--out", suffixes)
    models = [load_model(path, device) for path in dict.fromkeys(arguments.models)]
    if arguments.scene:
        return replay(arguments, models)
    return clips(arguments, models) if arguments.clips else channels(arguments, models)


def channels(arguments: argparse.Namespace, models: list) -> int:
    """Rows of CCC for each network, channel and loss seed."""
    from tqdm import tqdm

    from sercore.corpus import open_corpus
    from sercore.results import read_results, results_table, write_results
    from sercore.sweeps import list_jobs, run_jobs

    corpus = open_corpus(arguments.corpus)
    out = arguments.out
    rows = read_results(out).to_dict("records") if out and out.exists() else []
    beside = out.with_suffix(".csv") if out and arguments.csv else None
    if beside and beside.exists():
        read_results(beside)  # a table of somebody else's is not overwritten
    jobs = list_jobs(
        models,
        corpus,
        partitions=scored_partitions(arguments.partitions, corpus),
        channels=wanted_channels(arguments),
        seeds=range(arguments.loss_seeds),
        finished=rows,
    )
    saved = time.monotonic()
    try:
        for found in tqdm(run_jobs(jobs, models, corpus), total=len(jobs), unit="cell"):
            rows += found
            if out and time.monotonic() - saved > SAVE_SECONDS:
                write_results(out, results_table(rows))
                saved = time.monotonic()
    finally:
        table = results_table(rows)
        if out:
            write_results(out, table)
            if beside:
                write_results(beside, table)
    show(table)
    if out:
        print(f"{len(table)} rows are in {out}")
    return 0


def scored_partitions(asked: list[str] | None, corpus: Any) -> list[str]:
    """The partitions that were asked for, or those of devel and test that have tracks."""
    there = [name for name in ("train", "devel", "test") if corpus.partition(name)]
    wanted = list(dict.fromkeys(asked or [name for name in there if name != "train"]))
    missing = [name for name in wanted if name not in there]
    if missing or not wanted:
        raise ValueError(
            f"the corpus {corpus.name} has no labelled track in {' and '.join(missing) or 'devel and test'}; "
            f"score others (--partitions): {', '.join(there) or 'none has any'}"
        )
    return wanted


def wanted_channels(arguments: argparse.Namespace) -> list:
    """The clean channel, and what the command line adds to it."""
    from sercore.evaluation import plane
    from sercore.loss_models import Gilbert

    wanted = [Gilbert(1.0, 0.0)]
    if arguments.grid:
        wanted += plane(arguments.grid)
    if (arguments.p_n is None) != (arguments.p_l is None):
        raise ValueError("--p-n and --p-l name a channel together: give both")
    if arguments.p_n is not None:
        wanted.append(Gilbert(arguments.p_n, arguments.p_l))
    return wanted


def show(table: Any) -> None:
    """Print a short table whole, and of a long one the clean channel."""
    shown = (
        table if len(table) <= SHOWN_ROWS else table[(table.p_n == 1) & (table.p_l == 0) & (table.seed == 0)]
    )
    columns = ["partition", "setting", "p_n", "p_l", "loss_rate", "dimension", "ccc", "ccc_timeline"]
    print(shown[columns].to_string(index=False, float_format=lambda value: f"{value:.3f}"))


def replay(arguments: argparse.Namespace, models: list) -> int:
    """The scores that the dashboard showed, computed again; exit code 1 where they differ."""
    from sercore.corpus import open_corpus
    from sercore.scene import SceneError, differing, read_scene, scene_clip, score_scene

    scene, shown = read_scene(arguments.scene)
    audio, gold = scene_clip(scene, open_corpus(scene.corpus) if scene.track else None, arguments.audio)
    by_hash = {model.card["sha256"]: model for model in models}
    found = []
    for setting, sha256 in scene.networks.items():
        if sha256 not in by_hash:
            raise SceneError(
                f"no weights of {setting} have the scene's SHA-256 {sha256}: name them (--models)"
            )
        rows = score_scene(by_hash[sha256], scene, audio, gold)
        found += [{"setting": setting, **row} for row in rows]
    for row in found:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if wrong := differing(found, shown):
        print(f"differs from the scene: {', '.join(wrong)}")
        return 1
    print("equal to the scene's numbers")
    return 0


def clips(arguments: argparse.Namespace, models: list) -> int:
    """AUC of each network on labelled clips."""
    import json

    from sercore.checkpoints import write_atomically
    from sercore.clips import mean_predictions, read_clips
    from sercore.contrasts import moved, score_clips

    found = read_clips(arguments.clips, arguments.labels or arguments.clips / "labels.csv")
    ways = list(ways_to_hear(arguments, found))
    report: dict[str, list] = {}
    for path, model in zip(dict.fromkeys(arguments.models), models, strict=True):
        report[str(path)] = []
        before = mean_predictions(model, found)
        for name, way, heard in ways:
            means = mean_predictions(model, heard)
            rows = score_clips(heard, means)
            shifts = moved(means, before) if way["line"] else []
            report[str(path)] += [way | row for row in [*rows, *shifts]]
            print(f"{path}, {name}: {len(found)} clips, 95 % bootstrap intervals over clips")
            for row in rows:
                print(
                    f"  {row['contrast']:38} {row['compared']:15} AUC {row['auc']:.3f} "
                    f"[{row['ci_low']:.3f}, {row['ci_high']:.3f}], "
                    f"{row['clips_up']} to {row['clips_down']} clips"
                )
            for row in shifts:
                print(
                    f"  mean {row['dimension']:15} {row['mean']:+.3f}, moved by {row['moved_sd']:+.2f} SD "
                    f"[{row['ci_low']:+.2f}, {row['ci_high']:+.2f}]"
                )
    if arguments.out:
        write_atomically(arguments.out, json.dumps(report, indent=2).encode() + b"\n")
    return 0


def ways_to_hear(arguments: argparse.Namespace, found: list) -> Any:
    """Name, columns and clips of each way that the command line asks for; clips as they are come first."""
    from sercore.clips import RISING_LOSS, receive, through_line
    from sercore.lines import NAMED

    nothing = {"line": "", "p_n": None, "p_l": None, "loss_rate": 0.0, "seed": None}
    yield "no loss", nothing, found  # an unfinished last frame included
    for name, line in NAMED.items() if arguments.lines else ():
        yield (
            name,
            nothing | {"line": name, "seed": arguments.seed},
            through_line(found, line, arguments.seed),
        )
    channels = [channel for channel in wanted_channels(arguments) if channel.p_n < 1]
    for channel in [*channels, *(RISING_LOSS if arguments.rising_loss else ())]:
        lost = {
            "p_n": channel.p_n,
            "p_l": channel.p_l,
            "loss_rate": channel.loss_rate,
            "seed": arguments.seed,
        }
        arrived = receive(found, channel, arguments.seed)
        yield f"{channel.loss_rate:.0%} loss, {channel}", nothing | lost, arrived


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--models",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="weights (.safetensors) with their cards beside them",
    )
    parser.add_argument(
        "--corpus",
        default="default",
        metavar="FOLDER",
        help="'default', 'demo', or the folder of a corpus (default: %(default)s)",
    )
    parser.add_argument(
        "--partitions",
        nargs="+",
        choices=["train", "devel", "test"],
        help="which tracks (default: devel and test, as far as they have any)",
    )
    parser.add_argument(
        "--grid",
        type=at_least(2),
        default=0,
        metavar="POINTS",
        help="evaluate the whole plane, so many points a side from 0 to 1",
    )
    parser.add_argument("--p-n", type=float, help="probability to stay in N (received) for a single channel")
    parser.add_argument("--p-l", type=float, help="probability to stay in L (lost) for a single channel")
    parser.add_argument(
        "--loss-seeds",
        type=at_least(1),
        default=1,
        help="draws of the losses per channel (default: %(default)s)",
    )
    parser.add_argument(
        "--clips", type=Path, metavar="FOLDER", help="score short labelled clips instead of a corpus"
    )
    parser.add_argument(
        "--labels",
        type=Path,
        metavar="CSV",
        help="labels of the clips: file, arousal, valence[, speaker, emotion] (labels.csv in the folder)",
    )
    parser.add_argument(
        "--rising-loss",
        action="store_true",
        help="with --clips: also through five channels that lose 9 to 90 %% of the frames",
    )
    parser.add_argument(
        "--lines",
        action="store_true",
        help="with --clips: also through a telephone, two tilted microphones, noise and a room",
    )
    parser.add_argument(
        "--seed",
        type=at_least(0),
        default=0,
        help="with --clips: decides what is lost, and noise and room (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where results go: .parquet or .csv for channels, .json for clips",
    )
    parser.add_argument("--csv", action="store_true", help="write a CSV beside a Parquet file")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    parser.add_argument(
        "--threads", type=at_least(0), default=0, help="processor threads (default: PyTorch's choice)"
    )
    parser.add_argument(
        "--from", dest="scene", type=Path, metavar="JSON", help="replay the settings that the dashboard wrote"
    )
    parser.add_argument("--audio", type=Path, metavar="FILE", help="a replay's own audio, where it had some")
    arguments = parser.parse_args()
    if arguments.scene and not arguments.models:
        arguments.models = sorted(Path("trained").glob("*.safetensors"))
    if arguments.rising_loss and not arguments.clips:
        parser.error("--rising-loss is for clips: name their folder (--clips), or use --grid for a corpus")
    if arguments.lines and not arguments.clips:
        parser.error("--lines are for clips: name their folder (--clips)")
    if arguments.labels and not arguments.clips:
        parser.error("--labels are those of clips: name their folder (--clips)")
    if arguments.clips and arguments.partitions:
        parser.error("--partitions are those of a corpus: leave them out, or leave out --clips")
    if arguments.csv and not arguments.out:
        parser.error("--csv writes a CSV beside a Parquet file: name that (--out)")
    if not arguments.models:
        parser.error("name the weights to score: --models FILE ...")
    return arguments


if __name__ == "__main__":
    run(main)
