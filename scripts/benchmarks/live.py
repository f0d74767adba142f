"""Time a voice that is followed, and watch the memory over hours of it (for scripts/bench.py)."""

import statistics
import sys
import time
from argparse import Namespace

import numpy as np

from benchmarks.network import Report, measured_alone, networks, noise, resident_megabytes
from sercore.channel.gilbert import Gilbert
from sercore.live.engine import Live
from sercore.live.losses import Losses
from sercore.recogniser.paper_network import PaperNetwork
from sercore.units import SAMPLE_RATE

CHANNEL = Gilbert(0.98, 0.7, packet_ms=20)
BLOCK = SAMPLE_RATE // 25  # 40 ms, as a sound card gives it
TIMED = 1_000  # predictions, once the window is full


def bench_live(arguments: Namespace) -> Report:
    """Milliseconds of a prediction on one thread, and memory over hours, in a process of its own."""
    return dict(measured_alone(follow_hours, "--threads", 1, "--live-hours", arguments.live_hours))


def follow_hours(arguments: Namespace) -> Report:
    """A minute of noise again and again, with 20 ms packets lost in bursts and concealed."""
    live = Live(PaperNetwork(networks()["ours"].eval()), "pitch", packet_ms=CHANNEL.packet_ms)
    losses = Losses(CHANNEL, np.random.default_rng(0))
    minute = 0.1 * noise(1, 60).numpy()[0]
    steps: list[float] = []
    megabytes: list[float] = []
    begun = time.perf_counter()
    for passed in range(max(2, round(60 * arguments.live_hours))):
        for block in np.split(minute, len(minute) // BLOCK):
            before = time.perf_counter()
            if (
                live.push(block, losses.draw(live.packets_in(BLOCK)))
                and len(steps) < TIMED + live.context_frames
            ):
                steps.append(1000 * (time.perf_counter() - before))
        megabytes.append(resident_megabytes("VmRSS"))
        if passed % 60 == 59:
            sys.stderr.write(f"{(passed + 1) / 60:g} h: {megabytes[-1]:.1f} MB\n")
    timed = sorted(steps[live.context_frames :])
    return {
        "step_ms": {
            "median": round(statistics.median(timed), 2),
            "p95": round(timed[int(0.95 * len(timed))], 2),
        },
        "hours": len(megabytes) / 60,
        "times_real_time": round(len(megabytes) * 60 / (time.perf_counter() - begun)),
        "megabytes_after_a_minute": megabytes[0],
        "megabytes_at_the_end": megabytes[-1],
        "megabytes_at_most": max(megabytes),
    }
