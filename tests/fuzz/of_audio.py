"""Sound files: headers, and everything that is decoded."""

import io
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from sercore.audio import AudioError, read_audio, wav_bytes
from tests.audio import made_files
from tests.fuzz.reader import Files, Reader

_KINDS = (  # of containers and encodings, each with its rate and channels
    ("WAV", "PCM_16", 16_000, 1), ("WAV", "FLOAT", 44_100, 2), ("WAV", "ULAW", 8_000, 1),
    ("WAV", "IMA_ADPCM", 16_000, 1), ("RF64", "PCM_24", 16_000, 1), ("W64", "PCM_16", 16_000, 2),
    ("AIFF", "PCM_16", 22_050, 1), ("AU", "PCM_16", 16_000, 1), ("CAF", "PCM_16", 16_000, 1),
    ("FLAC", "PCM_16", 16_000, 2), ("FLAC", "PCM_24", 48_000, 1), ("OGG", "VORBIS", 16_000, 1),
    ("OGG", "OPUS", 48_000, 1), ("MP3", "MPEG_LAYER_III", 16_000, 1), ("NIST", "PCM_16", 16_000, 1),
)  # fmt: skip
_OPEN_ENDED = (  # of lengths that are unknown, estimated or wrong
    made_files.wav(data=0, riff=0), made_files.wav(data=0xFFFFFFFF), made_files.wav(data=16_000),
    made_files.rf64(mark=b"BW64", data=0), made_files.wave64(data=-1), made_files.aiff(sound=0, frames=0),
    made_files.au(size=0xFFFFFFFF), made_files.caf(data=-1), made_files.flac(total=0),
    made_files.flac(total=16_000), b"".join(made_files.mp3()[1:]), b"".join(2 * made_files.mp3()),
    2 * made_files.encoded("OGG", "VORBIS"), 2 * made_files.encoded("OGG", "OPUS"),
    2 * made_files.ID3 + made_files.flac(total=0) + made_files.ID3V1,
)  # fmt: skip
LONGEST = 60.0


def sound(seconds: float, rate: int, channels: int) -> np.ndarray:
    """A tone in noise. Shape: (samples, channels)."""
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(1).normal(0, 0.05, (len(time), channels))
    return 0.2 * np.sin(2 * np.pi * 220 * time)[:, None] + noise


def sounds(seconds: float = 1.0) -> list[Files]:
    """One file of each kind."""
    files = [{"a.wav": wav_bytes(sound(seconds, 16_000, 1)[:, 0])}]
    for container, encoding, rate, channels in _KINDS:
        content = io.BytesIO()
        soundfile.write(content, sound(seconds, rate, channels), rate, encoding, format=container)
        files.append({f"a.{container.lower()}": content.getvalue()})
    return files + [{"a.wav": content} for content in _OPEN_ENDED]


def _read(folder: Path, *, as_stream: bool) -> object:
    (path,) = folder.iterdir()
    if as_stream:
        return read_audio(io.BytesIO(path.read_bytes()), max_seconds=LONGEST)
    return read_audio(path, max_seconds=LONGEST)


READERS = (
    Reader("audio", "audio", sounds, partial(_read, as_stream=False), (AudioError,)),
    Reader("uploaded audio", "audio", sounds, partial(_read, as_stream=True), (AudioError,)),
)
