"""Send sound through lines, in the frequency domain, on whatever device it is.

Level is no part of a colour: what a line lets through is as loud as what went in, but for its own ``level``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sercore.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from sercore.lines import Line

TELEPHONE_BAND = (300.0, 3400.0)  # Hz, of ITU-T G.712
TELEPHONE_RATE = 8_000  # Hz, of ITU-T G.711
PIVOT = 1_000.0  # Hz, where a tilt does nothing
LOWEST = 60.0  # Hz, below which colours are flat
FIRST_ECHO = 0.003  # seconds
_COMPANDED = {"mu-law": (8192, 33, 8158), "A-law": (4096, 0, 4095)}  # full scale, bias and largest, in steps


def send(audio: Tensor, lines: Sequence[Line], generator: torch.Generator) -> Tensor:
    """Each recording through its line.

    A recording goes round in a loop: what reverberates beyond its end is heard at its beginning. Fourier
    transforms are fastest for a whole batch, all else for one spectrum at a time, which fits into a cache.

    Args:
        audio: at 16 kHz, full scale at 1. Shape: (batch, samples).
        lines: one for each recording.
        generator: chance of noise and rooms, on the audio's device.

    Returns:
        Shape: (batch, samples).

    Raises:
        ValueError: if there are not as many lines as recordings.
    """
    if audio.ndim != 2 or len(lines) != len(audio):
        raise ValueError(
            f"audio must be (batch, samples) with a line each, got {tuple(audio.shape)} and {len(lines)}"
        )
    size = fast_size(audio.shape[1])
    wanted = torch.linalg.vector_norm(audio, dim=1) ** 2 * (
        size / 2
    )  # what the bins of a spectrum are to sum up to (Parseval)
    spectra = torch.fft.rfft(audio, size)
    _reverberate(spectra, lines, size, generator)
    for spectrum, line, power in zip(spectra, lines, wanted * _factors(lines, audio), strict=True):
        _transmit(torch.view_as_real(spectrum), line, power, generator)
    heard: Tensor = torch.fft.irfft(spectra, size)
    if calls := [number for number, line in enumerate(lines) if line.telephone]:
        heard[calls] = _coded(spectra[calls], [lines[number].telephone for number in calls], size)
    return heard[:, : audio.shape[1]]


def compand(audio: Tensor, law: str) -> Tensor:
    """Audio after the eight bits of ITU-T G.711: the middle of the step that each sample falls in.

    Both laws double their step at each power of two; the mu-law adds 33 before.

    Example:
        >>> compand(torch.tensor([0.0, 0.5, -2.0]), "A-law")
        tensor([ 2.4414e-04,  5.1562e-01, -9.8438e-01])
    """
    full, bias, largest = _COMPANDED[law]
    size = (audio.abs() * full).clamp_max(largest) + bias
    step = torch.exp2((torch.frexp(size).exponent - 5).clamp_min(1).to(audio.dtype))
    middle = (size / step).floor() * step + step / 2 - bias
    return torch.where(audio < 0, -middle, middle) / full


def fast_size(least: int) -> int:
    """The smallest multiple of 4 of at least ``least`` whose prime factors are 2, 3 and 5.

    Example:
        >>> fast_size(320_000), fast_size(320_001)
        (320000, 324000)
    """
    powers = itertools.product(range(2, 25), range(8), range(8))
    return min(size for a, b, c in powers if (size := int(2**a * 3**b * 5**c)) >= least)


def _factors(lines: Sequence[Line], like: Tensor) -> Tensor:
    """By which the levels of lines multiply a power. Shape: (batch,)."""
    return like.new_tensor([10 ** (line.level / 10) for line in lines])


def _transmit(spectrum: Tensor, line: Line, wanted: Tensor, generator: torch.Generator) -> None:
    """Colour, noise and band of a line, in place, in one pass each. Shape: (bins, 2).

    Gains are constant in steps of about 4 Hz. So the power that comes out follows from the power that a step
    holds, before anything is multiplied; that of noise is what it is on average.
    """
    step = max(len(spectrum) // 2_000, 1)  # bins
    whole = len(spectrum) // step
    steps = spectrum[: whole * step].view(whole, -1)
    held = torch.linalg.vector_norm(steps, dim=1) ** 2
    hertz = (torch.arange(whole) + 0.5) * (step * SAMPLE_RATE / 2 / len(spectrum))
    gains = _colour(line, hertz).to(spectrum.device)
    noise = torch.zeros_like(gains)
    if line.snr is not None:
        noise = _from_decibels(line.noise_slope * _octaves(hertz)).to(spectrum.device)
        speech, hiss = (held * gains**2).sum(), (noise**2).sum() * (2 * step / 3)  # 1/3: of -1 to 1
        noise *= (speech / hiss).sqrt() * 10 ** (-line.snr / 20)
    if line.telephone:
        band = _band(hertz).to(spectrum.device)
        gains, noise = gains * band, noise * band
    total = (held * gains**2).sum() + (noise**2).sum() * (2 * step / 3)
    scale = (wanted / total.clamp_min(1e-20)).sqrt()
    steps *= (gains * scale)[:, None]
    spectrum[whole * step :] *= gains[-1] * scale
    if line.snr is not None:
        drawn = torch.empty_like(steps).uniform_(-1, 1, generator=generator)
        steps.addcmul_(drawn, (noise * scale)[:, None])


def _octaves(hertz: Tensor) -> Tensor:
    return torch.log2(hertz.clamp_min(LOWEST) / PIVOT)


def _from_decibels(decibels: Tensor) -> Tensor:
    return torch.exp(decibels * (math.log(10) / 20))


def _colour(line: Line, hertz: Tensor) -> Tensor:
    """Factors of tilt and peaks. Shape: (steps,) -> (steps,)."""
    octaves = _octaves(hertz)
    colour = line.tilt * octaves
    for centre, width, height in line.peaks:
        away = (octaves - math.log2(centre / PIVOT)) / width
        colour += height * torch.exp(-4 * math.log(2) * away**2)  # as wide as it says at half its height
    return _from_decibels(colour)


def _band(hertz: Tensor) -> Tensor:
    """What a telephone leaves: 36 dB per octave below its band, 90 above, nothing beyond 4 kHz.

    Shape: (steps,) -> (steps,).
    """
    low, high = TELEPHONE_BAND
    edges = (1 + (low / hertz.clamp_min(1.0)) ** 12) * (1 + (hertz / high) ** 30)
    return edges.rsqrt() * (hertz < TELEPHONE_RATE / 2)


def _reverberate(spectra: Tensor, lines: Sequence[Line], size: int, generator: torch.Generator) -> None:
    """Multiply by the spectra of rooms, in place, for those lines that have one. Shape: (batch, bins)."""
    rooms = {number: _echoes(line, size, generator) for number, line in enumerate(lines) if line.room}
    if rooms:
        echoes = torch.nn.utils.rnn.pad_sequence(list(rooms.values()), batch_first=True)
        for number, response in zip(rooms, torch.fft.rfft(echoes, size), strict=True):
            spectra[number] *= response


def _echoes(line: Line, size: int, generator: torch.Generator) -> Tensor:
    """Direct sound and an exponential tail of noise. Shape: (taps,), at most ``size``."""
    taps = min(round(line.room * SAMPLE_RATE), size)
    time = torch.arange(taps, device=generator.device) / SAMPLE_RATE
    echoes = torch.randn(taps, device=generator.device, generator=generator)
    echoes *= torch.exp(-3 * math.log(10) / line.room * time) * (time > FIRST_ECHO)
    echoes *= 10 ** (-line.direct / 20) / echoes.square().sum().sqrt().clamp_min(1e-10)
    echoes[0] = 1.0
    return echoes


def _coded(spectra: Tensor, laws: Sequence[str], size: int) -> Tensor:
    """Samples at 8 kHz through G.711, back at 16 kHz. Shape: (batch, bins) -> (batch, size)."""
    # The inverse divides by the number of samples, and there are half as many.
    slow = torch.fft.irfft(spectra[:, : size // 4 + 1], size // 2) * (TELEPHONE_RATE / SAMPLE_RATE)
    coded = torch.stack([compand(audio, law) for audio, law in zip(slow, laws, strict=True)])
    heard: Tensor = torch.fft.irfft(torch.fft.rfft(coded) * (SAMPLE_RATE / TELEPHONE_RATE), size)
    return heard
