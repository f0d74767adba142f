"""The paper's plane: p_n and p_l of the chain on a square grid (section 3.1)."""

import math
from collections.abc import Iterable

from sercore.channel.frames import FrameLaw
from sercore.channel.gilbert import Gilbert
from sercore.channel.loss_model import LossModel
from sercore.units import FRAME_MS


def plane(points: int) -> list[Gilbert]:
    """Channels on a square grid: p_n and p_l each from 0 to 1 in ``points`` steps, p_l running fastest.

    Raises:
        ValueError: if there are fewer than two points on a side.

    Example:
        >>> len(plane(21)), plane(3)[1]
        (441, Gilbert(p_n=0.0, p_l=0.5))
    """
    if points < 2:
        raise ValueError(f"a plane needs at least 2 points on a side, got {points}")
    axis = [round(i / (points - 1), 10) for i in range(points)]
    return [Gilbert(p_n, p_l) for p_n in axis for p_l in axis]


def place_in_plane(channel: LossModel) -> dict[str, float | None]:
    """p_n and p_l of the paper's chain of frames; None for a channel of another model or of other packets."""
    if type(channel) is Gilbert and channel.packet_ms == FRAME_MS:
        return {"p_n": channel.p_n, "p_l": channel.p_l}
    return {"p_n": None, "p_l": None}


def place_of(frames: FrameLaw) -> Gilbert:
    """The paper's chain that loses as many frames, as many in a row.

    Example:
        >>> place_of(FrameLaw(0.2, 2.5))
        Gilbert(p_n=0.9, p_l=0.6)
    """
    if frames.loss_rate == 0:
        return Gilbert(1.0, 0.0)
    burst = max(1.0, frames.mean_burst_length)
    p_l = 1 - 1 / burst if math.isfinite(burst) else 1.0
    leaves = 1.0 if frames.loss_rate == 1 else frames.loss_rate * (1 - p_l) / (1 - frames.loss_rate)
    return Gilbert(round(1 - min(1.0, leaves), 9), round(p_l, 9))


def loss_rates(p_n: Iterable[float], p_l: Iterable[float]) -> list[float]:
    """Eq. 1 at some places of the plane.

    Example:
        >>> loss_rates([0.5, 1.0], [0.5, 0.0])
        [0.5, 0.0]
    """
    return [Gilbert(*place).loss_rate for place in zip(p_n, p_l, strict=True)]
