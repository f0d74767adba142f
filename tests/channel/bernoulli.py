"""A loss model as somebody else would write it: each frame is lost by itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.channel.loss_model import LossModel, Parameter


@dataclass(frozen=True)
class Bernoulli(LossModel):
    """Every frame is lost with the same probability, whatever was before."""

    NAME = "bernoulli"
    PARAMETERS = (Parameter("loss", 0.0, 1.0, 0.2, "Loss rate", "Probability that a frame is lost."),)
    packet_ms = 200.0

    loss: float

    def __post_init__(self) -> None:
        self.PARAMETERS[0].checked(self.loss)

    @property
    def loss_rate(self) -> float:
        return self.loss

    @property
    def mean_burst_length(self) -> float:
        return 1 / (1 - self.loss) if self.loss < 1 else np.inf

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        shape = n_packets if n_sequences is None else (n_sequences, n_packets)
        return rng.random(shape) >= self.loss

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        return np.asarray(uniforms) < 1 - self.loss
