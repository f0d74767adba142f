"""Reading: any file that libsndfile knows as one channel of float32 at 16 kHz, levels kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from sercore.audio.header import AudioError, opened
from sercore.units import SAMPLE_RATE

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
        >>> from sercore.audio import wav_bytes
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(8_000) / SAMPLE_RATE)
        >>> read_audio(io.BytesIO(wav_bytes(tone))).shape
        (8000,)
    """
    with opened(source) as (file, name):
        declared = file.frames / file.samplerate
        if max_seconds is not None and declared > max_seconds:
            raise AudioError(f"{name} lasts {declared:,.1f} s; at most {max_seconds:,.1f} s are allowed")
        pieces = list(_resampled(_mono_blocks(file, name, max_seconds), file.samplerate))
    audio = np.concatenate([*pieces, np.empty(0, np.float32)])
    if len(audio) == 0:
        raise AudioError(f"{name} holds no samples; at least one is needed")
    return audio


def _mono_blocks(file: Any, name: str, max_seconds: float | None) -> Iterator[NDArray[np.float32]]:
    """Decoded blocks, channels averaged; stops with an error at the first broken rule."""
    found = 0
    limit = float("inf") if max_seconds is None else max_seconds * file.samplerate
    while True:
        try:
            block = file.read(BLOCK, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            what = f"{found / file.samplerate:.1f} s could be decoded ({error.error_string.rstrip('.')})"
            raise AudioError(f"{name} is damaged: {what}") from error
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
    if bad := np.count_nonzero(~np.isfinite(block)):
        raise AudioError(f"{name} is not finite: {bad} NaN or infinite samples in the block at {start:.1f} s")
    if (peak := np.abs(block).max()) > MAX_LEVEL:
        raise AudioError(f"{name} reaches {peak:,.0f} times full scale; float audio must lie in [-1, 1]")
