"""Many draws of one channel: the one that is shown, and how much luck there was in it."""

import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sercore.scoring.concordance import ccc_received, ccc_timeline

N_DRAWS = 20  # of one channel, where they may differ; what was drawn is ``Draws.n_draws``
LOW, HIGH = 5, 95  # per cent: what the ribbon spans
FEWEST_DRAWS = 5  # draws that must have predicted a frame, or scored, before a ribbon says anything


@dataclass(frozen=True, eq=False)
class Draws:
    """Predictions of one network on one clip: without loss, and after several draws of one channel."""

    clean: NDArray[np.float32]  # without loss. Shape: (frames, 2)
    received: NDArray[np.bool_]  # the first draw is the one that is shown. Shape: (draws, frames)
    predicted: NDArray[np.float32]  # after each draw, at every moment. Shape: (draws, frames, 2)
    cuts_out: bool = True  # the receiver cuts lost frames out, so that nothing new is predicted in them
    half_widths: NDArray[np.float32] | None = None  # how sure is what is shown; NaN: not at all. (frames, 2)

    @property
    def shown(self) -> NDArray[np.float32]:
        """The prediction after the draw that is shown, NaN where nothing is new. Shape: (frames, 2)."""
        shown: NDArray[np.float32] = self._drawn[0]
        return shown

    @property
    def band(self) -> NDArray[np.float32] | None:
        """Lower and upper edge of what the gold standard may be, at every moment, lost ones too.

        Shape: (2, frames, 2); None where nobody knows how sure the network is.
        """
        if self.half_widths is None:
            return None
        middle = self.predicted[0]
        edges: NDArray[np.float32] = np.stack([middle - self.half_widths, middle + self.half_widths])
        return edges.clip(-1, 1)

    @property
    def _drawn(self) -> NDArray[np.float32]:
        """Each draw's prediction, NaN where nothing is new. Shape: (draws, frames, 2)."""
        is_lost = (self.cuts_out & ~self.received)[:, :, None]
        return np.where(is_lost, np.float32(np.nan), self.predicted)

    @property
    def n_draws(self) -> int:
        """How many draws there are: many, or the one that is shown."""
        return len(self.received)

    @property
    def n_bytes(self) -> int:
        """Size in memory."""
        return self.clean.nbytes + self.received.nbytes + self.predicted.nbytes

    @cached_property
    def ribbon(self) -> NDArray[np.float32] | None:
        """5th, 50th and 95th percentile over the draws, NaN where too few predict a frame.

        Shape: (3, frames, 2); None where there are too few draws.
        """
        if self.n_draws < FEWEST_DRAWS:
            return None
        drawn = self._drawn
        with warnings.catch_warnings():  # a frame that no draw predicts stays NaN
            warnings.simplefilter("ignore", RuntimeWarning)
            ribbon = np.nanpercentile(drawn, [LOW, 50, HIGH], axis=0).astype(np.float32)
        ribbon[:, (~np.isnan(drawn)).sum(axis=0) < FEWEST_DRAWS] = np.nan
        return ribbon

    def scores(self, gold: NDArray[np.float32] | None, kind: str) -> "Scores":
        """CCC without loss, of the draw that is shown, and its spread over the draws.

        ``kind`` is "ccc" over received frames, or "ccc_timeline" over all. Without a gold standard
        (frames, 2) the predictions are compared with the one without loss.
        """
        score = ccc_timeline if kind == "ccc_timeline" else ccc_received
        reference = self.clean if gold is None else gold
        clean = score(reference, self.clean, np.ones(len(self.clean), dtype=bool))
        each = [score(reference, p, r) for p, r in zip(self.predicted, self.received, strict=True)]
        spread = tuple(_spread(values) for values in zip(*each, strict=True))
        return Scores(tuple(clean), tuple(each[0]), spread, self.n_draws)


@dataclass(frozen=True)
class Scores:
    """Agreement, one value for each dimension; None where it is not defined."""

    clean: tuple[float | None, ...]  # without loss
    after: tuple[float | None, ...]  # of the draw that is shown
    spread: tuple[tuple[float, float, float] | None, ...]  # 5th, 50th and 95th percentile over the draws
    n_draws: int


def _spread(values: tuple[float | None, ...]) -> tuple[float, float, float] | None:
    defined = [value for value in values if value is not None]
    if len(defined) < FEWEST_DRAWS:
        return None
    low, middle, high = np.percentile(defined, [LOW, 50, HIGH])
    return float(low), float(middle), float(high)
