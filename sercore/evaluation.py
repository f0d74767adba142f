"""Many tracks, many channels, many networks: rows for the table of results (paper section 3.1)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.concordance import ccc
from sercore.gold_standard import DIMENSIONS
from sercore.junctions import received_features
from sercore.loss_models import Gilbert
from sercore.prediction import decode_each
from sercore.results import DEFINED, NOT_DEFINED
from sercore.settings import matched_for, setting_named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.corpus import Track
    from sercore.junctions import TrackFeatures
    from sercore.model import EmotionModel

MIN_FRAMES_FOR_CCC = 50  # 10 s of speech over all tracks; a CCC of less says nothing


@dataclass(frozen=True)
class Cell:
    """One job of an evaluation: a network in a channel, with one draw of the losses."""

    setting: str
    channel: Gilbert
    seed: int

    @property
    def weights_setting(self) -> str:
        """Whose weights are used: ``matched`` takes the model of the channel's own cell."""
        return (
            matched_for(self.channel).name if self.setting == "matched" else setting_named(self.setting).name
        )


def plane(points: int) -> list[Gilbert]:
    """Channels on a square grid: p_n and p_l each from 0 to 1 in ``points`` steps.

    Raises:
        ValueError: if there are fewer than two points on a side.

    Example:
        >>> len(plane(21)), plane(3)[1]
        (441, Gilbert(p_n=0.0, p_l=0.5))
    """
    if points < 2:
        raise ValueError(f"a plane needs at least 2 points on a side, got {points}")
    axis = [round(i / (points - 1), 10) for i in range(points)]
    return [Gilbert(p_n, p_l) for p_n in axis for p_l in axis]


def draw_losses(tracks: Sequence[Track], channel: Gilbert, seed: int) -> list[NDArray[np.bool_]]:
    """One draw for each track, the same whatever is evaluated beside it and in whatever order.

    Returns:
        True = received. One (frames,) array for each track.
    """
    return [channel.sample(track.n_frames, _rng(track, channel, seed)) for track in tracks]


def evaluate_cell(
    model: EmotionModel,
    cell: Cell,
    tracks: Sequence[Track],
    features: Sequence[TrackFeatures],
    about: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    """The rows of one cell: one CCC for each dimension, over the concatenation of all tracks.

    Loss is applied to each track on its own; the network runs on what remains of it.

    Args:
        model: the network of the cell's setting, in eval mode.
        cell: setting, channel and loss seed.
        tracks: the tracks of one partition.
        features: ``track_features`` of each track with this network, computed once for all cells.
        about: columns that all rows share: partition, corpus, corpus_sha256, weights_sha256.

    Yields:
        One row for each dimension; ``ccc`` is NaN and ``status`` "not defined" where fewer than
        ``MIN_FRAMES_FOR_CCC`` frames are received.
    """
    losses = draw_losses(tracks, cell.channel, cell.seed)
    n_frames = int(sum(received.sum() for received in losses))
    defined = n_frames >= MIN_FRAMES_FOR_CCC
    scores = [float("nan")] * len(DIMENSIONS)
    if defined:
        gold = np.concatenate([t.gold[kept] for t, kept in zip(tracks, losses, strict=True)])
        heard = [
            received_features(model, clean, kept)
            for clean, kept in zip(features, losses, strict=True)
            if kept.any()
        ]
        predicted = np.concatenate(decode_each(model, heard))
        scores = list(np.atleast_1d(ccc(gold.T, predicted.T)))
    for dimension, score in zip(DIMENSIONS, scores, strict=True):
        yield {
            "setting": cell.setting,
            "p_n": cell.channel.p_n,
            "p_l": cell.channel.p_l,
            "expected_loss_rate": cell.channel.loss_rate,
            "loss_rate": 1 - n_frames / sum(map(len, losses)),
            "dimension": dimension,
            "ccc": float(score),
            "status": DEFINED if defined else NOT_DEFINED,
            "n_frames": n_frames,
            "seed": cell.seed,
            **about,
        }


def _rng(track: Track, channel: Gilbert, seed: int) -> np.random.Generator:
    place = (zlib.crc32(track.name.encode()), round(channel.p_n * 1e9), round(channel.p_l * 1e9))
    return np.random.default_rng([seed, *place])
