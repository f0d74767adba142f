"""Send sound through acoustics, in the frequency domain, on whatever device it is.

Level is no part of a colour: what comes out is as loud as what went in, but for a ``level`` of its own.
"""

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from sercore.line.acoustics import Acoustics
from sercore.line.g711 import companded
from sercore.line.narrow_band import NARROW_RATE
from sercore.units import SAMPLE_RATE

TELEPHONE_BAND = (300.0, 3400.0)  # Hz, of ITU-T G.712
PIVOT = 1_000.0  # Hz, where a tilt does nothing
LOWEST = 60.0  # Hz, below which colours are flat
FIRST_ECHO = 0.003  # seconds


def send(audio: Tensor, ways: Sequence[Acoustics], generator: torch.Generator) -> Tensor:
    """Each recording through its line.

    A recording goes round in a loop: what reverberates beyond its end is heard at its beginning. Fourier
    transforms are fastest for a whole batch, all else for one spectrum at a time, which fits into a cache.

    Args:
        audio: at 16 kHz, full scale at 1. Shape: (batch, samples).
        ways: one for each recording.
        generator: chance of noise and rooms, on the audio's device.

    Returns:
        Shape: (batch, samples).

    Raises:
        ValueError: if there are not as many ways as recordings.
    """
    if audio.ndim != 2 or len(ways) != len(audio):
        raise ValueError(
            f"audio must be (batch, samples) with a way each, got {tuple(audio.shape)} and {len(ways)}"
        )
    size = fast_size(audio.shape[1])
    spectra = torch.fft.rfft(audio, size)
    if rooms := [number for number, way in enumerate(ways) if way.room]:
        echoes = [_echoes(ways[number], size, generator) for number in rooms]
        spectra[rooms] *= torch.fft.rfft(pad_sequence(echoes, batch_first=True), size)
    # What the bins of a spectrum are to sum up to (Parseval).
    wanted = torch.linalg.vector_norm(audio, dim=1) ** 2 * (size / 2)
    for spectrum, way, power in zip(spectra, ways, wanted, strict=True):
        _transmit(torch.view_as_real(spectrum), way, power * 10 ** (way.level / 10), generator)
    heard = torch.empty_like(audio)
    calls = [number for number, way in enumerate(ways) if way.telephone]
    others = [number for number, way in enumerate(ways) if not way.telephone]
    if others:
        heard[others] = torch.fft.irfft(spectra[others], size)[:, : audio.shape[1]]
    if calls:
        heard[calls] = _coded(spectra[calls], [ways[n].telephone for n in calls], size)[:, : audio.shape[1]]
    return heard


def fast_size(least: int) -> int:
    """The smallest multiple of 4 of at least ``least`` whose prime factors are 2, 3 and 5.

    Example:
        >>> fast_size(320_000), fast_size(320_001)
        (320000, 324000)
    """
    powers = itertools.product(range(2, 25), range(8), range(8))
    return min(size for a, b, c in powers if (size := int(2**a * 3**b * 5**c)) >= least)


def _transmit(spectrum: Tensor, way: Acoustics, wanted: Tensor, generator: torch.Generator) -> None:
    """Colour, noise and band of a way, in place, in one pass each. Shape: (bins, 2).

    Gains are constant in steps of about 4 Hz. So the power that comes out follows from the power that a step
    holds, before anything is multiplied; that of noise is what it is on average.
    """
    step = max(len(spectrum) // 2_000, 1)  # bins
    whole = len(spectrum) // step
    steps = spectrum[: whole * step].view(whole, -1)
    held = torch.linalg.vector_norm(steps, dim=1) ** 2
    hertz = (torch.arange(whole) + 0.5) * (step * SAMPLE_RATE / 2 / len(spectrum))
    gains = _colour(way, hertz).to(spectrum.device)
    noise = torch.zeros_like(gains)
    if way.snr is not None:
        noise = _from_decibels(way.noise_slope * _octaves(hertz)).to(spectrum.device)
        speech, hiss = (held * gains**2).sum(), (noise**2).sum() * (2 * step / 3)  # 1/3: of -1 to 1
        noise *= (speech / hiss).sqrt() * 10 ** (-way.snr / 20)
    if way.telephone:
        band = _band(hertz).to(spectrum.device)
        gains, noise = gains * band, noise * band
    total = (held * gains**2).sum() + (noise**2).sum() * (2 * step / 3)
    scale = (wanted / total.clamp_min(1e-20)).sqrt()
    steps *= (gains * scale)[:, None]
    spectrum[whole * step :] *= gains[-1] * scale
    if way.snr is not None:
        drawn = torch.empty_like(steps).uniform_(-1, 1, generator=generator)
        steps.addcmul_(drawn, (noise * scale)[:, None])


def _octaves(hertz: Tensor) -> Tensor:
    return torch.log2(hertz.clamp_min(LOWEST) / PIVOT)


def _from_decibels(decibels: Tensor) -> Tensor:
    return torch.exp(decibels * (math.log(10) / 20))


def _colour(way: Acoustics, hertz: Tensor) -> Tensor:
    """Factors of tilt and peaks. Shape: (steps,) -> (steps,)."""
    octaves = _octaves(hertz)
    colour = way.tilt * octaves
    for centre, width, height in way.peaks:
        away = (octaves - math.log2(centre / PIVOT)) / width
        colour += height * torch.exp(-4 * math.log(2) * away**2)  # as wide as it says at half its height
    return _from_decibels(colour)


def _band(hertz: Tensor) -> Tensor:
    """What a telephone leaves: 36 dB per octave below its band, 90 above, nothing beyond 4 kHz.

    Shape: (steps,) -> (steps,).
    """
    low, high = TELEPHONE_BAND
    edges = (1 + (low / hertz.clamp_min(1.0)) ** 12) * (1 + (hertz / high) ** 30)
    return edges.rsqrt() * (hertz < NARROW_RATE / 2)


def _echoes(way: Acoustics, size: int, generator: torch.Generator) -> Tensor:
    """Direct sound and an exponential tail of noise. Shape: (taps,), at most ``size``."""
    taps = min(round(way.room * SAMPLE_RATE), size)
    time = torch.arange(taps, device=generator.device) / SAMPLE_RATE
    echoes = torch.randn(taps, device=generator.device, generator=generator)
    echoes *= torch.exp(-3 * math.log(10) / way.room * time) * (time > FIRST_ECHO)
    echoes *= 10 ** (-way.direct / 20) / echoes.square().sum().sqrt().clamp_min(1e-10)
    echoes[0] = 1.0
    return echoes


def _coded(spectra: Tensor, laws: Sequence[str], size: int) -> Tensor:
    """Samples at 8 kHz through G.711, back at 16 kHz. Shape: (batch, bins) -> (batch, size)."""
    half = (
        NARROW_RATE / SAMPLE_RATE
    )  # the inverse divides by the number of samples, and there are half as many
    slow = torch.fft.irfft(spectra[:, : size // 4 + 1], size // 2) * half
    coded = [torch.from_numpy(companded(*each)) for each in zip(slow.cpu().numpy(), laws, strict=True)]
    heard: Tensor = torch.fft.irfft(torch.fft.rfft(torch.stack(coded).to(slow.device)) / half, size)
    return heard
