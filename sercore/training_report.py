"""After a training: which of its three networks to ship, and the card that says how good they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.gold_standard import DIMENSIONS
from sercore.prediction import score_tracks
from sercore.provenance import git_commit, machine, versions
from sercore.training import TrainingPlan, TrainingState, candidates, devel_channels

SYNTHETIC = "Trained on synthetic voices that act by rule."
RECORDED = "Trained on the recordings of one corpus: its licence covers these weights too."
FOR_ALL = "Valence from voice is weak. Not for judging individuals."

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sercore.corpus import Corpus, Track
    from sercore.model import EmotionModel


def report_training(
    corpus: Corpus, plan: TrainingPlan, state: TrainingState, *, synthetic: bool
) -> tuple[EmotionModel, dict[str, Any]]:
    """Score last, best and averaged weights, choose one on devel, and write what a card says.

    The choice is by the mean CCC of the devel partition heard through fixed draws of the setting itself.

    Args:
        corpus: what was learned.
        plan: how.
        state: after the last epoch.
        synthetic: whether sercore made the corpus: the card says what a network of such voices is worth.

    Returns:
        The chosen network in eval mode, and its card (without dimensions and SHA-256, which saving adds).
    """
    models = dict(candidates(state))
    devel, test = corpus.partition("devel"), corpus.partition("test")
    scores: dict[str, dict[str, dict[str, float]]] = {}
    for name, model in models.items():
        heard = {"devel_own_channels": devel_channels(devel, plan), "devel_clean": _clean(devel)}
        if plan.setting.is_clean:
            del heard["devel_own_channels"]
        if test:
            heard["test_clean"] = _clean(test)
        scores[name] = {
            what: dict(zip(DIMENSIONS, (round(s, 4) for s in score_tracks(model, tracks)), strict=True))
            for what, tracks in heard.items()
        }
    criterion = "devel_clean" if plan.setting.is_clean else "devel_own_channels"
    chosen = max(scores, key=lambda name: sum(scores[name][criterion].values()))
    card = _card(corpus, plan, state, scores=scores, chosen=chosen, criterion=criterion)
    return models[chosen], card | {"limits": f"{SYNTHETIC if synthetic else RECORDED} {FOR_ALL}"}


def _clean(tracks: Sequence[Track]) -> list[tuple[Track, Any]]:
    return [(track, np.ones(track.n_frames, dtype=bool)) for track in tracks]


def _card(
    corpus: Corpus,
    plan: TrainingPlan,
    state: TrainingState,
    *,
    scores: dict[str, dict[str, dict[str, float]]],
    chosen: str,
    criterion: str,
) -> dict[str, Any]:
    train = corpus.partition("train")
    return {
        "setting": {"name": plan.setting.name, "p_n": plan.setting.p_n, "p_l": plan.setting.p_l},
        "corpus": {
            "name": corpus.name,
            "sha256": corpus.sha256,
            "training_tracks": len(train),
            "training_minutes": round(sum(track.seconds for track in train) / 60, 2),
        },
        "seed": plan.seed,
        "epochs": plan.epochs,
        "steps": state.steps,
        "optimiser": f"Adadelta, learning rate {plan.learning_rate}, rho 0.9, eps 1e-6",
        "batch_size": plan.batch_size,
        "segment_seconds": plan.segment_seconds,
        "lines": "a random one per segment (sercore.lines)" if plan.lines else "none, as in the paper",
        "masks_drawn_again": sum(row["redrawn"] for row in state.history),
        "averaging_decay": plan.averaging_decay,
        "chosen": chosen,
        "chosen_by": f"highest mean CCC of arousal and valence, {criterion}",
        "best_epoch": state.best_epoch,
        "ccc": "population moments, one CCC per dimension over the concatenation of all tracks",
        "candidates": scores,
        "scores": scores[chosen],
        "training_hours": round(sum(row["seconds"] for row in state.history) / 3600, 3),
        "machine": machine(),
        "git_commit": git_commit(),
        "versions": versions(),
    }
