"""Make the default corpus: 46 synthetic speakers of five minutes each, with arousal and valence.

Example:
    python scripts/make_corpus.py --out corpora/default

It takes a few minutes, may be stopped at any time and goes on where it stopped. It needs the extra packages
ttspico and pyworld: pip install sercore[corpus]
"""

import argparse
import os
import sys
from pathlib import Path

from tqdm import tqdm

from sercore.synthetic.build import BuildError, Size, build
from sercore.synthetic.voices import MissingToolError


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    intro, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=intro, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--out",
        type=Path,
        default=Path("corpora/default"),
        metavar="FOLDER",
        help="made if absent (default: corpora/default)",
    )
    add(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="same seed, same files; another seed, other speakers (default: 1)",
    )
    add(
        "--jobs",
        type=int,
        default=os.cpu_count(),
        metavar="N",
        help="processes to use (default: one for each core)",
    )
    for partition, count in (("train", 16), ("devel", 15), ("test", 15)):
        add(
            f"--{partition}",
            type=int,
            default=count,
            metavar="N",
            help=f"its tracks (default: {count}, as in RECOLA)",
        )
    add("--minutes", type=float, default=5.0, metavar="M", help="length of each track (default: 5)")
    chosen = parser.parse_args(arguments)
    if chosen.jobs is None or chosen.jobs < 1:
        parser.error(f"--jobs must be 1 or more, got {chosen.jobs}")
    return chosen


def main() -> int:
    """Make the corpus and say where it is."""
    chosen = parse()
    bar = tqdm(unit="track", desc="corpus")

    def progress(done: int, total: int) -> None:
        bar.total = total
        bar.n = done
        bar.refresh()

    try:
        size = Size(chosen.train, chosen.devel, chosen.test, chosen.minutes * 60.0)
        manifest = build(chosen.out, size, chosen.seed, chosen.jobs, progress)
    except (BuildError, MissingToolError) as error:
        bar.close()
        print(f"make_corpus: {error}", file=sys.stderr)
        return 2
    bar.close()
    print(f"The corpus is complete: {manifest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
