"""Speak, lose packets, and watch what a network makes of your emotion.

Examples:
  python scripts/live.py                                   # the microphone, without loss
  python scripts/live.py --channel gilbert:p_n=0.98,p_l=0.7,packet_ms=20 --receiver pitch --monitor
  python scripts/live.py --file speech.wav --p-n 0.9 --p-l 0.6 --record heard.wav
  python scripts/live.py --serve                           # for programs: ws://127.0.0.1:8765/
  python scripts/live.py --list-devices

Ctrl-C ends it. Nothing is kept but with --record. Headphones keep --monitor from being heard again.
What the feed of --serve says and wants to hear is in sercore/live/feed.py.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import at_least, decimal, run, script_parser, use_threads, writable_file
from networks_and_channels import add_receiver, receiver_from

if TYPE_CHECKING:  # what --help need not wait for
    import numpy as np
    from numpy.typing import NDArray

    from sercore.channel import LossModel
    from sercore.live.call import Call
    from sercore.live.screen import Screen

USUAL = Path("trained/mismatched.safetensors")
BANDS = Path("trained/results/confidence.json")
PACKET_MS = 20.0


def main() -> int:
    """Parse, follow, say how it went."""
    arguments = parse()
    from sercore.live.sound_card import devices

    if arguments.list_devices:
        print(devices())
        return 0
    if arguments.serve is not None:
        serve(arguments)
        return 0
    channel = channel_from(arguments)
    source = source_from(arguments)  # before seconds are spent on loading a network
    use_threads(arguments)
    call = call_from(arguments, channel)
    title = (
        f"{arguments.file or 'the microphone'} through {channel or 'no loss'}, receiver {call.receiver.NAME}"
    )
    meter = Meter(source)
    follow(arguments, call, title, meter)
    print(meter.said(call))
    return 2 if meter.failed else 0


class Meter:
    """What is counted while it runs."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.loudspeaker: Any = None
        self.steps: list[float] = []  # seconds that each of the last predictions took
        self.lost = self.packets = 0
        self.ended, self.failed = "", False
        self.kept: tuple[Path, ...] = ()
        self._begun, self._cpu = time.monotonic(), time.process_time()

    def took(self, seconds: float, predictions: int) -> None:
        """How long a block took, if it brought predictions."""
        self.steps = [*self.steps, seconds / predictions][-1_000:] if predictions else self.steps

    def counts(self) -> str:
        """In a line."""
        runs = f"{self.source.overruns} overruns"
        if self.loudspeaker is not None:
            runs += f", {self.loudspeaker.underruns} underruns, {self.loudspeaker.skipped} skipped"
        wall = max(time.monotonic() - self._begun, 1e-9)
        cpu = (time.process_time() - self._cpu) / wall
        steps = sorted(self.steps)
        step = f"{1000 * steps[len(steps) // 2]:.1f} ms a prediction, " if steps else ""
        return f"{self.lost / max(self.packets, 1):.0%} of packets lost; {runs}; {step}{cpu:.0%} of one core"

    def said(self, call: "Call") -> str:
        """How it went, at the end."""
        kept = "".join(f" Kept: {path}." for path in self.kept)
        return f"{self.ended} {call.seconds:.1f} s of sound; {self.counts()}.{kept}".strip()


def follow(arguments: argparse.Namespace, call: "Call", title: str, meter: Meter) -> None:
    """Until the sound ends; what is recorded is kept, however it ends."""
    from sercore.live.recording import Takes
    from sercore.live.screen import Screen
    from sercore.live.sound_card import Loudspeaker, SoundError

    with ExitStack() as opened:
        opened.enter_context(closing(meter.source))
        if arguments.monitor:
            meter.loudspeaker = opened.enter_context(closing(Loudspeaker(arguments.output)))
        takes = opened.enter_context(Takes(arguments.record)) if arguments.record else None
        meter.kept = takes.paths if takes else ()
        screen = opened.enter_context(Screen(title))
        try:
            for block in some(meter.source.listen(), arguments.seconds):
                heard = step(call, block, screen, meter)
                if takes is not None:
                    takes.write(block, heard)
        except KeyboardInterrupt:
            meter.ended = "Stopped."
        except SoundError as error:
            meter.ended, meter.failed = f"error: {error}.", True


def step(call: "Call", block: "NDArray[np.float32]", screen: "Screen", meter: Meter) -> "NDArray[np.float32]":
    """One block: heard, shown, played. Gives what a receiver hears of it."""
    from sercore.live.screen import Shown, level_of

    begun = time.perf_counter()
    new, found = call.push(block)
    meter.took(time.perf_counter() - begun, len(found))
    meter.packets += len(new.received)
    meter.lost += int((~new.received).sum())
    if meter.loudspeaker is not None:
        meter.loudspeaker.play(call.sound)
    for heard, clean in found:
        screen.show(Shown(heard, clean, level_of(block)), meter.counts())
    return call.sound


