# mypy: allow-untyped-decorators
"""Linear prediction: the hole is what a resonating body would go on to sound like."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sercore.receiver.concealer import MS, Concealer

ORDER = 128  # 8 ms: the pitch of all but the deepest voices is inside
_SPAN = 64 * MS  # of the past from which the coefficients are estimated


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


class LinearPrediction(Concealer):
    """Burg's linear prediction of order 128 from the last 64 ms, carried on without an excitation.

    Example:
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(2_560) / 16_000).astype(np.float32)
        >>> heard = LinearPrediction()(tone, [True] * 7 + [False], packet_ms=20)
        >>> bool(np.abs(heard - tone).max() < 0.05)
        True
    """

    NAME = "prediction"
    TITLE = "Linear prediction"
    MEANING = "The last 64 ms are modelled by linear prediction, which then runs on."

    def go_on(self, past: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Shapes: (history,) -> (n_samples,)."""
        span = np.zeros(max(ORDER, min(len(past), _SPAN)))
        span[len(span) - min(len(past), _SPAN) :] = past[-_SPAN:]
        peak = np.abs(span).max()
        ahead = carried_on(span, burg(span, ORDER), n_samples)
        return np.clip(ahead, -peak, peak).astype(np.float32)
