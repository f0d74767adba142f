"""Make the default corpus: 46 synthetic speakers of five minutes each, with arousal and valence.

Examples:
  python scripts/make_corpus.py
  python scripts/make_corpus.py --out corpora/large --extra 80
  python scripts/make_corpus.py --out corpora/tiny --train 2 --devel 1 --test 1 --minutes 0.5

It takes some minutes and may be stopped at any time (Ctrl-C, a crash, a power cut); the same command goes on
where it stopped. The same seed gives the same files. It needs further packages: pip install -e ".[corpus]"
"""

import argparse
from pathlib import Path

from command_line import at_least, decimal, run, script_parser, writable_folder


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from tqdm import tqdm

    from sercore.synthetic.build import Size, build
    from sercore.synthetic.shipping import ship

    place, option = (arguments.ship, "--ship") if arguments.ship else (arguments.out, "--out")
    writable_folder(place, option)
    if arguments.ship:
        print(f"The tracks to ship are in {ship(arguments.out, arguments.ship).parent}.")
        return
    size = Size(arguments.train, arguments.devel, arguments.test, arguments.minutes * 60.0, arguments.extra)
    with tqdm(unit="track", desc="corpus") as bar:

        def progress(done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        manifest = build(arguments.out, size, arguments.seed, arguments.jobs, progress)
    folder = manifest.parent
    print(f"The corpus is complete: {folder}. Look at it: python scripts/check_corpus.py {folder}")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    words = "where to write it; made if absent (default: corpora/default)"
    add("--out", type=Path, default=Path("corpora/default"), metavar="FOLDER", help=words)
    add("--seed", type=int, default=1, metavar="N", help="another seed gives other speakers (default: 1)")
    add("--jobs", type=at_least(1), metavar="N", help="processes to use (default: one for each core)")
    for partition, count in (("train", 16), ("devel", 15), ("test", 15)):
        words = f"tracks of the {partition} partition (default: {count}, as in RECOLA)"
        add(f"--{partition}", type=int, default=count, metavar="N", help=words)
    words = "training tracks beyond those, of more speakers; the others stay as they are (default: 0)"
    add("--extra", type=int, default=0, metavar="N", help=words)
    add("--minutes", type=decimal, default=5.0, metavar="M", help="length of each track (default: 5)")
    words = "make nothing; compress four test tracks of the finished corpus in --out into FOLDER"
    add("--ship", type=Path, metavar="FOLDER", help=words)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
