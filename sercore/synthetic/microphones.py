"""Where and through what a track is recorded: room, microphone, gain, line, codec and noise.

Nothing here depends on the emotion, so that a network cannot take a loud recording for an aroused speaker,
nor a dull microphone for a sad one: gain and colour wander within a track, as somebody turns away from a
microphone or takes another; an automatic gain control works more or less hard; and a third of all tracks are
telephone calls.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.units import SAMPLE_RATE

TELEPHONES = 1 / 3  # share of the tracks
CODECS = ("ULAW", "ALAW", "GSM610")  # of telephones: G.711 in both laws, and GSM 06.10
_TAPS = 9600  # 0.6 s

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Microphone:
    """One recording place.

    Attributes:
        impulses: Impulse responses of room, microphone and line, two between which it drifts. Shape:
            (2, taps).
        gain: dB.
        drift: SD of the slow wandering of the gain in dB.
        agc: 0, no automatic gain control, to 1, every level made equal.
        snr: Speech over noise in dB.
        noise_slope: Slope of the noise's spectrum in dB per octave.
        unrest: SD of the slow wandering of the noise in dB.
        babble: SD of the noise's quick wandering in dB, as of people who talk nearby.
        hum: RMS of a mains hum against that of the noise.
        codec: One of ``CODECS``, at 8 kHz, or "" for none.
    """

    impulses: Samples
    gain: float
    drift: float
    agc: float
    snr: float
    noise_slope: float
    unrest: float
    babble: float
    hum: float
    codec: str


def _edges(rng: np.random.Generator, codec: str) -> tuple[float, float]:
    """Lowest and highest frequency that passes: of a telephone, of a poor line, or nearly all."""
    if codec:
        return 300.0 * rng.uniform(0.85, 1.1), rng.uniform(3300.0, 3600.0)
    low = 250.0 * rng.uniform(0.6, 1.2) if rng.random() < 0.25 else rng.uniform(20.0, 110.0)
    return low, rng.uniform(3300.0, 5500.0) if rng.random() < 0.25 else rng.uniform(5500.0, 9500.0)


def _colour(rng: np.random.Generator, frequencies: NDArray[Any]) -> Samples:
    """A microphone's colour in dB: a tilt, a few slow waves along the octaves, sharper peaks and notches."""
    octaves = np.log2(np.maximum(frequencies, 60.0) / 1000.0)
    colour = rng.uniform(-3.0, 3.0) * octaves
    for wave in range(1, 5):
        phase = np.pi * wave * (octaves + 5.0) / 8.0 + rng.uniform(0.0, 2.0 * np.pi)
        colour = colour + rng.normal(0.0, 1.5 / wave) * np.cos(phase)
    for _ in range(3):
        away = (octaves - rng.uniform(-3.0, 2.5)) / rng.uniform(0.2, 0.8)
        colour = colour + rng.uniform(-8.0, 8.0) * np.exp(-(away**2))
    return np.asarray(colour)


def _passed(frequencies: NDArray[Any], low: float, high: float) -> Samples:
    """What lies beyond the edges fades, in dB."""
    below = -10.0 * np.log10(1.0 + (low / np.maximum(frequencies, 1.0)) ** 8)
    above = -10.0 * np.log10(1.0 + (frequencies / high) ** 24)
    return np.asarray(below + above)


def _room(rng: np.random.Generator) -> Samples:
    """Direct sound, a short smear of its phase, and an exponential tail; dry to lively. Shape: (taps,)."""
    time = np.arange(_TAPS) / SAMPLE_RATE
    direct_ratio = rng.uniform(2.0, 26.0)  # dB
    rt60 = rng.uniform(0.1, 0.6)
    tail = rng.normal(size=_TAPS) * 10.0 ** (-3.0 * time / rt60)
    tail[: int(rng.uniform(0.001, 0.008) * SAMPLE_RATE)] = 0.0
    impulse = tail * 10.0 ** (-direct_ratio / 20.0) / np.sqrt(np.sum(tail**2))
    smear = rng.normal(size=24) * np.exp(-np.arange(24) / rng.uniform(1.0, 8.0)) * rng.uniform(0.0, 0.8)
    impulse[:24] += smear / np.sqrt(np.sum(smear**2) + 1.0)
    impulse[0] += 1.0
    return np.asarray(impulse * rng.choice((-1.0, 1.0)))


def draw_microphone(rng: np.random.Generator) -> Microphone:
    """Draw a recording place.

    Example:
        >>> draw_microphone(np.random.default_rng(0)).impulses.shape
        (2, 9600)
    """
    codec = CODECS[rng.integers(len(CODECS))] if rng.random() < TELEPHONES else ""
    frequencies = np.fft.rfftfreq(_TAPS, 1.0 / SAMPLE_RATE)
    room, passed = np.fft.rfft(_room(rng)), _passed(frequencies, *_edges(rng, codec))
    impulses = []
    for _ in range(2):
        impulse = np.fft.irfft(room * 10.0 ** ((_colour(rng, frequencies) + passed) / 20.0), _TAPS)
        impulses.append(impulse / np.sqrt(np.sum(impulse**2)))
    return Microphone(
        impulses=np.stack(impulses),
        gain=float(rng.uniform(-6.0, 6.0)),
        drift=float(rng.uniform(0.3, 2.0)),
        agc=float(rng.uniform(0.0, 0.6)),
        snr=float(rng.uniform(10.0, 45.0)),
        noise_slope=float(rng.uniform(-6.0, 0.0)),
        unrest=float(rng.uniform(0.5, 4.0)),
        babble=float(rng.uniform(3.0, 8.0)) if rng.random() < 0.25 else 0.0,
        hum=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.25 else 0.0,
        codec=codec,
    )
