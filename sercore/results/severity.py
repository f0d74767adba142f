"""How severe a matched training channel is, and whether clean scores fall with it (claim 7)."""

import numpy as np
from numpy.typing import NDArray

from sercore.channel.gilbert import Gilbert
from sercore.results.four_settings import NINE
from sercore.results.paper import PAPER_TABLE_2
from sercore.training.settings import MATCHED, setting_named

FALL = "rank correlation of clean CCC with what the training channel lets through"
GAP = "CCC of the second worst minus that of low p_N / high p_L"


def severity(setting: str) -> float:
    """How much the middle of a matched training channel loses (Eq. 1).

    Example:
        >>> round(severity("matched_high_low"), 3), round(severity("matched_low_high"), 3)
        (0.167, 0.829)
    """
    ranges = setting_named(setting)
    p_n, p_l = (sum(limits) / 2 for limits in (ranges.p_n or (), ranges.p_l or ()))
    return Gilbert(p_n, p_l).loss_rate


def rank_correlation(values: NDArray[np.float64], against: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spearman's, with ties. Shape: (..., n), (n,) -> (...)."""
    # How many are smaller, less how many are larger: twice the rank from the mean rank, ties sharing theirs.
    one, two = (np.sign(each[..., :, None] - each[..., None, :]).sum(axis=-1) for each in (values, against))
    with np.errstate(invalid="ignore"):
        squares = (one**2).sum(axis=-1) * (two**2).sum(axis=-1)
        result: NDArray[np.float64] = (one * two).sum(axis=-1) / np.sqrt(squares)
    return result


def fall(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """``FALL`` of the nine in the order of ``NINE``; 1 is the strict order. Shape: (..., 9) -> (...)."""
    return rank_correlation(values, -np.array([severity(name) for name in NINE]))


def gap_to_last(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lowest of the other eight minus low/high. Shape: (..., 9) -> (...)."""
    last = NINE.index(MATCHED["low", "high"].name)
    gap: NDArray[np.float64] = np.delete(values, last, axis=-1).min(axis=-1) - values[..., last]
    return gap


STATISTICS = {FALL: fall, GAP: gap_to_last}


def paper_values() -> dict[str, tuple[float, float]]:
    """Claim 7's two statistics of the paper's own Table 2 (RECOLA), arousal and valence."""
    arousal, valence = np.array([PAPER_TABLE_2[name] for name in NINE]).T
    return {name: (float(of(arousal)), float(of(valence))) for name, of in STATISTICS.items()}
