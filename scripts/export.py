"""Write a network as ONNX or TorchScript, to be run without this package.

Examples:
  python scripts/export.py trained/mismatched.safetensors
  python scripts/export.py trained/mismatched.safetensors --to torchscript --out emotion.pt

Its input is mono speech at 16 kHz of any length, full scale at 1; its output arousal and valence at 5 Hz.
ONNX needs a further package: pip install -e ".[export]"
"""

import argparse
from pathlib import Path

from command_line import run, script_parser, writable_file

SUFFIXES = {"onnx": ".onnx", "torchscript": ".pt"}


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    from sercore.files import write_file
    from sercore.network.export import FORMATS
    from sercore.network.loss_aware import LossAwareModel
    from sercore.network.weights import load_model

    out = arguments.out or Path(arguments.network.with_suffix(SUFFIXES[arguments.to]).name)
    writable_file(out, "--out")
    network = load_model(arguments.network)
    if network.card.annotation_delay_seconds or network.card.post_processing:
        raise ValueError(f"{arguments.network} is finished by post-processing, which an export cannot hold")
    if isinstance(network, LossAwareModel):
        raise ValueError(f"{arguments.network} is told what is lost, for which an export has no input")
    try:
        content = FORMATS[arguments.to](network)
    except ModuleNotFoundError as error:
        raise ValueError(f'{error.name} is not installed: pip install -e ".[export]"') from None
    write_file(out, content)
    print(f"{out} holds {network.card.setting_name} ({len(content) / 1e6:.1f} MB)")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    add("network", type=Path, metavar="WEIGHTS", help="the network's .safetensors file")
    add("--to", choices=list(SUFFIXES), default="onnx", help="the format (default: %(default)s)")
    words = "where it goes (default: here, by the name of the weights)"
    add("--out", type=Path, metavar="FILE", help=words)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
