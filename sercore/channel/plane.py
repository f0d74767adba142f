"""The paper's plane: p_n and p_l of the chain on a square grid (section 3.1)."""

from collections.abc import Iterable

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


def loss_rates(p_n: Iterable[float], p_l: Iterable[float]) -> list[float]:
    """Eq. 1 at some places of the plane.

    Example:
        >>> loss_rates([0.5, 1.0], [0.5, 0.0])
        [0.5, 0.0]
    """
    return [Gilbert(*place).loss_rate for place in zip(p_n, p_l, strict=True)]
