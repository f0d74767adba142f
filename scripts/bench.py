"""Time this project against the plain modules (Conv1d, ReLU, MaxPool1d), side by side in one run.

Examples:
  python scripts/bench.py                       # everything, a few minutes; writes bench.json
  python scripts/bench.py step inference --repeats 9
  python scripts/bench.py dashboard             # latencies in Chromium, and 40 visitors at once
  python scripts/bench.py --table bench.json    # the table that the README shows

Plain and ours take turns, so that a busy machine disturbs both alike; medians are reported. Both use the same
weights and as many threads. What PyTorch measures on a GPU is added where there is one.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sercore.audio import SAMPLE_RATE
from sercore.command_line import run

BATCH, SEGMENT_SECONDS = 16, 20  # the paper's training step
TRACK_SECONDS = 300
SAMPLER_FRAMES = 100_000_000
LOOP_FRAMES = 300_000  # of the frame-by-frame loop, whose time is scaled up from there
GROWTH_MINUTES = (1, 2, 4, 8, 16)


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    if arguments.table:
        print(table(json.loads(arguments.table.read_text(encoding="utf-8"))))
        return 0
    if arguments.measure_memory:
        print(json.dumps(peak_of_step(arguments.measure_memory)))
        return 0
    import torch

    from sercore.checkpoints import write_atomically
    from sercore.provenance import git_commit, machine, versions

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    names = arguments.what or [name for name in BENCHES if name != "dashboard"]  # that one needs Chromium
    report: dict[str, Any] = {
        "machine": machine() | {"threads": torch.get_num_threads()},
        "versions": versions(),
        "git_commit": git_commit(),
        "results": {},
    }
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        report["results"][name] = BENCHES[name](arguments.repeats)
        print(json.dumps({name: report["results"][name]}), flush=True)
    write_atomically(arguments.out, (json.dumps(report, indent=2) + "\n").encode())
    print(table(report))
    return 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", help=f"which of {', '.join(BENCHES)} (all but the last if left out)")
    parser.add_argument("--repeats", type=int, default=5, help="turns of plain and ours (default 5)")
    parser.add_argument(
        "--threads", type=int, default=0, help="threads of both (PyTorch's choice if left out)"
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where to write (bench.json)")
    parser.add_argument("--table", type=Path, help="print the table of this JSON, measure nothing")
    parser.add_argument("--measure-memory", choices=["plain", "ours"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.what if name not in BENCHES]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(BENCHES)}")
    if arguments.repeats < 1:
        parser.error(f"--repeats must be at least 1, got {arguments.repeats}")
    return arguments


def networks(device: str = "cpu") -> dict[str, Any]:
    """The same weights behind the plain modules and behind ours."""
    import torch
    from torch.nn import functional as F  # noqa: N812

    from sercore.model import EmotionModel

    class PlainModel(EmotionModel):
        def features(self, audio: torch.Tensor) -> torch.Tensor:
            x = self.norm(audio.unsqueeze(1))
            for block in self.blocks:
                kernel = block.weight.shape[2]
                padded = F.pad(x, ((kernel - 1) // 2, kernel // 2))
                dense = F.relu(F.conv1d(padded, block.weight, block.bias))
                x = self.dropout(F.max_pool1d(dense, block.pool_size))
            return x.transpose(1, 2)

    torch.manual_seed(0)
    ours, plain = EmotionModel(), PlainModel()
    plain.load_state_dict(ours.state_dict())
    return {"plain": plain.to(device), "ours": ours.to(device)}


def noise(batch: int, seconds: float, device: str = "cpu") -> Any:
    """Audio to time with: what it says makes no difference."""
    import torch

    chance = torch.Generator().manual_seed(0)
    return torch.randn(batch, int(seconds * SAMPLE_RATE), generator=chance).to(device)


def training_step(model: Any, audio: Any) -> Callable[[], None]:
    """One step as in training: forward, 1 - CCC, backward, Adadelta."""
    import torch

    from sercore.training import one_minus_ccc

    optimizer = torch.optim.Adadelta(model.train().parameters(), lr=0.5)
    gold = torch.randn(len(audio), audio.shape[1] // 3200, 2).to(audio.device)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        one_minus_ccc(gold, model(audio)).backward()
        optimizer.step()
        _wait(audio)

    return step


def inference(model: Any, audio: Any) -> Callable[[], None]:
    """Predict without gradients."""
    import torch

    model.eval()

    def predict() -> None:
        with torch.inference_mode():
            model(audio)
        _wait(audio)

    return predict


def _wait(audio: Any) -> None:
    if audio.device.type == "cuda":
        import torch

        torch.cuda.synchronize()


def take_turns(rivals: dict[str, Callable[[], None]], repeats: int) -> dict[str, float]:
    """Median seconds of each, after one call of each to warm up; the rivals alternate."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(repeats + 1):
        for name, work in rivals.items():
            start = time.perf_counter()
            work()
            if turn:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def _compare(make: Callable[[Any, Any], Callable[[], None]], batch: int, seconds: int, repeats: int) -> Any:
    import torch

    found = {}
    for device in ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]:
        audio = noise(batch, seconds, device)
        medians = take_turns({name: make(model, audio) for name, model in networks(device).items()}, repeats)
        found[device] = {f"{name}_seconds": round(value, 4) for name, value in medians.items()} | {
            f"{name}_times_real_time": round(batch * seconds / value) for name, value in medians.items()
        }
        found[device]["ratio"] = round(medians["plain"] / medians["ours"], 2)
    return found


