"""Write what people read from the committed results: README, claims.md, the picture, cards, and an HTML page.

Example:
  python scripts/report.py --html report.html
"""

from __future__ import annotations

import argparse
from pathlib import Path

from command_line import run


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.report.publish import publish

    results = arguments.results or arguments.trained / "results"
    publish(results, arguments.trained, readme=arguments.readme, html=arguments.html)
    print(f"{arguments.readme} and {results} are up to date")
    if arguments.html:
        print(f"the page is {arguments.html}")
    return 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--trained",
        type=Path,
        default=Path("trained"),
        metavar="FOLDER",
        help="weights and cards (default: %(default)s)",
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="FOLDER",
        help="what scripts/reproduce.py wrote (default: results in the folder of weights)",
    )
    parser.add_argument(
        "--readme",
        type=Path,
        default=Path("README.md"),
        metavar="FILE",
        help="the text to write into (default: %(default)s)",
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="also write one self-contained page (5 MB, not committed)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
