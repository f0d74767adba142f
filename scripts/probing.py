"""The options and the course of a probe that scripts/probe.py, corrupt.py and score.py share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import at_least, decimal, print_notes, writable_folder

from sercore.channel import LossModel
from sercore.receiver import RECEIVERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sercore.engines import Outcome
    from sercore.experiment.probe.conditions import Condition, NamedChannel
    from sercore.experiment.probe.opening import Job, Wanted
    from sercore.results.probed import Probed

JSON, PAGE = "probe.json", "probe.html"


def add_recordings(parser: ArgumentParser) -> None:
    """RECORDINGS, ``--labels`` and ``--seconds``."""
    add = parser.add_argument
    words = "a folder of sound, the folder of a corpus, 'default' or 'demo'"
    add("recordings", metavar="RECORDINGS", help=words)
    add_labels(parser)
    add("--seconds", type=decimal, help="take only so much of the beginning of each recording")


def add_labels(parser: ArgumentParser) -> None:
    """``--labels``."""
    words = (
        "CSV with the column file, perhaps time in seconds, and labels: numbers such as arousal and valence, "
    )
    words += "or words such as emotion; speaker, sex, language, age and group say who speaks "
    words += "(default: labels.csv in the folder, if it is there)"
    parser.add_argument("--labels", type=Path, metavar="TABLE", help=words)


def add_losses(parser: ArgumentParser) -> None:
    """Which channels, receivers and lines."""
    add = parser.add_argument
    words = "loss rates of packets, 0 to 1, in bursts of 80 ms (default, if no channel is named: 0.01 to 0.5)"
    add("--rising", nargs="*", type=decimal, metavar="RATE", help=words)
    add("--presets", action="store_true", help="channels with a name: the paper's corners, examples of calls")
    add(
        "--grid",
        type=at_least(2),
        default=0,
        metavar="POINTS",
        help="the paper's plane, so many points a side",
    )
    words = "a call: a capture, statistics, a trace, a line of tc netem, a channel's key, or words such as "
    words += "'3 %%, bursts of 80 ms'; as often as wanted"
    add("--call", action="append", default=[], metavar="CALL", help=words)
    words = (
        f"of {', '.join(RECEIVERS)}, all, a line's such as opus-24-fec, or LINE+RECEIVER such as g711+pitch"
    )
    words += " (default: silence drop pitch)"
    add("--receivers", nargs="+", metavar="NAME", help=words)
    add(
        "--loss-seeds",
        type=at_least(1),
        default=1,
        help="draws of the losses a channel (default: %(default)s)",
    )
    add("--no-ladder", action="store_true", help="leave out the ladder of the line: narrow band, G.711, Opus")


def add_scales(parser: ArgumentParser) -> None:
    """What the model and the labels do not say of themselves."""
    add = parser.add_argument
    two: dict[str, Any] = {"nargs": 2, "type": decimal, "metavar": ("LOW", "HIGH")}
    words = (
        "what the model's outputs may be (default: as it declares, or learned from what it says without loss)"
    )
    add("--scale", help=words, **two)
    words = "what the labels may be (default: as the model's, where they fit, or -1 1)"
    add("--label-scale", help=words, **two)
    add("--no-labels", action="store_true", help="hold the model against its own answers without loss")


def channels_of(arguments: Namespace) -> list[NamedChannel]:
    """The channels that the command line names; a rising loss, if it names none."""
    from sercore.experiment.probe.conditions import (
        CALL,
        RISING_RATES,
        NamedChannel,
        presets,
        rising_loss,
        whole_plane,
    )

    others = arguments.presets or arguments.grid or arguments.call
    rates = arguments.rising or (RISING_RATES if arguments.rising is not None or not others else ())
    found = rising_loss(rates)
    found += presets() if arguments.presets else []
    found += [NamedChannel(CALL, call[:60], _call(call)) for call in arguments.call]
    found += whole_plane(arguments.grid) if arguments.grid else []
    return found


def _call(text: str) -> LossModel:
    import numpy as np

    from sercore.channel.call import read_call
    from sercore.channel.fit import fit_call
    from sercore.channel.recorded import Recorded
    from sercore.channel.repair import EARS_MS
    from sercore.trace import Statistics, Trace

    call = read_call(text)
    if isinstance(call, Trace):
        call = call.at_deadline(EARS_MS)
    channel = fit_call(call).channel if isinstance(call, Trace | Statistics) else call
    if isinstance(channel, Recorded):  # by its path, so that scripts/score.py can read it again
        with suppress(ValueError):
            by_path = Recorded(text, packet_ms=channel.packet_ms)
            channel = by_path if np.array_equal(by_path.received, channel.received) else channel
    if channel.loss_rate == 0:
        raise ValueError(f"the call {text[:60]} loses nothing: there is nothing to probe")
    return channel


def conditions_of(
    arguments: Namespace, channels: Sequence[NamedChannel]
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """What the command line names: channels and receivers, and the ladder of the line.

    Raises:
        ValueError: if there is no such receiver, or it cannot have such packets.
        OSError: if this machine lacks what a line needs.
    """
    from sercore.experiment.probe import conditions

    named = arguments.receivers or conditions.RECEIVERS_OF_USE
    named = [*RECEIVERS, *named] if "all" in named else named
    receivers = [name for name in dict.fromkeys(named) if name != "all"]
    found = conditions.conditions_of(channels, receivers, arguments.loss_seeds)
    for each in {(each.channel.packet_ms, each.receiver): each for each in found}.values():
        conditions.try_out(each)
    return tuple(found), () if arguments.no_ladder else tuple(conditions.ladder(arguments.loss_seeds))


def probe(
    wanted: Wanted,
    channels: Sequence[NamedChannel],
    out: Path,
    engine: Callable[[Sequence[Job]], Iterator[Outcome | int | None]],
) -> Probed:
    """Do what is missing with a progress bar, write the page and the JSON, and print what was found.

    Raises:
        ValueError: if a job failed; the first says why.
    """
    from sercore.experiment.probe.opening import jobs_of, opened, scale_of
    from sercore.experiment.probe.summary import summarised
    from sercore.files import write_file
    from sercore.report.probe_page import probe_page
    from sercore.report.probe_words import sentences
    from sercore.results.probed import write_probed

    writable_folder(out, "--out")
    found = opened(wanted)
    print_notes(found.recordings.notes)
    work(jobs_of(wanted), engine, "without loss", 1)
    scale = scale_of(found)
    work(jobs_of(wanted, scale), engine, "with loss", len(found.every))
    probed = summarised(found, scale, channels)
    write_probed(out / JSON, probed)
    write_file(out / PAGE, probe_page(probed))
    print("\n".join(sentences(probed)))
    print(f"The page is {out / PAGE}, the numbers are in {out / JSON}.")
    return probed


def work(
    jobs: Sequence[Job],
    engine: Callable[[Sequence[Job]], Iterator[Outcome | int | None]],
    what: str,
    steps: int,
) -> None:
    """Run jobs of so many steps each, with the time that is left."""
    from tqdm import tqdm

    from sercore.engines import Outcome

    ended = 0
    with tqdm(total=len(jobs) * steps, desc=what, unit="answer") as bar:
        for told in engine(jobs):
            if isinstance(told, Outcome):
                ended += 1
                if told.error:
                    raise ValueError(told.error)
            within = told if isinstance(told, int) else 0
            bar.update(ended * steps + within - bar.n)


def wanted_of(arguments: Namespace, model: str, **more: Any) -> Wanted:
    """What the options of ``add_labels`` and ``add_scales`` ask for."""
    from sercore.experiment.probe.opening import Said, Wanted

    said = Said(scale=tuple(arguments.scale) if arguments.scale else None)
    label_scale = tuple(arguments.label_scale) if arguments.label_scale else None
    for low, high in filter(None, (said.scale, label_scale)):
        if not -1e6 < low < high < 1e6:
            raise ValueError(f"a scale runs from a lower to a higher number, got {low:g} {high:g}")
    shared: dict[str, Any] = {
        "labels": arguments.labels,
        "use_labels": not arguments.no_labels,
        "label_scale": label_scale,
    }
    return replace(Wanted(model, "", Path(), ()), said=said, **shared, **more)
