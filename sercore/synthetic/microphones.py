"""Where and through what a track was recorded: room, microphone, gain, line and noise.

Nothing here depends on the emotion, so that a network cannot take a loud recording for an aroused
speaker: the gain wanders, an automatic gain control works more or less hard, and each track has a colour
of its own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.synthetic.latents import first_order, ornstein_uhlenbeck
from sercore.units import SAMPLE_RATE

SPEECH_LEVEL = -24.0  # dB re full scale, RMS of the speech before the track's gain
KNEE = 0.8
_TAPS = 4096
_BLOCK = SAMPLE_RATE // 50  # gains are computed each 20 ms

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Microphone:
    """One recording place.

    Attributes:
        impulse: Impulse response of room, microphone and line. Shape: (taps,).
        gain: dB.
        drift: SD of the slow wandering of the gain in dB.
        agc: 0, no automatic gain control, to 1, every level made equal.
        snr: speech over noise in dB.
        noise_slope: Slope of the noise's spectrum in dB per octave.
    """

    impulse: Samples
    gain: float
    drift: float
    agc: float
    snr: float
    noise_slope: float


def _curve(rng: np.random.Generator, frequencies: NDArray[Any]) -> Samples:
    """A microphone's colour in dB: a tilt and a few slow waves along the octaves, between two edges."""
    octaves = np.log2(np.maximum(frequencies, 30.0) / 1000.0)
    colour = rng.normal(0.0, 0.4) * octaves
    for wave in range(1, 5):
        phase = np.pi * wave * (octaves + 5.0) / 8.0 + rng.uniform(0.0, 2.0 * np.pi)
        colour = colour + rng.normal(0.0, 1.2 / wave) * np.cos(phase)
    low = 250.0 * rng.uniform(0.8, 1.2) if rng.random() < 0.2 else rng.uniform(20.0, 110.0)
    high = rng.uniform(3300.0, 4000.0) if rng.random() < 0.1 else rng.uniform(5000.0, 9500.0)
    below = -10.0 * np.log10(1.0 + (low / np.maximum(frequencies, 1.0)) ** 6)
    above = -10.0 * np.log10(1.0 + (frequencies / high) ** 12)
    return np.asarray(colour + below + above)


def _room(rng: np.random.Generator) -> Samples:
    """Direct sound, a short smear of its phase, and an exponential tail; dry to lively. Shape: (taps,)."""
    time = np.arange(_TAPS) / SAMPLE_RATE
    direct_ratio = rng.uniform(6.0, 26.0)  # dB
    rt60 = rng.uniform(0.1, 0.55)
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
        >>> draw_microphone(np.random.default_rng(0)).impulse.shape
        (4096,)
    """
    frequencies = np.fft.rfftfreq(_TAPS, 1.0 / SAMPLE_RATE)
    spectrum = np.fft.rfft(_room(rng)) * 10.0 ** (_curve(rng, frequencies) / 20.0)
    return Microphone(
        impulse=np.fft.irfft(spectrum, _TAPS),
        gain=float(rng.uniform(-6.0, 6.0)),
        drift=float(rng.uniform(0.3, 1.5)),
        agc=float(rng.uniform(0.0, 0.6)),
        snr=float(rng.uniform(20.0, 50.0)),
        noise_slope=float(rng.uniform(-6.0, 0.0)),
    )


def _speech_rms(audio: Samples) -> float:
    """RMS of the louder half-seconds, so that pauses do not count."""
    size = min(SAMPLE_RATE // 2, len(audio))
    power = np.sort((audio[: len(audio) // size * size].reshape(-1, size) ** 2).mean(axis=1))
    return float(np.sqrt(power[len(power) // 2 :].mean())) or 1e-9


def _gains(audio: Samples, place: Microphone, rng: np.random.Generator) -> Samples:
    """Gain in dB for each 20 ms: a slow drift, and an automatic gain control with a memory of 2 s."""
    n_blocks = -(-len(audio) // _BLOCK)
    padded = np.zeros(n_blocks * _BLOCK)
    padded[: len(audio)] = audio
    power = (padded.reshape(n_blocks, _BLOCK) ** 2).mean(axis=1)
    speaking = (power > 1e-3 * _speech_rms(audio) ** 2).astype(np.float64)
    keep = float(np.exp(-_BLOCK / SAMPLE_RATE / 2.0))
    # The mean power of the recent speech; the constants hold it at nominal before anyone has spoken.
    nominal = _speech_rms(audio) ** 2
    recent = (first_order(power * speaking, keep) + nominal) / (first_order(speaking, keep) + 1.0)
    drift = ornstein_uhlenbeck(n_blocks, 8.0, place.drift, rng, rate=SAMPLE_RATE / _BLOCK)
    return np.asarray(drift - place.agc * np.clip(10 * np.log10(recent / nominal), -20.0, 20.0))


def _noise(n_samples: int, slope: float, rng: np.random.Generator) -> Samples:
    """Steady coloured noise of RMS 1, the slope flat below 60 Hz. Shape: (samples,)."""
    from scipy.signal import fftconvolve  # noqa: PLC0415  of the extra "corpus"

    frequencies = np.maximum(np.fft.rfftfreq(1024, 1.0 / SAMPLE_RATE), 60.0)
    colour = np.fft.fftshift(np.fft.irfft((frequencies / 60.0) ** (slope / 6.02), 1024))
    noise = fftconvolve(rng.normal(size=n_samples), colour, mode="same")
    return np.asarray(noise / noise.std())


def record(speech: Samples, place: Microphone, rng: np.random.Generator) -> NDArray[np.float32]:
    """Record dry speech at a place.

    Args:
        speech: 16 kHz audio. Shape: (samples,).
        place: room, microphone and line.
        rng: source of chance, for drift and noise.

    Returns:
        What arrives, within [-1, 1]. Shape: (samples,).
    """
    from scipy.signal import fftconvolve  # noqa: PLC0415  of the extra "corpus"

    heard = fftconvolve(speech, place.impulse)[: len(speech)]
    level = _speech_rms(heard)
    heard = heard + level * 10.0 ** (-place.snr / 20.0) * _noise(len(heard), place.noise_slope, rng)
    gains = _gains(heard, place, rng) + place.gain + SPEECH_LEVEL - 20 * np.log10(level)
    centres = (np.arange(len(gains)) + 0.5) * _BLOCK
    heard *= 10.0 ** (np.interp(np.arange(len(heard)), centres, gains) / 20.0)
    # A converter's soft knee: peaks bend instead of being cut.
    over = np.maximum(np.abs(heard) - KNEE, 0.0)
    bent = np.sign(heard) * (KNEE + (1.0 - KNEE) * np.tanh(over / (1.0 - KNEE)))
    return np.asarray(np.where(over > 0, bent, heard), np.float32)