def bench_step(repeats: int) -> Any:
    """A training step of the paper: 16 segments of 20 s."""
    return _compare(training_step, BATCH, SEGMENT_SECONDS, repeats)


def bench_inference(repeats: int) -> Any:
    """Predictions for one track of 300 s."""
    return _compare(inference, 1, TRACK_SECONDS, repeats)


def bench_memory(_repeats: int) -> Any:
    """Peak memory of a training step, each kind in a process of its own."""
    found: dict[str, Any] = {}
    for name in ("plain", "ours"):
        command = [sys.executable, __file__, "--measure-memory", name]
        answer = subprocess.run(command, capture_output=True, check=True, text=True)
        found[name] = json.loads(answer.stdout)
    for what in ("step_megabytes", "process_megabytes"):
        found[f"ratio_of_{what.split('_')[0]}"] = round(found["plain"][what] / found["ours"][what], 2)
    return found


def peak_of_step(name: str) -> dict[str, float]:
    """Highest resident memory of two training steps: of the process, and above what it held before."""
    step = training_step(networks()[name], noise(BATCH, SEGMENT_SECONDS))
    training_step(networks()[name], noise(1, 1))()  # loads libraries and kernels, which are not the step's
    before = resident_megabytes("VmRSS")
    step()
    step()
    peak = resident_megabytes("VmHWM")
    return {"step_megabytes": round(peak - before, 1), "process_megabytes": round(peak, 1)}


def resident_megabytes(which: str) -> float:
    """Resident memory now (VmRSS) or at its highest (VmHWM), as Linux counts it."""
    status = Path("/proc/self/status")
    if not status.exists():
        raise OSError("peak memory is read from /proc, which this system does not have")
    fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(fields[which].split()[0]) / 1024


def bench_import(repeats: int) -> Any:
    """Seconds of ``import sercore``, and of ``import torch`` for comparison, in fresh processes."""
    found = {}
    for module in ("sercore", "torch"):
        program = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        answers = [
            subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
            for _ in range(repeats + 1)
        ]
        found[f"{module}_seconds"] = round(statistics.median(map(float, answers[1:])), 4)
    return found


def bench_sampler(repeats: int) -> Any:
    """10^8 frames of the Gilbert chain, against a loop that moves frame by frame (scaled up)."""
    import numpy as np

    from sercore.loss_models import Gilbert

    channel, rng = Gilbert(p_n=0.95, p_l=0.5), np.random.default_rng(0)

    def loop() -> None:
        received = True
        for chance in rng.random(LOOP_FRAMES):
            received = chance < channel.p_n if received else chance >= channel.p_l

    medians = take_turns({"plain": loop, "ours": lambda: _draw(channel, rng)}, repeats)
    tracemalloc.start()
    _draw(channel, rng)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    plain = medians["plain"] * SAMPLER_FRAMES / LOOP_FRAMES
    return {
        "frames": SAMPLER_FRAMES,
        "plain_seconds": round(plain, 2),
        "plain_scaled_up_from_frames": LOOP_FRAMES,
        "ours_seconds": round(medians["ours"], 3),
        "ratio": round(plain / medians["ours"], 1),
        "peak_bytes_per_frame": round(peak / SAMPLER_FRAMES, 3),
    }


def _draw(channel: Any, rng: Any) -> None:
    channel.sample(SAMPLER_FRAMES, rng)


