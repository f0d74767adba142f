"""What can be done about a loss? Score every receiver and line, for every training, and write the tables.

Examples:
  python scripts/receivers.py --dry-run                       cells, and about how many minutes
  python scripts/receivers.py                                 into trained/results
  python scripts/receivers.py --clips FOLDER                  and real voices: sound against emotion
  python scripts/receivers.py --clips FOLDER --voices-only    these alone, in half an hour

It can be stopped at any time; the same command goes on with what is missing, and several may run at once. The
tables are written when all is scored, never half of them. Opus needs pip install -e ".[opus]", real voices
need ".[quality]"; voices are never written.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import (
    ManyPaths,
    add_computer,
    add_corpus,
    print_notes,
    run,
    script_parser,
    writable_folder,
)
from networks_and_channels import load_networks

if TYPE_CHECKING:
    from sercore.corpus import Corpus
    from sercore.recogniser.recogniser import Recogniser


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.corpus import open_corpus
    from sercore.experiment import receiver_cost, receiver_tables, receivers

    for folder, option in ((arguments.runs, "--runs"), (arguments.out, "--out")):
        writable_folder(folder, option)
    if not arguments.models:
        raise ValueError("there are no weights in trained/: name those to score, --models FILE ...")
    recognisers = list({each.key: each for each in load_networks(arguments).values()}.values())
    lines = with_lines(without=arguments.no_lines)
    if arguments.voices_only:
        receiver_tables.write_voice_findings(arguments.out, voices(arguments, recognisers, lines=lines))
        print(f"real voices are scored in {arguments.out}")
        return 0
    corpus = open_corpus(arguments.corpus)
    wanted = [each for each in receivers.places(lines=lines) if corpus.partition(each.partition)]
    done = receiver_tables.finished_rows(arguments.runs, corpus)
    left = receivers.missing(wanted, recognisers, corpus, done)
    if arguments.dry_run:
        print(receiver_cost.estimate(left, recognisers, corpus))
        return 0
    score(arguments, corpus, recognisers, left)
    more = voices(arguments, recognisers, lines=lines) if arguments.clips else []
    keys = [each.key for each in recognisers]
    receiver_tables.write_receiver_tables(arguments.out, arguments.runs, corpus, keys, more)
    print(f"the tables are in {arguments.out}: python scripts/report.py writes them into README")
    return 0


def with_lines(*, without: bool) -> bool:
    """Whether Opus can be asked; a note says why not."""
    from sercore.line.opus import opus_library, opus_version

    if without:
        return False
    opus_library()
    print_notes([f"Opus is that of {opus_version()}"])
    return True


def score(
    arguments: argparse.Namespace, corpus: Corpus, recognisers: list[Recogniser], left: list[Any]
) -> None:
    """Score what is missing, saved each minute and when stopped."""
    import time

    from tqdm import tqdm

    from sercore.experiment.receiver_tables import save_rows
    from sercore.experiment.receivers import run_places

    rows: list[Any] = []
    saved = time.monotonic()
    try:
        for found in tqdm(run_places(left, recognisers, corpus), total=len(left), unit="place"):
            rows += found
            if time.monotonic() - saved > 60:
                save_rows(arguments.runs, corpus, rows)
                rows, saved = [], time.monotonic()
    finally:
        save_rows(arguments.runs, corpus, rows)


def voices(arguments: argparse.Namespace, recognisers: list[Recogniser], *, lines: bool) -> list[Any]:
    """Table 3, for the network trained on clean speech; what it says to the last claim."""
    from tqdm import tqdm

    from sercore.corpus.clips import read_clips
    from sercore.experiment import voices as of_voices
    from sercore.results.outcome import VOICES
    from sercore.results.table import write_results
    from sercore.results.voices import examine_sound
    from sercore.results.ways import CLEAN_NETWORK

    clips = [each for folder in arguments.clips for each in read_clips(folder, folder / "labels.csv")]
    recogniser = next((each for each in recognisers if each.name == CLEAN_NETWORK), None)
    if recogniser is None:
        raise ValueError(f"voices are told to the network {CLEAN_NETWORK}: name it too (--models)")
    asked = of_voices.conditions(lines=lines)
    every = of_voices.Voices(recogniser, clips, arguments.runs)
    for condition in tqdm(asked, unit="condition"):
        every.heard(condition)
    table = every.table(asked)
    write_results(arguments.out / VOICES, table)
    return examine_sound(table, every.moved(asked))


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    words = "networks with their cards beside them (default: all of trained/, and their concealers)"
    shipped = [
        path for pattern in ("*", "*/*") for path in sorted(Path("trained").glob(f"{pattern}.safetensors"))
    ]
    add("--models", nargs="+", action=ManyPaths, type=Path, metavar="FILE", default=shipped, help=words)
    add_corpus(parser)
    words = "folders of clips of real voices with their labels.csv (default: none; voices.csv stays as it is)"
    add("--clips", nargs="+", type=Path, metavar="FOLDER", help=words)
    add("--voices-only", action="store_true", help="score nothing but the clips of --clips")
    add("--no-lines", action="store_true", help="leave out narrow band, G.711 and Opus")
    words = "what is scored, until all is (default: %(default)s)"
    add("--runs", type=Path, default=Path("runs/receivers"), metavar="FOLDER", help=words)
    words = "where the tables go (default: %(default)s)"
    add("--out", type=Path, default=Path("trained/results"), metavar="FOLDER", help=words)
    words = "score nothing; say how many cells are left, and about how long they take on this machine"
    add("--dry-run", action="store_true", help=words)
    add_computer(parser)
    arguments = parser.parse_args()
    if arguments.voices_only and (arguments.dry_run or not arguments.clips):
        parser.error("--voices-only scores clips: name their folder (--clips), and leave out --dry-run")
    return arguments


if __name__ == "__main__":
    run(main)
