"""Score a table of what a model elsewhere made of the files that scripts/corrupt.py wrote.

Example:
  python scripts/score.py corrupted predictions.csv --scale 0 1

The table has the column file (as in the manifest), perhaps time in seconds (when what is said begins), and a
column of numbers for each output. Every file of the manifest must be there. Nothing of the model runs here.
"""

import argparse
from pathlib import Path

from command_line import run, script_parser
from probing import add_labels, add_scales, probe, wanted_of


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from sercore.experiment.probe.opening import in_this_process
    from sercore.experiment.probe.tables import open_corrupted

    table: Path = arguments.predictions
    if table.suffix != ".csv":
        raise ValueError(f"the predictions must be a .csv file, got {table}")
    corrupted = open_corrupted(arguments.corrupted, arguments.labels)
    out = arguments.out or Path("probe", table.stem)
    wanted = wanted_of(
        arguments,
        str(table),
        place=str(arguments.corrupted),
        conditions=corrupted.conditions,
        rungs=corrupted.rungs,
        store=out.resolve() / "finished",
    )
    probe(wanted, corrupted.channels, out, in_this_process)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    add("corrupted", type=Path, metavar="CORRUPTED", help="the folder that scripts/corrupt.py wrote")
    add("predictions", type=Path, metavar="TABLE", help="what the model made of its files, .csv")
    add_labels(parser)
    add_scales(parser)
    words = "the page, the JSON and what is finished (default: probe/NAME)"
    add("--out", type=Path, metavar="FOLDER", help=words)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
