"""The most likely Gilbert-Elliott channel of a call.

The states are hidden: a lost packet may be one of the bad state or an accident of the good one. The
likelihood is the forward algorithm (Baum and others 1970), taken run by run: n equal packets in a row
multiply the chances of the states by the n-th power of a 2 x 2 matrix, which has a closed form, and matrices
are multiplied in pairs, all at once. An hour is a few thousand runs: cheap enough to be maximised directly,
from several starts on the beginning of the call, then from the best on all of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

NAMES = ("p", "r", "h", "k")
_EDGE = 1e-7  # probabilities nearer to 0 or 1 are taken to lie there
_LIMIT = float(logit(1 - _EDGE))
_AT_ONCE = 1 << 20  # runs times channels that are multiplied at once: some 100 MB
_BAD_PACKETS = (3.0, 20.0, 100.0)  # lengths of the bad state from which to start
_BAD_ARRIVES = (0.2, 0.6)  # shares that arrive in it
_TRIED = 3  # of these starts, the likeliest
_BEGINNING = 3_000  # runs of the call that choose between them
_PRECISION = {"ftol": 1e-8, "maxiter": 60}
_STEP = 1e-4  # of the derivatives, on the scale of log odds
_HALF_CHI_SQUARE = 1.92  # by which the log likelihood falls at the end of an interval of 95 %
_95 = 1.96
_KNOWN = 0.8  # an interval wider than this tells nothing of a probability


@dataclass(frozen=True)
class ElliottFit:
    """The likeliest channel, how likely it makes the call, and how sure its numbers are.

    Args:
        p: probability to go from good to bad.
        r: to go from bad to good.
        h: that a packet arrives in bad.
        k: that a packet arrives in good.
        log_likelihood: natural logarithm.
        intervals: of 95 %, by name.
        covariance: of the log odds of p, r, h, k; 0 for those that lie at 0 or 1, infinite if the call does
            not tell them apart. Shape: (4, 4).
    """

    p: float
    r: float
    h: float
    k: float
    log_likelihood: float
    intervals: dict[str, tuple[float, float]]
    covariance: NDArray[np.float64]

    @property
    def identified(self) -> bool:
        """Whether the call tells the four numbers apart: where one state is enough it cannot."""
        return bool(np.isfinite(self.covariance).all()) and all(
            high - low < _KNOWN for low, high in self.intervals.values()
        )

    @property
    def odds(self) -> NDArray[np.float64]:
        """Log odds of p, r, h, k. Shape: (4,)."""
        values = np.array([self.p, self.r, self.h, self.k])
        return np.asarray(logit(np.clip(values, _EDGE, 1 - _EDGE)))


def fit_elliott(received: NDArray[np.bool_]) -> ElliottFit:
    """The likeliest Gilbert-Elliott channel of a call in which packets were lost and received.

    Intervals come from the curvature of the likelihood in log odds; for a number at 0 or 1 from where the
    likelihood falls by 1.92, the others held. Good is the state in which more arrives.
    True = received. Shape: (packets,).

    Example:
        >>> from sercore.channel.gilbert_elliott import GilbertElliott
        >>> channel = GilbertElliott(p=0.01, r=0.1, h=0.4, k=0.999)
        >>> found = fit_elliott(channel.sample(100_000, np.random.default_rng(1)))
        >>> round(found.p, 2), round(found.r, 1), round(found.h, 1)
        (0.01, 0.1, 0.4)
    """
    edges = np.flatnonzero(np.diff(received))
    beginning = received[: int(edges[_BEGINNING - 1]) + 1] if len(edges) > _BEGINNING else received
    runs, first = _Runs.of(received), _Runs.of(beginning)
    starts = _starts(float(np.mean(~received)))
    likely = np.argsort(-log_likelihoods(expit(starts), first))[:_TRIED]
    best, _ = min((_climb(starts[place], first) for place in likely), key=lambda found: found[1])
    if len(beginning) < len(received):
        best, _ = _climb(best, runs)
    if best[2] > best[3]:  # the states change their names
        best = best[[1, 0, 3, 2]]
    return _with_intervals(best, runs)


def _climb(start: NDArray[np.float64], runs: "_Runs") -> tuple[NDArray[np.float64], float]:
    """Log odds of the likeliest channel near a start, and minus its log likelihood."""
    steps = np.concatenate([np.zeros((1, 4)), _STEP * np.eye(4)])

    def objective(odds: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        values = -log_likelihoods(expit(odds + steps), runs)
        return float(values[0]), (values[1:] - values[0]) / _STEP

    bounds = [(-_LIMIT, _LIMIT)] * 4
    found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options=_PRECISION)
    return found.x, float(found.fun)


def _with_intervals(odds: NDArray[np.float64], runs: "_Runs") -> ElliottFit:
    inner = np.abs(odds) < _LIMIT / 2  # nearer to 0 or 1 than 3e-4 the curvature tells no more
    covariance = np.zeros((4, 4))
    curvature = _curvature(odds, np.flatnonzero(inner), runs)
    if len(curvature) and np.linalg.eigvalsh(curvature).min() > 1e-6:
        covariance[np.ix_(inner, inner)] = np.linalg.inv(curvature)
    elif len(curvature):
        covariance[inner, inner] = np.inf
    top = float(log_likelihoods(expit(odds[None]), runs)[0])
    errors = np.sqrt(np.diag(covariance))
    intervals = {}
    for place, name in enumerate(NAMES):
        if inner[place]:
            low, high = odds[place] + np.array([-1, 1]) * _95 * errors[place]
        else:
            low, high = _fall(odds, place, top, runs)
        intervals[name] = float(expit(low)), float(expit(high))
    values = np.where(np.abs(odds) >= 0.7 * _LIMIT, np.round(expit(odds)), expit(odds))
    p, r, h, k = map(float, values)
    return ElliottFit(p, r, h, k, top, intervals, covariance)


def _curvature(
    odds: NDArray[np.float64], free: NDArray[np.int64], runs: "_Runs", step: float = 1e-2
) -> NDArray[np.float64]:
    """Second derivatives of minus the log likelihood by the free log odds, by differences."""
    units = step * np.eye(4)[free]
    pairs = [(i, j) for i in range(len(free)) for j in range(i + 1)]
    points = [odds + s * units[i] + t * units[j] for i, j in pairs for s in (1, -1) for t in (1, -1)]
    if not points:
        return np.zeros((0, 0))
    values = log_likelihoods(expit(np.array(points)), runs).reshape(-1, 4)
    second = -(values @ np.array([1, -1, -1, 1])) / (4 * step**2)
    curvature = np.zeros((len(free), len(free)))
    for (i, j), value in zip(pairs, second, strict=True):
        curvature[i, j] = curvature[j, i] = value
    return curvature


def _fall(odds: NDArray[np.float64], place: int, top: float, runs: "_Runs") -> tuple[float, float]:
    """Log odds between which the likelihood stays, one number moving alone from its end to even odds."""
    grid = np.sign(odds[place]) * np.linspace(0, _LIMIT, 33)
    points = np.repeat(odds[None], len(grid), axis=0)
    points[:, place] = grid
    stays = grid[log_likelihoods(expit(points), runs) >= top - _HALF_CHI_SQUARE]
    ends = np.append(stays, odds[place])
    low, high = float(ends.min()), float(ends.max())
    return (-np.inf if low <= -_LIMIT else low), (np.inf if high >= _LIMIT else high)


def _starts(loss_rate: float) -> NDArray[np.float64]:
    """Channels of this loss rate with bad states of several lengths, as log odds. Shape: (starts, 4)."""
    starts = []
    for length in _BAD_PACKETS:
        for arrives in _BAD_ARRIVES:
            good_loses = 0.2 * loss_rate
            share = min(max((loss_rate - good_loses) / (1 - arrives - good_loses), 1e-3), 0.9)
            r = 1 / length
            starts.append((min(r * share / (1 - share), 0.9), r, arrives, 1 - good_loses))
    return np.asarray(logit(np.clip(starts, _EDGE, 1 - _EDGE)))


@dataclass(frozen=True)
class _Runs:
    """A call as runs, and how they are multiplied in pairs, pairs of pairs and so on; equal ones only once.

    Args:
        length: of each run that occurs; a run of none, which changes nothing, fills up to a power of two.
        received: whether it is one of received packets.
        count: how often each occurs.
        levels: the left and the right factor of each product that occurs, and how often it does.
    """

    length: NDArray[np.int64]
    received: NDArray[np.bool_]
    count: NDArray[np.int64]
    levels: tuple[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], ...]

    @classmethod
    def of(cls, received: NDArray[np.bool_]) -> "_Runs":
        edges = np.flatnonzero(np.diff(received)) + 1
        starts = np.concatenate([[0], edges])
        lengths = np.diff(np.append(starts, len(received)))
        runs = 2 * lengths + received[starts]
        size = 1 << (len(runs) - 1).bit_length()
        runs = np.concatenate([runs, np.zeros(size - len(runs), dtype=np.int64)])
        known, order, count = np.unique(runs, return_inverse=True, return_counts=True)
        levels, kinds = [], len(known)
        while len(order) > 1:
            pairs = order[::2] * kinds + order[1::2]
            found, order, times = np.unique(pairs, return_inverse=True, return_counts=True)
            levels.append((found // kinds, found % kinds, times))
            kinds = len(found)
        return cls(known // 2, known % 2 == 1, count, tuple(levels))

    @property
    def products(self) -> int:
        """The most matrices that exist at once."""
        return max(len(self.length), *(len(left) for left, _, _ in self.levels), 1)


def log_likelihoods(channels: NDArray[np.float64], runs: _Runs) -> NDArray[np.float64]:
    """Log likelihoods of a call under some channels: p, r, h, k inside (0, 1).

    Shape: (channels, 4) -> (channels,).
    """
    at_once = max(1, _AT_ONCE // runs.products)
    parts = [channels[start : start + at_once] for start in range(0, len(channels), at_once)]
    return np.concatenate([_log_likelihoods(part, runs) for part in parts])


def _log_likelihoods(channels: NDArray[np.float64], runs: _Runs) -> NDArray[np.float64]:
    p, r, h, k = channels.T[:, :, None]
    good, bad = np.where(runs.received, k, 1 - k), np.where(runs.received, h, 1 - h)
    matrices, logs = _powers(((1 - p) * good, p * bad, r * good, (1 - r) * bad), runs.length)
    scale = logs @ runs.count
    for left, right, count in runs.levels:
        a, b, c, d = matrices[:, :, left]
        e, f, g, h = matrices[:, :, right]
        matrices = np.stack([a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h])
        largest = matrices.max(axis=0)
        matrices /= largest
        scale += np.log(largest) @ count
    return np.asarray(np.log(matrices[0, :, 0] + matrices[1, :, 0]) + scale)  # good precedes the call


def _powers(
    entries: tuple[NDArray[np.float64], ...], n: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """n-th powers of 2 x 2 matrices over the larger eigenvalue's, and the logarithms of these.

    By Cayley and Hamilton: M^n = (x^n (M - y) - y^n (M - x)) / (x - y), x and y the eigenvalues.
    Shapes: (channels, lengths) and (lengths,) -> (4, channels, lengths) and (channels, lengths).
    """
    a, b, c, d = entries
    apart = np.sqrt((a - d) ** 2 + 4 * b * c)
    large = (a + d + apart) / 2
    fades = 1 - (((a * d - b * c) / large) / large) ** n
    powers = np.stack([apart - (large - a) * fades, b * fades, c * fades, apart - (large - d) * fades])
    logs = n.astype(np.float64) * np.log(large)
    return np.maximum(powers / apart, 0), logs
