"""Predictions for the pages: one computation at a time, and nothing is computed twice."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.compute import networks
from dashboard.compute.cache import Cache
from dashboard.compute.clips import Clip
from dashboard.compute.draws import N_DRAWS, Draws
from dashboard.compute.queue import Queue
from sercore.channel import LossModel
from sercore.channel.coupled import LARGEST_SEED, draw_received
from sercore.channel.packets import frames_received
from sercore.receiver import RECEIVERS, Receiver, receiver_named
from sercore.receiver.drop import Drop
from sercore.recogniser.confidence import known_of
from sercore.recogniser.run_in import predict_after_run_in
from sercore.results.four_settings import all_weights_of
from sercore.scoring.concordance import ccc_received, ccc_timeline
from sercore.units import FRAME_MS

DROP = RECEIVERS[Drop.NAME]
LONGEST_SLOW = 150  # frames: other receivers ask for the whole network for each draw, so long clips get one
PREDICTIONS_BYTES = 48_000_000
HEARINGS_BYTES = 64_000_000  # 14 MB for a clip of 300 s and one network
CLEAN_BYTES = 4_000_000  # 12 kB for a clip of 300 s and one network
PLANES = 200  # of 441 channels

OnWait = Callable[[int], None]
CellScores = tuple[float, ...]  # ccc of both dimensions, ccc_timeline of both; NaN if undefined


QUEUE = Queue()  # the one of this server
_PREDICTIONS: Cache[Draws] = Cache(PREDICTIONS_BYTES, lambda draws: draws.n_bytes)
_HEARINGS: Cache[Any] = Cache(HEARINGS_BYTES, lambda heard: heard.nbytes)
_CLEAN: Cache[NDArray[np.float32]] = Cache(CLEAN_BYTES, lambda course: course.nbytes)
_PLANES: Cache[dict[LossModel, CellScores]] = Cache(PLANES)


def forget(sha256: str) -> None:
    """Drop what networks computed of a clip, named by the hash of its samples: each key begins with it."""
    for cache in (_PREDICTIONS, _HEARINGS, _CLEAN, _PLANES):
        cache.forget(lambda key: isinstance(key, tuple) and key[0] == sha256)


def draws_of(
    clip: Clip,
    channel: LossModel,
    seed: int,
    *,
    weights: str,
    given: str,
    on_wait: OnWait,
    n_draws: int = N_DRAWS,
) -> Draws:
    """What one network makes of a clip after some draws of a channel.

    Args:
        clip: what is sent.
        channel: what it is sent through.
        seed: of the draw that is shown; the others follow it.
        weights: of which network.
        given: name of the receiver whose audio it gets.
        on_wait: is told how many are ahead in the queue.
        n_draws: how many are asked for; one where they cannot differ, or would take too long.

    Raises:
        sercore.network.weights.WeightsError: if the weights cannot be trusted; one sentence says why.
    """
    receiver = receiver_named(given)
    n_draws = min(n_draws, _most_draws(clip, channel, receiver, weights))
    key = (*_key(clip, weights), channel, seed, receiver.NAME)
    many = [_PREDICTIONS.get((*key, n)) for n in {n_draws, N_DRAWS}]  # of many, the first is the one
    found = next(filter(None, many), None)
    if found is None:
        with QUEUE.turn(on_wait):  # whoever was ahead may have asked for the same
            make = partial(_draw, clip, channel, seed, n_draws, weights=weights, receiver=receiver)
            found = _PREDICTIONS.find((*key, n_draws), make)
    return found


def _key(clip: Clip, weights: str) -> tuple[Hashable, ...]:
    return clip.sha256, clip.run_in_frames, weights, networks.when_changed(weights)


def _most_draws(clip: Clip, channel: LossModel, receiver: Receiver, weights: str) -> int:
    ours = weights not in networks.OFFERED  # others listen anew to each draw
    fast = ours and isinstance(receiver, Drop) and channel.packet_ms == FRAME_MS
    slow = not fast and clip.n_frames > LONGEST_SLOW
    return 1 if channel.loss_rate == 0 or slow else N_DRAWS


def _draw(
    clip: Clip, channel: LossModel, seed: int, n_draws: int, *, weights: str, receiver: Receiver
) -> Draws:
    seeds = [(seed + step) % (LARGEST_SEED + 1) for step in range(n_draws)]
    packets = np.array([draw_received(channel, each, clip.n_frames) for each in seeds])
    predicted = _after_loss(clip, weights, packets, receiver, channel.packet_ms)
    frames = np.array([frames_received(each, channel.packet_ms) for each in packets])
    sure = _half_widths(clip, weights, receiver, packets[0], channel.packet_ms)
    clean = _without_loss(clip, weights)
    goes_on = receiver.KEEPS_LENGTH or networks.load(weights).told  # it predicts while nothing arrives
    return Draws(clean, frames, predicted, cuts_out=not goes_on, half_widths=sure)


def _half_widths(
    clip: Clip, weights: str, receiver: Receiver, received: NDArray[np.bool_], packet_ms: float
) -> NDArray[np.float32] | None:
    """How sure a network is at every moment; of other packets than frames nobody has fitted it.

    Shape: (packets,) -> (frames, 2).
    """
    bands = networks.bands_of(weights, receiver.NAME) if packet_ms == FRAME_MS else None
    if bands is None:
        return None
    known = known_of(np.concatenate([np.ones(clip.run_in_frames, dtype=bool), received]))
    return bands.of(*(each[clip.run_in_frames :] for each in known))


def _after_loss(
    clip: Clip, weights: str, received: NDArray[np.bool_], receiver: Receiver, packet_ms: float = FRAME_MS
) -> NDArray[np.float32]:
    """Predictions at every moment after each draw. Shape: (draws, packets) -> (draws, frames, 2)."""
    network = networks.load(weights)
    heard = _HEARINGS.find(_key(clip, weights), lambda: network.hear(clip.fed))
    how: dict[str, Any] = {"run_in": clip.run_in_frames, "packet_ms": packet_ms}
    return np.array(predict_after_run_in(network, heard, list(received), receiver, **how))


def _without_loss(clip: Clip, weights: str) -> NDArray[np.float32]:
    """Shape: (frames, 2)."""
    everything = np.ones((1, clip.n_frames), dtype=bool)
    return _CLEAN.find(_key(clip, weights), lambda: _after_loss(clip, weights, everything, DROP)[0])


def known_plane(clip: Clip, setting: str, seed: int) -> dict[LossModel, CellScores]:
    """The channels of a clip's plane that were computed already; what is added to it stays."""
    trained = filter(networks.is_trained, all_weights_of(setting))
    return _PLANES.find(
        (clip.sha256, clip.run_in_frames, setting, seed, *map(networks.when_changed, trained)), dict
    )


def fill_plane(
    plane: dict[LossModel, CellScores],
    clip: Clip,
    channels: Sequence[LossModel],
    *,
    seed: int,
    weights: str,
    on_wait: OnWait,
) -> None:
    """Add to a plane, from ``known_plane``, what it lacks of these channels, in one turn of the queue.

    Whoever was ahead in the queue may have filled it; ``on_wait`` is told how many are.
    """
    with QUEUE.turn(on_wait):
        if lacking := [channel for channel in channels if channel not in plane]:
            plane |= score_channels(clip, lacking, seed, weights)


def score_channels(
    clip: Clip, channels: Sequence[LossModel], seed: int, weights: str
) -> dict[LossModel, CellScores]:
    """Scores of one network on one clip in several channels, one draw each."""
    received = np.array([draw_received(channel, seed, clip.n_frames) for channel in channels])
    predicted = _after_loss(clip, weights, received, DROP)
    reference = _without_loss(clip, weights) if clip.gold is None else clip.gold
    found = {}
    for channel, kept, timeline in zip(channels, received, predicted, strict=True):
        each = [*ccc_received(reference, timeline, kept), *ccc_timeline(reference, timeline, kept)]
        found[channel] = tuple(np.nan if score is None else score for score in each)
    return found
