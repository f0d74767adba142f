"""Six raters who watch a latent course: late, smoothing, each with a scale of their own.

RECOLA had three women and three men rate each track with a joystick; their delay is 2 to 4 seconds
(Mariooryad and Busso 2015).  They do not hear the two dimensions apart: of two people as pleased, the
livelier one seems happier, and of two as aroused, the more displeased one more aroused.  So the plane of the
ratings is turned by ``TURN`` against that of the voice; a turn leaves both dimensions as uncorrelated as they
are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.gold_standard import RATING_RATE
from sercore.corpus.label_files import RATERS
from sercore.synthetic.latents import FRAME_RATE, first_order, ornstein_uhlenbeck

TURN = np.radians(12.0)  # of the raters' plane against the voice's


@dataclass(frozen=True)
class Rater:
    """Habits of one rater: lag and smoothing in seconds, gain, bias and SD of the noise in rating units."""

    lag: float
    smoothing: float
    gain: float
    bias: float
    noise: float


def draw_rater(rng: np.random.Generator) -> Rater:
    """Draw a rater.

    Example:
        >>> 1.5 <= draw_rater(np.random.default_rng(0)).lag <= 4.5
        True
    """
    return Rater(
        lag=float(np.clip(rng.normal(3.0, 0.5), 1.5, 4.5)),
        smoothing=float(rng.uniform(0.5, 1.5)),
        gain=float(np.clip(rng.normal(0.8, 0.12), 0.45, 1.15)),
        bias=float(rng.normal(0.0, 0.08)),
        noise=float(rng.uniform(0.15, 0.32)),
    )


def rate(latent: NDArray[np.float64], rater: Rater, rng: np.random.Generator) -> NDArray[np.float64]:
    """One rater's trace of one latent: ``FRAME_RATE`` to ``RATING_RATE``. Shape: (steps,) -> (ratings,).

    Ratings lie in [-1, 1], are rounded to two decimals, and include both ends.

    Example:
        >>> steady = rate(np.full(2001, 0.5), Rater(3.0, 1.0, 1.0, 0.1, 0.0), np.random.default_rng(0))
        >>> float(steady[-1]), len(steady)
        (0.6, 251)
    """
    lag = round(rater.lag * FRAME_RATE)
    late = np.concatenate((np.full(lag, latent[0]), latent))[: len(latent)]
    keep = float(np.exp(-1.0 / (rater.smoothing * FRAME_RATE)))
    smooth = latent[0] + first_order((1.0 - keep) * (late - latent[0]), keep)
    seen = smooth[:: FRAME_RATE // RATING_RATE]
    noise = ornstein_uhlenbeck(len(seen), 6.0, rater.noise, rng, rate=RATING_RATE)
    return np.asarray(np.round(np.clip(rater.gain * seen + rater.bias + noise, -1.0, 1.0), 2))


def ratings(latents: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """All raters' traces of one track's arousal and valence. Shape: (steps, 2) -> (raters, ratings, 2).

    Example:
        >>> ratings(np.zeros((401, 2)), np.random.default_rng(0)).shape
        (6, 51, 2)
    """
    arousal, valence = latents.T
    cos, sin = np.cos(TURN), np.sin(TURN)
    heard = (cos * arousal - sin * valence, cos * valence + sin * arousal)
    traces = []
    for _ in RATERS:
        rater = draw_rater(rng)
        traces.append(np.stack([rate(course, rater, rng) for course in heard], axis=1))
    return np.stack(traces)
