"""The paper's four ways to train, as values (section 3.1), one more, and which frames arrive in them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sercore.channel import Gilbert, LossModel
from sercore.channel.packets import packets_in
from sercore.receiver import drop_lost
from sercore.receiver.told import left_of, told_of
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_STEP
from sercore.units import FRAME_MS

LOWEST_P_N = 0.05  # "clipped to be at least 0.05 to prevent extremely high loss of training data"
THIRDS = {"low": (0.0, 1 / 3), "mid": (1 / 3, 2 / 3), "high": (2 / 3, 1.0)}
_MOST_REDRAWS = 10_000
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Setting:
    """What a network hears while it is trained.

    Args:
        name: how results and weights call it.
        p_n: range from which p_n is drawn for each batch; None trains on clean audio.
        p_l: range from which p_l is drawn for each batch; None trains on clean audio.

    Example:
        >>> import numpy as np
        >>> MULTI_CONDITION.draw(np.random.default_rng(1))
        Gilbert(p_n=0.5362..., p_l=0.9504...)
        >>> MISMATCHED.draw(np.random.default_rng(1)) is None
        True
    """

    name: str
    p_n: tuple[float, float] | None = None
    p_l: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if (self.p_n is None) != (self.p_l is None):
            raise ValueError(f"setting {self.name} needs a range for both p_n and p_l, or for neither")
        for name, limits in (("p_n", self.p_n), ("p_l", self.p_l)):
            if limits is not None and not 0 <= limits[0] <= limits[1] <= 1:
                raise ValueError(f"{name} must be a range inside [0, 1], got {limits}")

    @property
    def is_clean(self) -> bool:
        """True where training meets no loss."""
        return self.p_n is None

    def draw(self, rng: np.random.Generator) -> LossModel | None:
        """Draw the channel of one batch, p_n and p_l uniform in their ranges; None for clean audio."""
        if self.p_n is None or self.p_l is None:
            return None
        return Gilbert(p_n=rng.uniform(*self.p_n), p_l=rng.uniform(*self.p_l))

    def hear(
        self, audio: Floats, gold: Floats, received: NDArray[np.bool_]
    ) -> tuple[tuple[Floats, ...], Floats]:
        """What the network is given of some audio, and what it should say: here without the lost frames.

        Shapes: audio (..., frames * 3200), gold (..., frames, 2), received (packets,), which fill the frames.
        """
        heard, wanted = drop_lost(audio, gold, received)
        return (heard,), wanted


@dataclass(frozen=True)
class ToldSetting(Setting):
    """Beyond the paper: time stays whole, and the network is told what is lost (``receiver.told``).

    Args:
        packet_ms: lengths of packets, one of which is drawn for each batch.
    """

    packet_ms: tuple[float, ...] = (20, FRAME_MS)

    def draw(self, rng: np.random.Generator) -> LossModel | None:
        """As of ``Setting``, with packets of one of the lengths."""
        ranges = (self.p_n or (1.0, 1.0), self.p_l or (0.0, 0.0))
        p_n, p_l = (rng.uniform(*limits) for limits in ranges)
        return Gilbert(p_n, p_l, packet_ms=self.packet_ms[rng.integers(len(self.packet_ms))])

    def hear(
        self, audio: Floats, gold: Floats, received: NDArray[np.bool_]
    ) -> tuple[tuple[Floats, ...], Floats]:
        """The frames of which something arrives, what is told of all; something is to be said of all."""
        packet_ms = FRAME_MS * gold.shape[-2] / len(received)
        return (left_of(audio, received, packet_ms), told_of(received, packet_ms)), gold


MISMATCHED = Setting("mismatched")
MULTI_CONDITION = Setting("multi_condition", (LOWEST_P_N, 1.0), (0.0, 1.0))
MATCHED = {
    (p_n, p_l): Setting(f"matched_{p_n}_{p_l}", (max(low, LOWEST_P_N), high), THIRDS[p_l])
    for p_n, (low, high) in THIRDS.items()
    for p_l in THIRDS
}
AUGMENTATION = MATCHED["high", "low"]  # the same weights, used for every channel

TRAINED_SETTINGS = {setting.name: setting for setting in (MISMATCHED, MULTI_CONDITION, *MATCHED.values())}
ALIASES = {"augmentation": AUGMENTATION.name}

LOSS_AWARE = ToldSetting("loss_aware", MULTI_CONDITION.p_n, MULTI_CONDITION.p_l)
BEYOND_THE_PAPER = {LOSS_AWARE.name: LOSS_AWARE}


def setting_named(name: str) -> Setting:
    """The setting of this name; ``augmentation`` names the matched high-p_N/low-p_L model.

    Raises:
        ValueError: if there is no such setting; the message lists those there are.

    Example:
        >>> setting_named("augmentation").name
        'matched_high_low'
    """
    try:
        return (TRAINED_SETTINGS | BEYOND_THE_PAPER)[ALIASES.get(name, name)]
    except KeyError:
        known = ", ".join([*TRAINED_SETTINGS, *ALIASES, *BEYOND_THE_PAPER])
        raise ValueError(f"there is no setting {name!r}; choose one of {known}") from None


def matched_for(channel: LossModel) -> Setting:
    """The matched setting whose ninth of the plane a channel falls in; a boundary belongs to the lower one.

    Any other model's channel falls where the chain of its loss rate and mean burst does.

    Example:
        >>> matched_for(Gilbert(p_n=1 / 3, p_l=0.34)).name
        'matched_low_mid'
        >>> matched_for(Gilbert(p_n=0.6666666667, p_l=0.3333333333)).name
        'matched_mid_low'
    """
    place = Gilbert.like(channel)
    return MATCHED[_third(place.p_n), _third(place.p_l)]


def _third(probability: float) -> str:
    # A grid's point at a third may lie a rounding error above it.
    return next(name for name, (_, high) in THIRDS.items() if probability <= high + 1e-9)


def draw_for_setting(
    setting: Setting, n_frames: int, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], int]:
    """The packets that arrive of each segment of one batch, and how often they had to be drawn again.

    A draw in which fewer than ``MIN_FRAMES_FOR_STEP`` arrive is thrown away with its channel: at p_L near
    1 no other draw of that channel would do better. True = received. Shape: (packets in n_frames,); the
    paper's packets are frames.

    Raises:
        ValueError: if no draw of the setting lets enough frames through.
    """
    for redraws in range(_MOST_REDRAWS):
        channel = setting.draw(rng)
        packets = n_frames if channel is None else packets_in(n_frames, channel.packet_ms)
        received = np.ones(packets, dtype=bool) if channel is None else channel.sample(packets, rng)
        if received.sum() * n_frames >= min(MIN_FRAMES_FOR_STEP, n_frames) * packets:
            return received, redraws
    raise ValueError(
        f"no draw of the setting {setting.name} keeps {MIN_FRAMES_FOR_STEP} of {n_frames} frames"
    )


@cache
def share_heard(setting: Setting) -> float:
    """The mean share of what is sent that arrives in training, of 10,000 draws for segments of 20 s.

    Example:
        >>> round(share_heard(MATCHED["mid", "mid"]), 2), share_heard(MISMATCHED)
        (0.5, 1.0)
    """
    rng = np.random.default_rng(0)
    return float(np.mean([draw_for_setting(setting, 100, rng)[0].mean() for _ in range(10_000)]))
