"""What lies between a mouth and a network: room, microphone, noise, a telephone, the recording level.

A line is a value.  Drawing one is apart from applying it, and a batch goes through its lines in the frequency
domain at once, on whatever device it is.  Level is no part of a colour: what a line lets through is as loud as
what went in, but for its own ``level``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sercore.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np

TELEPHONE_BAND = (300.0, 3400.0)  # Hz, of ITU-T G.712
TELEPHONE_RATE = 8_000  # Hz, of ITU-T G.711
PIVOT = 1_000.0  # Hz, where a tilt does nothing
LOWEST = 60.0  # Hz, below which colours are flat
FIRST_ECHO = 0.003  # seconds
LONGEST_ROOM = 0.6  # seconds, of those that are drawn
_CURVE_STEP = 8.0  # Hz, between the points where colours are computed
_COMPANDED = {"mu-law": (8192, 33, 8158), "A-law": (4096, 0, 4095)}  # full scale, bias, largest: in the law's units


@dataclass(frozen=True)
class Line:
    """One way from a mouth to a network.

    Args:
        tilt: dB per octave around 1 kHz, of a microphone.
        peaks: of a microphone or a small room: (Hz, width in octaves, dB, negative for a notch) each.
        room: seconds in which the reverberation falls by 60 dB; 0 is no room.
        direct: dB by which the direct sound exceeds all reverberation.
        snr: dB of speech over noise; None is no noise.
        noise_slope: dB per octave of the noise.
        telephone: "mu-law" or "A-law" for a call: 300 to 3,400 Hz at 8 kHz through G.711; "" for none.
        level: dB by which what comes out is louder than what went in.

    Raises:
        ValueError: if there is no such companding law, or the room's seconds are negative.
    """

    tilt: float = 0.0
    peaks: tuple[tuple[float, float, float], ...] = ()
    room: float = 0.0
    direct: float = 6.0
    snr: float | None = None
    noise_slope: float = -3.0
    telephone: str = ""
    level: float = 0.0

    def __post_init__(self) -> None:
        if self.telephone not in ("", *_COMPANDED):
            raise ValueError(f"telephone must be mu-law, A-law or empty, got {self.telephone!r}")
        if self.room < 0:
            raise ValueError(f"room must be at least 0 seconds, got {self.room}")


NAMED: Mapping[str, Line] = MappingProxyType(
    {
        "telephone": Line(telephone="A-law"),
        "tilt+2": Line(tilt=2.0),
        "tilt-2": Line(tilt=-2.0),
        "noise 20 dB": Line(snr=20.0),
        "room": Line(room=0.5, direct=3.0),
    }
)
"""The lines that networks are compared through."""


def draw_line(rng: np.random.Generator) -> Line:
    """A line as training meets them: any colour, 35 % telephones, half with noise, a third in a room.

    Example:
        >>> import numpy as np
        >>> drawn = [draw_line(np.random.default_rng(seed)) for seed in range(1000)]
        >>> sum(bool(line.telephone) for line in drawn)
        373
    """
    peaks = tuple(
        (float(80.0 * 2.0 ** rng.uniform(0, 6.3)), float(rng.uniform(0.3, 1.2)), float(rng.uniform(-8, 8)))
        for _ in range(3)
    )
    law = ("mu-law", "A-law")[rng.integers(2)]
    return Line(
        tilt=float(rng.uniform(-4, 4)),
        peaks=peaks,
        telephone=law if rng.random() < 0.35 else "",
        snr=float(rng.uniform(10, 35)) if rng.random() < 0.5 else None,
        noise_slope=float(rng.uniform(-6, 0)),
        room=float(rng.uniform(0.15, LONGEST_ROOM)) if rng.random() < 0.3 else 0.0,
        direct=float(rng.uniform(0, 15)),
        level=float(rng.uniform(-6, 6)),
    )


def send(audio: Tensor, lines: Sequence[Line], generator: torch.Generator) -> Tensor:
    """Each recording through its line.

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
    n_samples = audio.shape[1]
    # One size for all that training meets, for the plan of a Fourier transform takes longer than the transform.
    tail = max([0.0, *(max(line.room, LONGEST_ROOM) for line in lines if line.room)])
    size = fast_size(n_samples + round(tail * SAMPLE_RATE))
    spectrum = torch.fft.rfft(audio, size)
    loudness = _loudness(spectrum) * audio.new_tensor([10 ** (line.level / 20) for line in lines])
    _reverberate(spectrum, lines, size, generator)
    curves = _colours(lines).to(audio.device)
    torch.view_as_real(spectrum).mul_(_gains(curves, spectrum.shape[1])[..., None])
    _add_noise(spectrum, lines, generator)
    heard = audio.new_empty(len(audio), size)
    calls = [number for number, line in enumerate(lines) if line.telephone]
    others = [number for number, line in enumerate(lines) if not line.telephone]
    if others:
        heard[others] = torch.fft.irfft(_as_loud(spectrum[others], loudness[others]), size)
    if calls:
        narrow = _as_loud(_in_band(spectrum[calls]), loudness[calls])
        heard[calls] = _coded(narrow, [lines[number].telephone for number in calls], size)
    return heard[:, :n_samples]


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
    """The smallest even number of at least ``least`` whose prime factors are 2, 3 and 5.

    Example:
        >>> fast_size(320_000), fast_size(320_001)
        (320000, 324000)
    """
    sizes = (2**a * 3**b * 5**c for a in range(2, 25) for b in range(8) for c in range(8))
    return min(size for size in sizes if size >= least)


