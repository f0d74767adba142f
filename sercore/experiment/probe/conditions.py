"""Under which conditions a recogniser is probed: channel, receiver or line, and the draw of the losses."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sercore.channel import CLEAN, Gilbert, LossModel, channel_key, plane
from sercore.channel.packets import packets_in
from sercore.channel.presets import CALLS_OF_PACKETS, PRESETS
from sercore.line import receiver_of
from sercore.receiver import any_rate
from sercore.receiver.drop import Drop
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

RISING, PRESET, CALL, PLANE = "rising loss", "preset", "call", "plane"
LADDER = "ladder"  # the series of the rungs, in manifests
RISING_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
PACKET_MS, BURST_MS = 20.0, 80.0  # of the rising loss: usual packets, and bursts of four of them
RECEIVERS_OF_USE = ("silence", "drop", "pitch")  # no concealment, the paper's, and that of telephones
RUNGS = (  # from the full band on
    *("pitch", "narrow+pitch", "g711+pitch", "telephone+pitch"),
    *("opus-24", "opus-24-fec", "opus-8"),
)
RUNG_LOSS = Gilbert.from_rates(0.1, BURST_MS / PACKET_MS, PACKET_MS)


@dataclass(frozen=True)
class NamedChannel:
    """A channel, the series that it belongs to, and what people call it."""

    series: str
    title: str
    channel: LossModel


@dataclass(frozen=True)
class Condition:
    """What happens to every recording before the recogniser hears it.

    The receiver may have a line in front: any that ``sercore.line.receiver_of`` knows.
    """

    channel: LossModel
    receiver: str = Drop.NAME
    seed: int = 0

    def __post_init__(self) -> None:
        receiver_of(self.receiver)
        if self.seed < 0:
            raise ValueError(f"a seed must be at least 0, got {self.seed}")

    @property
    def key(self) -> str:
        """One word, in files and tables."""
        return "|".join([channel_key(self.channel), self.receiver, str(self.seed)])


NOTHING = Condition(CLEAN)  # what was said is heard


def rising_loss(
    rates: Sequence[float] = RISING_RATES, burst_ms: float = BURST_MS, packet_ms: float = PACKET_MS
) -> list[NamedChannel]:
    """Channels that lose more and more packets, in bursts of one mean length, longer where it must be.

    Raises:
        ValueError: if there is no such channel.

    Example:
        >>> [each.title for each in rising_loss([0.05])]
        ['5% lost']
    """
    named = []
    for rate in rates:
        if not 0 < rate < 1:
            raise ValueError(f"a rising loss lies between 0 and 1, got {rate:g}")
        burst = max(burst_ms / packet_ms, 1.0, rate / (1 - rate))
        named.append(
            NamedChannel(RISING, f"{100 * rate:.3g}% lost", Gilbert.from_rates(rate, burst, packet_ms))
        )
    return named


def presets() -> list[NamedChannel]:
    """The paper's corners, examples of calls in frames, and calls of 20 ms packets."""
    frames = [NamedChannel(PRESET, f"{each.name} (frames of 200 ms)", each.channel) for each in PRESETS]
    return frames + [NamedChannel(PRESET, each.name, each.channel) for each in CALLS_OF_PACKETS]


def whole_plane(points: int) -> list[NamedChannel]:
    """The paper's plane, as far as it loses anything."""
    return [NamedChannel(PLANE, channel_key(each), each) for each in plane(points) if each.loss_rate > 0]


def conditions_of(
    channels: Sequence[NamedChannel], receivers: Sequence[str], loss_seeds: int
) -> list[Condition]:
    """Every channel that loses something behind every receiver, so many draws each.

    Raises:
        ValueError: if there is no such receiver.
    """
    lossy = dict.fromkeys(each.channel for each in channels if each.channel.loss_rate > 0)
    every = product(lossy, dict.fromkeys(receivers), range(loss_seeds))
    return [Condition(channel, receiver, seed) for channel, receiver, seed in every]


def ladder(loss_seeds: int) -> list[Condition]:
    """The rungs of the line that this machine can climb, without loss and with ``RUNG_LOSS``."""
    climbed = []
    for rung in RUNGS:
        try:
            try_out(Condition(RUNG_LOSS, rung))
        except OSError:  # no libopus
            continue
        climbed.append(rung)
    without = [Condition(CLEAN, rung) for rung in climbed if rung != RUNGS[0]]  # which is NOTHING
    return without + conditions_of([NamedChannel(RISING, "", RUNG_LOSS)], climbed, loss_seeds)


def try_out(condition: Condition) -> None:
    """Send a second of silence, so that what this machine lacks is told before anything is computed.

    Raises:
        ValueError: if the packets do not fit the line.
        OSError: if a library is missing; one sentence says which.
    """
    sound_arrived(condition, "", np.zeros(SAMPLE_RATE, dtype=np.float32))


def packets_arrived(condition: Condition, name: str, n_frames: int) -> NDArray[np.bool_]:
    """Which packets of one recording arrive; with more loss, those that were lost before and others.

    True = received. Shape: (packets,).
    """
    rng = np.random.default_rng([condition.seed, zlib.crc32(name.encode())])
    return condition.channel.run(rng.random(packets_in(n_frames, condition.channel.packet_ms)))


def sound_arrived(condition: Condition, name: str, audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a receiver makes of one recording. Shape: (frames * 3200,) -> (samples,)."""
    received = packets_arrived(condition, name, len(audio) // SAMPLES_PER_FRAME)
    packet_ms = condition.channel.packet_ms
    return any_rate.receive(audio, SAMPLE_RATE, received, packet_ms, receiver_of(condition.receiver))
