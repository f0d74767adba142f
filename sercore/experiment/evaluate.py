"""Many tracks, many channels, many recognisers: rows for the table of results (paper section 3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.channel import LossModel, channel_key
from sercore.channel.coupled import independent_draw
from sercore.channel.frames import frame_law
from sercore.channel.packets import frames_received
from sercore.channel.plane import place_in_plane
from sercore.channel.registry import PACKET_MS
from sercore.corpus import Track
from sercore.line import receiver_of
from sercore.receiver import Receiver
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.results.table import DEFINED, NOT_DEFINED, PACKET_LOSS, RECEIVER, SCORES
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CCC
from sercore.scoring.moments import ccc_of_tracks, gold_moves, score_interval, track_moments
from sercore.units import DIMENSIONS, FRAME_MS

_DECIMALS = 4  # of interval ends: a thousand resamples know no more, and the table stays small


@dataclass(frozen=True)
class Cell:
    """One job of an evaluation: a recogniser behind a channel and a receiver, with one draw of the losses."""

    setting: str
    channel: LossModel
    seed: int
    receiver: str = Drop.NAME


@dataclass(frozen=True)
class Part:
    """What scores of a cell follow from, of some of its tracks.

    Attributes:
        moments: of each track for both scores. Shape: (2, tracks, dimensions, 6).
        received: frames, and packets, that arrived.
        sent: frames, and packets, that were sent.
    """

    moments: NDArray[np.float64]
    received: NDArray[np.int64]
    sent: NDArray[np.int64]


def draw_losses(tracks: Sequence[Track], channel: LossModel, seed: int) -> list[NDArray[np.bool_]]:
    """One draw for each track, the same whatever is evaluated beside it and in whatever order.

    An utterance loses the same each time that it is played. True = received. Shape of each: (packets,).

    Raises:
        ValueError: if packets do not divide the frames of utterances.
    """
    if any(track.utterance for track in tracks) and FRAME_MS % channel.packet_ms:
        raise ValueError(f"utterances need packets that divide {FRAME_MS} ms, got {channel.packet_ms:g} ms")
    drawn = []
    for track in tracks:
        once = independent_draw(channel, seed, track.utterance or track.n_frames, track.name)
        drawn.append(
            np.resize(once, len(once) * track.n_frames // track.utterance) if track.utterance else once
        )
    return drawn


def evaluate_cell(
    recogniser: Recogniser,
    cell: Cell,
    tracks: Sequence[Track],
    heard: Sequence[Any],
    about: Mapping[str, Any],
    *,
    before: Sequence[Part] = (),
    receiver: Receiver | None = None,
) -> list[Mapping[str, Any]]:
    """The rows of one cell: two CCCs for each dimension, over the concatenation of all tracks.

    Loss is applied to each track on its own; the recogniser gets what the receiver makes of it. Scores and
    losses are counted in frames of 200 ms (``channel.packets``); of other packets two more columns tell.

    Args:
        recogniser: that of the cell's setting.
        cell: setting, channel, loss seed and receiver.
        tracks: the tracks of one partition.
        heard: each track as the recogniser hears it (``Recogniser.hear``), once for all cells.
        about: columns that all rows share: partition, corpus, corpus_sha256, weights_sha256.
        before: what ``measure_cell`` found on tracks of the partition that come before these.
        receiver: that of the cell, if the caller has it; else the one of its name.

    Returns:
        One row for each dimension, with the columns of ``results.table`` and ``moments``: those of each
        track for both scores, from which any bootstrap follows. Shape of these: (2, tracks, 6).

    Raises:
        ValueError: if there is no track, or a prediction is not finite.
    """
    parts = [*before, measure_cell(recogniser, cell, tracks, heard, receiver=receiver)]
    moments = np.concatenate([part.moments for part in parts], axis=1)
    received, sent = np.sum([(part.received, part.sent) for part in parts], axis=0)
    n_frames, packet_ms = int(received[0]), cell.channel.packet_ms
    shared = {
        "setting": cell.setting,
        "model_seed": recogniser.seed,
        "channel": channel_key(cell.channel),
        **place_in_plane(cell.channel),
        "expected_loss_rate": frame_law(cell.channel).loss_rate,
        "loss_rate": 1 - n_frames / int(sent[0]),
        "n_frames": n_frames,
        "seed": cell.seed,
        RECEIVER: cell.receiver,
        **about,
    }
    if packet_ms != FRAME_MS:
        shared |= {PACKET_MS: packet_ms, PACKET_LOSS: 1 - received[1] / sent[1]}
    return [
        {"moments": of_tracks, **_scores(of_tracks, n_frames), "dimension": dimension, **shared}
        for dimension, of_tracks in zip(DIMENSIONS, np.moveaxis(moments, 2, 0), strict=True)
    ]


def measure_cell(
    recogniser: Recogniser,
    cell: Cell,
    tracks: Sequence[Track],
    heard: Sequence[Any],
    *,
    receiver: Receiver | None = None,
) -> Part:
    """What the scores of a cell follow from, of some tracks. All else as for ``evaluate_cell``."""
    if not tracks:
        raise ValueError(f"a cell needs at least one track to be scored on, got none for {cell}")
    packet_ms, packets = cell.channel.packet_ms, draw_losses(tracks, cell.channel, cell.seed)
    sent = list(zip(heard, packets, strict=True))
    by = receiver_of(cell.receiver) if receiver is None else receiver
    courses = recogniser.predict_heard(sent, by, packet_ms=packet_ms)
    if not all(np.isfinite(course).all() for course in courses):
        raise ValueError(f"{recogniser.name} predicts NaN or infinity, of which no CCC can be computed")
    losses = [frames_received(received, packet_ms) for received in packets]
    each = list(zip(tracks, losses, courses, strict=True))
    received_only = [_moments(track, track.gold[here], said[here]) for track, here, said in each]
    moments = np.array([received_only, [_moments(track, track.gold, said) for track, _, said in each]])
    counts = [(sum(map(np.sum, each)), sum(map(len, each))) for each in (losses, packets)]
    arrived, of_them = np.array(counts, dtype=np.int64).T
    return Part(moments, arrived, of_them)


def _moments(track: Track, gold: NDArray[np.float32], said: NDArray[np.float32]) -> NDArray[np.float64]:
    return track_moments(track.scored(gold), track.scored(said))


def _scores(moments: NDArray[np.float64], n_frames: int) -> dict[str, Any]:
    """Both scores of one dimension, with intervals and whether the first is defined. Shape: (2, tracks, 6).

    They are NaN where too little arrives, or the gold standard of what is scored never moves.
    """
    found: dict[str, Any] = {}
    for score, of_tracks, least in zip(SCORES, moments, (MIN_FRAMES_FOR_CCC, 1), strict=True):
        low, high = (round(float(end[0]), _DECIMALS) for end in score_interval(of_tracks[None], least))
        values = {score: float(ccc_of_tracks(of_tracks)), f"{score}_low": low, f"{score}_high": high}
        defined = n_frames >= least and bool(gold_moves(of_tracks))
        found |= values if defined else dict.fromkeys(values, float("nan"))
        found.setdefault("status", DEFINED if defined else NOT_DEFINED)
    return found
