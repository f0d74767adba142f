"""Hostile inputs for every reader, hostile words for every script, and killed programs: what breaks is kept.

Examples:
  python scripts/fuzz.py readers --count 20000 --seed 2
  python scripts/fuzz.py programs --count 2000 --seed 2
  python scripts/fuzz.py readers --only scene card --count 500
  python scripts/fuzz.py replay runs/fuzz/scene-2-17            one that broke, again
  python scripts/fuzz.py kills --count 100

Each input follows from the seed, the reader's name and its number. One that is answered by anything but the
documented error, in one sentence of at most 1,000 letters, within bounds of time and memory, goes to --out.
The readers are listed in tests/fuzz/readers.py. Exit code 1 says that something broke.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType

from command_line import at_least, run, script_parser

ROOT = Path(__file__).resolve().parents[1]
WHAT = ("readers", "programs", "kills", "replay")


def main() -> int:
    """Parse, call, print."""
    arguments = parse()
    sys.path.insert(0, str(ROOT))  # the suite is a part of the tests
    if arguments.what == "replay":
        return replay(arguments.folder)
    if arguments.what == "kills":
        kills: int = _suite("kills").main(
            arguments.count, arguments.seed, arguments.out, arguments.only or ()
        )
        return kills
    return campaign(arguments)


def campaign(arguments: argparse.Namespace) -> int:
    """Run what was asked for, and say what became of it; 1 if something broke."""
    known = list(getattr(_suite(arguments.what), arguments.what.upper()))
    names = arguments.only or known
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"there is no {unknown[0]!r} among the {arguments.what}: {', '.join(known)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    began = perf_counter()
    tallies = _suite("campaign").run_campaign(names, arguments.count, arguments.seed, arguments.out.resolve())
    kept = [folder for tally in tallies.values() for folder in tally.kept]
    total, seconds = sum(tally.inputs for tally in tallies.values()), perf_counter() - began
    print(f"{total:,} inputs of {len(names)} {arguments.what} in {seconds:,.0f} s, seed {arguments.seed}:")
    print(f"{len(kept)} were answered badly" + (f"; they are in {arguments.out}" if kept else ""))
    return 1 if kept else 0


def replay(folder: Path) -> int:
    """Answer one input again, and say how; its name gives reader, seed and number."""
    name, seed, number = folder.name.rsplit("-", 2)
    verdict = _suite("campaign").answer_again(name, int(seed), int(number))
    print(f"{folder.name}: {verdict.answer} in {verdict.seconds:.2f} s\n{verdict.words}")
    return 1 if verdict.answer == "complaint" else 0


def _suite(module: str) -> ModuleType:
    return import_module(f"tests.fuzz.{module}")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    add("what", choices=WHAT, help="what is fuzzed")
    add("folder", type=Path, nargs="?", metavar="FOLDER", help="which input to replay")
    add("--count", type=at_least(1), default=1000, help="inputs in all (default: %(default)s)")
    add("--seed", type=at_least(0), default=1, help="decides the inputs (default: %(default)s)")
    add("--only", nargs="+", metavar="NAME", help="these readers or programs alone")
    words = "where inputs go that were answered badly (default: %(default)s)"
    add("--out", type=Path, default=Path("runs", "fuzz"), metavar="FOLDER", help=words)
    arguments = parser.parse_args()
    if (arguments.what == "replay") != (arguments.folder is not None):
        parser.error("replay takes the folder of an input, and nothing else does")
    return arguments


if __name__ == "__main__":
    run(main)
