"""Pitch waveform replication, in the manner of ITU-T G.711 Appendix I (1999)."""

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.concealer import MS, Concealer, looped

SHORTEST, LONGEST = 40, 256  # lags: 400 to 62.5 Hz at 16 kHz
_TEMPLATE = 20 * MS


class Pitch(Concealer):
    """The last pitch period again and again; after 10 ms the last two, after 20 ms the last three, fading.

    More periods sound less like a buzzer, as Appendix I found.

    Example:
        >>> voice = np.sign(np.sin(2 * np.pi * 125 * np.arange(2_560) / 16_000)).astype(np.float32)
        >>> heard = Pitch()(voice, [True] * 7 + [False], packet_ms=20)
        >>> bool((np.abs(heard - voice)[2_400:] < 0.01).all())
        True
    """

    NAME = "pitch"
    TITLE = "Pitch period"
    MEANING = "The last pitch periods are repeated, as a telephone does (ITU-T G.711 Appendix I), and fade."

    def go_on(self, past: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Shapes: (history,) -> (n_samples,)."""
        from sercore.receiver.compiled import best_lag  # noqa: PLC0415

        if len(past) < 3 * LONGEST:
            return np.resize(past, n_samples)
        lag = best_lag(past, _TEMPLATE, SHORTEST, LONGEST)
        filling = np.empty(n_samples, dtype=np.float32)
        start = 0
        for periods in (1, 2, 3):
            block = periods * lag
            whole_blocks = -(-10 * MS // block) * block  # the next begins where a block ends
            end = n_samples if periods == 3 else min(n_samples, start + whole_blocks)
            filling[start:end] = looped(past, block, end - start)
            start = end
        return filling
