"""The options with which scripts name recognisers, channels and receivers."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from command_line import ManyPaths, at_least, decimal, print_notes, use_computer

from sercore.channel import CLEAN, LOSS_MODELS, Gilbert, LossModel, Parameter, channel_of, plane
from sercore.line import LINES, Line, behind, line_named
from sercore.receiver import RECEIVERS, Receiver
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
    """``--receiver`` and ``--line``, whose help lists them all."""
    add = parser.add_argument
    listed = " ".join(f"{name}: {receiver.MEANING}" for name, receiver in RECEIVERS.items())
    words = (
        f"what is done about lost frames (default: drop; of a line that conceals, the line's own). {listed}"
    )
    add("--receiver", choices=list(RECEIVERS), help=words.replace("%", "%%"))
    listed = " ".join(f"{name}: {line.MEANING}" for name, line in LINES.items())
    words = f"what carries the sound before anything is lost (default: full). {listed} Of Opus any rate."
    add("--line", metavar="NAME", type=one_line, default=LINES["full"], help=words.replace("%", "%%"))


def one_line(name: str) -> Line:
    """A line by its name, for command lines."""
    try:
        return line_named(name)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def receiver_from(arguments: Namespace) -> Receiver:
    """The receiver that the command line names, behind its line.

    Raises:
        ValueError: if the line conceals by itself and a receiver is named too.
    """
    receiver = arguments.receiver or (None if arguments.line.CONCEALS else "drop")
    return behind(arguments.line, RECEIVERS[receiver] if receiver else None)


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
