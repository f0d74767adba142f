"""The options with which scripts name recognisers, channels and receivers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import at_least, use_computer

if TYPE_CHECKING:
    from sercore.channel import LossModel
    from sercore.recogniser.recogniser import Recogniser


def add_networks(parser: ArgumentParser) -> None:
    """``--models``, whose help lists the kinds of files that recognisers are read from."""
    from sercore.recogniser.registry import RECOGNISERS

    kinds = ", ".join(RECOGNISERS)
    words = f"recognisers: files that end in {kinds}; weights have their cards beside them"
    parser.add_argument("--models", nargs="+", type=Path, metavar="FILE", help=words)


def load_networks(arguments: Namespace) -> dict[Path, Recogniser]:
    """Each recogniser by its file, on the device that was asked for."""
    from sercore.recogniser.registry import load_recogniser

    device = use_computer(arguments)
    return {path: load_recogniser(path, device) for path in dict.fromkeys(arguments.models)}


def add_channels(parser: ArgumentParser) -> None:
    """``--grid``, ``--p-n`` and ``--p-l``, and ``--channel`` of any loss model, whose help lists them all."""
    from sercore.channel import LOSS_MODELS

    add = parser.add_argument
    listed = "; ".join(
        f"{name}, {p.name} in [{p.low:g}, {p.high:g}]: {p.meaning}".replace("%", "%%")
        for name, model in LOSS_MODELS.items()
        for p in model.PARAMETERS
    )
    words = f"a channel of any loss model, as often as wanted; models with their parameters: {listed}"
    add("--channel", action="append", default=[], metavar="NAME:PARAMETER=VALUE,...", help=words)
    words = "the whole plane, so many points a side from 0 to 1"
    add("--grid", type=at_least(2), default=0, metavar="POINTS", help=words)
    add("--p-n", type=float, help="probability to stay in N (received) for a single channel")
    add("--p-l", type=float, help="probability to stay in L (lost) for a single channel")


def add_receiver(parser: ArgumentParser) -> None:
    """``--receiver``, whose help lists them all."""
    from sercore.receiver import RECEIVERS

    listed = " ".join(
        f"{name}: {receiver.MEANING}".replace("%", "%%") for name, receiver in RECEIVERS.items()
    )
    words = f"what is done about lost frames (default: %(default)s). {listed}"
    parser.add_argument("--receiver", choices=list(RECEIVERS), default="drop", help=words)


def channels_of(arguments: Namespace) -> list[LossModel]:
    """The clean channel, and what the command line adds to it."""
    from sercore.channel import CLEAN, Gilbert, channel_of, plane

    wanted = [CLEAN, *map(channel_of, arguments.channel)]
    if arguments.grid:
        wanted += plane(arguments.grid)
    if (arguments.p_n is None) != (arguments.p_l is None):
        raise ValueError("--p-n and --p-l name a channel together: give both")
    if arguments.p_n is not None:
        wanted.append(Gilbert(arguments.p_n, arguments.p_l))
    return wanted
