"""Numbers with intervals of 95 %."""

import math
from dataclasses import dataclass

from scipy.special import betaincinv


@dataclass(frozen=True)
class Estimate:
    """A number with its interval of 95 %."""

    value: float
    low: float
    high: float


def binomial_interval(found: float, of: float) -> Estimate:
    """A share with its interval of 95 % (Clopper and Pearson 1934); of nothing, anything.

    Example:
        >>> binomial_interval(0, 100)
        Estimate(value=0.0, low=0.0, high=0.03621669264517641)
    """
    if of <= 0:
        return Estimate(0.0, 0.0, 1.0)
    low = float(betaincinv(found, of - found + 1, 0.025)) if found > 0 else 0.0
    high = float(betaincinv(found + 1, of - found, 0.975)) if found < of else 1.0
    return Estimate(found / of, low, high)


def complement(share: Estimate) -> Estimate:
    """The share of the others."""
    return Estimate(1 - share.value, 1 - share.high, 1 - share.low)


def inverse(share: Estimate) -> Estimate:
    """Mean length of a stay that ends with this probability."""
    return Estimate(*(1 / each if each > 0 else math.inf for each in (share.value, share.high, share.low)))
