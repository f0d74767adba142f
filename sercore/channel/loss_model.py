"""The contract of a channel: which packets arrive. The paper's chain is one of several that fulfil it."""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Parameter:
    """One number of a loss model, as controls and command lines offer it.

    Args:
        name: of the model's argument.
        low: least value.
        high: largest value.
        default: where a control begins.
        title: what a control is labelled with, in Markdown.
        meaning: one sentence or more for people.
        decimals: how finely a control chooses.
    """

    name: str
    low: float
    high: float
    default: float
    title: str
    meaning: str
    decimals: int = 2

    def checked(self, value: float) -> float:
        """The value, if it is a number within the limits.

        Raises:
            ValueError: if it is not; one sentence with the value and the limits.
        """
        limits = f"[{self.low:g}, {self.high:g}]"
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} must be a number in {limits}, got {value!r}") from None
        if not self.low <= number <= self.high:
            raise ValueError(f"{self.name} must lie in {limits}, got {value}")
        return number


@runtime_checkable
class LossModel(Protocol):
    """A channel: a loss model with its parameters; equal channels compare equal and can be hashed.

    A parameter outside of its limits is refused by a ValueError of one sentence, with the value and the rule.

    Attributes:
        NAME: in the registry, in results and in addresses.
        PARAMETERS: the arguments of its constructor, in order; each is an attribute too.
        packet_ms: what is lost at a time, in milliseconds; the paper's frame is 200.
    """

    NAME: ClassVar[str]
    PARAMETERS: ClassVar[tuple[Parameter, ...]]

    @property
    def packet_ms(self) -> float: ...  # noqa: D102

    @property
    def loss_rate(self) -> float:
        """Expected share of lost packets in a long call."""

    @property
    def mean_burst_length(self) -> float:
        """Mean number of packets lost in a row once a loss begins; infinite where it never ends."""

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        """Draw which packets arrive. True = received. Shape: (n_packets,) or (n_sequences, n_packets)."""

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        """The same law driven by one number in [0, 1) a packet: equal numbers, equal losses. Shape: (n,)."""
