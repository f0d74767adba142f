"""How sure a prediction may be while losses come: a band that covers the gold standard, by what is known.

A receiver knows how much was lost in the last 20 s, and how long ago the last frame arrived. For each range
of both, the band is as wide as errors on labelled speech were there: split conformal prediction, by category
(Vovk 2012), which needs no model of the errors. Frames of one speaker resemble each other, so speakers and
not frames are what another draw would exchange: each counts the same, and one more, who is not known yet,
counts as infinitely wrong (Lee, Barber and Willett 2023, "Distribution-free inference with hierarchical
data"). So the band covers at least what it promises, on average over speakers; of few speakers, more.
"""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.channel.packets import frames_received, samples_arrived
from sercore.reading import Amount, Share, Within
from sercore.units import FRAME_MS, LABEL_RATE, SAMPLES_PER_FRAME

WINDOW_SECONDS = 20.0
# Where ranges end, each with its end. A frame is received at 0 s; the longest wait has no end.
SHARES_LOST = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SECONDS_SINCE = (0.0, 0.6, 2.0)
_ROUNDING = 1e-9  # of shares and times that were computed

_Row = Annotated[tuple[Amount | None, ...], Within(len(SHARES_LOST), len(SHARES_LOST))]
_Table = Annotated[tuple[_Row, ...], Within(len(SECONDS_SINCE) + 1, len(SECONDS_SINCE) + 1)]


@dataclass(frozen=True)
class Bands:
    """Half widths of a band around predictions: wider the more is lost, none where nothing may be said.

    Args:
        half_widths: for each dimension and range of waiting, one for each range of the share lost; None where
            too few speakers were heard for one. Shape: (dimensions, 4, 12).
        tolerance: of each dimension: the share lost in the last 20 s beyond which the band abstains; None
            abstains always.
        coverage: the share of the gold standard that the band covers.

    Raises:
        ValueError: if there are not as many tolerances as dimensions.
    """

    half_widths: tuple[_Table, ...]
    tolerance: tuple[Share | None, ...]
    coverage: Share = 0.9

    def __post_init__(self) -> None:
        if len(self.half_widths) != len(self.tolerance):
            raise ValueError(
                f"each dimension has half widths and a tolerance, got {len(self.half_widths)} and "
                f"{len(self.tolerance)}"
            )

    def of(self, share_lost: ArrayLike, since_received: ArrayLike) -> NDArray[np.float32]:
        """Half widths at some moments; NaN where the band abstains.

        Args:
            share_lost: of the last 20 s, in [0, 1]. Shape: (...).
            since_received: seconds since the last frame that was received; 0 if it is this one. Shape: (...).

        Returns:
            Shape: (..., dimensions).

        Example:
            >>> bands = fit_bands(np.full((20, 2), 0.2), np.zeros(20), np.zeros(20), tolerance=(0.5, 0.5))
            >>> bands.of([0.0, 0.9], 0.0).tolist()
            [[0.20000000298023224, 0.20000000298023224], [nan, nan]]
        """
        share, since = np.broadcast_arrays(np.asarray(share_lost, float), np.asarray(since_received, float))
        widths = np.array(self.half_widths, dtype=np.float32)  # None becomes NaN
        waits, shares = _range_of(share, since)
        least = np.array([-1.0 if each is None else each for each in self.tolerance])
        within = share[..., None] <= least + _ROUNDING
        answer: NDArray[np.float32] = np.where(
            within, np.moveaxis(widths[:, waits, shares], 0, -1), np.float32(np.nan)
        )
        return answer


def fit_bands(
    errors: ArrayLike,
    share_lost: ArrayLike,
    since_received: ArrayLike,
    coverage: float = 0.9,
    *,
    speakers: ArrayLike | None = None,
    tolerance: tuple[float | None, ...] | None = None,
) -> Bands:
    """Bands of a recogniser, from its errors on labelled speech that it did not learn from.

    As more is lost, or is waited for, a band never narrows: the widest so far stands, which covers no less.

    Args:
        errors: prediction minus gold standard at every moment. Shape: (frames, dimensions).
        share_lost: of the 20 s before, as ``known_of`` says. Shape: (frames,).
        since_received: seconds since the last frame that was received. Shape: (frames,).
        coverage: the share of the gold standard to cover.
        speakers: who speaks, as a number or a name; if left out, each frame counts as somebody else, which
            is right only for frames that have nothing in common. Shape: (frames,).
        tolerance: of each dimension, the share lost beyond which the band abstains; if left out, it never
            does.

    Raises:
        ValueError: if shapes do not fit, a value is not finite, or the coverage does not lie in (0, 1).
    """
    wrong = np.abs(np.asarray(errors, dtype=float))
    share, since = np.asarray(share_lost, dtype=float), np.asarray(since_received, dtype=float)
    who = np.arange(len(wrong)) if speakers is None else np.unique(speakers, return_inverse=True)[1]
    if wrong.ndim != 2 or {share.shape, since.shape, who.shape} != {wrong.shape[:1]}:
        shapes = ", ".join(map(str, (wrong.shape, share.shape, since.shape, who.shape)))
        raise ValueError(
            f"errors of (frames, dimensions) need a share, a time and a speaker for each frame, got {shapes}"
        )
    if not all(np.isfinite(each).all() for each in (wrong, share, since)):
        raise ValueError("errors, shares and times must be finite: leave out what was not predicted")
    if not 0 < coverage < 1:
        raise ValueError(f"the coverage must lie in (0, 1), got {coverage}")
    places = _range_of(share, since)
    widths = np.full((wrong.shape[1], len(SECONDS_SINCE) + 1, len(SHARES_LOST)), np.nan)
    for place in set(zip(*(each.tolist() for each in places), strict=True)):
        here = np.logical_and.reduce([each == at for each, at in zip(places, place, strict=True)])
        for dimension in range(wrong.shape[1]):
            widths[dimension, *place] = _conformal(wrong[here, dimension], who[here], coverage)
    return Bands(_as_tuples(_never_narrower(widths)), tolerance or (1.0,) * wrong.shape[1], coverage)


