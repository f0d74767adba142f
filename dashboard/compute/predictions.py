"""Predictions for the pages: one computation at a time, and nothing is computed twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.compute import networks
from dashboard.compute.cache import Cache
from dashboard.compute.draws import N_DRAWS, Draws
from dashboard.compute.queue import Queue
from sercore.channel.coupled import LARGEST_SEED, draw_received
from sercore.channel.loss_model import LossModel
from sercore.experiment.replay import SILENCE, predict_given
from sercore.results.four_settings import all_weights_of
from sercore.scoring.clip import ccc_received, ccc_timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dashboard.compute.clips import Clip
    from sercore.network.spliced_features import TrackFeatures

LONGEST_SILENCED = 150  # frames: silence asks for the whole network for each draw, so long clips get one
PREDICTIONS_BYTES = 48_000_000
FEATURES_BYTES = 128_000_000  # 14 MB for a clip of 300 s and one network
PLANES = 200  # of 441 channels

OnWait = Callable[[int], None]
CellScores = tuple[
    float, float, float, float
]  # ccc of both dimensions, ccc_timeline of both; NaN if undefined


@st.cache_resource(show_spinner=False)
def queue() -> Queue:
    """The one queue of this server."""
    return Queue()


@st.cache_resource(show_spinner=False)
def _predictions() -> Cache[Draws]:
    return Cache(PREDICTIONS_BYTES, lambda draws: draws.n_bytes)


@st.cache_resource(show_spinner=False)
def _features() -> Cache[TrackFeatures]:
    return Cache(FEATURES_BYTES, _size_of_features)


@st.cache_resource(show_spinner=False)
def _planes() -> Cache[dict[LossModel, CellScores]]:
    return Cache(PLANES, lambda _: 1)


def forget(sha256: str) -> None:
    """Drop what networks computed of a clip, named by the hash of its samples: each key begins with it."""
    for cache in (_predictions(), _features(), _planes()):
        cache.forget(lambda key: isinstance(key, tuple) and key[0] == sha256)


def draws_of(
    clip: Clip, channel: LossModel, seed: int, *, weights: str, given: str, on_wait: OnWait
) -> Draws:
    """What one network makes of a clip after ``N_DRAWS`` draws of a channel.

    Args:
        clip: what is sent.
        channel: what it is sent through.
        seed: of the draw that is shown; the others follow it.
        weights: name of the network.
        given: what it gets in place of lost frames, one of ``sercore.experiment.replay.GIVEN``.
        on_wait: is told how many are ahead in the queue.

    Raises:
        sercore.network.weights.WeightsError: if the weights cannot be trusted; one sentence says why.
    """
    key = (clip.sha256, channel, seed, weights, networks.when_changed(weights), given)
    found = _predictions().get(key)
    if found is None:
        with queue().turn(on_wait):
            found = _predictions().get(key)  # whoever was ahead may have asked for the same
            if found is None:
                found = _draw(clip, channel, seed, weights, given)
                _predictions().put(key, found)
    return found


def _draw(clip: Clip, channel: LossModel, seed: int, weights: str, given: str) -> Draws:
    n_draws = N_DRAWS
    if channel.loss_rate == 0 or (given == SILENCE and clip.n_frames > LONGEST_SILENCED):
        n_draws = 1
    seeds = [(seed + step) % (LARGEST_SEED + 1) for step in range(n_draws)]
    received = np.array([draw_received(channel, each, clip.n_frames) for each in seeds])
    (clean,) = _after_loss(clip, weights, np.ones((1, clip.n_frames), dtype=bool))
    if given == SILENCE:
        model = networks.load(weights)
        predicted = np.array([predict_given(model, clip.audio, each, given) for each in received])
    else:
        predicted = _after_loss(clip, weights, received)
    return Draws(clean, received, predicted)


def _after_loss(clip: Clip, weights: str, received: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Predictions on what arrives, as if the lost frames had been cut out; NaN there.

    Shape: (draws, frames) -> (draws, frames, 2).
    """
    from sercore.network.spliced_features import received_features  # noqa: PLC0415  (torch costs seconds)
    from sercore.recogniser.prediction import decode_each  # noqa: PLC0415

    model, features = networks.load(weights), _features_of(clip, weights)
    predicted = np.full((*received.shape, model.dimensions.outputs), np.nan, dtype=np.float32)
    heard = [kept for kept in received if kept.any()]
    decoded = iter(
        decode_each(model, [received_features(model, features, kept) for kept in heard]) if heard else ()
    )
    for timeline, kept in zip(predicted, received, strict=True):
        if kept.any():
            timeline[kept] = next(decoded)
    return predicted


def _features_of(clip: Clip, weights: str) -> TrackFeatures:
    from sercore.network.spliced_features import track_features  # noqa: PLC0415  (torch costs seconds)

    key = (clip.sha256, weights, networks.when_changed(weights))
    found = _features().get(key)
    if found is None:
        found = track_features(networks.load(weights), clip.audio)
        _features().put(key, found)
    return found


def _size_of_features(features: TrackFeatures) -> int:
    return sum(value.nbytes for value in vars(features).values() if hasattr(value, "nbytes"))


def known_plane(clip: Clip, setting: str, seed: int) -> dict[LossModel, CellScores]:
    """The channels of a clip's plane that were computed already; what is added to it stays."""
    changed = tuple(
        networks.when_changed(name) for name in all_weights_of(setting) if networks.is_trained(name)
    )
    key = (clip.sha256, setting, seed, changed)
    plane = _planes().get(key)
    if plane is None:
        plane = {}
        _planes().put(key, plane)
    return plane


def fill_plane(
    plane: dict[LossModel, CellScores],
    clip: Clip,
    channels: Sequence[LossModel],
    *,
    seed: int,
    weights: str,
    on_wait: OnWait,
) -> None:
    """Add to a plane what it lacks of these channels, in one turn of the queue.

    Args:
        plane: from ``known_plane``; whoever was ahead in the queue may have filled it.
        clip: what is sent.
        channels: that this network serves.
        seed: of the losses.
        weights: name of the network.
        on_wait: is told how many are ahead in the queue.
    """
    with queue().turn(on_wait):
        if lacking := [channel for channel in channels if channel not in plane]:
            plane |= score_channels(clip, lacking, seed, weights)


def score_channels(
    clip: Clip, channels: Sequence[LossModel], seed: int, weights: str
) -> dict[LossModel, CellScores]:
    """Scores of one network on one clip in several channels, one draw each."""
    received = np.array([draw_received(channel, seed, clip.n_frames) for channel in channels])
    predicted = _after_loss(clip, weights, received)
    reference = clip.gold
    if reference is None:
        (reference,) = _after_loss(clip, weights, np.ones((1, clip.n_frames), dtype=bool))
    found = {}
    for channel, kept, timeline in zip(channels, received, predicted, strict=True):
        each = [*ccc_received(reference, timeline, kept), *ccc_timeline(reference, timeline, kept)]
        first, second, third, fourth = (np.nan if score is None else score for score in each)
        found[channel] = (first, second, third, fourth)
    return found
