"""Time the network against its plain modules: a step, inference, memory (for scripts/bench.py).

Plain and ours take turns, so that a busy machine disturbs both alike.
"""

import json
import statistics
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from benchmarks.floor import floor_seconds, matrix_product, prediction_flops, step_flops
from sercore.network.model import EmotionModel, PooledConv
from sercore.recogniser.paper_network import predict
from sercore.training.memory import keep_freed_memory
from sercore.training.objective import one_minus_ccc
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

Report = dict[str, Any]

BENCH = Path(__file__).parents[1] / "bench.py"
BATCH, SEGMENT_SECONDS = 16, 20  # the paper's training step
TRACK_SECONDS = 300


class PlainModel(EmotionModel):
    """The yardstick: the same network and weights with Conv1d, ReLU and MaxPool1d one after the other."""

    def features(self, audio: Tensor) -> Tensor:
        """The convolutional half. Shape: (batch, samples) -> (batch, frames, channels)."""
        x: Tensor = self.norm(audio.unsqueeze(1))
        for block in self.blocks:
            fused = cast(PooledConv, block)
            kernel = fused.weight.shape[2]
            padded = F.pad(x, ((kernel - 1) // 2, kernel // 2))
            dense = F.relu(F.conv1d(padded, fused.weight, fused.bias))
            x = self.dropout(F.max_pool1d(dense, fused.pool_size))
        return x.transpose(1, 2)


def networks(device: str = "cpu") -> dict[str, EmotionModel]:
    """The same weights behind the plain modules and behind ours."""
    torch.manual_seed(0)
    ours, plain = EmotionModel(), PlainModel()
    plain.load_state_dict(ours.state_dict())
    return {"plain": plain.to(device), "ours": ours.to(device)}


def noise(batch: int, seconds: float, device: str = "cpu") -> Tensor:
    """Audio to time with: what it says makes no difference."""
    chance = torch.Generator().manual_seed(0)
    return torch.randn(batch, int(seconds * SAMPLE_RATE), generator=chance).to(device)


def training_step(model: EmotionModel, audio: Tensor) -> Callable[[], None]:
    """One step as in training, on the same audio each time."""
    gold = torch.randn(len(audio), audio.shape[1] // SAMPLES_PER_FRAME, 2).to(audio.device)
    return partial(learner(model), audio, gold)


def learner(model: EmotionModel) -> Callable[[Tensor, Tensor], None]:
    """A step as in training on audio and gold standards: forward, 1 - CCC, backward, Adadelta."""
    optimizer = torch.optim.Adadelta(model.train().parameters(), lr=0.5)

    def step(audio: Tensor, gold: Tensor) -> None:
        optimizer.zero_grad(set_to_none=True)
        one_minus_ccc(gold, model(audio)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        _wait(audio)

    return step


def inference(model: EmotionModel, audio: Tensor) -> Callable[[], None]:
    """Predict without gradients."""
    model.eval()

    @torch.inference_mode()
    def predict() -> None:
        model(audio)
        _wait(audio)

    return predict


def _wait(audio: Tensor) -> None:
    if audio.is_cuda:
        torch.cuda.synchronize()


def take_turns(rivals: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median seconds of each, after one call of each to warm up; the rivals alternate."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(repeats + 1):
        for name, work in rivals.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values[1:]) for name, values in times.items()}


def compare(
    rivals: Mapping[str, Callable[[], object]], seconds: float, flops: float, turns: Namespace
) -> Report:
    """Medians of rivals that do the same work on so much audio, and of the least that it can take.

    ``ratio`` is how many times ours is faster than plain; ``of_floor`` how many times as long as the floor
    each takes, measured in the same turns.
    """
    medians = take_turns({**rivals, "product": matrix_product(turns.device)}, turns.repeats)
    floor = floor_seconds(flops, medians.pop("product"))
    return {
        **{f"{name}_seconds": round(value, 4) for name, value in medians.items()},
        **{f"{name}_times_real_time": round(seconds / value) for name, value in medians.items()},
        "ratio": round(medians["plain"] / medians["ours"], 2),
        "floor_seconds": round(floor, 4),
        "of_floor": {name: round(value / floor, 2) for name, value in medians.items()},
        "gigaflops": round(flops / floor / 1e9),
    }


def bench_step(arguments: Namespace) -> Report:
    """A training step of the paper, in a process that keeps its memory as one that trains does."""
    words = [
        "--repeats",
        arguments.repeats,
        "--threads",
        torch.get_num_threads(),
        "--device",
        arguments.device,
    ]
    return {arguments.device: measured_alone(time_steps, *words)}


def time_steps(arguments: Namespace) -> Report:
    """16 segments of 20 s."""
    keep_freed_memory()
    audio = noise(BATCH, SEGMENT_SECONDS, arguments.device)
    rivals = {name: training_step(model, audio) for name, model in networks(arguments.device).items()}
    return compare(rivals, BATCH * SEGMENT_SECONDS, step_flops(audio.numel()), arguments)


def bench_inference(arguments: Namespace) -> Report:
    """Predictions for one track of 300 s: of the network, and as people ask for them."""
    audio = noise(1, TRACK_SECONDS, arguments.device)
    models = networks(arguments.device)
    rivals: dict[str, Callable[[], object]]
    rivals = {name: inference(model, audio) for name, model in models.items()}
    rivals["predict"] = partial(predict, models["ours"], audio[0].cpu().numpy())
    found = compare(rivals, TRACK_SECONDS, prediction_flops(audio.numel()), arguments)
    found["predict_of_ours"] = round(found["predict_seconds"] / found["ours_seconds"], 3)
    return {arguments.device: found}


def measured_alone(measure: Callable[[Namespace], object], *words: object) -> Any:
    """What a function measures in a process of its own, with these words as bench.py's arguments."""
    command = [sys.executable, str(BENCH), "--alone", f"{measure.__module__}:{measure.__name__}"]
    command += map(str, words)
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)


def bench_memory(_arguments: Namespace) -> Report:
    """Peak memory of a training step."""
    found: Report = {"plain": measured_alone(peak_of_plain), "ours": measured_alone(peak_of_ours)}
    for what in ("step", "process"):
        plain, ours = (found[name][f"{what}_megabytes"] for name in ("plain", "ours"))
        found[f"ratio_of_{what}"] = round(plain / ours, 2)
    return found


def peak_of_plain(_arguments: Namespace) -> Report:
    """Of the plain modules."""
    return peak_of_step("plain")


def peak_of_ours(_arguments: Namespace) -> Report:
    """Of this project's network."""
    return peak_of_step("ours")


def peak_of_step(name: str) -> Report:
    """Highest resident memory of two training steps: of the process, and above what it held before."""
    step = training_step(networks()[name], noise(BATCH, SEGMENT_SECONDS))
    training_step(networks()[name], noise(1, 1))()  # loads libraries and kernels, which are not the step's
    before = resident_megabytes("VmRSS")
    step()
    step()
    peak = resident_megabytes("VmHWM")
    return {"step_megabytes": round(peak - before, 1), "process_megabytes": round(peak, 1)}


def resident_megabytes(which: str, process: int | str = "self") -> float:
    """Resident memory of a process now (VmRSS) or at its highest (VmHWM), as Linux counts it.

    Raises:
        OSError: where there is no /proc.
    """
    status = Path("/proc", str(process), "status")
    if not status.exists():
        raise OSError("memory is read from /proc, which this system does not have")
    fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(fields[which].split()[0]) / 1024
