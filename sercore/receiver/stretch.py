"""What was said last is stretched over the hole (WSOLA, Verhelst and Roelands 1993)."""

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.concealer import MS, Concealer

_SEGMENT = 20 * MS  # overlapping by half
_STEP = 5 * MS  # of the past for each half segment of the filling: half speed
_SEARCH = 8 * MS  # either way, for the segment that goes on best
_SPAN = 80 * MS  # of the past, which is gone through again and again


class Stretch(Concealer):
    """The last 80 ms at half speed, overlapping segments chosen by waveform similarity.

    Example:
        >>> tone = np.sin(2 * np.pi * 200 * np.arange(2_560) / 16_000).astype(np.float32)
        >>> heard = Stretch()(tone, [True] * 7 + [False], packet_ms=20)
        >>> bool(np.abs(heard - tone).max() < 0.05)
        True
    """

    NAME = "stretch"
    TITLE = "Stretched"
    MEANING = "The last 80 ms are stretched over the hole, pitch unchanged (WSOLA), and fade."

    def go_on(self, past: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Shapes: (history,) -> (n_samples,)."""
        from sercore.receiver.compiled import most_alike  # noqa: PLC0415

        half = _SEGMENT // 2
        if len(past) < _SPAN + half:
            return np.resize(past, n_samples)
        filling = np.zeros(n_samples + 2 * _SEGMENT, dtype=np.float32)
        rising = (np.arange(half, dtype=np.float32) + 0.5) / half
        last = len(past) - _SEGMENT - half
        wanted, tail = past[-half:], None
        for k, to in enumerate(range(0, n_samples, half)):
            place = len(past) - _SPAN + k * _STEP % (_SPAN - _SEGMENT - half)
            low, high = max(0, place - _SEARCH), min(last, place + _SEARCH)
            start = most_alike(past, wanted, low, high) + (half if tail is None else 0)
            segment = past[start : start + _SEGMENT]
            filling[to : to + half] = (
                segment[:half] if tail is None else tail * (1 - rising) + segment[:half] * rising
            )
            tail = segment[half:]
            wanted = past[start + half : start + _SEGMENT]
        return filling[:n_samples]
