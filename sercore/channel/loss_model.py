"""The contract of a channel: which packets arrive. The paper's chain is one of several that fulfil it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.units import FRAME_MS


@dataclass(frozen=True)
class Parameter:
    """One value of a loss model, as controls and command lines offer it.

    Args:
        name: of the model's argument.
        low: least value.
        high: largest value.
        default: where a control begins.
        title: what a control is labelled with, in Markdown.
        meaning: one sentence or more for people.
        decimals: how finely a control chooses.
        kind: "number", or "text", which has no limits and no control.
    """

    name: str
    low: float
    high: float
    default: float
    title: str
    meaning: str
    decimals: int = 2
    kind: Literal["number", "text"] = "number"

    @classmethod
    def text(cls, name: str, title: str, meaning: str) -> Self:
        """A value that is text, for instance the path of a file."""
        return cls(name, 0, 0, 0, title, meaning, kind="text")

    def checked(self, value: Any) -> Any:
        """The value, if it is of the parameter's kind and within its limits.

        Raises:
            ValueError: if it is not; one sentence with the value and the limits.
        """
        if self.kind == "text":
            if not isinstance(value, str):
                raise ValueError(f"{self.name} must be text, got {value!r}")
            return value
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
    One that is a Markov chain derives from ``sercore.channel.markov.MarkovModel``, which does all but the
    chain.

    Attributes:
        NAME: in the registry, in results and in addresses.
        PARAMETERS: the arguments of its constructor, in order; each is an attribute too.
        USUAL_MS: the packet that is meant where none is named: the paper's frame; None if there is none.
        packet_ms: what is lost at a time, in milliseconds; a keyword of the constructor. The paper's frame,
            which is what it is if nothing is said, is 200.
    """

    NAME: ClassVar[str]
    PARAMETERS: ClassVar[tuple[Parameter, ...]]
    USUAL_MS: ClassVar[float | None] = FRAME_MS

    @property
    def packet_ms(self) -> float: ...  # noqa: D102

    @property
    def loss_rate(self) -> float:
        """Expected share of lost packets in a long call."""

    @property
    def mean_burst_length(self) -> float:
        """Mean number of packets lost in a row once a loss begins; infinite where it never ends."""

    def __hash__(self) -> int:
        return hash((self.NAME, self.packet_ms, *(getattr(self, each.name) for each in self.PARAMETERS)))

    def burst_lengths(self, longest: int, /) -> NDArray[np.float64]:
        """The shares of bursts that last 1, 2, ... ``longest`` packets. Shape: (longest,)."""

    def gap_lengths(self, longest: int, /) -> NDArray[np.float64]:
        """The same of gaps: packets received in a row between two bursts."""

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        """Draw which packets arrive. True = received. Shape: (n_packets,) or (n_sequences, n_packets)."""

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        """The same law driven by one number in [0, 1) a packet: equal numbers, equal losses. Shape: (n,)."""

    @classmethod
    def from_rates(cls, loss_rate: float, mean_burst: float, packet_ms: float = FRAME_MS) -> Self:
        """The channel with this loss rate and this mean burst in packets, where the two determine it.

        Raises:
            ValueError: if they do not, or if no such channel exists.
        """
        del packet_ms
        raise ValueError(
            f"a loss rate ({loss_rate:g}) and a mean burst ({mean_burst:g}) do not determine {cls.NAME}, "
            f"which has the parameters {', '.join(each.name for each in cls.PARAMETERS)}"
        )


def shape_of_draw(n_packets: int, rng: np.random.Generator, n_sequences: int | None) -> tuple[int, ...]:
    """The shape that ``LossModel.sample`` was asked for.

    Raises:
        ValueError: if a count is not a whole number of at least 0.
        TypeError: if ``rng`` is a seed instead of a generator.
    """
    if not hasattr(rng, "geometric"):
        makes_one = "np.random.default_rng(seed) makes one"
        raise TypeError(f"rng must be a NumPy Generator, got {rng!r}: {makes_one}")
    counts = (
        {"n_packets": n_packets}
        if n_sequences is None
        else {"n_sequences": n_sequences, "n_packets": n_packets}
    )
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
            raise ValueError(f"{name} must be a whole number of at least 0, got {value!r}")
    return tuple(int(value) for value in counts.values())
