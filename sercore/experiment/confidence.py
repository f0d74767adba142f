"""Bands for a recogniser: fitted to its errors on one partition, over the plane, and tested on another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.channel import CLEAN, LossModel, plane
from sercore.channel.packets import frames_received
from sercore.corpus import Corpus, Track
from sercore.experiment.evaluate import draw_losses
from sercore.line import receiver_of
from sercore.receiver.receiver import Receiver
from sercore.recogniser.confidence import Bands, fit_bands, known_of
from sercore.recogniser.recogniser import Recogniser
from sercore.results.confidence import Confidence, Covered, Shares
from sercore.results.need import SHARE_OF_CLEAN
from sercore.results.tolerance import bearable_loss
from sercore.scoring.concordance import ccc_timeline
from sercore.training.settings import MATCHED, matched_for
from sercore.units import DIMENSIONS

FITTED_ON, TESTED_ON = "devel", "test"
_DECIMALS = 4  # of shares


@dataclass(frozen=True, eq=False)
class Errors:
    """What a recogniser got wrong at every moment of some tracks, behind some channels.

    Attributes:
        errors: prediction minus gold standard. Shape: (moments, dimensions).
        share_lost: of the 20 s before. Shape: (moments,).
        since_received: seconds. Shape: (moments,).
        speakers: who speaks. Shape: (moments,).
        channels: which channel, by its place in the list. Shape: (moments,).
        scores: CCC on the whole timeline; NaN where it is not defined. Shape: (channels, dimensions).
    """

    errors: NDArray[np.float32]
    share_lost: NDArray[np.float64]
    since_received: NDArray[np.float64]
    speakers: NDArray[np.str_]
    channels: NDArray[np.intp]
    scores: NDArray[np.float64]


def channels_of(grid: int) -> list[LossModel]:
    """The channels of the plane that lose anything, and once the one that loses nothing.

    Example:
        >>> len(channels_of(3))
        7
    """
    return [CLEAN, *(channel for channel in plane(grid) if channel.p_n < 1)]


def confidence_of(
    recogniser: Recogniser, corpus: Corpus, receiver: str, *, grid: int, seed: int, coverage: float = 0.9
) -> Confidence:
    """Fit bands on devel and see what they cover on test.

    A band abstains beyond the loss up to which the recogniser keeps nine tenths of its own CCC without loss,
    on the whole timeline of devel (``results.tolerance``).

    Raises:
        ValueError: if it predicts something else than the corpus is labelled with, or a partition is empty.
    """
    if recogniser.dimensions != DIMENSIONS:
        raise ValueError(
            f"{recogniser.name} predicts {', '.join(recogniser.dimensions)}; bands need labels of it"
        )
    channels = channels_of(grid)
    fitted, tested = (
        errors_of(recogniser, corpus.partition(name), channels, receiver_of(receiver), seed)
        for name in (FITTED_ON, TESTED_ON)
    )
    known = (fitted.errors, fitted.share_lost, fitted.since_received)
    tolerance = tolerance_of(channels, fitted.scores)
    bands = fit_bands(*known, coverage, speakers=fitted.speakers, tolerance=tolerance)
    return Confidence(
        recogniser.name,
        recogniser.key,
        receiver,
        corpus.sha256,
        grid,
        seed,
        FITTED_ON,
        TESTED_ON,
        bands,
        *coverage_of(bands, tested, channels),
    )


def errors_of(
    recogniser: Recogniser,
    tracks: Sequence[Track],
    channels: Sequence[LossModel],
    receiver: Receiver,
    seed: int,
) -> Errors:
    """What a recogniser gets wrong behind each channel, one draw each, at every moment.

    Raises:
        ValueError: if there is no track.
    """
    if not tracks:
        raise ValueError("bands need labelled tracks in devel and in test; one of the two has none")
    heard = [recogniser.hear(track.audio, many=not receiver.KEEPS_LENGTH) for track in tracks]
    gold = np.concatenate([track.gold for track in tracks])
    errors, known, scores = [], [], []
    for channel in channels:
        packets = draw_losses(tracks, channel, seed)
        sent = list(zip(heard, packets, strict=True))
        courses = recogniser.predict_heard(sent, receiver, packet_ms=channel.packet_ms)
        course = np.concatenate(courses)
        frames = np.concatenate([frames_received(each, channel.packet_ms) for each in packets])
        errors.append(course - gold)
        known.append(np.concatenate([known_of(each, channel.packet_ms) for each in packets], axis=1))
        scores.append(ccc_timeline(gold, course, frames))
    share, since = np.concatenate(known, axis=1)
    who = np.repeat([track.speaker for track in tracks], [track.n_frames for track in tracks])
    of = np.repeat(np.arange(len(channels)), len(gold))
    return Errors(
        np.concatenate(errors), share, since, np.tile(who, len(channels)), of, np.array(scores, dtype=float)
    )


def tolerance_of(channels: Sequence[LossModel], scores: NDArray[np.float64]) -> tuple[float | None, ...]:
    """The loss that each dimension bears. Shape: (channels, dimensions), the first without loss."""
    rates = [channel.loss_rate for channel in channels]
    return tuple(bearable_loss(rates, each, SHARE_OF_CLEAN * each[0]) for each in scores.T)


def coverage_of(
    bands: Bands, tested: Errors, channels: Sequence[LossModel]
) -> tuple[tuple[Covered, ...], dict[str, Shares]]:
    """What bands cover in each ninth of the plane, and of each speaker."""
    widths = bands.of(tested.share_lost, tested.since_received)
    answered = ~np.isnan(widths)
    inside = np.abs(tested.errors) <= np.where(answered, widths, 0)
    names = sorted(set(tested.speakers.tolist()))
    speaking = [tested.speakers == name for name in names]
    ninths = []
    for (p_n, p_l), setting in MATCHED.items():
        ours = np.array([matched_for(channel) == setting for channel in channels])[tested.channels]
        if not ours.any():
            continue
        each = [_share(inside[ours & of], answered[ours & of]) for of in speaking]
        worst = tuple(
            min((one for one in of if one is not None), default=None) for of in zip(*each, strict=True)
        )
        share = tuple(round(float(one), _DECIMALS) for one in answered[ours].mean(axis=0))
        ninths.append(Covered(p_n, p_l, _share(inside[ours], answered[ours]), worst, share))
    by_speaker = {name: _share(inside[of], answered[of]) for name, of in zip(names, speaking, strict=True)}
    return tuple(ninths), by_speaker


def _share(inside: NDArray[np.bool_], answered: NDArray[np.bool_]) -> Shares:
    """Share of the moments that are answered. Shape: (moments, dimensions) twice -> (dimensions,)."""
    counts = answered.sum(axis=0)
    covered = (inside & answered).sum(axis=0)
    return tuple(round(float(c / n), _DECIMALS) if n else None for c, n in zip(covered, counts, strict=True))
