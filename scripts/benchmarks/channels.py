"""Time losses and whole planes of channels, and how the work grows (for scripts/bench.py)."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.network import BENCH, Report, networks, resident_megabytes, take_turns
from sercore.units import SAMPLE_RATE

if TYPE_CHECKING:
    import argparse

SAMPLER_FRAMES = 100_000_000
LOOP_FRAMES = 300_000  # of the frame-by-frame loop, whose time is scaled up from there
GROWTH_MINUTES = (1, 2, 4, 8, 16)
GROWTH_CHANNELS = (16, 32, 64, 128, 256)


def bench_sampler(arguments: argparse.Namespace) -> Report:
    """10^8 frames of the Gilbert chain, against a loop that moves frame by frame (scaled up)."""
    import numpy as np

    from sercore.channel.gilbert import Gilbert

    channel, rng = Gilbert(p_n=0.95, p_l=0.5), np.random.default_rng(0)

    def loop() -> None:
        received = True
        for chance in rng.random(LOOP_FRAMES):
            received = chance < channel.p_n if received else chance >= channel.p_l

    draw = partial(channel.sample, SAMPLER_FRAMES, rng)
    medians = take_turns({"plain": loop, "ours": draw}, arguments.repeats)
    tracemalloc.start()
    draw()
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


def bench_plane(arguments: argparse.Namespace) -> Report:
    """The paper's whole evaluation; ours in a process of its own, plain scaled up from some of its cells."""
    import torch

    from benchmarks.plane_bench import PlaneSize, time_plain

    size = PlaneSize(arguments.grid, arguments.tracks, arguments.track_seconds)
    found: Report = {"grid": size.grid, "tracks": size.tracks, "seconds": size.seconds, "devices": {}}
    for device in ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]:
        words: dict[str, object] = {"--grid": size.grid, "--tracks": size.tracks}
        words |= {"--track-seconds": size.seconds, "--threads": torch.get_num_threads()}
        words["--measure-plane"] = device
        command = [sys.executable, str(BENCH), *(str(word) for pair in words.items() for word in pair)]
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


def our_plane(arguments: argparse.Namespace) -> Report:
    """Time our plane in this process, with its peak memory."""
    from tqdm import tqdm

    from benchmarks.plane_bench import PlaneSize, time_ours

    size = PlaneSize(arguments.grid, arguments.tracks, arguments.track_seconds)
    found = time_ours(size, arguments.measure_plane, lambda cells: tqdm(cells, unit="cell"))
    return found | {"megabytes": resident_megabytes("VmHWM")}


def largest_difference(ours: Sequence[Sequence[float]], plain: Mapping[int, Sequence[float]]) -> float:
    """Between the scores of both, in the cells that plain has done and where a CCC is defined."""
    pairs = [pair for number, scores in plain.items() for pair in zip(ours[number], scores, strict=True)]
    return max((abs(a - b) for a, b in pairs if not math.isnan(a - b)), default=0.0)


def bench_growth(arguments: argparse.Namespace) -> Report:
    """How inference grows with minutes of audio, and a plane with its channels; 1 is in proportion."""
    return {"minutes": growth_with_minutes(arguments.repeats), "channels": growth_with_channels()}


def growth_with_minutes(repeats: int) -> Report:
    """Inference on one recording."""
    import numpy as np

    from sercore.recogniser.paper_network import predict

    model = networks()["ours"].eval()
    rng = np.random.default_rng(0)
    tracks = {
        minutes: rng.standard_normal(minutes * 60 * SAMPLE_RATE).astype(np.float32)
        for minutes in GROWTH_MINUTES
    }
    return slope(take_turns({str(n): partial(predict, model, audio) for n, audio in tracks.items()}, repeats))


def growth_with_channels() -> Report:
    """One network on two tracks of a minute; each number of channels from scratch, clean features too."""
    import numpy as np

    from benchmarks.plane_bench import PARTITION, PlaneSize, noise_corpus, random_networks
    from sercore.channel.plane import plane
    from sercore.experiment.cells import list_jobs, run_jobs
    from sercore.recogniser.paper_network import PaperNetwork

    recognisers = [PaperNetwork(model) for model in random_networks()[:1]]
    corpus = noise_corpus(PlaneSize(tracks=2, seconds=60))
    channels = [plane(21)[i] for i in np.random.default_rng(0).permutation(21 * 21)]

    def evaluate(n_channels: int) -> None:
        some = channels[:n_channels]
        jobs = list_jobs(recognisers, corpus, partitions=[PARTITION], channels=some, seeds=[0])
        for _ in run_jobs(jobs, recognisers, corpus):
            pass

    return slope(take_turns({str(n): partial(evaluate, n) for n in GROWTH_CHANNELS}, 1))


def slope(seconds: Mapping[str, float]) -> Report:
    """Of the logarithm of seconds over the logarithm of what they are named by."""
    import numpy as np

    sizes = [float(name) for name in seconds]
    found = np.polyfit(np.log(sizes), np.log(list(seconds.values())), 1)[0]
    measured = {name: round(value, 4) for name, value in seconds.items()}
    return {"seconds": measured, "log_log_slope": round(float(found), 3)}
