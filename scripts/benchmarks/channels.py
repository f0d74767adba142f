"""Time losses, and how the work grows with minutes and with channels (for scripts/bench.py)."""

import tracemalloc
from argparse import Namespace
from collections.abc import Mapping
from functools import partial

import numpy as np

from benchmarks.network import Report, networks, take_turns
from benchmarks.plane import LOSS_SEED, PARTITION, noise_corpus, random_networks
from sercore.channel import Gilbert, channel_key, plane
from sercore.channel.registry import models_of_numbers
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.recogniser.paper_network import predict
from sercore.units import SAMPLE_RATE

SAMPLER_FRAMES = 100_000_000
LOOP_FRAMES = 300_000  # of the frame-by-frame loop, whose time is scaled up from there
GROWTH_MINUTES = (1, 2, 4, 8, 16)
GROWTH_CHANNELS = (16, 32, 64, 128, 256)


def bench_sampler(arguments: Namespace) -> Report:
    """10^8 frames of the Gilbert chain, against a loop frame by frame (scaled up); and other models."""
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
        "packets_per_second": packets_per_second(arguments.repeats),
    }


def packets_per_second(repeats: int) -> Report:
    """How fast each loss model draws, as its controls begin."""
    usual = [model(*(each.default for each in model.PARAMETERS)) for model in models_of_numbers().values()]
    rng = np.random.default_rng(0)
    draws = {channel_key(channel): partial(channel.sample, SAMPLER_FRAMES, rng) for channel in usual}
    for channel in usual:
        channel.sample(SAMPLER_FRAMES // 1_000, rng)  # compiles
    medians = take_turns(draws, repeats)
    return {key: round(SAMPLER_FRAMES / seconds) for key, seconds in medians.items()}


def bench_growth(arguments: Namespace) -> Report:
    """How inference grows with minutes of audio, and a plane with its channels; 1 is in proportion."""
    return {"minutes": growth_with_minutes(arguments.repeats), "channels": growth_with_channels()}


def growth_with_minutes(repeats: int) -> Report:
    """Inference on one recording."""
    model, rng = networks()["ours"].eval(), np.random.default_rng(0)
    tracks = {n: rng.standard_normal(n * 60 * SAMPLE_RATE).astype(np.float32) for n in GROWTH_MINUTES}
    return slope(take_turns({str(n): partial(predict, model, audio) for n, audio in tracks.items()}, repeats))


def growth_with_channels() -> Report:
    """One network on two tracks of a minute; each number of channels from scratch, clean features too."""
    recognisers, corpus = random_networks()[:1], noise_corpus(2, 60)
    channels = [plane(21)[i] for i in np.random.default_rng(0).permutation(21 * 21)]

    def evaluate(n_channels: int) -> None:
        some = channels[:n_channels]
        jobs = list_jobs(recognisers, corpus, partitions=[PARTITION], channels=some, seeds=[LOSS_SEED])
        for _ in run_jobs(jobs, recognisers, corpus):
            pass

    return slope(take_turns({str(n): partial(evaluate, n) for n in GROWTH_CHANNELS}, 1))


def slope(seconds: Mapping[str, float]) -> Report:
    """Of the logarithm of seconds over the logarithm of what they are named by."""
    sizes = [float(name) for name in seconds]
    found = np.polyfit(np.log(sizes), np.log(list(seconds.values())), 1)[0]
    measured = {name: round(value, 4) for name, value in seconds.items()}
    return {"seconds": measured, "log_log_slope": round(float(found), 3)}
