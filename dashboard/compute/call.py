"""A visitor's call: read, fitted, judged, and laid over a clip."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from dashboard.compute import networks
from dashboard.compute.cache import Cache
from dashboard.compute.clips import Clip
from dashboard.compute.findings import read_findings
from sercore.channel import LossModel
from sercore.channel.call import read_call
from sercore.channel.fit import CallFit, fit_call
from sercore.channel.packets import packets_in
from sercore.channel.repair import EARS_MS, Outlook, outlook
from sercore.receiver import RECEIVERS
from sercore.receiver.any_rate import receive
from sercore.report.verdict import Verdict, verdict_on
from sercore.trace import Statistics, Trace
from sercore.units import SAMPLE_RATE

STEPS = 300  # bars of the picture over time
LONGEST_BURST = 15  # told apart in the picture of bursts


@dataclass(frozen=True, eq=False)
class Call:
    """A call as it was read; a channel stands for one that was typed in as numbers."""

    as_read: Trace | Statistics | LossModel

    @cached_property
    def recorded(self) -> Trace | Statistics | LossModel:
        """As ears get it: what comes later than they can wait is lost."""
        return self.as_read.at_deadline(EARS_MS) if isinstance(self.as_read, Trace) else self.as_read

    def outlook(self, round_trip_ms: float) -> list[Outlook]:
        """What is missing at each deadline, and what could bring it back; needs single packets."""
        if not isinstance(self.as_read, Trace):
            return []
        call = self.as_read
        return outlook(call.received, call.delay_ms, packet_ms=call.packet_ms, round_trip_ms=round_trip_ms)

    @cached_property
    def fit(self) -> CallFit | None:
        """None for a channel that was typed in: there is nothing to fit."""
        return fit_call(self.recorded) if isinstance(self.recorded, Trace | Statistics) else None

    @cached_property
    def channel(self) -> LossModel:
        """The loss model that stands for the call: the call itself where no model fits it."""
        return self.fit.channel if self.fit is not None else cast(LossModel, self.recorded)

    @cached_property
    def verdict(self) -> Verdict:
        """By the results that ship."""
        return verdict_on(self.channel, networks.TRAINED / "results")

    def losses(self, n_frames: int, seed: int) -> NDArray[np.bool_]:
        """Which packets of a clip arrive: the call's own from a random place on, looped, or drawn."""
        n_packets, rng = packets_in(n_frames, self.channel.packet_ms), np.random.default_rng(seed)
        if isinstance(self.recorded, Trace):
            start = int(rng.integers(self.recorded.packets))
            return np.resize(np.roll(self.recorded.received, -start), n_packets)
        return self.channel.sample(n_packets, rng)


_EXAMPLES: Cache[Call] = Cache(8)


def example_call(path: Path) -> Call:
    """A call that ships, read, fitted and judged once for all, while the results stay the same."""
    return _EXAMPLES.find((path, read_findings().stamp), lambda: Call(read_call(path)))


def heard(call: Call, clip: Clip, receiver: str, seed: int) -> NDArray[np.float32]:
    """The clip as it sounds in this call. Shape: (samples,)."""
    received = call.losses(clip.n_frames, seed)
    sound: NDArray[np.float32] = receive(
        clip.audio, SAMPLE_RATE, received, call.channel.packet_ms, RECEIVERS[receiver]
    )
    return sound


def loss_over_time(trace: Trace) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds into the call, and the share lost from there to the next step. Shapes: (steps,) twice."""
    size = -(-trace.packets // STEPS)
    padded = np.full(-(-trace.packets // size) * size, np.nan)
    padded[: trace.packets] = ~trace.received
    share = np.nanmean(padded.reshape(-1, size), axis=1)
    return np.arange(len(share)) * size * trace.packet_ms / 1000, share


def burst_shares(lengths: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of the bursts that last 1, 2, ... packets; the last place holds all that are longer."""
    counts = np.bincount(np.minimum(lengths, LONGEST_BURST), minlength=LONGEST_BURST + 1)[1:]
    shares: NDArray[np.float64] = counts / max(1, counts.sum())
    return shares


def burst_law(channel: LossModel) -> NDArray[np.float64]:
    """The same by the law of a loss model."""
    shares = np.asarray(channel.burst_lengths(LONGEST_BURST), dtype=float).copy()
    shares[-1] += max(0.0, 1 - shares.sum())
    return shares
