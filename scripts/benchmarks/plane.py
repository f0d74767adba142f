"""The paper's whole evaluation, timed: four settings over a plane of channels, eleven networks held.

Noise and networks with random weights take as long as speech and trained ones. ``augmentation`` and the cell
of ``matched`` that uses the same weights are computed once, as scripts/reproduce.py does.
"""

import math
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from benchmarks.network import PlainModel, Report, inference, measured_alone, resident_megabytes, take_turns
from sercore.channel import plane
from sercore.corpus import Corpus, Track
from sercore.experiment.cells import Job, list_jobs, run_jobs
from sercore.experiment.evaluate import draw_losses
from sercore.experiment.plan import Experiment
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.receiver import drop_lost
from sercore.receiver.silence import Silence
from sercore.recogniser.paper_network import PaperNetwork
from sercore.scoring.concordance import ccc
from sercore.units import LABEL_RATE, SAMPLES_PER_FRAME

PARTITION = "test"
LOSS_SEED = 0
SILENT_CELLS, SILENT_TRACKS = 4, 4


def bench_plane(arguments: Namespace) -> Report:
    """The whole plane; ours in a process of its own, plain scaled up from some of its cells."""
    size = {"grid": arguments.grid, "tracks": arguments.tracks, "seconds": arguments.track_seconds}
    words = ["--grid", arguments.grid, "--tracks", arguments.tracks]
    words += ["--track-seconds", arguments.track_seconds, "--threads", torch.get_num_threads()]
    device = arguments.device
    ours, plain = measured_alone(time_ours, "--device", device, *words), time_plain(arguments, device)
    found = {
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
    return size | {"devices": {device: found}}


def bench_silence(arguments: Namespace) -> Report:
    """Cells whose receiver keeps the length, against the network's own time on as much audio."""
    corpus, recognisers = noise_corpus(SILENT_TRACKS, 300), random_networks(device=arguments.device)[:1]
    channels = plane(21)[:: 21 * 21 // SILENT_CELLS][:SILENT_CELLS]
    audio = torch.tensor(corpus.tracks[0].audio[None], device=arguments.device)
    alone = inference(recognisers[0].network, audio)
    asked = partial(list_jobs, partitions=[PARTITION], channels=channels, seeds=[LOSS_SEED])
    jobs = asked(recognisers, corpus, receiver=Silence.NAME)

    def cells() -> None:
        for _ in run_jobs(jobs, recognisers, corpus):
            pass

    medians = take_turns({"cells": cells, "network": alone}, max(1, arguments.repeats // 2))
    own = medians["network"] * SILENT_TRACKS * len(channels)
    found = {"seconds": medians["cells"], "network_seconds": own, "ratio": medians["cells"] / own}
    return {name: round(value, 6) for name, value in found.items()}  # a cell of silence takes a millisecond


def time_ours(arguments: Namespace) -> Report:
    """Seconds, cells, scores and peak memory of the whole plane as scripts/reproduce.py computes it.

    ``scores`` are arousal and valence of each cell, by the job's place in the list.
    """
    corpus = noise_corpus(arguments.tracks, arguments.track_seconds)
    recognisers = random_networks(EmotionModel, arguments.device)
    jobs = plane_jobs(recognisers, corpus, arguments.grid)
    start = time.perf_counter()
    rows = list(tqdm(run_jobs(jobs, recognisers, corpus), unit="cell"))
    seconds = time.perf_counter() - start
    scores = [[row["ccc"] for row in two] for two in rows]
    return {
        "seconds": seconds,
        "cells": len(jobs),
        "scores": scores,
        "megabytes": resident_megabytes("VmHWM"),
    }


def time_plain(arguments: Namespace, device: str) -> Report:
    """Seconds of the plain loop (drop, then run the plain network), scaled up from a random sample of cells.

    The sample is scaled by frames received, which the time of the plain network is proportional to; it holds
    a ``share`` of them all. ``scores`` are those of the sample, by the job's place in the list.
    """
    corpus = noise_corpus(arguments.tracks, arguments.track_seconds)
    recognisers = random_networks(PlainModel, device)
    models = {recogniser.key: recogniser.network for recogniser in recognisers}
    jobs = plane_jobs(recognisers, corpus, arguments.grid)
    losses = [draw_losses(corpus.tracks, job.cell.channel, LOSS_SEED) for job in jobs]
    frames = np.array([np.sum(received_by_track) for received_by_track in losses])
    rng = np.random.default_rng(arguments.seed)
    chosen = np.sort(rng.choice(len(jobs), min(arguments.plain_cells, len(jobs)), replace=False))
    scores, seconds = {}, 0.0
    for number in chosen.tolist():
        start = time.perf_counter()
        scores[number] = _plain_cell(models[jobs[number].about["weights_sha256"]], corpus, losses[number])
        seconds += time.perf_counter() - start
    share = float(frames[chosen].sum() / frames.sum())
    return {"seconds": seconds / share if share else math.nan, "share": share, "scores": scores}


def largest_difference(ours: Sequence[Sequence[float]], plain: Mapping[int, Sequence[float]]) -> float:
    """Between the scores of both, in the cells that plain has done and where a CCC is defined."""
    pairs = [pair for number, scores in plain.items() for pair in zip(ours[number], scores, strict=True)]
    return max((abs(a - b) for a, b in pairs if not math.isnan(a - b)), default=0.0)


def noise_corpus(n_tracks: int, seconds: float) -> Corpus:
    """Tracks of noise with random labels."""
    n_frames = round(seconds * LABEL_RATE)
    tracks = []
    for number in range(n_tracks):
        rng = np.random.default_rng(number)
        audio = 0.1 * rng.standard_normal(n_frames * SAMPLES_PER_FRAME, dtype=np.float32)
        gold = rng.uniform(-1, 1, (n_frames, 2)).astype(np.float32)
        tracks.append(Track(f"noise_{number}", audio, gold, f"noise {number}", "none", PARTITION))
    return Corpus("noise", tuple(tracks))


def random_networks(kind: type[EmotionModel] = EmotionModel, device: str = "cpu") -> list[PaperNetwork]:
    """One network for each setting that is trained."""
    made = []
    for seed, name in enumerate(Experiment().settings):
        torch.manual_seed(seed)
        model = kind().eval().to(device)
        model.card = Card({"name": name}, seed=seed, sha256=f"random {seed}")
        made.append(PaperNetwork(model))
    return made


def plane_jobs(recognisers: list[PaperNetwork], corpus: Corpus, grid: int) -> list[Job]:
    """All cells: the matched networks are asked for their own channels only."""
    jobs = []
    for one in recognisers:
        channels = Experiment(grid=grid).channels(one.name)
        jobs += list_jobs([one], corpus, partitions=[PARTITION], channels=channels, seeds=[LOSS_SEED])
    return jobs


@torch.inference_mode()
def _plain_cell(model: EmotionModel, corpus: Corpus, losses: list[Any]) -> list[float]:
    device = next(model.parameters()).device
    gold, predicted = [], []
    for track, received in zip(corpus, losses, strict=True):
        if received.any():
            audio, labels = drop_lost(track.audio, track.gold, received)
            predicted.append(model(torch.from_numpy(audio[None]).to(device))[0].cpu().numpy())
            gold.append(labels)
    if not gold:
        return [math.nan] * 2
    scores = np.asarray(ccc(np.concatenate(gold).T, np.concatenate(predicted).T))
    return [float(score) for score in scores]
