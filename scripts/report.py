"""Write the README's tables and the plane in each card from the committed results.

Example:
  python scripts/report.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sercore.command_line import run


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.checkpoints import read_card, write_atomically, write_card
    from sercore.report import readme_section, replace_section, with_plane
    from sercore.results import read_results

    cards = {path.stem: read_card(path) for path in sorted(arguments.trained.glob("*.safetensors"))}
    cards = dict(sorted(cards.items(), key=lambda item: item[0] != "mismatched"))
    plane = arguments.trained / "results" / "plane.parquet"
    results = read_results(plane) if plane.exists() else None
    if results is not None:
        cards = {name: with_plane(card, results) for name, card in cards.items()}
        for name, card in cards.items():
            write_card(arguments.trained / f"{name}.json", card)
    section = readme_section(cards, results)
    text = arguments.readme.read_text(encoding="utf-8")
    write_atomically(arguments.readme, replace_section(text, section).encode())
    print(f"{arguments.readme} now holds the scores of {len(cards)} networks")
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
        help="weights, cards and results (default: %(default)s)",
    )
    parser.add_argument(
        "--readme",
        type=Path,
        default=Path("README.md"),
        metavar="FILE",
        help="the text to write into (default: %(default)s)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
