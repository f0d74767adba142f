"""Fit a channel to a call, draw losses from a channel, convert between the forms in which calls are known.

Examples:
  python scripts/channel.py fit call.pcapng --stream 2
  python scripts/channel.py fit webrtc_internals_dump.txt --json
  python scripts/channel.py fit "3 %, bursts of 80 ms"
  python scripts/channel.py sample gilbert:p_n=0.99,p_l=0.75,packet_ms=20 --packets 15000 --out call.txt
  python scripts/channel.py convert call.pcapng --to netem

A FILE is a capture of RTP or RTCP (pcap, pcapng; SRTP too), getStats of WebRTC or a dump of
chrome://webrtc-internals (JSON), a trace of one value a line (1 = lost), or a CSV with sequence numbers and
times. In its place may stand a line of tc netem, a channel as in the examples, or two
numbers such as '3 %, bursts of 80 ms'. What it is, is found by content. Nothing is written but with --out.

The exit code is 0 if it was done, 2 if the input cannot be used.
"""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import at_least, run, script_parser, writable_file

if TYPE_CHECKING:  # what --help need not wait for
    from sercore.channel import LossModel
    from sercore.channel.fit import CallFit
    from sercore.trace import Statistics, Trace

FORMS = ("text", "csv", "netem", "gilbert")


def main() -> None:
    """Parse, call, print."""
    arguments = parse()
    arguments.action(arguments)


def parse() -> Namespace:
    """The options of all three commands."""
    parser = script_parser(__doc__)
    commands = parser.add_subparsers(required=True, metavar="fit, sample, convert")
    words = (
        "the most likely Bernoulli, Gilbert and Gilbert-Elliott, which of them fits, and what follows from it"
    )
    fit = _command(commands, "fit", words, show_fit)
    _add_call(fit)
    words = "folder of results that the verdict rests on (default: %(default)s)"
    fit.add_argument("--results", type=Path, default=Path("trained/results"), metavar="FOLDER", help=words)
    sample = _command(commands, "sample", "draw which packets arrive", show_sample)
    sample.add_argument("channel", metavar="CHANNEL", help="such as gilbert:p_n=0.99,p_l=0.75,packet_ms=20")
    sample.add_argument("--packets", type=at_least(1), required=True, help="how many are sent")
    sample.add_argument("--seed", type=at_least(0), default=0, help="of chance (default: %(default)s)")
    convert = _command(commands, "convert", "write a call in another form", show_converted)
    _add_call(convert)
    convert.add_argument("--to", choices=FORMS, required=True, help="text and csv need packets, not counts")
    for command in (sample, convert):
        words = "file to write, .txt or .csv; otherwise it is printed"
        command.add_argument("--out", type=Path, metavar="FILE", help=words)
    return parser.parse_args()


def _command(commands: Any, name: str, words: str, action: Any) -> ArgumentParser:
    command: ArgumentParser = commands.add_parser(name, help=words, description=words)
    command.add_argument("--json", action="store_true", help="print JSON, for programs")
    command.set_defaults(action=action)
    return command


