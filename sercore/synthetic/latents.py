"""The two hidden courses behind a track: how aroused and how pleased its speaker is, moment by moment.

Who is calm is sad more often than content: below 0, valence falls with arousal by ``GLOOM``; who is aroused
may be pleased or displeased.  Without that, networks put sad people above happy ones; with a correlation
throughout, they put angry people there.  Each is the sum of a slow and a fast
Ornstein-Uhlenbeck process (Uhlenbeck and Ornstein 1930): the slow one is the mood of some 20 s that
public continuous annotations show, the fast one is the reaction to what was just said.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FRAME_RATE = 200  # acoustic frames per second: the 5 ms hop of the WORLD vocoder


@dataclass(frozen=True)
class Course:
    """The law of one latent: the SD and the correlation time (s) of its slow and of its fast part.

    Example:
        >>> round(Course(0.4, 30, 0.3, 5).sd, 3)
        0.5
    """

    slow_sd: float
    slow_tau: float
    fast_sd: float
    fast_tau: float

    @property
    def sd(self) -> float:
        """Standard deviation of the sum, before it is clipped to [-1, 1]."""
        return float(np.hypot(self.slow_sd, self.fast_sd))


AROUSAL = Course(slow_sd=0.36, slow_tau=20.0, fast_sd=0.28, fast_tau=5.0)
VALENCE = Course(slow_sd=0.36, slow_tau=20.0, fast_sd=0.28, fast_tau=5.0)
GLOOM = 0.4  # of valence, for each unit of arousal below 0


def ornstein_uhlenbeck(
    n_steps: int, tau: float, sd: float, rng: np.random.Generator, rate: float = FRAME_RATE
) -> NDArray[np.float64]:
    """Draw a stationary Ornstein-Uhlenbeck path; autocorrelation exp(-lag / tau).

    Args:
        n_steps: length of the path in steps.
        tau: correlation time in seconds, over 0.
        sd: stationary standard deviation, 0 or more.
        rng: source of chance.
        rate: steps per second.

    Returns:
        The path. Shape: (n_steps,).

    Raises:
        ValueError: if tau is not over 0 or sd is negative.

    Example:
        >>> path = ornstein_uhlenbeck(1000, 1.0, 0.5, np.random.default_rng(0))
        >>> path.shape
        (1000,)
    """
    if not tau > 0:
        raise ValueError(f"tau must be over 0 seconds, got {tau}")
    if sd < 0:
        raise ValueError(f"sd must be 0 or more, got {sd}")
    keep = float(np.exp(-1.0 / (tau * rate)))
    pushes = rng.normal(0.0, sd * np.sqrt(1.0 - keep**2), n_steps)
    if n_steps:
        pushes[0] = rng.normal(0.0, sd)  # start in the stationary law, not at rest
    return first_order(pushes, keep)


def first_order(pushes: NDArray[np.float64], keep: float) -> NDArray[np.float64]:
    """Run y[n] = keep y[n-1] + pushes[n]; keep in [0, 1).

    Written in blocks, as a matrix product within and a carried value between, so that NumPy alone is fast
    enough.

    Shape: (steps,) -> (steps,).

    Example:
        >>> first_order(np.array([1.0, 0.0, 0.0]), 0.5).tolist()
        [1.0, 0.5, 0.25]
    """
    block = 256
    powers = keep ** np.arange(block + 1, dtype=np.float64)
    lags = np.arange(block)[:, None] - np.arange(block)[None, :]
    within = np.where(lags >= 0, powers[np.abs(lags)], 0.0)
    padded = np.zeros(-(-len(pushes) // block) * block)
    padded[: len(pushes)] = pushes
    out = padded.reshape(-1, block) @ within.T
    for before, row in pairwise(out):
        np.add(row, before[-1] * powers[1:], out=row)
    return out.reshape(-1)[: len(pushes)]


def draw_latents(seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw arousal and valence of one track.

    Args:
        seconds: length of the track.
        rng: source of chance.

    Returns:
        Both courses in [-1, 1] at ``FRAME_RATE``, both ends included. Shape: (steps, 2).

    Example:
        >>> draw_latents(2.0, np.random.default_rng(0)).shape
        (401, 2)
    """
    n_steps = round(seconds * FRAME_RATE) + 1
    columns = [
        ornstein_uhlenbeck(n_steps, course.slow_tau, course.slow_sd, rng)
        + ornstein_uhlenbeck(n_steps, course.fast_tau, course.fast_sd, rng)
        for course in (AROUSAL, VALENCE)
    ]
    arousal, own = columns
    valence = own + GLOOM * np.minimum(arousal, 0.0)
    return np.asarray(np.clip(np.stack((arousal, valence), axis=1), -1.0, 1.0))
