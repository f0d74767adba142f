"""G.711 (ITU-T 1988): one byte a sample at 8 kHz, on a scale that is fine where the sound is soft."""

from functools import cache
from io import BytesIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from sercore.line.narrow_band import NARROW_RATE, NarrowBand

LAWS = {"mu": "ULAW", "a": "ALAW"}
FINEST = {"mu": 0x7FFF / 4, "a": 0x7FFF / 16}  # steps of full scale, to which libsndfile rounds first


def companded(samples: NDArray[np.float32], law: str) -> NDArray[np.float32]:
    """Samples as G.711 gives them back. What is beyond full scale is cut. Shape: (n,) -> the same.

    Raises:
        ValueError: if the law is neither "mu" nor "a".

    Example:
        >>> companded(np.array([0.5, 0.001], dtype=np.float32), "mu")
        array([0.5115967 , 0.00097656], dtype=float32)
    """
    if law not in LAWS:
        raise ValueError(f"the law of G.711 must be one of {', '.join(LAWS)}, got {law!r}")
    steps = np.rint(np.minimum(np.abs(samples), 1) * np.float32(FINEST[law])).astype(np.int16)
    return np.copysign(_levels(law)[steps], samples)


@cache
def _levels(law: str) -> NDArray[np.float32]:
    """What libsndfile makes of each step: a table is seven times faster than a file. Shape: (steps + 1,)."""
    how = {"samplerate": NARROW_RATE, "channels": 1, "format": "RAW", "subtype": LAWS[law]}
    sent = BytesIO()
    with soundfile.SoundFile(sent, "w", **how) as file:
        file.write(np.arange(round(FINEST[law]) + 1) / np.float32(FINEST[law]))
    sent.seek(0)
    with soundfile.SoundFile(sent, "r", **how) as file:
        heard: NDArray[np.float32] = file.read(dtype="float32")
    return heard


class G711(NarrowBand):
    """The telephone's codec, over narrow band: 64 kbit/s.

    Example:
        >>> G711("mu").NAME, G711("a").NAME
        ('g711', 'g711-a')
    """

    CONCEALS = False
    DELAY_MS = 0.0

    def __init__(self, law: str) -> None:
        where = {"mu": "North America and Japan", "a": "most countries"}
        self.NAME = "g711" if law == "mu" else f"g711-{law}"
        self.TITLE = "G.711, μ-law" if law == "mu" else "G.711, A-law"
        self.MEANING = f"The telephone's codec of {where[law]}: 8 kHz and one byte a sample."
        self._law = law

    def _sent(self, narrow: NDArray[np.float32]) -> NDArray[np.float32]:
        return companded(narrow, self._law)
