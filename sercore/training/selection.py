"""The three networks that one training yields, and which of them is kept: that with the best devel score."""

import copy
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.corpus.corpus import Corpus, Track
from sercore.network.inference import decode_each, features_of
from sercore.network.model import EmotionModel
from sercore.network.weights import rounded_to_half
from sercore.receiver.drop import Drop
from sercore.scoring.concordance import ccc
from sercore.training.draw import draw_for_setting
from sercore.training.settings import Setting
from sercore.training.state import TrainingState, copy_weights
from sercore.units import DIMENSIONS

Heard = list[tuple[Track, NDArray[np.bool_]]]
"""Tracks, each with the frames that are received."""


def devel_through_own_channels(corpus: Corpus, setting: Setting) -> Heard:
    """Each devel track through one fixed draw of the setting's own channels.

    A network that is meant for loss is thus chosen under loss; the draws are the same in each epoch
    and for each seed.

    Raises:
        ValueError: if there is no devel track.
    """
    if not (tracks := corpus.partition("devel")):
        raise ValueError("the corpus has no devel partition, which decides which weights are kept")
    rng = np.random.default_rng(0)
    return [(track, draw_for_setting(setting, track.n_frames, rng)[0]) for track in tracks]


def score_devel(devel: Heard, state: TrainingState) -> dict[str, float]:
    """Score the network and its running average on devel, and remember the weights that are best so far."""
    arousal, valence = score_tracks(state.model.eval(), devel)
    averaged_arousal, averaged_valence = score_tracks(averaged_model(state), devel)
    score = (arousal + valence) / 2
    if score > state.best_score:
        state.best = copy_weights(state.model)
        state.best_epoch, state.best_score = state.epoch, score
    return {
        "devel_arousal": arousal,
        "devel_valence": valence,
        "averaged_devel_arousal": averaged_arousal,
        "averaged_devel_valence": averaged_valence,
    }


def averaged_model(state: TrainingState) -> EmotionModel:
    """The network with the running average of its weights, in eval mode."""
    return _with_weights(state.model, state.averaged)


def candidates(state: TrainingState) -> Iterator[tuple[str, EmotionModel]]:
    """The three networks that one training yields: last epoch, best epoch on devel, averaged weights.

    Their weights are rounded as they will be stored, so that the scores are those of the stored network.
    """
    last = state.model.state_dict()
    for name, weights in (("last", last), ("best", state.best), ("averaged", state.averaged)):
        yield name, _with_weights(state.model, rounded_to_half(weights))


def score_candidates(
    models: dict[str, EmotionModel], corpus: Corpus, setting: Setting
) -> dict[str, dict[str, dict[str, float]]]:
    """CCC of each network by what it hears and by dimension; what it is chosen by comes first."""
    devel, test = (
        [(track, np.ones(track.n_frames, dtype=bool)) for track in corpus.partition(name)]
        for name in ("devel", "test")
    )
    heard = {} if setting.is_clean else {"devel_own_channels": devel_through_own_channels(corpus, setting)}
    heard |= {"devel_clean": devel, "test_clean": test}
    return {
        name: {
            what: dict(
                zip(DIMENSIONS, (round(score, 4) for score in score_tracks(model, tracks)), strict=True)
            )
            for what, tracks in heard.items()
            if tracks
        }
        for name, model in models.items()
    }


def score_tracks(model: EmotionModel, heard: Heard) -> tuple[float, ...]:
    """CCC of each dimension over the concatenation of what arrives of each track (paper section 3.1).

    Of the raw output: in training the labels are advanced, so there is no delay to be undone.

    Args:
        model: a network in eval mode.
        heard: tracks, each with the frames that are received.

    Returns:
        One CCC for each dimension.
    """
    gold, features = [], []
    with torch.inference_mode():
        for track, received in heard:
            if received.any():
                gold.append(track.gold[received])
                features.append(features_of(model, Drop()(track.audio, received)))
    scores = ccc(np.concatenate(gold).T, np.concatenate(decode_each(model, features)).T)
    return tuple(float(score) for score in np.atleast_1d(scores))


def _with_weights(model: EmotionModel, weights: dict[str, Tensor]) -> EmotionModel:
    twin = copy.deepcopy(model)
    twin.load_state_dict(weights)
    return twin.eval()
