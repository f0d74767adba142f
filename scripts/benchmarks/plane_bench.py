"""The paper's whole evaluation, timed: four settings over a plane of channels, eleven networks held.

Noise and networks with random weights take as long as speech and trained ones. ``augmentation`` and the cell
of ``matched`` that uses the same weights are computed once, as scripts/reproduce.py does.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from benchmarks.plain_model import PlainModel
from sercore.corpus.corpus import Corpus, Track
from sercore.experiment.cells import Job, list_jobs, run_jobs
from sercore.experiment.evaluate import draw_losses
from sercore.experiment.plan import Experiment
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.receiver.drop import Drop
from sercore.recogniser.paper_network import PaperNetwork
from sercore.scoring.concordance import ccc
from sercore.units import SAMPLES_PER_FRAME

PARTITION = "test"
_LOSS_SEED = 0


@dataclass(frozen=True)
class PlaneSize:
    """How large a plane is timed. The defaults are the paper's.

    Args:
        grid: points a side.
        tracks: how many tracks.
        seconds: length of each.
    """

    grid: int = 21
    tracks: int = 15
    seconds: float = 300.0


def noise_corpus(size: PlaneSize) -> Corpus:
    """Tracks of noise with random labels."""
    n_frames = round(size.seconds * 5)
    tracks = []
    for number in range(size.tracks):
        rng = np.random.default_rng(number)
        audio = 0.1 * rng.standard_normal(n_frames * SAMPLES_PER_FRAME, dtype=np.float32)
        gold = rng.uniform(-1, 1, (n_frames, 2)).astype(np.float32)
        tracks.append(Track(f"noise_{number}", audio, gold, f"noise {number}", "none", PARTITION))
    return Corpus("noise", tuple(tracks))


def random_networks(kind: type[EmotionModel] = EmotionModel) -> list[EmotionModel]:
    """One network for each setting that is trained, in eval mode."""
    made = []
    for seed, name in enumerate(Experiment().settings):
        torch.manual_seed(seed)
        made.append(kind().eval())
        made[-1].card = Card({"name": name}, seed=seed, sha256=f"random {seed}")
    return made


def plane_jobs(recognisers: list[PaperNetwork], corpus: Corpus, size: PlaneSize) -> list[Job]:
    """All cells: the matched networks are asked for their own channels only."""
    experiment = Experiment(grid=size.grid)
    return [
        job
        for recogniser in recognisers
        for job in list_jobs(
            [recogniser],
            corpus,
            partitions=[PARTITION],
            channels=experiment.channels(recogniser.name),
            seeds=[_LOSS_SEED],
        )
    ]


def time_ours(size: PlaneSize, device: str = "cpu", progress: Callable[[Any], Any] = iter) -> dict[str, Any]:
    """Seconds of the whole plane as scripts/reproduce.py computes it, and its scores.

    Args:
        size: how large a plane.
        device: "cpu" or "cuda".
        progress: wraps the iterator over cells, for instance ``tqdm``.

    Returns:
        seconds, cells, and ``scores``: arousal and valence of each cell, by the job's place in the list.
    """
    corpus = noise_corpus(size)
    recognisers = [PaperNetwork(model.to(device)) for model in random_networks()]
    jobs = plane_jobs(recognisers, corpus, size)
    start = time.perf_counter()
    rows = list(progress(run_jobs(jobs, recognisers, corpus)))
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "cells": len(jobs), "scores": [[row["ccc"] for row in two] for two in rows]}


def time_plain(size: PlaneSize, cells: int, seed: int, device: str = "cpu") -> dict[str, Any]:
    """Seconds of the plain loop (drop, then run the plain network), scaled up from a random sample of cells.

    The sample is scaled by frames received, which the time of the plain network is proportional to.

    Args:
        size: how large a plane.
        cells: size of the sample.
        seed: decides it.
        device: "cpu" or "cuda".

    Returns:
        seconds (scaled up), sample_seconds, share (of all frames received that the sample holds), and
        ``scores``: those of the sample, by the job's place in the list.
    """
    corpus = noise_corpus(size)
    models = {model.card.sha256: model.to(device) for model in random_networks(PlainModel)}
    jobs = plane_jobs(list(map(PaperNetwork, models.values())), corpus, size)
    chosen = np.random.default_rng(seed).choice(len(jobs), min(cells, len(jobs)), replace=False)
    scores, seconds, heard = {}, 0.0, 0
    for number in sorted(int(i) for i in chosen):
        losses = draw_losses(corpus.tracks, jobs[number].cell.channel, _LOSS_SEED)
        start = time.perf_counter()
        scores[number] = _plain_cell(models[jobs[number].about["weights_sha256"]], corpus, losses)
        seconds += time.perf_counter() - start
        heard += _frames(losses)
    total = sum(_frames(draw_losses(corpus.tracks, job.cell.channel, _LOSS_SEED)) for job in jobs)
    return {
        "seconds": seconds * total / heard if heard else float("nan"),
        "sample_seconds": seconds,
        "share": heard / total,
        "scores": scores,
    }


@torch.inference_mode()
def _plain_cell(model: EmotionModel, corpus: Corpus, losses: list[Any]) -> list[float]:
    device = next(model.parameters()).device
    gold, predicted = [], []
    for track, received in zip(corpus, losses, strict=True):
        if received.any():
            kept = torch.from_numpy(Drop()(track.audio, received)).to(device)
            predicted.append(model(kept[None])[0].cpu().numpy())
            gold.append(track.gold[received])
    if not gold:
        return [float("nan")] * 2
    scores = ccc(np.concatenate(gold).T, np.concatenate(predicted).T)
    return [float(score) for score in np.atleast_1d(scores)]


def _frames(losses: list[Any]) -> int:
    return int(sum(received.sum() for received in losses))
