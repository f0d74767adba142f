"""Time this project against the plain modules (Conv1d, ReLU, MaxPool1d), side by side in one run.

Examples:
  python scripts/bench.py                       # everything, a few minutes; writes bench.json
  python scripts/bench.py step inference --repeats 9
  python scripts/bench.py dashboard             # latencies in Chromium, and 40 visitors at once
  python scripts/bench.py --median 1.json 2.json 3.json --out bench.json   # three runs as one
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
GROWTH_CHANNELS = (16, 32, 64, 128, 256)


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.speed_report import median_report, speed_table

    if arguments.median:
        from sercore.checkpoints import write_atomically

        report = median_report([json.loads(path.read_text(encoding="utf-8")) for path in arguments.median])
        write_atomically(arguments.out, (json.dumps(report, indent=2) + "\n").encode())
        print(speed_table(report))
        return 0
    if arguments.table:
        print(speed_table(json.loads(arguments.table.read_text(encoding="utf-8"))))
        return 0
    if arguments.measure_memory:
        print(json.dumps(peak_of_step(arguments.measure_memory)))
        return 0
    import torch

    from sercore.checkpoints import write_atomically
    from sercore.provenance import git_commit, machine, versions

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.measure_plane:
        print(json.dumps(our_plane(arguments)))
        return 0
    names = arguments.what or [name for name in BENCHES if name != "dashboard"]  # that one needs Chromium
    gpu = {"gpu": torch.cuda.get_device_name()} if torch.cuda.is_available() else {}
    report: dict[str, Any] = {
        "machine": machine() | gpu | {"threads": torch.get_num_threads()},
        "versions": versions(),
        "git_commit": git_commit(),
        "results": {},
    }
    report["results"] = earlier_results(arguments.out, report)
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        report["results"][name] = BENCHES[name](arguments)
        print(json.dumps({name: report["results"][name]}), flush=True)
    write_atomically(arguments.out, (json.dumps(report, indent=2) + "\n").encode())
    print(speed_table(report))
    return 0


def earlier_results(path: Path, report: dict[str, Any]) -> dict[str, Any]:
    """What the file holds of the same code on the same machine: it can be filled bit by bit."""
    if not path.exists():
        return {}
    earlier = json.loads(path.read_text(encoding="utf-8"))
    same = all(earlier.get(name) == report[name] for name in ("machine", "versions", "git_commit"))
    return earlier["results"] if same else {}


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", nargs="*", help=f"which of {', '.join(BENCHES)} (all but the last if left out)"
    )
    parser.add_argument("--repeats", type=int, default=5, help="turns of plain and ours (default 5)")
    parser.add_argument(
        "--threads", type=int, default=0, help="threads of both (PyTorch's choice if left out)"
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where to write (bench.json)")
    parser.add_argument("--table", type=Path, help="print the table of this JSON, measure nothing")
    parser.add_argument(
        "--median", type=Path, nargs="+", metavar="FILE", help="make one of several runs, measure nothing"
    )
    parser.add_argument("--grid", type=int, default=21, help="points a side of the plane (default 21)")
    parser.add_argument("--tracks", type=int, default=15, help="tracks of the plane (default 15)")
    parser.add_argument("--track-seconds", type=float, default=300, help="length of each (default 300)")
    parser.add_argument(
        "--plain-cells", type=int, default=6, help="random cells that the plain plane is scaled up from (6)"
    )
    parser.add_argument("--seed", type=int, default=0, help="decides those cells (default 0)")
    parser.add_argument("--measure-plane", choices=["cpu", "cuda"], help=argparse.SUPPRESS)
    parser.add_argument("--measure-memory", choices=["plain", "ours"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.what if name not in BENCHES]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(BENCHES)}")
    for name in ("repeats", "tracks", "plain_cells"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1, got {getattr(arguments, name)}")
    if not arguments.track_seconds >= 1:
        parser.error(f"--track-seconds must be at least 1, got {arguments.track_seconds}")
    return arguments


def networks(device: str = "cpu") -> dict[str, Any]:
    """The same weights behind the plain modules and behind ours."""
    import torch

    from sercore.model import EmotionModel
    from sercore.plain_model import PlainModel

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


def bench_step(arguments: argparse.Namespace) -> Any:
    """A training step of the paper: 16 segments of 20 s."""
    return _compare(training_step, BATCH, SEGMENT_SECONDS, arguments.repeats)


def bench_inference(arguments: argparse.Namespace) -> Any:
    """Predictions for one track of 300 s."""
    return _compare(inference, 1, TRACK_SECONDS, arguments.repeats)


def bench_memory(_arguments: argparse.Namespace) -> Any:
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


def bench_import(arguments: argparse.Namespace) -> Any:
    """Seconds of ``import sercore``, and of ``import torch`` for comparison, in fresh processes."""
    found = {}
    for module in ("sercore", "torch"):
        program = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        answers = [
            subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
            for _ in range(arguments.repeats + 1)
        ]
        found[f"{module}_seconds"] = round(statistics.median(map(float, answers[1:])), 4)
    return found


def bench_sampler(arguments: argparse.Namespace) -> Any:
    """10^8 frames of the Gilbert chain, against a loop that moves frame by frame (scaled up)."""
    import numpy as np

    from sercore.loss_models import Gilbert

    channel, rng = Gilbert(p_n=0.95, p_l=0.5), np.random.default_rng(0)

    def loop() -> None:
        received = True
        for chance in rng.random(LOOP_FRAMES):
            received = chance < channel.p_n if received else chance >= channel.p_l

    medians = take_turns({"plain": loop, "ours": lambda: _draw(channel, rng)}, arguments.repeats)
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


def bench_plane(arguments: argparse.Namespace) -> Any:
    """The paper's whole evaluation; ours in a process of its own, plain scaled up from some of its cells."""
    import torch

    from sercore.plane_bench import PlaneSize, time_plain

    size = PlaneSize(arguments.grid, arguments.tracks, arguments.track_seconds)
    found: dict[str, Any] = {"grid": size.grid, "tracks": size.tracks, "seconds": size.seconds, "devices": {}}
    for device in ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]:
        words = {"--grid": size.grid, "--tracks": size.tracks, "--track-seconds": size.seconds}
        words |= {"--threads": torch.get_num_threads(), "--measure-plane": device}
        command = [sys.executable, __file__, *(str(word) for pair in words.items() for word in pair)]
        ours = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
        plain = time_plain(size, arguments.plain_cells, arguments.seed, device)
        found["devices"][device] = {
            "cells": ours["cells"],
            "ours_seconds": round(ours["seconds"], 2),
            "ours_megabytes": round(ours["megabytes"], 1),
            "plain_seconds": round(plain["seconds"], 1),
            "plain_cells": len(plain["scores"]),
            "plain_seed": arguments.seed,
            "plain_share_of_frames": round(plain["share"], 4),
            "ratio": round(plain["seconds"] / ours["seconds"], 1),
            "largest_difference_of_ccc": largest_difference(ours["scores"], plain["scores"]),
        }
    return found


