"""What a sound file declares, checked before anything of it is decoded."""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import soundfile

MAX_CHANNELS = 64
MIN_RATE, MAX_RATE = 4_000, 768_000  # Hz; below, a small file would swell when resampled to 16 kHz

# Data sizes that ffmpeg and sox write to a pipe, where the length is not known in advance.
STREAMED_SIZES = {0xFFFFFFFF, 0x7FFFF000}
# libsndfile quietly corrects a length that goes past the end of the file and says so in its log.
CORRECTED_SIZE = re.compile(r"(?:data|Data Size|SSND|riff)\s*: (\d+) \(should be (\d+)\)")
CORRECTED_FRAMES = re.compile(r"frame count (\d+) does not match value from 'ds64' chunk of (\d+)")


class AudioError(ValueError):
    """Audio that cannot be used: one sentence with the file's name and the rule it breaks."""


@contextmanager
def opened(source: str | Path | BinaryIO) -> Iterator[tuple[Any, str]]:
    """The ``soundfile.SoundFile`` of a path or of a binary file that can seek, and its name for messages.

    Raises:
        AudioError: if it is no audio, or its header breaks a rule (channels, rate, truncation).
    """
    if isinstance(source, str | Path):
        name = Path(source).name
        _check_on_disk(Path(source), name)
    else:
        name = Path(str(getattr(source, "name", "the audio"))).name
        if not (hasattr(source, "seek") and source.seekable()):
            raise AudioError(f"{name} must be a file that can seek")
    try:
        file = soundfile.SoundFile(_for_libsndfile(source))
    except (soundfile.LibsndfileError, TypeError, ValueError, OSError) as error:
        reason = getattr(error, "error_string", str(error)).rstrip(".")
        raise AudioError(f"{name} is not audio that libsndfile can read ({reason})") from error
    with file:
        _check_header(file, name)
        yield file, name


def _for_libsndfile(source: str | Path | BinaryIO) -> Any:
    if not isinstance(source, str | Path):
        return _SeeksAnywhere(source)
    return os.fsencode(source) if os.name == "posix" else source  # a name need not be text


class _SeeksAnywhere:
    """A file that stays where it is when libsndfile, misled by a damaged header, seeks out of it.

    An exception there could not reach the caller, since C lies between, and would only clutter the log.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.file.seek(0)  # a web page hands over the same upload again and again

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with suppress(ValueError, OSError):
            self.file.seek(offset, whence)
        return self.file.tell()

    def tell(self) -> int:
        return self.file.tell()

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)


def _check_on_disk(path: Path, name: str) -> None:
    if path.is_dir():
        raise AudioError(f"{name} is a folder; an audio file is needed")
    if not path.is_file():
        raise AudioError(f"{name} does not exist (looked for {path})")
    if path.stat().st_size == 0:
        raise AudioError(f"{name} is empty (0 bytes)")


def _check_header(file: Any, name: str) -> None:
    if file.format == "RAW":  # libsndfile believes names such as speech.au, speech.vox and speech.gsm
        raise AudioError(f"{name} has no header that says what it holds; use WAV, FLAC, Ogg or MP3")
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