def known_of(
    received: NDArray[np.bool_], packet_ms: float = FRAME_MS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is known at the end of each frame: the share lost of the last 20 s, seconds since a frame.

    Of a call that is younger than 20 s it is the share of what there was. Until a first frame is received,
    time counts from the beginning.

    Shape: (packets,) -> (frames,), (frames,).

    Example:
        >>> share, since = known_of(np.array([True, True, False, False]))
        >>> share.round(2).tolist(), since.tolist()
        ([0.0, 0.0, 0.33, 0.5], [0.0, 0.0, 0.2, 0.4])
    """
    arrived, frames = samples_arrived(received, packet_ms), frames_received(received, packet_ms)
    number = np.arange(1, len(arrived) + 1)
    lost = np.concatenate([[0], number * SAMPLES_PER_FRAME - arrived])
    seen = np.minimum(number, round(WINDOW_SECONDS * LABEL_RATE))
    share = (lost[number] - lost[number - seen]) / (seen * SAMPLES_PER_FRAME)
    return share, (number - np.maximum.accumulate(np.where(frames, number, 0))) / LABEL_RATE


def known_in(
    n_predicted: int, received: NDArray[np.bool_], packet_ms: float = FRAME_MS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``known_of`` at each prediction: of every moment, or of what is left when lost packets are cut out.

    Raises:
        ValueError: if so many predictions are neither.
    """
    share, since = known_of(received, packet_ms)
    if n_predicted == len(share):
        return share, since
    arrived = samples_arrived(received, packet_ms)
    full = int(arrived[-1]) // SAMPLES_PER_FRAME if len(arrived) else 0
    if n_predicted != full:
        raise ValueError(
            f"received tells of {len(share)} frames, {full} of which arrived, but {n_predicted} are predicted"
        )
    ends = np.searchsorted(arrived, SAMPLES_PER_FRAME * np.arange(1, full + 1))
    return share[ends], since[ends]


def _range_of(share: NDArray[np.float64], since: NDArray[np.float64]) -> tuple[NDArray[np.intp], ...]:
    """Which range of waiting, and which of the share lost."""
    waits = np.searchsorted(SECONDS_SINCE, since - _ROUNDING)
    return waits, np.minimum(np.searchsorted(SHARES_LOST, share - _ROUNDING), len(SHARES_LOST) - 1)


def _conformal(wrong: NDArray[np.float64], who: NDArray[np.intp], coverage: float) -> float:
    """What covers enough of a further speaker; NaN if too few were heard. Shape: (frames,), (frames,)."""
    _, speaker, frames_of = np.unique(who, return_inverse=True, return_counts=True)
    order = np.argsort(wrong)
    covered = np.cumsum(1 / frames_of[speaker][order]) / (len(frames_of) + 1)
    place = int(np.searchsorted(covered, coverage - _ROUNDING))
    return float(wrong[order][place]) if place < len(wrong) else float("nan")


def _never_narrower(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """The widest so far along both axes; what is not known stays so. Shape: (dimensions, waits, shares)."""
    filled = np.nan_to_num(widths, nan=0.0)
    for axis in (1, 2):
        filled = np.maximum.accumulate(filled, axis=axis)
    return np.where(np.isnan(widths), np.nan, filled)


def _as_tuples(widths: NDArray[np.float64]) -> tuple[_Table, ...]:
    """As numbers of a file: four decimals, rounded up."""
    up = (np.ceil(widths * 1e4 - 1e-6) / 1e4).tolist()
    return tuple(
        tuple(tuple(None if math.isnan(width) else width for width in row) for row in table) for table in up
    )
