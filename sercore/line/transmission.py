"""Send sound through acoustics, in the frequency domain, on whatever device it is.

Level is no part of a colour: what comes out is as loud as what went in, but for a ``level`` of its own.
"""

import itertools
import math
from collections.abc import Sequence
from functools import cache

import numpy as np
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
APART = 1_001  # values, of the noises of two recordings


def send(audio: Tensor, ways: Sequence[Acoustics], generator: torch.Generator) -> Tensor:
    """Each recording through its line.

    A recording goes round in a loop: what reverberates beyond its end is heard at its beginning.

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
    wanted = torch.linalg.vector_norm(audio, dim=1, keepdim=True) ** 2 * (size / 2)
    wanted *= 10 ** (_column([way.level for way in ways], audio) / 10)
    _transmit(torch.view_as_real(spectra), ways, wanted, generator)
    if calls := [number for number, way in enumerate(ways) if way.telephone]:
        half = size // 4 + 1  # bins, up to 4 kHz
        spectra[calls, :half] = _coded(spectra[calls, :half], [ways[n].telephone for n in calls])
        spectra[calls, half:] = 0
    heard: Tensor = torch.fft.irfft(spectra, size)[:, : audio.shape[1]]
    return heard


@cache
def fast_size(least: int) -> int:
    """The smallest multiple of 4 of at least ``least`` whose prime factors are 2, 3 and 5.

    Example:
        >>> fast_size(320_000), fast_size(320_001)
        (320000, 324000)
    """
    powers = itertools.product(range(2, 25), range(8), range(8))
    return min(size for a, b, c in powers if (size := int(2**a * 3**b * 5**c)) >= least)


def _transmit(spectra: Tensor, ways: Sequence[Acoustics], wanted: Tensor, generator: torch.Generator) -> None:
    """Colour, noise and band of each way, in place. Shapes: (batch, bins, 2), and (batch, 1) of power.

    Gains are constant in steps of about 4 Hz. So the power that comes out follows from the power that a step
    holds, before anything is multiplied; that of noise is what it is on average.
    """
    bins = spectra.shape[1]
    step = max(bins // 2_000, 1)  # bins
    whole = bins // step
    steps = spectra[:, : whole * step].view(len(ways), whole, 2 * step)
    held = torch.linalg.vector_norm(steps, dim=2) ** 2
    hertz = (torch.arange(whole, device=spectra.device) + 0.5) * (step * SAMPLE_RATE / 2 / bins)
    band = torch.stack([_band(hertz) if way.telephone else torch.ones_like(hertz) for way in ways])
    octaves = _octaves(hertz)
    gains = _from_decibels(_colour(ways, octaves))
    hisses = _from_decibels(_column([way.noise_slope for way in ways], hertz) * octaves)
    each_hiss = 2 * step / 3  # power of a step's noise: 1/3 is that of -1 to 1
    snr = _column([math.inf if way.snr is None else way.snr for way in ways], hertz)
    speech, hiss = (held * gains**2).sum(1, keepdim=True), (hisses**2).sum(1, keepdim=True) * each_hiss
    hisses *= (speech / hiss).sqrt() * 10 ** (-snr / 20) * band
    gains *= band
    total = (held * gains**2).sum(1, keepdim=True) + (hisses**2).sum(1, keepdim=True) * each_hiss
    scale = (wanted / total.clamp_min(1e-20)).sqrt()
    steps *= (gains * scale)[:, :, None]
    spectra[:, whole * step :] *= (gains[:, -1:] * scale)[:, :, None]
    noisy = [number for number, way in enumerate(ways) if way.snr is not None]
    if noisy:
        _add_noise(steps, hisses * scale, noisy, generator)


def _add_noise(steps: Tensor, gains: Tensor, noisy: Sequence[int], generator: torch.Generator) -> None:
    """To draw takes longest: there is one noise for all, and each recording begins elsewhere in it."""
    each = steps[0].numel()
    drawn = torch.empty(each + APART * len(noisy), device=steps.device).uniform_(-1, 1, generator=generator)
    for start, number in enumerate(noisy):
        noise = drawn[start * APART :][:each].view_as(steps[number])
        steps[number].addcmul_(noise, gains[number, :, None])


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    """Shape: (batch, 1)."""
    return torch.tensor(values, dtype=torch.float32, device=like.device)[:, None]


def _octaves(hertz: Tensor) -> Tensor:
    return torch.log2(hertz.clamp_min(LOWEST) / PIVOT)


def _from_decibels(decibels: Tensor) -> Tensor:
    return torch.exp(decibels * (math.log(10) / 20))


def _colour(ways: Sequence[Acoustics], octaves: Tensor) -> Tensor:
    """Decibels of tilt and peaks. Shape: (steps,) -> (batch, steps)."""
    most = max(len(way.peaks) for way in ways)
    flat = (PIVOT, 1.0, 0.0)
    peaks = torch.tensor([[*way.peaks, *[flat] * (most - len(way.peaks))] for way in ways])
    centres, widths, heights = peaks.view(len(ways), most, 3).to(octaves.device)[..., None].unbind(2)
    away = (octaves - torch.log2(centres / PIVOT)) / widths
    humps = heights * torch.exp(-4 * math.log(2) * away**2)  # as wide as it says at half its height
    return _column([way.tilt for way in ways], octaves) * octaves + humps.sum(1)


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


def _coded(spectra: Tensor, laws: Sequence[str]) -> Tensor:
    """Samples at 8 kHz through G.711. Shape: (batch, bins up to 4 kHz) -> the same."""
    half = NARROW_RATE / SAMPLE_RATE  # the inverse divides by the number of samples: there are half as many
    slow = (torch.fft.irfft(spectra) * half).cpu().numpy()
    coded = np.stack([companded(*each) for each in zip(slow, laws, strict=True)])
    sent: Tensor = torch.fft.rfft(torch.from_numpy(coded).to(spectra.device)) / half
    return sent
