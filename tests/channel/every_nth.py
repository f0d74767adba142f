"""A loss model as somebody else would write it, from nothing but the contract: every n-th packet is lost."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.channel.loss_model import LossModel, Parameter


@dataclass(frozen=True)
class EveryNth(LossModel):
    """Every n-th packet is lost, from a random one on."""

    NAME = "every_nth"
    PARAMETERS = (Parameter("nth", 2.0, 50.0, 5.0, "Every n-th", "Which packet is lost.", 0),)

    nth: float
    packet_ms: float = field(default=200, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nth", float(round(self.PARAMETERS[0].checked(self.nth))))

    @property
    def loss_rate(self) -> float:
        return 1 / self.nth

    @property
    def mean_burst_length(self) -> float:
        return 1.0

    def burst_lengths(self, longest: int, /) -> NDArray[np.float64]:
        return (np.arange(1, longest + 1) == 1) + 0.0

    def gap_lengths(self, longest: int, /) -> NDArray[np.float64]:
        return (np.arange(1, longest + 1) == self.nth - 1) + 0.0

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        starts = rng.random(1 if n_sequences is None else n_sequences)
        drawn = np.array([self._from(start, n_packets) for start in starts])
        return drawn[0] if n_sequences is None else drawn

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        numbers = np.asarray(uniforms)
        return self._from(float(numbers[0]), len(numbers)) if len(numbers) else np.zeros(0, dtype=bool)

    def _from(self, start: float, n_packets: int) -> NDArray[np.bool_]:
        return (np.arange(n_packets) + int(start * self.nth)) % int(self.nth) != 0
