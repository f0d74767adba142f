"""Samples as a program hands them over: what is none, or on another scale, is refused and never converted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.arrays import unmasked

MAX_LEVEL = 100.0  # times full scale: beyond it, integers were stored as floats


def level_problem(samples: NDArray[np.floating[Any]]) -> str:
    """What is wrong with the level of finite samples of any shape, as half a sentence; else empty.

    Example:
        >>> level_problem(np.array([0.5, 20_000.0]))
        'reaches 20,000 times full scale; float audio must lie in [-1, 1]'
    """
    peak = float(np.abs(samples).max(initial=0.0))
    return f"reaches {peak:,.0f} times full scale; float audio must lie in [-1, 1]" * (peak > MAX_LEVEL)


def checked_samples(audio: Any, what: str = "audio") -> NDArray[np.float32]:
    """Mono audio as float32. Shape: (samples,) -> (samples,).

    Args:
        audio: floating-point samples, 1.0 being full scale.
        what: how messages call it.

    Raises:
        ValueError: if it is of integers or other values, masked, not one-dimensional, not finite, or over
            100 times full scale, as integers are that were stored as floats.

    Example:
        >>> checked_samples(np.array([3, -20_000], dtype=np.int16))
        Traceback (most recent call last):
        ValueError: audio must be floating point from -1 to 1, got int16: divide by full scale
    """
    samples = unmasked(audio, what, None)
    if samples.dtype.kind != "f":
        mend = ": divide by full scale" if samples.dtype.kind in "iu" else ""
        raise ValueError(f"{what} must be floating point from -1 to 1, got {samples.dtype}{mend}")
    if samples.ndim != 1:
        raise ValueError(f"{what} must have the shape (samples,), got {samples.shape}")
    with np.errstate(over="ignore"):  # a double too large for a float is not finite then
        samples = samples.astype(np.float32, copy=False)
    if bad := np.count_nonzero(~np.isfinite(samples)):
        raise ValueError(f"{what} must be finite, got {bad:,} bad samples")
    if problem := level_problem(samples):
        raise ValueError(f"{what} {problem}")
    return samples