def bench_growth(repeats: int) -> Any:
    """How inference grows with minutes of audio; 1 is in proportion."""
    import numpy as np

    from sercore.prediction import predict

    model = networks()["ours"].eval()
    rng = np.random.default_rng(0)
    tracks = {
        str(minutes): rng.standard_normal(minutes * 60 * SAMPLE_RATE).astype(np.float32)
        for minutes in GROWTH_MINUTES
    }
    rivals = {name: lambda audio=audio: predict(model, audio) for name, audio in tracks.items()}
    seconds = take_turns(rivals, repeats)
    slope = np.polyfit(np.log(GROWTH_MINUTES), np.log(list(seconds.values())), 1)[0]
    return {
        "seconds_by_minutes": {name: round(value, 4) for name, value in seconds.items()},
        "log_log_slope": round(float(slope), 3),
    }


def bench_dashboard(repeats: int) -> Any:
    """Latencies and load of the dashboard; needs Chromium."""
    from bench_dashboard import bench_dashboard

    return bench_dashboard(repeats)


BENCHES: dict[str, Callable[[int], Any]] = {
    "step": bench_step,
    "inference": bench_inference,
    "memory": bench_memory,
    "import": bench_import,
    "sampler": bench_sampler,
    "growth": bench_growth,
    "dashboard": bench_dashboard,
}


def table(report: dict[str, Any]) -> str:
    """The results as Markdown, with the machine they were measured on."""
    lines = ["| | plain | ours | times |", "|---|---|---|---|"]
    for name, found in report["results"].items():
        lines += [f"| {' | '.join(cells)} |" for cells in ROWS[name](found)]
    machine, torch = report["machine"], report["versions"]["torch"]
    where = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['threads']} threads, PyTorch {torch}."
    )
    return "\n".join([*lines, "", where])


Cells = tuple[str, str, str, str]


def _speed_rows(title: str) -> Callable[[Any], list[Cells]]:
    def rows(found: Any) -> list[Cells]:
        return [
            (
                f"{title} ({device})",
                f"{_seconds(of['plain_seconds'])} ({of['plain_times_real_time']:,} x real time)",
                f"{_seconds(of['ours_seconds'])} ({of['ours_times_real_time']:,} x real time)",
                f"{of['ratio']:.1f}",
            )
            for device, of in found.items()
        ]

    return rows


def _memory_rows(found: Any) -> list[Cells]:
    return [
        (
            title,
            *(f"{found[kind][f'{what}_megabytes']:,.0f} MB" for kind in ("plain", "ours")),
            f"{ratio:.1f}",
        )
        for what, title in (
            ("step", "memory of a training step"),
            ("process", "the same, of the whole process"),
        )
        if (ratio := found[f"ratio_of_{what}"])
    ]


def _sampler_rows(found: Any) -> list[Cells]:
    title = f"loss of 10^{math.log10(found['frames']):.0f} frames (plain: a loop, scaled up)"
    return [
        (title, _seconds(found["plain_seconds"]), _seconds(found["ours_seconds"]), f"{found['ratio']:,.0f}")
    ]


def _dashboard_rows(found: Any) -> list[Cells]:
    def both(name: str) -> str:
        return f"{found[name]['median']:,.0f} ms (95 %: {found[name]['p95']:,.0f} ms)"

    memory = f"{found['resident_mb_before']:,} MB before, {found['resident_mb_after']:,} MB after"
    return [
        ("dashboard: cold start to the first page", "", _seconds(found["cold_start_seconds"]), ""),
        ("dragging a slider, 300 s", "", both("drag_ms"), ""),
        ("release to new predictions, 20 s", "", both("release_ms"), ""),
        ("what travels for one change", "", f"{found['kilobytes_per_change']} kB", ""),
        (f"a change while {found['users']} visitors use it", "", both("change_under_load_ms"), ""),
        ("memory of the server", "", memory, ""),
    ]


ROWS: dict[str, Callable[[Any], list[Cells]]] = {
    "step": _speed_rows("training step, 16 x 20 s"),
    "inference": _speed_rows("inference, 300 s"),
    "memory": _memory_rows,
    "import": lambda found: [("`import sercore`", "", _seconds(found["sercore_seconds"]), "")],
    "sampler": _sampler_rows,
    "growth": lambda found: [
        ("growth of inference with minutes (log-log slope)", "", f"{found['log_log_slope']:.2f}", "")
    ],
    "dashboard": _dashboard_rows,
}


def _seconds(value: float) -> str:
    return f"{value:.3g} s"


if __name__ == "__main__":
    run(main)
