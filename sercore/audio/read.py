"""Reading: any file that libsndfile knows as one channel of float32 at 16 kHz, levels kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from sercore.audio.downmix import Downmix
from sercore.audio.header import AudioError, Stream, parts_and_name, stream_of
from sercore.audio.samples import level_problem
from sercore.units import SAMPLE_RATE

BLOCK = 65_536  # frames decoded at once: at most 16 MB with 64 channels
MOST_PER_SECOND = 768_000  # samples of all channels decoded for each second allowed: 16 channels at 48 kHz


def read_audio(source: str | Path | BinaryIO, *, max_seconds: float | None = None) -> NDArray[np.float32]:
    """Read any file that libsndfile knows as mono float32 at 16 kHz, levels kept.

    Channels are averaged. The header is checked before anything is decoded; then blocks are read, never
    more than the allowed length, so that a small file cannot unpack into all the memory there is. A header
    that does not know its length, or estimates it, is not believed: all that is there is read. Streams of one
    file, as in a chain of Ogg streams, are joined.

    A file is truncated if its header declares more samples than it holds (WAV, RF64, Wave64, AIFF, AU, CAF,
    SPHERE, FLAC), if its last page or packet is not whole (Ogg), or if its encoder left a number of frames
    that are not there (MP3). MP3 without such a number cannot tell, nor can Ogg that ends between two pages.

    Args:
        source: a path, or a binary file open for reading that can seek.
        max_seconds: the longest audio allowed; None for any length. It also bounds the work: at most 768,000
            samples of all channels are decoded for each second.

    Returns:
        Samples, 1.0 being full scale. Shape: (samples,), at least one.

    Raises:
        AudioError: if the source is absent, no audio, empty, truncated, too long, of more than 64
            channels, of a rate outside 4 to 768 kHz, not finite, over 100 times full scale, or if its
            channels cancel each other.

    Example:
        >>> import io
        >>> from sercore.audio import wav_bytes
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(8_000) / SAMPLE_RATE)
        >>> read_audio(io.BytesIO(wav_bytes(tone))).shape
        (8000,)
    """
    pieces: list[NDArray[np.float32]] = [np.empty(0, np.float32)]
    with parts_and_name(source) as (parts, name):
        before = 0.0  # seconds of the streams that are read
        for part in parts:
            with stream_of(part, name) as stream:
                blocks = _Blocks(stream, name, _limit(stream, name, max_seconds, before), before)
                pieces += _resampled(iter(blocks), stream.samplerate)
                before += blocks.found / stream.samplerate
    audio = np.concatenate(pieces)
    if len(audio) == 0:
        raise AudioError(f"{name} holds no samples; at least one is needed")
    return audio


@dataclass(frozen=True)
class _Limit:
    """How much of a stream may be decoded."""

    seconds: float
    rule: str  # for the message


def _limit(stream: Stream, name: str, max_seconds: float | None, before: float) -> _Limit:
    """What is allowed of a stream; refuses one whose header alone is too much."""
    if max_seconds is None:
        return _Limit(float("inf"), "")
    rule = f"at most {max_seconds:,.1f} s are allowed"
    seconds = max_seconds
    if (each := stream.samplerate * stream.channels) > MOST_PER_SECOND:
        seconds = max_seconds * MOST_PER_SECOND / each
        rule = (
            f"at most {seconds:,.1f} s are allowed of {stream.channels} channels at {stream.samplerate:,} Hz"
        )
    declared = before + (stream.promised or 0) / stream.samplerate
    if declared > seconds and (stream.proven or seconds < max_seconds):
        lasts = "lasts" if stream.proven else "says that it lasts"
        raise AudioError(f"{name} {lasts} {declared:,.1f} s; {rule}")
    return _Limit(seconds, rule)


class _Blocks:
    """Decoded blocks, channels averaged; iterating stops with an error at the first broken rule.

    Attributes:
        found: how many samples of each channel were decoded.
    """

    def __init__(self, stream: Stream, name: str, limit: _Limit, before: float) -> None:
        self.stream, self.name, self.limit, self.before, self.found = stream, name, limit, before, 0
        self.declared = before + (stream.promised or 0) / stream.samplerate  # seconds, which may be wrong

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        downmix, keep = Downmix(self.name), self.declared <= self.limit.seconds
        while len(block := self._read()):
            self._check_samples(block)
            self.found += len(block)
            if self._seconds > self.limit.seconds:
                lasts = f"lasts over {self.limit.seconds:,.1f} s"
                said = lasts if keep else f"says that it lasts {self.declared:,.1f} s"
                raise AudioError(f"{self.name} {said}; {self.limit.rule}")
            if keep:
                yield downmix(block)
        self._check_end()
        downmix.check()

    def _read(self) -> NDArray[np.float32]:
        left = self.stream.frames - self.found  # what follows may be a player's tag
        try:
            block: NDArray[np.float32] = self.stream.read(min(BLOCK, left), dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            what = f"at least {self._seconds:.1f} s could be decoded ({error.error_string.rstrip('.')})"
            raise AudioError(f"{self.name} is damaged: {what}") from error
        return block

    def _check_samples(self, block: NDArray[np.float32]) -> None:
        if bad := np.count_nonzero(~np.isfinite(block)):
            what = f"{bad} NaN or infinite samples in the block at {self._seconds:.1f} s"
            raise AudioError(f"{self.name} is not finite: {what}")
        if problem := level_problem(block):
            raise AudioError(f"{self.name} {problem}")

    @property
    def _seconds(self) -> float:
        return self.before + self.found / int(self.stream.samplerate)

    def _check_end(self) -> None:
        promised, rate = self.stream.promised, self.stream.samplerate
        if promised is not None and self.found < promised:
            lengths = f"it declares {self.stream.frames / rate:,.1f} s and holds {self.found / rate:,.1f} s"
            raise AudioError(f"{self.name} is truncated: {lengths}")


def _resampled(blocks: Iterator[NDArray[np.float32]], rate: int) -> Iterator[NDArray[np.float32]]:
    """The same sound at 16 kHz, block by block."""
    if rate == SAMPLE_RATE:
        yield from blocks
        return
    resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.empty(0, np.float32), last=True)
