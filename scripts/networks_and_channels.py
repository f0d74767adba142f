"""The options with which scripts name recognisers, channels and receivers."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from command_line import ManyPaths, at_least, decimal, print_notes, use_computer

from sercore.channel import CLEAN, LOSS_MODELS, Gilbert, LossModel, Parameter, channel_of, plane
from sercore.receiver import RECEIVERS
from sercore.recogniser.foreign import Foreign
from sercore.recogniser.recogniser import Recogniser
from sercore.recogniser.registry import RECOGNISERS, load_recogniser
from sercore.units import DIMENSIONS


def add_networks(parser: ArgumentParser) -> None:
    """``--models``, whose help lists the kinds of files that recognisers are read from."""
    kinds = f"files that end in {', '.join(RECOGNISERS)}, folders of transformers or audonnx, module:function"
    words = f"recognisers of arousal and valence: {kinds}; weights have their cards beside them"
    parser.add_argument("--models", nargs="+", action=ManyPaths, type=Path, metavar="FILE", help=words)


def load_networks(arguments: Namespace) -> dict[Path, Recogniser]:
    """Each recogniser by its file, on the device that was asked for; a note says if two files hold one."""
    device = use_computer(arguments)
    loaded = {path: load_recogniser(path, device) for path in dict.fromkeys(arguments.models)}
    found = {
        path: each.only(DIMENSIONS) if isinstance(each, Foreign) else each for path, each in loaded.items()
    }
    first: dict[str, Path] = {}
    for path, recogniser in found.items():
        if (twin := first.setdefault(recogniser.key, path)) != path:
            print_notes([f"{path} holds the same network as {twin}"])
    return found


def add_channels(parser: ArgumentParser) -> None:
    """``--grid``, ``--p-n`` and ``--p-l``, and ``--channel`` of any loss model, whose help lists them all."""
    add = parser.add_argument
    named = [(name, parameter) for name, model in LOSS_MODELS.items() for parameter in model.PARAMETERS]
    listed = "; ".join(f"{name}, {_limits(p)}: {p.meaning}" for name, p in named)
    words = (
        "a channel of any loss model, as often as wanted; all take packet_ms (if not named: 200, a frame); "
    )
    words += f"models with their parameters: {listed.replace('%', '%%')}"
    add("--channel", action="append", default=[], metavar="NAME:PARAMETER=VALUE,...", help=words)
    words = "the whole plane, so many points a side from 0 to 1"
    add("--grid", type=at_least(2), default=0, metavar="POINTS", help=words)
    add("--p-n", type=decimal, help="probability to stay in N (received) for a single channel")
    add("--p-l", type=decimal, help="probability to stay in L (lost) for a single channel")


def _limits(parameter: Parameter) -> str:
    text = parameter.kind == "text"
    return parameter.name if text else f"{parameter.name} in [{parameter.low:g}, {parameter.high:g}]"


def add_receiver(parser: ArgumentParser) -> None:
    """``--receiver``, whose help lists them all."""
    listed = " ".join(f"{name}: {receiver.MEANING}" for name, receiver in RECEIVERS.items())
    words = f"what is done about lost frames (default: %(default)s). {listed.replace('%', '%%')}"
    parser.add_argument("--receiver", choices=list(RECEIVERS), default="drop", help=words)


def channels_of(arguments: Namespace) -> list[LossModel]:
    """The clean channel, and what the command line adds to it."""
    wanted = [CLEAN, *map(channel_of, arguments.channel)]
    if arguments.grid:
        wanted += plane(arguments.grid)
    if (arguments.p_n is None) != (arguments.p_l is None):
        raise ValueError("--p-n and --p-l name a channel together: give both")
    if arguments.p_n is not None:
        wanted.append(Gilbert(arguments.p_n, arguments.p_l))
    return wanted
