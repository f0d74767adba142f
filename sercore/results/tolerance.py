"""Which loss can be borne: in how many channels a network still does what is asked, and up to which loss."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sercore.channel.plane import loss_rates
from sercore.results.need import SHARE_OF_CLEAN
from sercore.results.summaries import whole_settings
from sercore.results.table import at

ENOUGH_CHANNELS = 0.95  # of the channels of a band; the rest may be the luck of their draws
BAND = 0.1  # of the loss rate: channels that lose up to this much less are judged together
STEPS = tuple(round(step / 10, 1) for step in range(10))  # of the loss rate, in a strip: 0, 10, ... 90 %


def bearable_loss(loss_rates: ArrayLike, scores: ArrayLike, needed: float) -> float | None:
    """The largest share of lost frames up to which a network scores what is needed.

    Loss is raised step by step; it can be borne as long as 19 of 20 channels reach the score among those
    that lose as much or up to ``BAND`` less: easier channels, however many, do not make up for those that
    fail at the loss in question. A channel without a score (NaN) does not reach it. None if not even the
    least loss can be borne. Shape: (channels,), (channels,) -> one of the loss rates (Eq. 1).

    Raises:
        ValueError: if the shapes differ.

    Example:
        >>> bearable_loss([0.0, 0.2, 0.5, 0.8], [0.7, 0.7, 0.6, 0.2], needed=0.6)
        0.5
        >>> bearable_loss([0.0, 0.2], [0.5, 0.7], needed=0.6) is None
        True
    """
    rates, found = _paired(loss_rates, scores)
    borne = None
    for rate in np.unique(rates):
        met = found[(rates <= rate) & (rates > rate - BAND + 1e-9)]
        if (met >= needed).mean() < ENOUGH_CHANNELS:  # NaN >= needed is False
            break
        borne = float(rate)
    return borne


def strip(loss_rates: ArrayLike, scores: ArrayLike, needed: float) -> NDArray[np.float64]:
    """The share of channels that score what is needed, among those that lose some 0, 10, ... 90 %.

    A channel belongs to the nearest of ``STEPS``, to none over 95 % loss; one without a score (NaN)
    does not reach it. NaN where no channel lies. Shape: (channels,), (channels,) -> (steps,).

    Raises:
        ValueError: if the shapes differ.

    Example:
        >>> strip([0.0, 0.1, 0.12, 0.94, 1.0], [0.7, 0.7, 0.5, 0.1, 0.1], needed=0.6)[[0, 1, 9]].tolist()
        [1.0, 0.5, 0.0]
    """
    rates, found = _paired(loss_rates, scores)
    nearest = step_of(rates)
    shares = [(found[nearest == step] >= needed) for step in range(len(STEPS))]  # NaN >= needed is False
    return np.array([each.mean() if len(each) else np.nan for each in shares])


def step_of(loss_rates: ArrayLike) -> NDArray[np.int64]:
    """Which of ``STEPS`` is nearest to a loss rate; ``len(STEPS)``, which is none, over 95 % loss.

    Example:
        >>> step_of([0.0, 0.049, 0.05, 0.94, 0.96]).tolist()
        [0, 0, 1, 9, 10]
    """
    return np.floor(10 * np.asarray(loss_rates) + 0.5 + 1e-9).astype(int)


def strip_in_plane(cells: pd.DataFrame, score: str, needed: float) -> NDArray[np.float64]:
    """``strip`` over a plane, one row a channel; those that lose nothing (p_N = 1) count as one."""
    met = _without_loss_once(cells)
    return strip(loss_rates(met["p_n"], met["p_l"]), met[score], needed)


def needed_in(plane: pd.DataFrame, score: str, share: float = SHARE_OF_CLEAN) -> dict[str, float]:
    """A share of what mismatched training scores without loss, by dimension; none where it has no score."""
    clean = at(_means(plane, score), setting="mismatched", p_n=1).groupby("dimension")[score].mean()
    return {str(name): round(share * ccc, 2) for name, ccc in clean.items()}  # as it is printed


def strips(plane: pd.DataFrame, score: str) -> dict[tuple[str, str], tuple[float, NDArray[np.float64]]]:
    """By setting and dimension: the CCC needed for nine tenths of what is clean, and ``strip_in_plane``.

    From rows of ``sercore.results.table``. Nothing where mismatched training has no clean score.
    """
    cells = _means(plane, score)
    return {
        (setting, name): (least, strip_in_plane(at(cells, setting=setting, dimension=name), score, least))
        for setting in whole_settings(plane)
        for name, least in needed_in(plane, score).items()
    }


def _means(plane: pd.DataFrame, score: str) -> pd.DataFrame:
    names = ["setting", "dimension", "p_n", "p_l"]
    return plane.groupby(names, as_index=False)[score].mean().astype({score: float})


def _without_loss_once(cells: pd.DataFrame) -> pd.DataFrame:
    without_loss = cells["p_n"] == 1  # whatever p_L is; matched training would choose by it all the same
    first = cells["p_l"] == cells.loc[without_loss, "p_l"].min()
    return cells[~without_loss | first]


def _paired(loss_rates: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rates, found = np.asarray(loss_rates, dtype=float).round(9), np.asarray(scores, dtype=float)
    if rates.shape != found.shape or rates.ndim != 1:
        raise ValueError(
            f"each channel needs a loss rate and a score, got the shapes {rates.shape} and {found.shape}"
        )
    return rates, found
