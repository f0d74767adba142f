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
    spectra = torch.fft.rfft(audio, size)
    wanted = [
        _norm(spectrum) * 10 ** (line.level / 20) for spectrum, line in zip(spectra, lines, strict=True)
    ]
    _reverberate(spectra, lines, size, generator)
    for spectrum, line in zip(spectra, lines, strict=True):
        if line.tilt or line.peaks:
            _amplify(spectrum, _colour(line, len(spectrum)))
        if line.snr is not None:
            noise = _noise(len(spectrum), line.noise_slope, generator)
            spectrum.add_(noise * (_norm(spectrum) / _norm(noise) * 10 ** (-line.snr / 20)))
    calls = [number for number, line in enumerate(lines) if line.telephone]
    narrow = [_as_loud(_in_band(spectra[number]), wanted[number]) for number in calls]
    for spectrum, loudness in zip(spectra, wanted, strict=True):
        _as_loud(spectrum, loudness)
    heard: Tensor = torch.fft.irfft(spectra, size)
    if calls:
        heard[calls] = _coded(torch.stack(narrow), [lines[number].telephone for number in calls], size)
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


def _octaves(bins: int) -> Tensor:
    """From ``PIVOT``, in the middle of each step of some bins. Shape: (steps,)."""
    middles = (torch.arange(0, bins, _step(bins)) + _step(bins) / 2) * (SAMPLE_RATE / 2 / bins)
    return torch.log2(middles.clamp_min(LOWEST) / PIVOT)


def _step(bins: int) -> int:
    """In how many bins a colour is constant: about 4 Hz, so that a curve need not be computed at each."""
    return max(bins // 2_000, 1)


def _colour(line: Line, bins: int) -> Tensor:
    """Tilt and peaks in dB. Shape: (steps,)."""
    octaves = _octaves(bins)
    colour = line.tilt * octaves
    for centre, width, height in line.peaks:
        away = (octaves - math.log2(centre / PIVOT)) / width
        colour += height * torch.exp(-4 * math.log(2) * away**2)  # as wide as it says at half its height
    return colour


def _amplify(spectrum: Tensor, decibels: Tensor) -> None:
    """Multiply in place by a curve of steps. Shape: (bins,), (steps,)."""
    factors = torch.exp(decibels * (math.log(10) / 20)).to(spectrum.device)
    whole = len(spectrum) // _step(len(spectrum))
    first = spectrum[: whole * _step(len(spectrum))]
    torch.view_as_real(first).view(whole, -1).mul_(factors[:whole, None])
    spectrum[len(first) :] *= factors[-1]


def _norm(spectrum: Tensor) -> Tensor:
    """The loudness of what it is of (Parseval), up to a factor. Shape: (bins,) -> ()."""
    norm: Tensor = torch.linalg.vector_norm(torch.view_as_real(spectrum))
    return norm


def _as_loud(spectrum: Tensor, loudness: Tensor) -> Tensor:
    """The spectrum, scaled in place. Shape: (bins,), () -> (bins,)."""
    torch.view_as_real(spectrum).mul_(loudness / _norm(spectrum).clamp_min(1e-10))
    return spectrum


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


def _noise(bins: int, slope: float, generator: torch.Generator) -> Tensor:
    """The spectrum of steady noise; over time it is Gaussian, whatever its bins are. Shape: (bins,)."""
    drawn = torch.empty(bins, 2, device=generator.device).uniform_(-1, 1, generator=generator)
    noise = torch.view_as_complex(drawn)
    _amplify(noise, slope * _octaves(bins))
    return noise


def _in_band(spectrum: Tensor) -> Tensor:
    """What a telephone's band leaves: 36 dB per octave below it, 90 above, nothing beyond 4 kHz.

    Shape: (bins,) -> (bins up to 4 kHz,).
    """
    bins = (len(spectrum) - 1) * TELEPHONE_RATE // SAMPLE_RATE + 1
    hertz = torch.arange(bins, device=spectrum.device) * (TELEPHONE_RATE / 2 / (bins - 1))
    low, high = TELEPHONE_BAND
    gains = (1 + (low / hertz.clamp_min(1.0)) ** 12).rsqrt() * (1 + (hertz / high) ** 30).rsqrt()
    return spectrum[:bins] * gains


def _coded(narrow: Tensor, laws: Sequence[str], size: int) -> Tensor:
    """Samples at 8 kHz through G.711, back at 16 kHz. Shape: (batch, bins up to 4 kHz) -> (batch, size)."""
    slow = torch.fft.irfft(narrow, size // 2) / 2  # the inverse divides by the number of samples
    coded = torch.stack([compand(audio, law) for audio, law in zip(slow, laws, strict=True)])
    heard: Tensor = torch.fft.irfft(torch.fft.rfft(coded) * 2, size)
    return heard
