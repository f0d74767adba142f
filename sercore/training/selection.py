"""How good a network in training is: its scores on devel, by which the weights to keep are chosen."""

import copy
import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.corpus import Corpus, Track
from sercore.corpus.compare import unmoving
from sercore.network.inference import decode_each, features_of
from sercore.network.loss_aware import in_time
from sercore.network.model import EmotionModel
from sercore.scoring.concordance import ccc, never_moves
from sercore.training.settings import Setting, draw_for_setting
from sercore.training.state import TrainingState, copy_weights
from sercore.units import DIMENSIONS

Heard = list[tuple[Track, NDArray[np.bool_]]]
"""Tracks, each with the packets that are received."""


def devel_through_own_channels(corpus: Corpus, setting: Setting) -> Heard:
    """Each devel track through one fixed draw of the setting's own channels.

    A network that is meant for loss is thus chosen under loss; the draws are the same in each epoch
    and for each seed.

    Raises:
        ValueError: if there is no devel track, or the gold standard of none moves.
    """
    if not (tracks := corpus.partition("devel")):
        raise ValueError("the corpus has no devel partition, which decides which weights are kept")
    if len(unmoving(tracks)) == len(DIMENSIONS):
        raise ValueError("the gold standard of devel never moves, so nothing decides which weights are kept")
    rng = np.random.default_rng(0)
    return [(track, draw_for_setting(setting, track.n_frames, rng)[0]) for track in tracks]


def score_devel(devel: Heard, state: TrainingState, setting: Setting) -> dict[str, float]:
    """Score the network and its running average on devel, and remember the weights that are best so far."""
    own = score_tracks(state.model.eval(), devel, setting)
    averaged = score_tracks(with_weights(state.model, state.averaged), devel, setting)
    score = sum(own.values()) / len(own) if own else -math.inf
    if score > state.best_score:
        state.best = copy_weights(state.model)
        state.best_epoch, state.best_score = state.epoch, score
    shown = {"devel": own, "averaged_devel": averaged}
    return {f"{name}_{dimension}": value for name, of in shown.items() for dimension, value in of.items()}


def score_candidates(
    models: Mapping[str, EmotionModel], corpus: Corpus, setting: Setting
) -> dict[str, dict[str, dict[str, float]]]:
    """CCC of each network by what it hears and by dimension; what it is chosen by comes first.

    What is not defined (``score_tracks``) is left out.
    """
    heard = {} if setting.is_clean else {"devel_own_channels": devel_through_own_channels(corpus, setting)}
    for name in ("devel", "test"):
        tracks = corpus.partition(name)
        if tracks and len(unmoving(tracks)) < len(DIMENSIONS):
            heard[f"{name}_clean"] = [(track, np.ones(track.n_frames, dtype=bool)) for track in tracks]
    found = {}
    for name, model in models.items():
        scores = {what: score_tracks(model, tracks, setting).items() for what, tracks in heard.items()}
        found[name] = {what: {d: round(value, 4) for d, value in of} for what, of in scores.items()}
    return found


def score_tracks(model: EmotionModel, heard: Heard, setting: Setting) -> dict[str, float]:
    """CCC of each dimension over the concatenation of what a setting hears of each track (paper section 3.1).

    Of the raw output of a network in eval mode: in training the labels are advanced, so there is no delay
    to be undone. A dimension whose gold standard never moves has no CCC, and is left out. Of utterances the
    means count, one each.
    """
    gold, features, tracks = [], [], []
    with torch.inference_mode():
        for track, received in heard:
            if received.any():
                (audio, *told), said = setting.hear(track.audio, track.gold, received)
                gold.append(track.scored(said))
                tracks.append(track)
                features.append(features_of(model, audio))
                if told:
                    features[-1] = in_time(features[-1], torch.from_numpy(told[0]).to(features[-1].device))
    wanted = np.concatenate(gold)
    predicted = [track.scored(each) for track, each in zip(tracks, decode_each(model, features), strict=True)]
    scores = np.atleast_1d(ccc(wanted.T, np.concatenate(predicted).T))
    each = zip(DIMENSIONS, map(float, scores), never_moves(wanted), strict=True)
    return {dimension: score for dimension, score, still in each if not still}


def with_weights(model: EmotionModel, weights: dict[str, Tensor]) -> EmotionModel:
    """A copy of the network with other weights, in eval mode."""
    twin = copy.deepcopy(model)
    twin.load_state_dict(weights)
    return twin.eval()
