"""AVEC's chain of post-processing: median filter, centring, scaling, each kept only if devel gains.

Off unless asked for: the paper does not say that it was used. Source: Trigeorgis et al. 2016, "Adieu
features?", and Valstar et al. 2016, "AVEC 2016"; their windows are 0.4 to 20 s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sercore.reading import ReadingError, Within, made
from sercore.scoring.concordance import ccc
from sercore.units import DIMENSIONS, LABEL_RATE

LEAST_GAIN = 1e-6  # of CCC; less is rounding
SHORTEST, LONGEST = (round(seconds * LABEL_RATE) for seconds in (0.4, 20.0))  # frames
_Moderate = Annotated[float, Within(-1e9, 1e9)]
WINDOWS = tuple(n for n in range(SHORTEST, LONGEST + 1) if n % 2)  # odd, so that a window has a middle


@dataclass(frozen=True)
class Chain:
    """One dimension's post-processing; as it is built, it changes nothing.

    Args:
        median_frames: window of the median filter, odd; 1 filters nothing.
        bias: added to the prediction.
        centre: the value that scaling leaves where it is.
        scale: factor about the centre.

    Example:
        >>> Chain(median_frames=3, bias=1.0, scale=2.0)(np.array([0.0, 9.0, 0.0])).tolist()
        [2.0, 2.0, 2.0]
    """

    median_frames: Annotated[int, Within(1, LONGEST)] = 1
    bias: _Moderate = 0.0
    centre: _Moderate = 0.0
    scale: _Moderate = 1.0

    def __post_init__(self) -> None:
        if self.median_frames < 1 or self.median_frames % 2 == 0:
            raise ValueError(f"median_frames must be odd and at least 1, got {self.median_frames}")

    def __call__(self, predicted: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Post-process one recording. Shape: (frames,) -> (frames,)."""
        smooth = _median_filtered(np.asarray(predicted, dtype=np.float64), self.median_frames)
        changed: NDArray[np.float64] = self.scale * (smooth + self.bias - self.centre) + self.centre
        return changed


def fit_chain(
    gold: Sequence[NDArray[np.float32]], predicted: Sequence[NDArray[np.float32]]
) -> tuple[Chain, float, float]:
    """Build the chain step by step on the devel partition; a step that does not raise the CCC is left out.

    Args:
        gold: one dimension of each devel track. Shape of each: (frames,).
        predicted: the same of the predictions.

    Returns:
        The chain, and the CCC over all tracks without it and with it.
    """
    wanted = np.concatenate(gold)

    def score(chain: Chain) -> float:
        return float(ccc(wanted, np.concatenate([chain(each) for each in predicted])))

    def better(chain: Chain, longer: Chain) -> Chain:
        return longer if score(longer) > score(chain) + LEAST_GAIN else chain

    chain = better(Chain(), max((Chain(median_frames=window) for window in WINDOWS), key=score))
    shown = np.concatenate([chain(each) for each in predicted])
    chain = better(chain, replace(chain, bias=float(wanted.mean() - shown.mean())))
    if shown.std() > 0:
        middle, scale = float(shown.mean() + chain.bias), float(wanted.std() / shown.std())
        chain = better(chain, replace(chain, centre=middle, scale=scale))
    return chain, score(Chain()), score(chain)


def finish(predicted: NDArray[np.float32], chains: Sequence[Chain]) -> NDArray[np.float32]:
    """A network's predictions as its card wants them: post-processed where it holds chains (``chains_of``).

    Shape: (frames, 2) -> (frames, 2).
    """
    if not chains or not len(predicted):
        return predicted
    columns = [chain(predicted[:, d]) for d, chain in enumerate(chains)]
    return np.stack(columns, axis=1).astype(np.float32)


def chains_of(described: Mapping[str, Any] | None) -> tuple[Chain, ...]:
    """The chain of each dimension that a card holds (``describe``), or none.

    Raises:
        ReadingError: if one is missing, or cannot be; one sentence says why.

    Example:
        >>> chains_of({"arousal": {"median_frames": 2}, "valence": {}})
        Traceback (most recent call last):
        sercore.reading.text.ReadingError: median_frames must be odd and at least 1, got 2
    """
    if not described:
        return ()
    if missing := [name for name in DIMENSIONS if name not in described]:
        raise ReadingError(f"post_processing lacks {missing[0]}")
    return tuple(made(Chain, described[name], f"post_processing.{name}") for name in DIMENSIONS)


def describe(chains: Sequence[Chain]) -> dict[str, dict[str, Any]]:
    """The chains of both dimensions as a card holds them."""
    return {dimension: asdict(chain) for dimension, chain in zip(DIMENSIONS, chains, strict=True)}


def _median_filtered(values: NDArray[np.float64], frames: int) -> NDArray[np.float64]:
    """Running median; the ends are continued by their own values."""
    if frames == 1:
        return values
    padded = np.pad(values, frames // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, frames)
    filtered: NDArray[np.float64] = np.median(windows, axis=1)
    return filtered
