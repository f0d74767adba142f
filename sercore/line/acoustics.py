"""What lies between a mouth and a network: room, microphone, noise, a telephone, the recording level.

These are values. Drawing them is apart from sending sound through them (``sercore.line.transmission``).
"""

from dataclasses import dataclass

import numpy as np

from sercore.line.g711 import LAWS

COMPANDING = tuple(LAWS)


@dataclass(frozen=True)
class Acoustics:
    """One way from a mouth to a network.

    Args:
        tilt: dB per octave around 1 kHz, of a microphone.
        peaks: of a microphone or a small room: (Hz, width in octaves, dB, negative for a notch) each.
        room: seconds in which the reverberation falls by 60 dB; 0 is no room.
        direct: dB by which the direct sound exceeds all reverberation.
        snr: dB of speech over noise; None is no noise.
        noise_slope: dB per octave of the noise.
        telephone: "mu" or "a" for a call: 300 to 3,400 Hz at 8 kHz through G.711; "" for none.
        level: dB by which what comes out is louder than what went in.

    Raises:
        ValueError: if there is no such companding law, or the room's seconds are negative.
    """

    tilt: float = 0.0
    peaks: tuple[tuple[float, float, float], ...] = ()
    room: float = 0.0
    direct: float = 6.0
    snr: float | None = None
    noise_slope: float = -3.0
    telephone: str = ""
    level: float = 0.0

    def __post_init__(self) -> None:
        if self.telephone not in ("", *COMPANDING):
            raise ValueError(f"telephone must be mu, a or empty, got {self.telephone!r}")
        if self.room < 0:
            raise ValueError(f"room must be at least 0 seconds, got {self.room}")


def draw_acoustics(rng: np.random.Generator) -> Acoustics:
    """A way as training meets them: any colour, 35 % telephones, half with noise, a third in a room.

    Example:
        >>> drawn = [draw_acoustics(np.random.default_rng(seed)) for seed in range(1000)]
        >>> sum(bool(way.telephone) for way in drawn)
        373
    """
    peaks = tuple(
        (float(80.0 * 2.0 ** rng.uniform(0, 6.3)), float(rng.uniform(0.3, 1.2)), float(rng.uniform(-8, 8)))
        for _ in range(3)
    )
    law = COMPANDING[rng.integers(2)]
    return Acoustics(
        tilt=float(rng.uniform(-4, 4)),
        peaks=peaks,
        telephone=law if rng.random() < 0.35 else "",
        snr=float(rng.uniform(10, 35)) if rng.random() < 0.5 else None,
        noise_slope=float(rng.uniform(-6, 0)),
        room=float(rng.uniform(0.15, 0.6)) if rng.random() < 0.3 else 0.0,
        direct=float(rng.uniform(0, 15)),
        level=float(rng.uniform(-6, 6)),
    )
