"""What a sound file declares, checked before anything of it is decoded."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import soundfile

from sercore.audio.containers.foreign import foreign_sound
from sercore.audio.containers.part import Part
from sercore.audio.containers.parts import parts_of
from sercore.audio.containers.window import Window
from sercore.reading.mistaken import LOOKED_AT, mistaken_for
from sercore.reading.names import on_disk

MAX_CHANNELS = 64
MIN_RATE, MAX_RATE = 4_000, 768_000  # Hz; below, a small file would swell when resampled to 16 kHz
OPUS_PACKET_SECONDS = 0.12  # at most; recorders are that far off where they leave the mark of the end out
UNKNOWN_FRAMES = 1 << 62  # and more: libsndfile knows of no length
# Names of files that libsndfile reads and a person may have.
AUDIO_SUFFIXES = tuple(
    ".aif .aifc .aiff .au .bwf .caf .flac .mp3 .oga .ogg .opus .rf64 .snd .sph .w64 .wav .wave".split()  # noqa: SIM905
)


class AudioError(ValueError):
    """Audio that cannot be used: one sentence with the file's name and the rule it breaks."""


class Stream(soundfile.SoundFile):  # type: ignore[misc]
    """One stream of sound, open for reading from its beginning to its end."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.content)
        self.estimated = part.estimated

    def seekable(self) -> bool:
        """False for FLAC: a position in one that does not know its length cannot be sought."""
        return self.format != "FLAC" and bool(super().seekable())

    @property
    def promised(self) -> int | None:
        """Samples of each channel that a whole one holds at least; None where that is unknown or estimated.

        That of MP3, in whatever container, is an estimate; where its encoder declared a length, ``mpeg`` has
        compared it.
        """
        estimated = self.estimated or self.subtype == "MPEG_LAYER_III" or self.frames >= UNKNOWN_FRAMES
        slack = round(OPUS_PACKET_SECONDS * self.samplerate) if self.subtype == "OPUS" else 0
        return None if estimated else max(0, int(self.frames) - slack)

    @property
    def proven(self) -> bool:
        """Whether the size of the file proves the length, as where each sample takes its bytes."""
        return self.promised is not None and self.format not in ("FLAC", "OGG")


@contextmanager
def opened(source: str | Path | BinaryIO) -> Iterator[tuple[Stream, str]]:
    """The first stream of a path or of a binary file that can seek, and the file's name for messages.

    Raises:
        AudioError: if it is no audio, or its header breaks a rule (channels, rate, truncation).
    """
    with parts_and_name(source) as (parts, name), stream_of(parts[0], name) as stream:
        yield stream, name


@contextmanager
def parts_and_name(source: str | Path | BinaryIO) -> Iterator[tuple[list[Part], str]]:
    """The streams of a path or of a binary file that can seek, before any is opened, and the file's name.

    Raises:
        AudioError: if there is no such file, or nothing in it.
    """
    with ExitStack() as stack:
        if isinstance(source, str | Path):
            path, name = on_disk(source), Path(source).name
            _check_on_disk(path, name)
            try:
                file: BinaryIO = stack.enter_context(path.open("rb"))
            except OSError as error:
                raise AudioError(f"{name} cannot be opened ({error.strerror})") from None
        else:
            file, name = source, Path(str(getattr(source, "name", "the audio"))).name
            if not (hasattr(file, "seek") and file.seekable()):
                raise AudioError(f"{name} must be a file that can seek")
        file.seek(0)
        if what := mistaken_for(file.read(LOOKED_AT)):
            raise AudioError(f"{name} is no audio: {what}")
        yield parts_of(Window(file)), name


@contextmanager
def stream_of(part: Part, name: str) -> Iterator[Stream]:
    """A stream, open at its beginning.

    Raises:
        AudioError: if it is no audio, or its header breaks a rule (channels, rate, truncation).
    """
    part.content.seek(0)
    try:
        stream = Stream(part)
    except (soundfile.LibsndfileError, TypeError, ValueError, OSError) as error:
        said = getattr(error, "error_string", str(error)).rstrip(".")
        reason = foreign_sound(part.content.bytes_at(0, LOOKED_AT)) or said
        raise AudioError(f"{name} is not audio that libsndfile can read ({reason})") from error
    with stream:
        if stream.format == "RAW":  # libsndfile believes names such as speech.au, speech.vox and speech.gsm
            raise AudioError(f"{name} has no header that says what it holds; use WAV, FLAC, Ogg or MP3")
        if not 1 <= stream.channels <= MAX_CHANNELS:
            raise AudioError(f"{name} has {stream.channels} channels; 1 to {MAX_CHANNELS} are allowed")
        if not MIN_RATE <= stream.samplerate <= MAX_RATE:
            rule = f"{MIN_RATE:,} to {MAX_RATE:,} Hz are allowed"
            raise AudioError(f"{name} has a rate of {stream.samplerate:,} Hz; {rule}")
        if part.problem:
            raise AudioError(f"{name} {part.problem}")
        yield stream


def _check_on_disk(path: Path, name: str) -> None:
    if path.is_dir():
        raise AudioError(f"{name} is a folder; an audio file is needed")
    if not path.exists():
        raise AudioError(f"{name} does not exist (looked for {path})")
    if not path.is_file():
        raise AudioError(f"{name} is a device or a pipe; an audio file is needed")
    if path.stat().st_size == 0:
        raise AudioError(f"{name} is empty (0 bytes)")
