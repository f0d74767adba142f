"""Score trained networks on a corpus, clean and through lossy channels.

Examples:
  python scripts/evaluate.py --models trained/*.safetensors                    clean
  python scripts/evaluate.py --models trained/mismatched.safetensors --p-n 0.9 --p-l 0.5
  python scripts/evaluate.py --models trained/*.safetensors --grid 11 --out plane.parquet

It can be stopped at any time; the same command goes on with the cells that are missing. Several may add to
one table at once. Short labelled clips are scored by scripts/score_clips.py, and what the dashboard showed by
scripts/replay.py; their options (--clips and --from) work here as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import add_computer, add_corpus, at_least, print_notes, run, script_parser, writable_file
from networks_and_channels import (
    add_channels,
    add_networks,
    add_receiver,
    channels_of,
    load_networks,
    receiver_from,
)
from replay import add_replay, replay
from score_clips import add_clips, score_clips

from sercore.channel import CLEAN, channel_key
from sercore.corpus import open_corpus
from sercore.corpus.partition import scored_partitions

if TYPE_CHECKING:
    import pandas as pd

    from sercore.experiment.cells import Row

SHOWN_ROWS = 24


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    if arguments.scene:
        return replay(arguments)
    return score_clips(arguments) if arguments.clips else evaluate(arguments)


def evaluate(arguments: argparse.Namespace) -> int:
    """Rows of CCC for each network, channel and loss seed."""
    from tqdm import tqdm

    from sercore.experiment.cells import list_jobs, run_and_save
    from sercore.results.shared_table import add_results
    from sercore.results.table import read_results, results_table

    out: Path | None = arguments.out
    if out:
        writable_file(out, "--out", (".parquet", ".csv"))
    recognisers = list({(each.key, each.name): each for each in load_networks(arguments).values()}.values())
    corpus = open_corpus(arguments.corpus)
    print_notes(corpus.notes)
    finished = read_results(out).to_dict("records") if out and out.exists() else []
    beside = out.with_suffix(".csv") if out and arguments.csv else None
    if beside and beside.exists():
        read_results(beside)  # a table of somebody else's is not overwritten
    jobs = list_jobs(
        recognisers,
        corpus,
        partitions=scored_partitions(corpus, arguments.partitions),
        channels=channels_of(arguments),
        seeds=range(arguments.loss_seeds),
        receiver=receiver_from(arguments).NAME,
        finished=finished,
    )
    table = results_table(finished)

    def save(rows: list[Row], _seconds: float) -> None:
        nonlocal table
        table = add_results(out, results_table(rows)) if out else results_table(rows)
        if beside:
            add_results(beside, table)

    for _ in tqdm(run_and_save(jobs, recognisers, corpus, save), total=len(jobs), unit="cell"):
        pass
    show(table)
    if out:
        print(f"{len(table)} rows are in {out}")
    return 0


def show(table: pd.DataFrame) -> None:
    """Print a short table whole, and of a long one the clean channel."""
    from sercore.results.table import NOT_DEFINED, PACKET_LOSS, RECEIVER

    clean = (table.channel == channel_key(CLEAN)) & (table.seed == 0)
    shown = table if len(table) <= SHOWN_ROWS else table[clean]
    channel = ["p_n", "p_l"] if table.p_n.notna().all() else ["channel"]
    more = [name for name in (RECEIVER, PACKET_LOSS) if name in table]
    columns = ["partition", "setting", *channel, *more, "loss_rate", "dimension", "ccc", "ccc_timeline"]
    how = {"float_format": lambda value: f"{value:.3f}", "na_rep": NOT_DEFINED}
    print(shown[columns].to_string(index=False, **how))
    if PACKET_LOSS in table:
        print("loss_rate and ccc count frames of 200 ms; one is lost where more than half of it is")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add_networks(parser)
    add_corpus(parser)
    add = parser.add_argument
    words = "which tracks (default: devel and test, as far as they have any)"
    add("--partitions", nargs="+", choices=["train", "devel", "test"], help=words)
    add_channels(parser)
    add_receiver(parser)
    words = "draws of the losses per channel (default: %(default)s)"
    add("--loss-seeds", type=at_least(1), default=1, help=words)
    words = "where results go: .parquet or .csv for channels, .json for clips"
    add("--out", type=Path, metavar="FILE", help=words)
    add("--csv", action="store_true", help="write a CSV beside a Parquet file")
    add_computer(parser)
    words = "score short labelled clips instead of a corpus (scripts/score_clips.py)"
    add("--clips", type=Path, metavar="FOLDER", help=words)
    add_clips(parser)
    words = "replay the settings that the dashboard wrote (scripts/replay.py)"
    add("--from", dest="scene", type=Path, metavar="JSON", help=words)
    add_replay(parser)
    arguments = parser.parse_args()
    if arguments.rising_loss and not arguments.clips:
        parser.error("--rising-loss is for clips: name their folder (--clips), or use --grid for a corpus")
    if arguments.labels and not arguments.clips:
        parser.error("--labels are those of clips: name their folder (--clips)")
    if arguments.clips and arguments.partitions:
        parser.error("--partitions are those of a corpus: leave them out, or leave out --clips")
    if arguments.csv and not arguments.out:
        parser.error("--csv writes a CSV beside a Parquet file: name that (--out)")
    if not arguments.models and not arguments.scene:
        parser.error("name the weights to score: --models FILE ...")
    return arguments


if __name__ == "__main__":
    run(main)