def _add_call(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a recording of a call, or words that describe it")
    words = "which of several streams: its number in the list, its SSRC, or rtcp for a capture's reports"
    command.add_argument("--stream", help=words)
    words = (
        "ms after the fastest packet; what comes later is lost (default: 200 to fit, none to copy packets)"
    )
    command.add_argument("--deadline", type=float, metavar="MS", help=words)
    words = "sound in each packet, where the recording does not say it (default: 20)"
    command.add_argument("--packet-ms", type=float, metavar="MS", help=words)


def call_of(arguments: Namespace) -> "Trace | Statistics | LossModel":
    """The call that the command line names, with whatever arrived however late."""
    from sercore.channel.call import read_call

    return read_call(arguments.file, stream=arguments.stream, packet_ms=arguments.packet_ms)


def fitted(call: "Trace | Statistics | LossModel", deadline: float | None) -> "CallFit | LossModel":
    """The fit of a recording as it is heard by who waits so long, or by ears; a channel is what it is."""
    from sercore.channel.fit import fit_call
    from sercore.channel.repair import EARS_MS
    from sercore.trace import Statistics, Trace

    if isinstance(call, Trace):
        call = call.at_deadline(EARS_MS if deadline is None else deadline)
    return fit_call(call) if isinstance(call, Trace | Statistics) else call


def show_fit(arguments: Namespace) -> None:
    """Print what is known of a call's channel."""
    from sercore.channel.fit import CallFit
    from sercore.channel.fit_summary import outlook_words, sentence_of, summary_of, table_of
    from sercore.channel.repair import outlook
    from sercore.channel.tc_line import line_of_channel
    from sercore.report.verdict import verdict_on
    from sercore.trace import Trace

    call = call_of(arguments)
    fit = fitted(call, arguments.deadline)
    verdict = verdict_on(fit.channel if isinstance(fit, CallFit) else fit, arguments.results)
    try:
        netem = line_of_channel(fit.chosen.channel if isinstance(fit, CallFit) else fit)
    except ValueError:  # a model that netem does not have
        netem = None
    if arguments.json:
        found = summary_of(fit) | {"fit": sentence_of(fit), "verdict": verdict.sentence, "netem": netem}
        if isinstance(call, Trace):
            seen = outlook(call.received, call.delay_ms, packet_ms=call.packet_ms)
            found["outlook"] = [asdict(each) for each in seen]
        print(json.dumps(found | {"judged": verdict.to_json()}, indent=1))
        return
    remarks = fit.call.remarks if isinstance(fit, CallFit) else ()
    table = table_of(fit) if isinstance(fit, CallFit) else ""
    rehearse = f"Rehearse it: tc qdisc add dev DEVICE root netem {netem}" if netem else ""
    ahead = outlook_words(call) if isinstance(call, Trace) else []
    lines = [
        verdict.sentence,
        verdict.borne,
        verdict.advice,
        verdict.limits,
        sentence_of(fit),
        table,
        *remarks,
        *ahead,
        rehearse,
    ]
    print("\n".join(line for line in lines if line))


def show_sample(arguments: Namespace) -> None:
    """Draw losses and print or write them."""
    import numpy as np

    from sercore.channel import channel_key, channel_of
    from sercore.trace import Trace

    _check_out(arguments)
    channel = channel_of(arguments.channel)
    received = channel.sample(arguments.packets, np.random.default_rng(arguments.seed))
    trace = Trace(received, channel.packet_ms, source=channel_key(channel))
    form = "csv" if arguments.out is not None and arguments.out.suffix == ".csv" else "text"
    told = {"channel": channel_key(channel), "seed": arguments.seed} | _counts(trace)
    _give(arguments, _written(trace, form), told)


def show_converted(arguments: Namespace) -> None:
    """Print or write a call in another form."""
    from sercore.channel import channel_key
    from sercore.channel.fit import CallFit
    from sercore.channel.fit_summary import gilbert_of
    from sercore.channel.tc_line import line_of_channel
    from sercore.trace import Trace

    _check_out(arguments)
    if arguments.to in ("text", "csv"):
        call = call_of(arguments)
        if not isinstance(call, Trace):
            raise ValueError(f"{arguments.file[:60]} tells no single packets; convert it to netem or gilbert")
        call = call if arguments.deadline is None else call.at_deadline(arguments.deadline)
        _give(arguments, _written(call, arguments.to), _counts(call))
        return
    fit = fitted(call_of(arguments), arguments.deadline)
    if arguments.to == "gilbert":
        said = channel_key(gilbert_of(fit))
    else:
        said = line_of_channel(fit.chosen.channel if isinstance(fit, CallFit) else fit)
    _give(arguments, said + "\n", {arguments.to: said})


def _written(trace: "Trace", form: str) -> str:
    from sercore.trace.text import csv_of, text_of

    return csv_of(trace) if form == "csv" else text_of(trace)


def _counts(trace: "Trace") -> dict[str, Any]:
    burst = trace.statistics.mean_burst
    lost = "".join("0" if each else "1" for each in trace.received)
    known = {"packets": trace.packets, "lost": trace.lost, "loss_rate": trace.loss_rate, "mean_burst": burst}
    return known | {"packet_ms": trace.packet_ms, "trace": lost}


def _check_out(arguments: Namespace) -> None:
    if arguments.out is not None:
        writable_file(arguments.out, "--out", (".txt", ".csv"))


def _give(arguments: Namespace, text: str, told: dict[str, Any]) -> None:
    """Write the text where it was asked for, and print it or what JSON tells of it."""
    from sercore.files import write_file

    if arguments.out is not None:
        write_file(arguments.out, text)
    if arguments.json:
        print(json.dumps(told, indent=1))
    elif arguments.out is None:
        print(text, end="")


if __name__ == "__main__":
    run(main)
