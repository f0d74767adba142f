"""Time training steps whose segments pass lines, as with ``train.py --lines`` (for scripts/bench.py)."""

from argparse import Namespace

import numpy as np
import torch

from benchmarks.network import (
    BATCH,
    SEGMENT_SECONDS,
    Report,
    learner,
    measured_alone,
    networks,
    noise,
    take_turns,
)
from sercore.training.loop import through_lines
from sercore.training.memory import keep_freed_memory
from sercore.units import SAMPLES_PER_FRAME

TURNS = 4  # times as many as of other benches: each step draws other lines, and some take longer


def bench_lines(arguments: Namespace) -> Report:
    """A training step of the paper with lines against one without, in a process of its own."""
    words = ["--repeats", TURNS * arguments.repeats, "--threads", torch.get_num_threads()]
    found: Report = measured_alone(time_lines, *words)
    return found


def time_lines(arguments: Namespace) -> Report:
    """Both take turns, on the same network and sound."""
    keep_freed_memory()
    learn, audio = learner(networks()["ours"]), noise(BATCH, SEGMENT_SECONDS)
    gold = torch.randn(BATCH, audio.shape[1] // SAMPLES_PER_FRAME, 2)
    chance = np.random.default_rng(0)
    rivals = {
        "plain": lambda: learn(audio, gold),
        "lines": lambda: learn(torch.from_numpy(through_lines(audio.numpy(), chance)), gold),
    }
    medians = take_turns(rivals, arguments.repeats)
    return {
        **{f"{name}_seconds": round(value, 4) for name, value in medians.items()},
        "ratio": round(medians["lines"] / medians["plain"], 3),
    }
