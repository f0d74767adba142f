"""Shapes of spectral change: what effort, pleasure, a pressed and a lax voice do at each frequency.

Each is drawn from the spectra of acted speech, rounded, with its weight between 300 and 3,400 Hz: more
effort lifts what lies above the first harmonics (Traunmueller and Eriksson 2000), most about 1.5 kHz; a
pleased voice has more up to 600 Hz and less from 1 kHz on than an angry one, which adds the most there; a sad
one lacks harmonics between 300 and 1,500 Hz.
"""

import numpy as np
from numpy.typing import NDArray

from sercore.synthetic.voices import FFT_SIZE
from sercore.units import SAMPLE_RATE

TILT_PIVOT = 250.0  # Hz
FREQUENCIES = np.arange(FFT_SIZE // 2 + 1) * (SAMPLE_RATE / FFT_SIZE)


def shape(*points: tuple[float, float]) -> NDArray[np.float64]:
    """A curve through (Hz, dB) points, straight along the octaves, at each bin. Shape: (bins,).

    Example:
        >>> float(shape((100.0, 0.0), (400.0, 2.0))[64 // 5])  # 187.5 Hz
        0.907
    """
    hertz, decibels = np.array(points).T
    octaves = np.log2(np.maximum(FREQUENCIES, 30.0))
    return np.asarray(np.round(np.interp(octaves, np.log2(hertz), decibels), 3))


TILT = np.log2(np.maximum(FREQUENCIES, TILT_PIVOT) / TILT_PIVOT)  # 1 dB per octave

# fmt: off
EFFORT = shape(
    (60, -1), (150, -1), (250, -0.6), (500, 0), (700, 0.4),
    (1000, 0.9), (1500, 1), (2000, 0.85), (2800, 0.6), (4000, 0.5), (8000, 0.4),
)
MELLOW = shape(
    (60, 0.4), (100, 0.7), (150, 0.8), (250, 1), (350, 1), (500, 0.9), (650, 0.5), (800, -0.1),
    (1100, -0.3), (2000, -0.4), (2800, -0.6), (3500, -0.8), (4500, -0.8), (8000, -0.7),
)
# fmt: on
PRESSED = shape(
    (60, -0.7), (250, -0.6), (550, 0), (900, 0.8), (1400, 1), (2000, 0.7), (3000, 0.4), (8000, 0.4)
)
LAX = shape(
    (60, 0.35), (150, 0.15), (250, -0.4), (400, -0.9), (550, -1), (1000, -0.8), (2000, -0.3), (4500, 0.1)
)

# What Pico's voices lack against the long-term spectrum of people's speech (Byrne et al. 1994).
STOCK = shape((60, 0), (250, 0), (550, 8), (1000, 11), (2500, 11), (4000, 12), (5500, 10))