def our_plane(arguments: argparse.Namespace) -> dict[str, Any]:
    """Time our plane in this process, with its peak memory."""
    from tqdm import tqdm

    from sercore.plane_bench import PlaneSize, time_ours

    size = PlaneSize(arguments.grid, arguments.tracks, arguments.track_seconds)
    found = time_ours(size, arguments.measure_plane, lambda cells: tqdm(cells, unit="cell"))
    return found | {"megabytes": resident_megabytes("VmHWM")}


def largest_difference(ours: list, plain: dict[int, list[float]]) -> float:
    """Between the scores of both, in the cells that plain has done and where a CCC is defined."""
    pairs = [pair for number, scores in plain.items() for pair in zip(ours[number], scores, strict=True)]
    return max((abs(a - b) for a, b in pairs if not math.isnan(a - b)), default=0.0)


def bench_growth(arguments: argparse.Namespace) -> Any:
    """How inference grows with minutes of audio, and a plane with its channels; 1 is in proportion."""
    return {"minutes": growth_with_minutes(arguments.repeats), "channels": growth_with_channels()}


def growth_with_minutes(repeats: int) -> Any:
    """Inference on one recording."""
    import numpy as np

    from sercore.prediction import predict

    model = networks()["ours"].eval()
    rng = np.random.default_rng(0)
    tracks = {
        minutes: rng.standard_normal(minutes * 60 * SAMPLE_RATE).astype(np.float32)
        for minutes in GROWTH_MINUTES
    }
    rivals = {str(n): lambda audio=audio: predict(model, audio) for n, audio in tracks.items()}
    return slope(take_turns(rivals, repeats))


def growth_with_channels() -> Any:
    """One network on two tracks of a minute; each number of channels from scratch, clean features too."""
    import numpy as np

    from sercore.evaluation import plane
    from sercore.plane_bench import PARTITION, PlaneSize, noise_corpus, random_networks
    from sercore.sweeps import list_jobs, run_jobs

    models, corpus = random_networks()[:1], noise_corpus(PlaneSize(tracks=2, seconds=60))
    channels = [plane(21)[i] for i in np.random.default_rng(0).permutation(21 * 21)]

    def evaluate(n_channels: int) -> None:
        jobs = list_jobs(models, corpus, partitions=[PARTITION], channels=channels[:n_channels], seeds=[0])
        for _ in run_jobs(jobs, models, corpus):
            pass

    rivals = {str(n): lambda n=n: evaluate(n) for n in GROWTH_CHANNELS}
    return slope(take_turns(rivals, 1))


def slope(seconds: dict[str, float]) -> dict[str, Any]:
    """Of the logarithm of seconds over the logarithm of what they are named by."""
    import numpy as np

    sizes = [float(name) for name in seconds]
    found = np.polyfit(np.log(sizes), np.log(list(seconds.values())), 1)[0]
    measured = {name: round(value, 4) for name, value in seconds.items()}
    return {"seconds": measured, "log_log_slope": round(float(found), 3)}


def bench_dashboard(arguments: argparse.Namespace) -> Any:
    """Latencies and load of the dashboard; needs Chromium."""
    from bench_dashboard import bench_dashboard

    return bench_dashboard(arguments.repeats)


BENCHES: dict[str, Callable[[argparse.Namespace], Any]] = {
    "step": bench_step,
    "inference": bench_inference,
    "memory": bench_memory,
    "plane": bench_plane,
    "import": bench_import,
    "sampler": bench_sampler,
    "growth": bench_growth,
    "dashboard": bench_dashboard,
}


if __name__ == "__main__":
    run(main)
