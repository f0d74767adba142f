"""Many tracks, many channels, many networks: rows for the table of results (paper section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.channel.coupled import independent_draw
from sercore.channel.loss_model import LossModel
from sercore.channel.plane import place_in_plane
from sercore.channel.registry import channel_key
from sercore.network.spliced_features import received_features
from sercore.recogniser.post_processing import finish
from sercore.recogniser.prediction import decode_each
from sercore.results.table import DEFINED, NOT_DEFINED, SCORES
from sercore.scoring.moments import MIN_FRAMES_FOR_CCC, ccc_of_tracks, score_interval, track_moments
from sercore.scoring.timeline import delay_frames, delayed, hold
from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.corpus.corpus import Track
    from sercore.network.model import EmotionModel
    from sercore.network.spliced_features import TrackFeatures

_DECIMALS = 4  # of interval ends: a thousand resamples know no more, and the table stays small


@dataclass(frozen=True)
class Cell:
    """One job of an evaluation: a network in a channel, with one draw of the losses."""

    setting: str
    channel: LossModel
    seed: int


def draw_losses(tracks: Sequence[Track], channel: LossModel, seed: int) -> list[NDArray[np.bool_]]:
    """One draw for each track, the same whatever is evaluated beside it and in whatever order.

    Returns:
        True = received. One (frames,) array for each track.
    """
    return [independent_draw(channel, seed, track.n_frames, track.name) for track in tracks]


def evaluate_cell(
    model: EmotionModel,
    cell: Cell,
    tracks: Sequence[Track],
    features: Sequence[TrackFeatures],
    about: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    """The rows of one cell: two CCCs for each dimension, over the concatenation of all tracks.

    Loss is applied to each track on its own; the network runs on what remains of it.

    Args:
        model: the network of the cell's setting, in eval mode.
        cell: setting, channel and loss seed.
        tracks: the tracks of one partition.
        features: ``track_features`` of each track with this network, computed once for all cells.
        about: columns that all rows share: partition, corpus, corpus_sha256, weights_sha256.

    Yields:
        One row for each dimension, with the columns of ``results.table`` and ``moments``: those of each
        track for both scores, from which any bootstrap follows. Shape of these: (2, tracks, 6).

    Raises:
        ValueError: if there is no track.
    """
    if not tracks:
        raise ValueError(f"a cell needs at least one track to be scored on, got none for {cell}")
    losses = draw_losses(tracks, cell.channel, cell.seed)
    predicted = _predict_received(model, features, losses)
    moments = _cell_moments(
        tracks, losses, predicted, delay_frames(model.card.annotation_delay_seconds or 0.0)
    )
    least = (MIN_FRAMES_FOR_CCC, 1)
    n_frames = int(sum(received.sum() for received in losses))
    arrives = np.array([n_frames >= MIN_FRAMES_FOR_CCC, n_frames > 0])
    for d, dimension in enumerate(DIMENSIONS):
        row: dict[str, Any] = {"moments": moments[:, :, d]}
        for score, of_tracks, frames, defined in zip(SCORES, moments[:, :, d], least, arrives, strict=True):
            low, high = score_interval(of_tracks[None], frames)
            values = (
                float(ccc_of_tracks(of_tracks)),
                *(round(float(end[0]), _DECIMALS) for end in (low, high)),
            )
            names = (score, f"{score}_low", f"{score}_high")
            row |= {
                name: value if defined else float("nan") for name, value in zip(names, values, strict=True)
            }
        yield row | {
            "setting": cell.setting,
            "model_seed": model.card.seed,
            "channel": channel_key(cell.channel),
            **place_in_plane(cell.channel),
            "expected_loss_rate": cell.channel.loss_rate,
            "loss_rate": 1 - n_frames / sum(map(len, losses)),
            "dimension": dimension,
            "status": DEFINED if arrives[0] else NOT_DEFINED,
            "n_frames": n_frames,
            "seed": cell.seed,
            **about,
        }


def _predict_received(
    model: EmotionModel, features: Sequence[TrackFeatures], losses: Sequence[NDArray[np.bool_]]
) -> list[NDArray[np.float32]]:
    """Finished predictions for the received frames of each track. Shape of each: (kept, 2), kept may be 0."""
    heard = [
        received_features(model, clean, kept)
        for clean, kept in zip(features, losses, strict=True)
        if kept.any()
    ]
    decoded = iter(decode_each(model, heard) if heard else ())
    nothing = np.empty((0, len(DIMENSIONS)), np.float32)
    return [finish(next(decoded), model.card.post_processing) if kept.any() else nothing for kept in losses]


def _cell_moments(
    tracks: Sequence[Track],
    losses: Sequence[NDArray[np.bool_]],
    predicted: Sequence[NDArray[np.float32]],
    delay: int,
) -> NDArray[np.float64]:
    """Moments for the score on received frames and for that on the timeline. Shape: (2, tracks, dims, 6)."""
    held = [delayed(hold(each, received), delay) for each, received in zip(predicted, losses, strict=True)]
    received_only = [
        track_moments(track.gold[kept], values[kept])
        for track, kept, values in zip(tracks, losses, held, strict=True)
    ]
    timeline = [track_moments(track.gold, values) for track, values in zip(tracks, held, strict=True)]
    return np.array([received_only, timeline])
