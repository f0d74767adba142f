"""Time training steps whose segments pass lines, as with ``train.py --lines`` (for scripts/bench.py)."""

from argparse import Namespace
from functools import partial

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
from sercore.training.loop import pass_lines
from sercore.training.memory import keep_freed_memory
from sercore.training.segments import batches
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
    learn, chance = learner(networks()["ours"]), np.random.default_rng(0)
    audio = noise(BATCH, SEGMENT_SECONDS).numpy()
    gold = torch.randn(BATCH, audio.shape[1] // SAMPLES_PER_FRAME, 2).numpy()
    segments = list(zip(audio, gold, strict=True))

    def step(*, lines: bool) -> None:
        heard, told = next(batches(segments, chance, BATCH))
        if lines:
            pass_lines(heard, chance)
        learn(torch.from_numpy(heard), torch.from_numpy(told))

    rivals = {"plain": partial(step, lines=False), "lines": partial(step, lines=True)}
    medians = take_turns(rivals, arguments.repeats)
    return {
        **{f"{name}_seconds": round(value, 4) for name, value in medians.items()},
        "ratio": round(medians["lines"] / medians["plain"], 3),
    }
