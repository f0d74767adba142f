"""Writing: 16-bit WAV at 16 kHz, and what such a file holds of the samples given to it.

Nothing is normalised, because loudness carries arousal.
"""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.audio.samples import checked_samples
from sercore.files import sha256_of, write_file
from sercore.units import SAMPLE_RATE

FULL_SCALE = 32_768  # what readers divide by, so that reading a written file gives the same numbers


def to_integers(audio: ArrayLike) -> NDArray[np.int16]:
    """Finite samples of any shape as little-endian 16-bit integers; beyond full scale, 1.0, they are clipped.

    Example:
        >>> to_integers([0.5, 2.0]).tolist()
        [16384, 32767]
    """
    samples = np.asarray(audio, dtype=np.float32)
    return np.clip(np.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i2")


def sixteen_bits(audio: ArrayLike) -> NDArray[np.float32]:
    """The samples as a 16-bit file holds them, so that a clip, its download and its scores stay the same.

    Example:
        >>> sixteen_bits([0.1, 2.0]).tolist()
        [0.100006103515625, 0.999969482421875]
    """
    return (to_integers(audio) / FULL_SCALE).astype(np.float32)


def audio_sha256(audio: ArrayLike) -> str:
    """SHA-256 of the samples as float32."""
    return sha256_of(np.asarray(audio, dtype=np.float32).tobytes())


def wav_bytes(audio: ArrayLike) -> bytes:
    """Audio, shape (samples,), as a 16-bit WAV file at 16 kHz; what exceeds full scale is clipped.

    The comment holds the SHA-256 of the samples: web players that identify a file by its length and a few
    of its bytes then never mistake one loss pattern for another.

    Raises:
        ValueError: as ``checked_samples``, whose rules it must fulfil.

    Example:
        >>> wav_bytes([0.0, 0.5])[:4]
        b'RIFF'
    """
    content = to_integers(checked_samples(audio)).tobytes()
    pcm, channels, bytes_per_sample = 1, 1, 2
    rates = SAMPLE_RATE, SAMPLE_RATE * bytes_per_sample  # samples and bytes per second
    fmt = struct.pack("<HHIIHH", pcm, channels, *rates, bytes_per_sample, 8 * bytes_per_sample)
    comment = sha256_of(content).encode() + b"\0\0"  # ends in NUL, of even length
    info = b"INFO" + _chunk(b"ICMT", comment)
    wave = _chunk(b"fmt ", fmt) + _chunk(b"LIST", info) + _chunk(b"data", content)
    return _chunk(b"RIFF", b"WAVE" + wave)


def write_wav(path: str | Path, audio: ArrayLike) -> None:
    """Write what ``wav_bytes`` gives or refuses; the folder is made, the file appears whole or not at all."""
    write_file(Path(path), wav_bytes(audio))


def _chunk(identifier: bytes, content: bytes) -> bytes:
    return identifier + struct.pack("<I", len(content)) + content
