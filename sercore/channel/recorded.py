"""A recorded call, played again: no model at all, only what happened once."""

import hashlib
import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.channel.loss_model import LossModel, Parameter, shape_of_draw
from sercore.channel.packets import checked_packet_ms
from sercore.channel.runs import burst_lengths, gap_lengths, shares

if TYPE_CHECKING:
    from sercore.trace import Trace

_FILE = "Path of a recorded call: a capture, a CSV, or a text of one value a line, 1 = lost."
_HASH = r"#([0-9a-f]{12})$"


@dataclass(frozen=True, repr=False)
class Recorded(LossModel):
    """The losses of a recorded call, from a random place on, again and again.

    ``file`` is a path. It comes to end in "#" and twelve digits of a hash of the losses, so that results of
    one recording are never taken for those of another that lies under its name.

    Args:
        file: path of a recording; if a hash follows, the recording must be that one.
        packet_ms: length of a packet; None takes what the recording says, or 20 ms.

    Raises:
        ValueError: if it cannot be read, tells only counts, or is another than the hash says; one sentence.

    Example:
        >>> from sercore.trace import Trace
        >>> call = Recorded.of(Trace([True, False, False, True, True, True], packet_ms=20, source="call"))
        >>> call.file, round(call.loss_rate, 3), call.mean_burst_length
        ('call#ed6fc80f0551', 0.333, 2.0)
    """

    NAME = "recorded"
    PARAMETERS = (Parameter.text("file", "Recording", _FILE),)
    USUAL_MS = None

    file: str
    received: NDArray[np.bool_] = field(init=False, compare=False)
    packet_ms: float = field(default=None, kw_only=True)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        from sercore.trace import Trace, read_trace  # noqa: PLC0415  (captures cost a tenth of a second)

        given = self.PARAMETERS[0].checked(self.file)
        path, digits = re.sub(_HASH, "", given), re.search(_HASH, given)
        wanted = None if self.packet_ms is None else checked_packet_ms(self.packet_ms)
        trace = read_trace(path, packet_ms=wanted)
        if not isinstance(trace, Trace):
            raise ValueError(f"{path} counts losses and does not tell which packets; fit a channel to it")
        if wanted not in (None, trace.packet_ms):
            raise ValueError(f"packets of {path} last {trace.packet_ms:g} ms, got packet_ms {wanted:g}")
        self._take(trace, path)
        if digits and self.file != given:
            raise ValueError(f"{path} is another recording: its hash is {self.file[-12:]}, got {digits[1]}")

    @classmethod
    def of(cls, trace: "Trace") -> Self:
        """The losses of a trace in hand, under the name of its source.

        Raises:
            ValueError: if its packets are longer than a frame, or hold no whole samples.
        """
        channel = object.__new__(cls)
        channel._take(trace, trace.source)
        return channel

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.file!r}, packet_ms={self.packet_ms!r})"

    def _take(self, trace: "Trace", name: str) -> None:
        digits = hashlib.sha256(np.packbits(trace.received).tobytes() + str(len(trace.received)).encode())
        object.__setattr__(self, "file", f"{name}#{digits.hexdigest()[:12]}")
        object.__setattr__(self, "packet_ms", checked_packet_ms(trace.packet_ms))
        object.__setattr__(self, "received", trace.received)

    @property
    def loss_rate(self) -> float:
        """Of the recording."""
        return 1 - float(self.received.mean())

    @property
    def mean_burst_length(self) -> float:
        """Mean number of packets lost in a row; 0 where nothing is lost, infinite where nothing arrives."""
        if self.received.all() or not self.received.any():
            return 0.0 if self.received.all() else math.inf
        return float(burst_lengths(self._ring).mean())

    def burst_lengths(self, longest: int, /) -> NDArray[np.float64]:
        """Shares of bursts of 1, 2, ... packets, one over the recording's end included. Shape: (longest,)."""
        return shares(burst_lengths(self._ring), longest)

    def gap_lengths(self, longest: int, /) -> NDArray[np.float64]:
        """The same of gaps between two bursts. Shape: (longest,)."""
        return shares(gap_lengths(self._ring), longest)

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        """The recording from a random place on, for each sequence another.

        True = received. Shape: (n_packets,) or (n_sequences, n_packets).
        """
        received = np.empty(shape_of_draw(n_packets, rng, n_sequences), dtype=bool)
        for sequence in np.atleast_2d(received):
            sequence[:] = self._played(int(rng.integers(len(self.received))), n_packets)
        return received

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        """The recording from the place on that the first number in [0, 1) names. Shape: (packets,)."""
        numbers = np.asarray(uniforms, dtype=np.float64)
        return self._played(int(next(iter(numbers), 0) * len(self.received)), len(numbers))

    def _played(self, start: int, n_packets: int) -> NDArray[np.bool_]:
        return np.resize(np.roll(self.received, -start), n_packets)

    @cached_property
    def _ring(self) -> NDArray[np.bool_]:
        """The recording from an edge on, between its last packet and its first: each run ends inside."""
        edges = np.flatnonzero(self.received != np.roll(self.received, 1))
        ring = np.roll(self.received, -edges[0] if len(edges) else 0)
        return np.concatenate([ring[-1:], ring, ring[:1]])
