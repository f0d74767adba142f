"""Where and through what a track was recorded: room, microphone, gain, line, codec and noise.

Nothing here depends on the emotion, so that a network cannot take a loud recording for an aroused speaker,
nor a dull microphone for a sad one: gain and colour wander within a track, as somebody turns away from a
microphone or takes another; an automatic gain control works more or less hard; and a third of all tracks are
telephone calls.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from sercore.audio import SAMPLE_RATE
from sercore.synthetic.latents import first_order, ornstein_uhlenbeck

SPEECH_LEVEL = -24.0  # dB re full scale, RMS of the speech before the track's gain
KNEE = 0.8
TELEPHONES = 1 / 3  # share of the tracks
CODECS = ("ULAW", "ALAW", "GSM610")  # of telephones: G.711 in both laws, and GSM 06.10
_TAPS = 9600  # 0.6 s
_BLOCK = SAMPLE_RATE // 50  # gains are computed each 20 ms

Samples = NDArray[np.float64]

_PERIOD = np.arange(SAMPLE_RATE // 50) * (2.0 * np.pi * 50.0 / SAMPLE_RATE)
_MAINS = sum(np.sqrt(2.0) / harmonic * np.sin(harmonic * _PERIOD) for harmonic in (1, 2, 3, 5, 7, 9)) / 1.25
"""A period of mains hum at 50 Hz, of RMS near 1."""


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
        place: Room, microphone and line.
        rng: Source of chance, for drift and noise.

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
