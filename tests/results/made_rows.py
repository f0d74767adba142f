"""Rows of results that tests make up, with the moments of frames that are really there."""

import numpy as np

from sercore.results.cell_table import sheet
from sercore.results.paper import PAPER_TABLE_2
from sercore.scoring.moments import ccc_of_tracks, track_moments

CHANNELS = ((0.9, 0.1, 0.1), (0.8, 0.2, 0.2), (0.2, 0.8, 0.8), (0.1, 0.9, 0.9))  # p_n, p_l, loss rate


def row(setting, skill, p_n=1.0, p_l=0.0, rate=0.0, *, model_seed=0, dimension="arousal", noise=0.02):
    """CCC near ``skill``: gold plus noise of a size that gives it, the same frames for every setting."""
    moments = []
    for track in range(6):
        rng = np.random.default_rng([track, round(100 * p_n), model_seed, dimension == "valence"])
        gold = rng.normal(size=(200, 1))
        spread = np.sqrt(2 / skill - 2) + noise * rng.normal()
        moments.append(track_moments(gold, gold + spread * rng.normal(size=gold.shape))[0])
    moments = np.array([moments, moments])
    return {
        "setting": setting, "model_seed": model_seed, "p_n": p_n, "p_l": p_l, "expected_loss_rate": rate,
        "loss_rate": rate, "dimension": dimension, "ccc": float(ccc_of_tracks(moments[0])),
        "ccc_timeline": float(ccc_of_tracks(moments[1])), "status": "defined", "n_frames": 1200, "seed": 0,
        "partition": "test", "corpus": "tiny", "corpus_sha256": "c", "weights_sha256": setting,
        "moments": moments,
    }  # fmt: skip


def plane(skills, seeds=(0, 1, 2)):
    """``skills`` gives each setting's CCC under and over 50 % loss."""
    return sheet(
        row(setting, pair[rate > 0.5], p_n, p_l, rate, model_seed=seed, dimension=dimension)
        for setting, pair in skills.items()
        for p_n, p_l, rate in CHANNELS
        for seed in seeds
        for dimension in ("arousal", "valence")
    )


def clean(scores):
    return sheet(
        row(name, score, model_seed=seed, dimension=dimension)
        for name, score in scores.items()
        for seed in (0, 1)
        for dimension in ("arousal", "valence")
    )


AS_IN_THE_PAPER = {
    "mismatched": (0.79, 0.3), "matched": (0.79, 0.65), "multi_condition": (0.6, 0.65),
    "augmentation": (0.79, 0.5),
}  # fmt: skip
PAPER_AROUSAL = {name: pair[0] for name, pair in PAPER_TABLE_2.items()}
