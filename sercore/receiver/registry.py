"""Every receiver by its name."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.receiver.drop import Drop
from sercore.receiver.linear import Linear
from sercore.receiver.noise import Noise
from sercore.receiver.pitch import Pitch
from sercore.receiver.prediction import LinearPrediction
from sercore.receiver.receiver import Receiver
from sercore.receiver.repeat import Repeat
from sercore.receiver.silence import Silence
from sercore.receiver.stretch import Stretch
from sercore.units import FRAME_MS

_SHIPPED = (Drop(), Silence(), Noise(), Repeat(), Linear(), LinearPrediction(), Pitch(), Stretch())
RECEIVERS: dict[str, Receiver] = {receiver.NAME: receiver for receiver in _SHIPPED}
EARLIER_NAMES = {"removed": Drop.NAME}  # in addresses and settings.json that were written before


def receiver_named(name: str) -> Receiver:
    """The receiver of that name, or of one that it had before.

    Raises:
        ValueError: if there is none; the message lists those that there are.

    Example:
        >>> receiver_named("removed").TITLE
        'Cut out'
    """
    known = EARLIER_NAMES.get(name, name) if isinstance(name, str) else ""
    if known not in RECEIVERS:
        raise ValueError(f"the receiver must be one of {', '.join(RECEIVERS)}, got {name!r}")
    return RECEIVERS[known]


def conceal(
    audio: NDArray[np.float32], received: ArrayLike, *, method: str, packet_ms: float = FRAME_MS
) -> NDArray[np.float32]:
    """Fill the holes of lost packets, by a receiver that keeps the length.

    Args:
        audio: samples at 16 kHz. Shape: (packets * samples in a packet,).
        received: True = received. Shape: (packets,).
        method: the receiver's name in ``RECEIVERS``.
        packet_ms: what is lost at a time.

    Returns:
        Shape: that of the audio.

    Raises:
        ValueError: if there is no such receiver, it cuts out instead of filling, or the lengths do not fit.

    Example:
        >>> conceal(np.ones(6_400, dtype=np.float32), [True, False], method="silence").sum()
        np.float32(3200.0)
    """
    receiver = receiver_named(method)
    if not receiver.KEEPS_LENGTH:
        keep = ", ".join(name for name, each in RECEIVERS.items() if each.KEEPS_LENGTH)
        raise ValueError(f"the receiver {method} cuts out what is lost; those that fill it are {keep}")
    return receiver(audio, received, packet_ms=packet_ms)
