"""How sure may a recogniser be while losses come? Fit bands on devel, and see what they cover on test.

Examples:
  python scripts/confidence.py --models trained/*.safetensors
  python scripts/confidence.py --models my.onnx --corpus FOLDER --receiver repeat --out my_confidence.json

It can be stopped at any time; the same command goes on with the recognisers that are missing, and adds to
what the file holds of others. sercore.read_bands reads it.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import (
    add_computer,
    add_corpus,
    at_least,
    decimal,
    print_notes,
    run,
    script_parser,
    writable_file,
)
from networks_and_channels import add_networks, add_receiver, load_networks, receiver_from

from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    from sercore.results.confidence import Confidence, Shares

OFTEN = 0.05  # of the moments: where a band answers more seldom, what it covers there is luck


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from tqdm import tqdm

    from sercore.corpus import open_corpus
    from sercore.experiment.confidence import FITTED_ON, TESTED_ON, confidence_of
    from sercore.results.confidence import read_confidence, write_confidence

    if not 0 < arguments.coverage < 1:
        raise ValueError(f"--coverage must lie in (0, 1), got {arguments.coverage}")
    writable_file(arguments.out, "--out", (".json",))
    recognisers = load_networks(arguments)
    corpus = open_corpus(arguments.corpus, (FITTED_ON, TESTED_ON))
    print_notes(corpus.notes)
    kept = {(each.key, each.receiver): each for each in read_confidence(arguments.out)}
    receiver = receiver_from(arguments).NAME
    how = {"grid": arguments.grid, "seed": arguments.seed}
    wanted = (corpus.sha256, *how.values(), arguments.coverage)
    for recogniser in tqdm(recognisers.values(), unit="network"):
        place = (recogniser.key, receiver)
        there = kept.get(place)
        if there is None or (there.corpus_sha256, there.grid, there.seed, there.bands.coverage) != wanted:
            there = confidence_of(recogniser, corpus, receiver, coverage=arguments.coverage, **how)
            kept[place] = there
            write_confidence(arguments.out, list(kept.values()))
        tqdm.write("\n".join(in_words(there)))
    print(f"The bands are in {arguments.out}")


def in_words(found: "Confidence") -> list[str]:
    """A line for each dimension: how wide the band is, and what it covers at worst."""
    lines = []
    for d, dimension in enumerate(DIMENSIONS):
        clean, lossy = (found.bands.of(share, 0.0)[d] for share in (0.0, 0.5))
        borne = found.bands.tolerance[d]
        ninths = [each for each in found.plane if (each.answered[d] or 0.0) >= OFTEN]
        low = min(ninths, key=lambda each: each.covered[d] or 0.0, default=None)
        where = f"; least {_percent(low.covered, d)} at {low.p_n} p_N, {low.p_l} p_L" if low else ""
        lines.append(
            f"{found.name}, {found.receiver}, {dimension}: ± {clean:.2f} clean, ± {lossy:.2f} at 50 %, "
            f"abstains beyond {'any loss' if borne is None else f'{borne:.0%}'}{where}, "
            f"of one speaker {_percent(found.worst_speaker, d)}"
        )
    return lines


def _percent(shares: "Shares", dimension: int) -> str:
    share = shares[dimension]
    return "nothing" if share is None else f"{share:.0%}"


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add_networks(parser)
    add_corpus(parser)
    add_receiver(parser)
    add = parser.add_argument
    words = "channels a side of the plane that errors are gathered over (default: %(default)s)"
    add("--grid", type=at_least(2), default=9, metavar="POINTS", help=words)
    add("--seed", type=at_least(0), default=0, help="of the losses (default: %(default)s)")
    words = "the share of the gold standard to cover (default: %(default)s)"
    add("--coverage", type=decimal, default=0.9, metavar="SHARE", help=words)
    usual = Path("trained/results/confidence.json")
    add("--out", type=Path, default=usual, metavar="JSON", help="where bands go (default: %(default)s)")
    add_computer(parser)
    arguments = parser.parse_args()
    if not arguments.models:
        parser.error("name the recognisers: --models FILE ...")
    return arguments


if __name__ == "__main__":
    run(main)
