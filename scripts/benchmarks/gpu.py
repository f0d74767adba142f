"""What a GPU has to show in one go: that it computes the same, how fast, and one whole training.

All of it runs on a processor too (``--device cpu``), where TF32 changes nothing.
"""

import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.network import (
    BATCH,
    SEGMENT_SECONDS,
    TRACK_SECONDS,
    Report,
    inference,
    networks,
    noise,
    take_turns,
    training_step,
)
from benchmarks.plane import noise_corpus
from sercore.corpus import Corpus
from sercore.network.model import EmotionModel
from sercore.training.loop import train
from sercore.training.plan import TrainingPlan
from sercore.training.state import new_state

EQUALITY = ("tests/network/test_pooled_conv_gpu.py", "tests/network/test_model.py")
ROOT = Path(__file__).parents[2]
TRAINING_TRACKS, DEVEL_TRACKS = 16, 2


def bench_gpu(arguments: Namespace) -> Report:
    """Equality, a step and a prediction in every way to run them, and a training, on one device."""
    device = arguments.device
    found: Report = {"equality": equality_tests(), "largest_difference": largest_difference(device)}
    for name, make, audio in (
        ("step", training_step, noise(BATCH, SEGMENT_SECONDS, device)),
        ("inference", inference, noise(1, TRACK_SECONDS, device)),
    ):
        found[name] = {
            f"{'compiled' if compiled else 'eager'}, TF32 {'on' if tf32 else 'off'}": seconds_of(
                make, audio, compiled=compiled, tf32=tf32, repeats=arguments.repeats
            )
            for compiled in (False, True)
            for tf32 in (False, True)
        }
    found["training"] = whole_training(device, arguments.train_epochs)
    return {device: found}


def equality_tests() -> str:
    """What pytest says of the tests that compare with the plain modules."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *EQUALITY]
    said = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    lines = said.stdout.strip().splitlines() or said.stderr.strip().splitlines()
    return lines[-1] if lines else f"pytest ended with {said.returncode}"


@torch.inference_mode()
def largest_difference(device: str) -> float:
    """Between what the network predicts on the device and what the plain one does in float64."""
    audio, models = noise(2, 10), networks()
    wanted = models["plain"].double().eval()(audio.double())
    found = models["ours"].to(device).eval()(audio.to(device))
    return float((found.cpu() - wanted).abs().max())


def seconds_of(
    make: Callable[[EmotionModel, Tensor], Callable[[], None]],
    audio: Tensor,
    *,
    compiled: bool,
    tf32: bool,
    repeats: int,
) -> float | str:
    """Median seconds; or what PyTorch says where it cannot compile."""
    model = networks(str(audio.device))["ours"]
    if compiled:
        model.compile()
    try:
        with _tf32(tf32):
            return round(take_turns({"ours": make(model, audio)}, repeats)["ours"], 5)
    except Exception as error:
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
    finally:
        torch.compiler.reset()


@contextmanager
def _tf32(on: bool) -> Iterator[None]:
    switches: tuple[Any, ...] = (torch.backends.cuda.matmul, torch.backends.cudnn)
    before = [switch.allow_tf32 for switch in switches]
    try:
        for switch in switches:
            switch.allow_tf32 = on
        yield
    finally:
        for switch, was in zip(switches, before, strict=True):
            switch.allow_tf32 = was


def whole_training(device: str, epochs: int) -> Report:
    """A training as in the paper, on noise: as many tracks, and by default as many epochs."""
    tracks = noise_corpus(TRAINING_TRACKS + DEVEL_TRACKS, TRACK_SECONDS).tracks
    partitions = ["train"] * TRAINING_TRACKS + ["devel"] * DEVEL_TRACKS
    placed = [replace(track, partition=name) for track, name in zip(tracks, partitions, strict=True)]
    plan = TrainingPlan(epochs=epochs)
    begin = time.perf_counter()
    state = train(Corpus("noise", tuple(placed)), plan, new_state(plan, torch.device(device)))
    return {"epochs": epochs, "steps": state.steps, "seconds": round(time.perf_counter() - begin, 1)}