def _tilts(slopes: Sequence[float]) -> Tensor:
    """dB per octave as curves in dB at every ``_CURVE_STEP`` Hz. Shape: (batch,) -> (batch, points)."""
    return torch.tensor(slopes)[:, None] * _octaves()


def _octaves() -> Tensor:
    return torch.log2(torch.arange(0, SAMPLE_RATE / 2 + 1, _CURVE_STEP).clamp_min(LOWEST) / PIVOT)


def _colours(lines: Sequence[Line]) -> Tensor:
    """Tilts and peaks as curves in dB. Shape: (batch, points)."""
    most = max(len(line.peaks) for line in lines)
    flat = [(PIVOT, 1.0, 0.0)]
    peaks = torch.tensor([[*line.peaks, *flat * (most + 1 - len(line.peaks))] for line in lines])
    centre, width, height = peaks[..., None].unbind(2)
    away = (_octaves() - torch.log2(centre / PIVOT)) / width
    bumps = height * torch.exp(-4 * math.log(2) * away**2)  # as wide as it says where it is half as high
    return _tilts([line.tilt for line in lines]) + bumps.sum(1)


def _gains(curves: Tensor, bins: int) -> Tensor:
    """Factors at each bin from curves in dB at fewer points. Shape: (batch, points) -> (batch, bins)."""
    factors = torch.exp(curves * (math.log(10) / 20))[:, None]
    return torch.nn.functional.interpolate(factors, bins, mode="linear", align_corners=True)[:, 0]


def _loudness(spectrum: Tensor) -> Tensor:
    """RMS of each recording (Parseval), up to a factor. Shape: (batch, bins) -> (batch,)."""
    return torch.linalg.vector_norm(torch.view_as_real(spectrum), dim=(1, 2))


def _as_loud(spectrum: Tensor, loudness: Tensor) -> Tensor:
    """The spectra, scaled in place. Shape: (batch, bins), (batch,) -> (batch, bins)."""
    factors = loudness / _loudness(spectrum).clamp_min(1e-10)
    torch.view_as_real(spectrum).mul_(factors[:, None, None])
    return spectrum


def _reverberate(spectrum: Tensor, lines: Sequence[Line], size: int, generator: torch.Generator) -> None:
    """Multiply by direct sound and an exponential tail of noise, for those lines that have a room."""
    rows = [number for number, line in enumerate(lines) if line.room]
    if not rows:
        return
    seconds = torch.tensor([lines[row].room for row in rows], device=spectrum.device)[:, None]
    share = torch.tensor([10 ** (-lines[row].direct / 20) for row in rows], device=spectrum.device)[:, None]
    time = torch.arange(round(float(seconds.max()) * SAMPLE_RATE), device=spectrum.device) / SAMPLE_RATE
    tail = torch.randn(len(rows), len(time), device=spectrum.device, generator=generator)
    tail *= torch.exp(-3 * math.log(10) * time / seconds) * (time > FIRST_ECHO) * (time < seconds)
    tail *= share / tail.square().sum(1, keepdim=True).sqrt()
    tail[:, 0] = 1.0
    spectrum[rows] *= torch.fft.rfft(tail, size)


def _add_noise(spectrum: Tensor, lines: Sequence[Line], generator: torch.Generator) -> None:
    """Add steady noise of the lines' slope; over time it is Gaussian, whatever its bins are."""
    rows = [number for number, line in enumerate(lines) if line.snr is not None]
    if not rows:
        return
    noise = torch.empty(len(rows), spectrum.shape[1], 2, device=spectrum.device)
    noise.uniform_(-1, 1, generator=generator)
    slopes = _tilts([lines[row].noise_slope for row in rows]).to(spectrum.device)
    noise *= _gains(slopes, spectrum.shape[1])[..., None]
    ratios = torch.tensor([10 ** (-(lines[row].snr or 0.0) / 20) for row in rows], device=spectrum.device)
    spectrum[rows] += _as_loud(torch.view_as_complex(noise), ratios * _loudness(spectrum)[rows])


def _in_band(spectrum: Tensor) -> Tensor:
    """What a telephone's band leaves: 36 dB per octave below it, 90 above, nothing beyond 4 kHz.

    Shape: (batch, bins) -> (batch, bins up to 4 kHz).
    """
    bins = (spectrum.shape[1] - 1) * TELEPHONE_RATE // SAMPLE_RATE + 1
    hertz = torch.arange(bins, device=spectrum.device) * (TELEPHONE_RATE / 2 / (bins - 1))
    low, high = TELEPHONE_BAND
    gains = (1 + (low / hertz.clamp_min(1.0)) ** 12).rsqrt() * (1 + (hertz / high) ** 30).rsqrt()
    narrow = spectrum[:, :bins].clone()
    torch.view_as_real(narrow).mul_(gains[:, None])
    return narrow


def _coded(narrow: Tensor, laws: Sequence[str], size: int) -> Tensor:
    """Samples at 8 kHz through G.711, back at 16 kHz. Shape: (batch, bins up to 4 kHz) -> (batch, size)."""
    slow = torch.fft.irfft(narrow, size // 2) / 2  # the inverse divides by the number of samples
    for law in set(laws):
        rows = [number for number, one in enumerate(laws) if one == law]
        slow[rows] = compand(slow[rows], law)
    return torch.fft.irfft(torch.fft.rfft(slow) * 2, size)
