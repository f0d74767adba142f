"""Write recordings as they arrive through lossy channels, for a model that runs elsewhere.

Examples:
  python scripts/corrupt.py FOLDER --labels labels.csv --out corrupted
  python scripts/score.py corrupted predictions.csv            when the model has heard all files

The folder gets WAV files (16 bit, 16 kHz), manifest.csv, which says what happened to each, and labels.csv.
Let the model hear every file and write a CSV: the column file (as in the manifest), perhaps time in seconds
(when what is said begins), and a column of numbers for each output.
"""

import argparse
from pathlib import Path

from command_line import print_notes, run, script_parser, writable_folder
from probing import add_losses, add_recordings, channels_of, conditions_of


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from sercore.corpus.labelled import open_labelled
    from sercore.experiment.probe.tables import MANIFEST, corrupt

    channels = channels_of(arguments)
    conditions, rungs = conditions_of(arguments, channels)
    writable_folder(arguments.out, "--out")
    recordings = open_labelled(arguments.recordings, arguments.labels, seconds=arguments.seconds)
    print_notes(recordings.notes)
    count = corrupt(recordings, channels, conditions, rungs, arguments.out)
    print(f"{count} files are in {arguments.out}; {MANIFEST} there lists them for the model to hear.")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add_recordings(parser)
    add_losses(parser)
    words = "where the files go (default: %(default)s)"
    parser.add_argument("--out", type=Path, default=Path("corrupted"), metavar="FOLDER", help=words)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
