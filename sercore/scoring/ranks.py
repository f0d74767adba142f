"""The AUC and the recall of clips, each taken as often as a bootstrap says."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def auc_of(values: ArrayLike, up: ArrayLike, times: ArrayLike | None = None) -> NDArray[np.float64]:
    """Probability that a value that is up exceeds one that is not, ties counting half (Mann-Whitney).

    NaN where a choice holds one kind alone. Shape: (clips,), (clips,), (choices, clips) -> (choices,); ()
    without ``times``, where each clip is taken once.

    Example:
        >>> auc_of([0.3, 0.9, 0.1, 0.3], [True, True, False, False]).tolist()
        0.875
        >>> auc_of([0.3, 0.9, 0.1], [True, True, False], [[1, 0, 1], [1, 1, 0]]).tolist()
        [1.0, nan]
    """
    values, up = np.asarray(values, dtype=np.float64), np.asarray(up, dtype=bool)
    choices = np.ones((1, len(values))) if times is None else np.asarray(times, dtype=np.float64)
    _, ranks = np.unique(values, return_inverse=True)
    of_rank = np.zeros((2, len(choices), ranks.max() + 1))
    for kind, mine in enumerate((up, ~up)):
        np.add.at(of_rank[kind].T, ranks[mine], choices[:, mine].T)
    below = np.cumsum(of_rank[1], axis=1) - of_rank[1] / 2
    pairs = of_rank[0].sum(axis=1) * of_rank[1].sum(axis=1)
    with np.errstate(invalid="ignore"):
        found: NDArray[np.float64] = (of_rank[0] * below).sum(axis=1) / np.where(pairs > 0, pairs, np.nan)
    return found[0] if times is None else found


def uar_of(true: ArrayLike, said: ArrayLike, times: ArrayLike | None = None) -> NDArray[np.float64]:
    """Unweighted average recall: the mean over the classes that there are of the share that is recognised.

    A class that a choice leaves out counts as if it were not there; NaN for a choice of nothing.

    Shape: (clips,) of whole numbers, twice, (choices, clips) -> (choices,), or () without ``times``.

    Example:
        >>> uar_of([0, 0, 1], [0, 1, 1]).tolist()
        0.75
    """
    true, said = np.asarray(true), np.asarray(said)
    choices = np.ones((1, len(true))) if times is None else np.asarray(times, dtype=np.float64)
    classes = np.unique(true)[:, None] == true
    there = choices @ classes.T
    hit = choices @ (classes & (true == said)).T
    recalls = np.divide(hit, there, out=np.zeros(hit.shape), where=there > 0)
    with np.errstate(invalid="ignore"):  # a choice of none
        found: NDArray[np.float64] = recalls.sum(axis=1) / (there > 0).sum(axis=1)
    return found[0] if times is None else found
