"""How severe a matched training channel is, and whether clean scores fall with it (claim 7)."""

import numpy as np
from numpy.typing import NDArray

from sercore.channel.gilbert import Gilbert
from sercore.results.paper import PAPER_TABLE_2
from sercore.training.settings import MATCHED

FALL = "rank correlation of clean CCC with what the training channel lets through"
GAP = "CCC of the second worst minus that of low p_N / high p_L"
NINE = tuple(setting.name for setting in MATCHED.values())


def severity(setting: str) -> float:
    """How much the middle of a matched training channel loses (Eq. 1).

    Example:
        >>> round(severity("matched_high_low"), 3), round(severity("matched_low_high"), 3)
        (0.167, 0.829)
    """
    ranges = next(each for each in MATCHED.values() if each.name == setting)
    p_n, p_l = (sum(limits) / 2 for limits in (ranges.p_n or (), ranges.p_l or ()))
    return Gilbert(p_n, p_l).loss_rate


def rank_correlation(values: NDArray[np.float64], against: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spearman's, with ties. Shape: (..., n), (n,) -> (...)."""
    one, two = _ranks(values), _ranks(against)
    one, two = one - one.mean(axis=-1, keepdims=True), two - two.mean(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        result: NDArray[np.float64] = (one * two).sum(axis=-1) / np.sqrt(
            (one**2).sum(axis=-1) * (two**2).sum(axis=-1)
        )
    return result


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many are smaller, ties counted half."""
    smaller = (values[..., None, :] < values[..., :, None]).sum(axis=-1)
    equal = (values[..., None, :] == values[..., :, None]).sum(axis=-1)
    ranks: NDArray[np.float64] = smaller + equal / 2
    return ranks


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
