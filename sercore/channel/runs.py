"""Where something begins and where it ends again: bursts of loss, stretches of a prediction."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def runs_of(flags: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First place of each run of True, and the place after its last. Shapes: (n,) -> (runs,), (runs,).

    Example:
        >>> starts, ends = runs_of([True, False, True, True])
        >>> starts.tolist(), ends.tolist()
        ([0, 2], [1, 4])
    """
    edges = np.flatnonzero(np.diff(np.asarray(flags, dtype=np.int8), prepend=0, append=0))
    return edges[::2], edges[1::2]
