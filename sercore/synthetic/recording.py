"""Record dry speech at a place: what arrives after room, microphone, gain, line, codec and noise."""

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

from sercore.synthetic.latents import first_order, ornstein_uhlenbeck
from sercore.synthetic.microphones import Microphone, Samples
from sercore.units import SAMPLE_RATE

SPEECH_LEVEL = -24.0  # dB re full scale, RMS of the speech before the track's gain
KNEE = 0.8
_BLOCK = SAMPLE_RATE // 50  # gains are computed each 20 ms

_PERIOD = np.arange(SAMPLE_RATE // 50) * (2.0 * np.pi * 50.0 / SAMPLE_RATE)
_MAINS = sum(np.sqrt(2.0) / harmonic * np.sin(harmonic * _PERIOD) for harmonic in (1, 2, 3, 5, 7, 9)) / 1.25
"""A period of mains hum at 50 Hz, of RMS near 1."""


def _wandering(n_samples: int, tau: float, rng: np.random.Generator) -> Samples:
    """A slow course of SD 1, drawn each 20 ms. Shape: (samples,)."""
    n_blocks = -(-n_samples // _BLOCK)
    course = ornstein_uhlenbeck(n_blocks, tau, 1.0, rng, rate=SAMPLE_RATE / _BLOCK)
    return _each_sample(course, n_samples)


def _each_sample(blocks: Samples, n_samples: int) -> Samples:
    """Values of 20 ms blocks, interpolated. Shape: (blocks,) -> (samples,)."""
    centres = (np.arange(len(blocks)) + 0.5) * _BLOCK
    return np.interp(np.arange(n_samples), centres, blocks)


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


def _noise(n_samples: int, place: Microphone, rng: np.random.Generator) -> Samples:
    """Coloured noise near RMS 1 that comes and goes, flat below 60 Hz, with a hum. Shape: (samples,)."""
    from scipy.signal import oaconvolve  # noqa: PLC0415  of the extra "corpus"

    frequencies = np.maximum(np.fft.rfftfreq(1024, 1.0 / SAMPLE_RATE), 60.0)
    colour = np.fft.fftshift(np.fft.irfft((frequencies / 60.0) ** (place.noise_slope / 6.02), 1024))
    noise = oaconvolve(rng.normal(size=n_samples), colour, mode="same")
    wandering = place.unrest * _wandering(n_samples, 4.0, rng)
    wandering += place.babble * _wandering(n_samples, 0.1, rng)
    noise = noise / noise.std() * 10.0 ** (wandering / 20.0)
    return np.asarray(noise + place.hum * np.resize(_MAINS, n_samples))


def _coded(audio: Samples, codec: str) -> Samples:
    """Through a telephone's codec at 8 kHz and back. Shape: (samples,)."""
    from scipy.signal import resample_poly  # noqa: PLC0415  of the extra "corpus"

    file = io.BytesIO()
    soundfile.write(file, resample_poly(audio, 1, 2), SAMPLE_RATE // 2, codec, format="WAV")
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float64")
    return np.asarray(resample_poly(decoded, 2, 1)[: len(audio)])


def record(speech: Samples, place: Microphone, rng: np.random.Generator) -> NDArray[np.float32]:
    """Record dry speech at a place.

    Args:
        speech: 16 kHz audio. Shape: (samples,).
        place: room, microphone and line.
        rng: source of chance, for drift and noise.

    Returns:
        What arrives, within [-1, 1]. Shape: (samples,).
    """
    from scipy.signal import oaconvolve  # noqa: PLC0415  of the extra "corpus"

    size = len(speech)
    here, there = (oaconvolve(speech, impulse)[:size] for impulse in place.impulses)
    heard = here + (there - here) / (1.0 + np.exp(-2.0 * _wandering(size, 15.0, rng)))
    level = _speech_rms(heard)
    heard = heard + level * 10.0 ** (-place.snr / 20.0) * _noise(size, place, rng)
    gains = _gains(heard, place, rng) + place.gain + SPEECH_LEVEL - 20 * np.log10(level)
    heard *= 10.0 ** (_each_sample(gains, size) / 20.0)
    # A converter's soft knee: peaks bend instead of being cut.
    over = np.maximum(np.abs(heard) - KNEE, 0.0)
    bent = np.sign(heard) * (KNEE + (1.0 - KNEE) * np.tanh(over / (1.0 - KNEE)))
    heard = np.where(over > 0, bent, heard)
    if place.codec:
        heard = np.clip(_coded(heard, place.codec), -1.0, 1.0)
    return np.asarray(heard, np.float32)
