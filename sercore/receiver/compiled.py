# mypy: allow-untyped-decorators
"""What receivers search and extrapolate with, compiled; apart, for numba takes a second to load."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def burg(samples: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    """Coefficients a of x[n] = sum a[k] x[n - 1 - k], by Burg's method (1975): always stable.

    Shape: (samples,) -> (order,), zeros from where nothing is left to explain.
    """
    forward, backward = samples[1:].copy(), samples[:-1].copy()
    a = np.zeros(order)
    floor = 1e-15 * (np.square(samples).sum() + 1e-30)
    for k in range(min(order, len(samples) - 1)):
        energy = np.square(forward).sum() + np.square(backward).sum()
        if energy < floor:
            break
        reflection = 2 * (forward * backward).sum() / energy
        a[:k] -= reflection * a[:k][::-1].copy()
        a[k] = reflection
        longer = forward[1:] - reflection * backward[1:]
        backward = backward[:-1] - reflection * forward[:-1]
        forward = longer
    return a


@njit(nogil=True, cache=True)
def carried_on(past: NDArray[np.float64], a: NDArray[np.float64], n_samples: int) -> NDArray[np.float64]:
    """What the coefficients predict, each prediction used for the next. Shape: -> (n_samples,)."""
    order = len(a)
    whole = np.empty(order + n_samples)
    whole[:order] = past[-order:]
    backwards = a[::-1].copy()
    for n in range(order, order + n_samples):
        whole[n] = (backwards * whole[n - order : n]).sum()
    return whole[order:]


@njit(nogil=True, cache=True)
def best_lag(past: NDArray[np.float32], template: int, shortest: int, longest: int) -> int:
    """How far back the past was most like its end, by normalised cross-correlation. Shape: (samples,)."""
    best, found = -2.0, shortest
    n = len(past)
    template = min(template, n - longest)
    for lag in range(shortest, longest + 1):
        product, energy = 0.0, 1e-12
        for i in range(n - template, n):
            product += past[i] * past[i - lag]
            energy += past[i - lag] * past[i - lag]
        likeness = product / np.sqrt(energy)
        if likeness > best:
            best, found = likeness, lag
    return found


@njit(nogil=True, cache=True)
def most_alike(past: NDArray[np.float32], wanted: NDArray[np.float32], low: int, high: int) -> int:
    """Where between low and high the past is most like what is wanted, by normalised cross-correlation."""
    best, found = -2.0, low
    for start in range(low, high + 1):
        product, energy = 0.0, 1e-12
        for i in range(len(wanted)):
            product += past[start + i] * wanted[i]
            energy += past[start + i] * past[start + i]
        likeness = product / np.sqrt(energy)
        if likeness > best:
            best, found = likeness, start
    return found
