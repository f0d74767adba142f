"""Linear prediction: the hole is what a resonating body would go on to sound like."""

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.concealer import MS, Concealer

ORDER = 128  # 8 ms: the pitch of all but the deepest voices is inside
_SPAN = 64 * MS  # of the past from which the coefficients are estimated


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
        from sercore.receiver.compiled import burg, carried_on  # noqa: PLC0415

        span = np.zeros(max(ORDER, min(len(past), _SPAN)))
        span[len(span) - min(len(past), _SPAN) :] = past[-_SPAN:]
        peak = np.abs(span).max()
        ahead = carried_on(span, burg(span, ORDER), n_samples)
        return np.clip(ahead, -peak, peak).astype(np.float32)
