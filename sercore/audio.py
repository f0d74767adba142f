"""Sound in and out: any file as one channel of float32 at 16 kHz, and back as WAV.

Levels are kept everywhere: nothing is normalised, because loudness carries arousal.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

SAMPLE_RATE = 16_000  # Hz, of all audio inside the project
LABEL_RATE = 5  # Hz, of the emotion labels
SAMPLES_PER_FRAME = SAMPLE_RATE // LABEL_RATE  # 3,200; the paper's r

MAX_CHANNELS = 64
MIN_RATE, MAX_RATE = 4_000, 768_000  # Hz; below, a small file would swell when resampled to 16 kHz
MAX_LEVEL = 100.0  # times full scale: beyond it, integers were stored as floats
BLOCK = 65_536  # frames decoded at once: at most 16 MB with 64 channels

# Data sizes that ffmpeg and sox write to a pipe, where the length is not known in advance.
STREAMED_SIZES = {0xFFFFFFFF, 0x7FFFF000}
# libsndfile quietly corrects a length that goes past the end of the file and says so in its log.
CORRECTED_SIZE = re.compile(r"(?:data|Data Size|SSND|riff)\s*: (\d+) \(should be (\d+)\)")
CORRECTED_FRAMES = re.compile(r"frame count (\d+) does not match value from 'ds64' chunk of (\d+)")


class AudioError(ValueError):
    """Audio that cannot be used: one sentence with the file's name and the rule it breaks."""


@dataclass(frozen=True)
class AudioHeader:
    """What a file says of itself before anything is decoded.

    Attributes:
        format: the container, for instance "WAV".
        rate: samples per second of each channel.
        channels: how many channels.
        seconds: the declared length.
    """

    format: str
    rate: int
    channels: int
    seconds: float


def read_header(source: str | Path | BinaryIO) -> AudioHeader:
    """Read what a file declares, without decoding it.

    Args:
        source: a path, or a binary file open for reading that can seek.

    Raises:
        AudioError: if it is no audio, or its header breaks a rule (channels, rate, truncation).
    """
    with _opened(source) as (file, _):
        return AudioHeader(file.format, file.samplerate, file.channels, file.frames / file.samplerate)


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
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(8_000) / SAMPLE_RATE)
        >>> read_audio(io.BytesIO(wav_bytes(tone))).shape
        (8000,)
    """
    with _opened(source) as (file, name):
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
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", SAMPLE_RATE, 1, "PCM_16", format="WAV") as file:
        file.comment = hashlib.sha256(integers.tobytes()).hexdigest()
        for start in range(0, len(integers), BLOCK):
            file.write(integers[start : start + BLOCK])
    return buffer.getvalue()


def write_wav(path: str | Path, audio: ArrayLike) -> None:
    """Write audio as ``wav_bytes`` gives it; the file appears whole or not at all.

    Args:
        path: where to; its folder must exist.
        audio: samples, 1.0 being full scale. Shape: (samples,).

    Raises:
        ValueError: as ``wav_bytes`` does.
        OSError: if the folder cannot be written.
    """
    path = Path(path)
    content = wav_bytes(audio)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _opened(source: str | Path | BinaryIO) -> Iterator[tuple[Any, str]]:
    """The opened file, its header checked, and the name to use in messages."""
    if isinstance(source, str | Path):
        name = Path(source).name
        _check_on_disk(Path(source), name)
    else:
        name = Path(str(getattr(source, "name", "the audio"))).name
        if not (hasattr(source, "seek") and source.seekable()):
            raise AudioError(f"{name} must be a file that can seek")
        source.seek(0)  # a web page hands over the same upload again and again
    try:
        file = soundfile.SoundFile(source)
    except (soundfile.LibsndfileError, TypeError, ValueError, OSError) as error:
        reason = getattr(error, "error_string", str(error)).rstrip(".")
        raise AudioError(f"{name} is not audio that libsndfile can read ({reason})") from error
    with file:
        _check_header(file, name)
        yield file, name


def _check_on_disk(path: Path, name: str) -> None:
    if path.is_dir():
        raise AudioError(f"{name} is a folder; an audio file is needed")
    if not path.is_file():
        raise AudioError(f"{name} does not exist (looked for {path})")
    if path.stat().st_size == 0:
        raise AudioError(f"{name} is empty (0 bytes)")


def _check_header(file: Any, name: str) -> None:
    if not 1 <= file.channels <= MAX_CHANNELS:
        raise AudioError(f"{name} has {file.channels} channels; 1 to {MAX_CHANNELS} are allowed")
    if not MIN_RATE <= file.samplerate <= MAX_RATE:
        raise AudioError(
            f"{name} has a rate of {file.samplerate:,} Hz; {MIN_RATE:,} to {MAX_RATE:,} Hz are allowed"
        )
    for declared, found in CORRECTED_SIZE.findall(file.extra_info):
        if int(declared) > int(found) and int(declared) not in STREAMED_SIZES:
            raise AudioError(f"{name} is truncated: it declares {int(declared):,} bytes and holds {found}")
    for found, declared in CORRECTED_FRAMES.findall(file.extra_info):
        if int(declared) > int(found):
            raise AudioError(f"{name} is truncated: it declares {int(declared):,} samples and holds {found}")


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