def some(blocks: Iterator[Any], seconds: float | None) -> Iterator[Any]:
    """Blocks of so many seconds; all of them, if nothing is said."""
    from sercore.units import SAMPLE_RATE

    left = float("inf") if seconds is None else seconds * SAMPLE_RATE
    for block in blocks:
        yield block[: int(min(left, len(block)))]
        left -= len(block)
        if left <= 0:
            return


def serve(arguments: argparse.Namespace) -> None:
    """The feed, until it is stopped."""
    from sercore.live.feed import Offer
    from sercore.live.serve import feed_server
    from sercore.recogniser.registry import load_recogniser
    from sercore.results.confidence import read_bands

    use_threads(arguments)
    recogniser = load_recogniser(arguments.model)
    offer = Offer({arguments.model.stem: lambda: recogniser}, arguments.token, read_bands(BANDS))
    where = {"host": arguments.host, "port": arguments.serve, "limit": arguments.limit}
    server = feed_server(offer, **where)
    print(f"ws://{arguments.host}:{arguments.serve}/", flush=True)
    server.run()


def source_from(arguments: argparse.Namespace) -> Any:
    """The microphone, or a recording."""
    from sercore.live.recording import Played
    from sercore.live.sound_card import BLOCK, Microphone

    if arguments.file is None:
        return Microphone(arguments.device)
    from sercore.audio import read_audio

    return Played(read_audio(arguments.file), BLOCK, fast=arguments.fast)


def channel_from(arguments: argparse.Namespace) -> "LossModel | None":
    """The one channel that the command line names, if it does."""
    from sercore.channel import Gilbert, channel_of

    if (arguments.p_n is None) != (arguments.p_l is None):
        raise ValueError("--p-n and --p-l name a channel together: give both")
    if arguments.channel and arguments.p_n is not None:
        raise ValueError("name one channel: --channel, or --p-n and --p-l")
    if arguments.channel:
        return channel_of(arguments.channel)
    return None if arguments.p_n is None else Gilbert(arguments.p_n, arguments.p_l)


def call_from(arguments: argparse.Namespace, channel: "LossModel | None") -> "Call":
    """The network behind the receiver behind the channel."""
    import numpy as np

    from sercore.live.call import Call
    from sercore.live.losses import Losses
    from sercore.recogniser.registry import load_recogniser
    from sercore.results.confidence import read_bands

    rng = np.random.default_rng(arguments.seed)
    return Call(
        load_recogniser(arguments.model),
        receiver_from(arguments),
        packet_ms=PACKET_MS if channel is None else channel.packet_ms,
        losses=None if channel is None else Losses(channel, rng),
        clean=channel is not None,
        causal=arguments.causal,
        bands=read_bands(BANDS),
    )


def number_or_name(text: str) -> int | str:
    """An argparse type: a device."""
    return int(text) if text.isascii() and text.isdigit() else text


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    add("--model", type=Path, default=USUAL, metavar="FILE", help="the recogniser (default: %(default)s)")
    words = "what loses packets, such as gilbert:p_n=0.98,p_l=0.7,packet_ms=20 (evaluate.py --help lists all)"
    add("--channel", metavar="NAME:PARAMETER=VALUE,...", help=words)
    add("--p-n", type=decimal, help="in place of --channel: probability to stay in N, in frames of 200 ms")
    add("--p-l", type=decimal, help="the same, to stay in L")
    add_receiver(parser)
    add("--seed", type=at_least(0), help="of the losses (another each time)")
    add("--causal", action="store_true", help="answer 200 ms earlier, without hearing the next frame")
    add("--file", type=Path, help="a recording instead of the microphone")
    add("--fast", action="store_true", help="the recording as fast as can be")
    add("--seconds", type=decimal, help="end after so much sound")
    add("--monitor", action="store_true", help="play what a receiver would hear")
    words = "keep what was heard there, and what was said in FILE.clean.wav"
    add("--record", type=Path, metavar="FILE.wav", help=words)
    add("--list-devices", action="store_true", help="list what can record and play")
    add("--device", type=number_or_name, help="number or name of the microphone")
    add("--output", type=number_or_name, help="number or name of the loudspeaker")
    words = "offer the feed, a WebSocket, at this port (default: 8765)"
    add("--serve", type=at_least(1), nargs="?", const=8765, metavar="PORT", help=words)
    add("--host", default="127.0.0.1", help="of the feed; any but this machine needs a token")
    add("--token", default="", help="what clients of the feed must know")
    words = "how many the feed follows at once; others wait (default: %(default)s)"
    add("--limit", type=at_least(1), default=4, help=words)
    add("--threads", type=at_least(1), default=1, help="processor threads (default: %(default)s)")
    arguments = parser.parse_args()
    if arguments.seconds is not None and not arguments.seconds > 0:
        parser.error(f"--seconds must be more than 0, got {arguments.seconds}")
    if arguments.record:
        writable_file(arguments.record, "--record", (".wav",))
    return arguments


if __name__ == "__main__":
    run(main)
