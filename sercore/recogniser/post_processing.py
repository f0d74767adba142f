"""AVEC's chain of post-processing: median filter, centring, scaling, each kept only if devel gains.

Off unless asked for: the paper does not say that it was used. Source: Trigeorgis et al. 2016, "Adieu
features?", and Valstar et al. 2016, "AVEC 2016"; their windows are 0.4 to 20 s.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.scoring.concordance import ccc
from sercore.units import DIMENSIONS, LABEL_RATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SHORTEST_SECONDS, LONGEST_SECONDS = 0.4, 20.0
LEAST_GAIN = 1e-6  # of CCC; less is rounding
WINDOWS = tuple(  # odd, so that a window has a middle
    frames
    for frames in range(1, round(LONGEST_SECONDS * LABEL_RATE) + 1, 2)
    if frames >= SHORTEST_SECONDS * LABEL_RATE
)


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

    median_frames: int = 1
    bias: float = 0.0
    centre: float = 0.0
    scale: float = 1.0

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

    chain, best = Chain(), score(Chain())
    before = best
    filtered = max((Chain(median_frames=window) for window in WINDOWS), key=score)
    if score(filtered) > best + LEAST_GAIN:
        chain, best = filtered, score(filtered)
    shown = np.concatenate([chain(each) for each in predicted])
    centred = Chain(chain.median_frames, bias=float(wanted.mean() - shown.mean()))
    if score(centred) > best + LEAST_GAIN:
        chain, best = centred, score(centred)
    if shown.std() > 0:
        middle = float(shown.mean() + chain.bias)
        scaled = Chain(chain.median_frames, chain.bias, middle, float(wanted.std() / shown.std()))
        if score(scaled) > best + LEAST_GAIN:
            chain, best = scaled, score(scaled)
    return chain, before, best


def finish(predicted: NDArray[np.float32], chains: Mapping[str, Any] | None) -> NDArray[np.float32]:
    """A network's predictions as its card wants them: post-processed where the card holds chains.

    Args:
        predicted: Shape: (frames, 2).
        chains: of each dimension, from ``describe``; None changes nothing.

    Returns:
        Shape: (frames, 2).
    """
    if not chains or not len(predicted):
        return predicted
    columns = [Chain(**chains[dimension])(predicted[:, d]) for d, dimension in enumerate(DIMENSIONS)]
    return np.stack(columns, axis=1).astype(np.float32)


def describe(chains: Sequence[Chain]) -> dict[str, dict[str, Any]]:
    """The chains of both dimensions as a card holds them."""
    return {dimension: asdict(chain) for dimension, chain in zip(DIMENSIONS, chains, strict=True)}


def _median_filtered(values: NDArray[np.float64], frames: int) -> NDArray[np.float64]:
    """Running median; the ends are continued by their own values."""
    if frames == 1:
        return values
    padded = np.pad(values, frames // 2, mode="edge")
    filtered: NDArray[np.float64] = np.median(
        np.lib.stride_tricks.sliding_window_view(padded, frames), axis=1
    )
    return filtered
