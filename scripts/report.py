"""Write what people read from the committed results: README, claims.md, the picture, cards, and an HTML page.

Example:
  python scripts/report.py --html report.html
"""

import argparse
from pathlib import Path

from command_line import run, script_parser, writable_file


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from sercore.report.publish import publish

    results = arguments.results or arguments.trained / "results"
    writable_file(arguments.readme, "--readme")
    if arguments.html:
        writable_file(arguments.html, "--html")
    publish(results, arguments.trained, readme=arguments.readme, html=arguments.html)
    print(f"{arguments.readme} and {results} are up to date")
    if arguments.html:
        print(f"the page is {arguments.html}")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    words = "weights and cards (default: %(default)s)"
    add("--trained", type=Path, default=Path("trained"), metavar="FOLDER", help=words)
    words = "what scripts/reproduce.py wrote (default: results in the folder of weights)"
    add("--results", type=Path, metavar="FOLDER", help=words)
    words = "the text to write into (default: %(default)s)"
    add("--readme", type=Path, default=Path("README.md"), metavar="FILE", help=words)
    words = "also write one self-contained page (5 MB, not committed)"
    add("--html", type=Path, metavar="FILE", help=words)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
