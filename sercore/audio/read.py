"""Sound in and out: any file as one channel of float32 at 16 kHz, and back as WAV.

Levels are kept everywhere: nothing is normalised, because loudness carries arousal.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import soundfile
import soxr

from sercore.audio.header import AudioError, opened
from sercore.files import write_file
from sercore.units import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

__all__ = ["AudioError", "read_audio", "wav_bytes", "write_wav"]  # AudioError is part of reading

MAX_LEVEL = 100.0  # times full scale: beyond it, integers were stored as floats
BLOCK = 65_536  # frames decoded at once: at most 16 MB with 64 channels


def read_audio(source: str | Path | BinaryIO, *, max_seconds: float | None = None) -> NDArray[np.float32]:
    """Read any file that libsndfile knows as mono float32 at 16 kHz, levels kept.

    Channels are averaged. The header is checked before anything is decoded; then blocks are read, never
    more than the allowed length, so that a small file cannot unpack into all the memory there is.

    Args:
        source: a path, or a binary file open for reading that can seek.
        max_seconds: the longest audio allowed; None for any length.

    Returns:
        Samples, 1.0 being full scale. Shape: (samples,), at least one.

    Raises:
        AudioError: if the source is absent, no audio, empty, truncated, too long, of more than 64
            channels, of a rate outside 4 to 768 kHz, not finite, or over 100 times full scale.

    Example:
        >>> import io
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(8_000) / SAMPLE_RATE)
        >>> read_audio(io.BytesIO(wav_bytes(tone))).shape
        (8000,)
    """
    with opened(source) as (file, name):
        declared = file.frames / file.samplerate
        if max_seconds is not None and declared > max_seconds:
            raise AudioError(f"{name} lasts {declared:,.1f} s; at most {max_seconds:,.1f} s are allowed")
        blocks = _mono_blocks(file, name, max_seconds)
        pieces = list(_resampled(blocks, file.samplerate))
    audio = np.concatenate([*pieces, np.empty(0, np.float32)])
    if len(audio) == 0:
        raise AudioError(f"{name} holds no samples; at least one is needed")
    return audio


def wav_bytes(audio: ArrayLike) -> bytes:
    """Audio as a 16-bit WAV file at 16 kHz, without normalising; what exceeds full scale is clipped.

    The comment holds the SHA-256 of the samples: web players that identify a file by its length and a few
    of its bytes then never mistake one loss pattern for another.

    Args:
        audio: samples, 1.0 being full scale. Shape: (samples,).

    Raises:
        ValueError: if it is not one-dimensional or not finite.

    Example:
        >>> wav_bytes([0.0, 0.5])[:4]
        b'RIFF'
    """
    samples = np.asarray(audio, dtype=np.float32)
    if samples.ndim != 1:
        raise ValueError(f"audio must have the shape (samples,), got {samples.shape}")
    if not np.isfinite(samples).all():
        raise ValueError(f"audio must be finite, {np.count_nonzero(~np.isfinite(samples))} samples are not")
    # 32,768 is also what the reader divides by, so that reading a written file gives the same numbers.
    integers = np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype("<i2")
    samples_bytes = integers.tobytes()
    pcm, rate, bytes_per_second, bytes_per_sample, bits = 1, SAMPLE_RATE, 2 * SAMPLE_RATE, 2, 16
    fmt = struct.pack("<HHIIHH", pcm, 1, rate, bytes_per_second, bytes_per_sample, bits)
    comment = hashlib.sha256(samples_bytes).hexdigest().encode() + b"\0\0"  # ends in NUL, of even length
    info = b"INFO" + _chunk(b"ICMT", comment)
    wave = _chunk(b"fmt ", fmt) + _chunk(b"LIST", info) + _chunk(b"data", samples_bytes)
    return _chunk(b"RIFF", b"WAVE" + wave)


def write_wav(path: str | Path, audio: ArrayLike) -> None:
    """Write audio as ``wav_bytes`` gives it; the file appears whole or not at all.

    Args:
        path: where to; its folder is made.
        audio: samples, 1.0 being full scale. Shape: (samples,).

    Raises:
        ValueError: as ``wav_bytes`` does.
        OSError: if the folder cannot be written.
    """
    write_file(Path(path), wav_bytes(audio))


def _chunk(identifier: bytes, content: bytes) -> bytes:
    return identifier + struct.pack("<I", len(content)) + content


def _mono_blocks(file: Any, name: str, max_seconds: float | None) -> Iterator[NDArray[np.float32]]:
    """Decoded blocks, channels averaged; stops with an error at the first broken rule."""
    found = 0
    limit = float("inf") if max_seconds is None else max_seconds * file.samplerate
    while True:
        try:
            block = file.read(BLOCK, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            reason = error.error_string.rstrip(".")
            seconds = found / file.samplerate
            raise AudioError(f"{name} is damaged: {seconds:.1f} s could be decoded ({reason})") from error
        if len(block) == 0:
            break
        _check_samples(block, name, found / file.samplerate)
        found += len(block)
        if found > limit:  # a header may lie about its length
            raise AudioError(f"{name} is longer than it declares; at most {max_seconds:,.1f} s are allowed")
        yield block.mean(axis=1) if file.channels > 1 else block[:, 0]
    # The declared length of MP3 without a Xing header is an estimate and proves nothing.
    if found < file.frames and file.format != "MP3":
        declared, held = file.frames / file.samplerate, found / file.samplerate
        raise AudioError(f"{name} is truncated: it declares {declared:,.1f} s and holds {held:,.1f} s")


def _resampled(blocks: Iterator[NDArray[np.float32]], rate: int) -> Iterator[NDArray[np.float32]]:
    """The same sound at 16 kHz, block by block."""
    if rate == SAMPLE_RATE:
        yield from blocks
        return
    resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.empty(0, np.float32), last=True)


def _check_samples(block: NDArray[np.float32], name: str, start: float) -> None:
    finite = np.isfinite(block)
    if not finite.all():
        bad = np.count_nonzero(~finite)
        raise AudioError(f"{name} is not finite: {bad} NaN or infinite samples in the block at {start:.1f} s")
    peak = float(np.abs(block).max())
    if peak > MAX_LEVEL:
        raise AudioError(f"{name} reaches {peak:,.0f} times full scale; float audio must lie in [-1, 1]")
