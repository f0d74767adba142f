"""Where a voice is heard from, as a line: a telephone's band, another microphone, noise, a room."""

import numpy as np
from numpy.typing import NDArray

from sercore.line.acoustics import Acoustics
from sercore.line.line import Line

_CHANCE = 0  # of noise and rooms: the same for every recording


class Acoustic(Line):
    """A line that is as loud as what went in. Noise and rooms are drawn once for all.

    Example:
        >>> bright = Acoustic("bright", "Bright microphone", "Treble is louder.", Acoustics(tilt=2.0))
        >>> bright(np.ones(3_200, dtype=np.float32)).shape
        (3200,)
    """

    CONCEALS = False
    DELAY_MS = 0.0

    def __init__(self, name: str, title: str, meaning: str, way: Acoustics) -> None:
        self.NAME, self.TITLE, self.MEANING, self._way = name, title, meaning, way

    def __call__(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples,) -> the same."""
        import torch  # noqa: PLC0415  (costs seconds; most lines need none)

        from sercore.line.transmission import send  # noqa: PLC0415

        if not len(audio):
            return audio.copy()
        chance = torch.Generator().manual_seed(_CHANCE)
        heard: NDArray[np.float32] = send(torch.tensor(audio)[None], [self._way], chance)[0].numpy()
        return heard


ACOUSTIC = (
    Acoustic(
        "telephone",
        "Telephone",
        "The band of a telephone, 300 to 3,400 Hz, through G.711, A-law.",
        Acoustics(telephone="a"),
    ),
    Acoustic(
        "bright", "Bright microphone", "Each octave is 2 dB louder than the one below.", Acoustics(tilt=2.0)
    ),
    Acoustic(
        "dull", "Dull microphone", "Each octave is 2 dB softer than the one below.", Acoustics(tilt=-2.0)
    ),
    Acoustic("noisy", "Noisy", "Steady noise 20 dB below the voice.", Acoustics(snr=20.0)),
    Acoustic(
        "room", "Room", "Reverberation of 0.5 s, the voice 3 dB above it.", Acoustics(room=0.5, direct=3.0)
    ),
)
