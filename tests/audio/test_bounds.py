"""Time and memory stay bounded, whatever a small file says or unpacks to."""

import io
import struct
import time
import tracemalloc

import numpy as np
import pytest
import soundfile

from sercore.audio import AudioError, read_audio
from sercore.audio.containers.window import Window
from tests.audio import made_files as made

MEGABYTES = 8
SECONDS = 6.0  # far more than any needs here; without bounds these take minutes, or never end


def zeros(channels: int, rate: int, seconds: float, container: str = "FLAC") -> bytes:
    file = io.BytesIO()
    samples = np.zeros((round(rate * seconds), channels), np.int16)
    soundfile.write(file, samples, rate, format=container, subtype="PCM_16")
    return file.getvalue()


def declares(content: bytes, total: int) -> bytes:
    """The same FLAC with another total."""
    return content[:21] + ((content[21] & 0xF0) << 32 | total).to_bytes(5, "big") + content[26:]


def test_rate_and_channels_and_seconds_are_bounded_together_before_decoding():
    bomb = zeros(8, 655_350, 4)
    assert len(bomb) < 100_000
    hour = declares(bomb, 3_600 * 655_350)
    started = time.process_time()
    rule = r"says that it lasts 3,600\.0 s; at most 585\.9 s are allowed of 8 channels at 655,350 Hz"
    with pytest.raises(AudioError, match=rule):
        read_audio(io.BytesIO(hour), max_seconds=4_000)
    assert time.process_time() - started < 0.5
    assert len(read_audio(io.BytesIO(bomb), max_seconds=300)) == 4 * 16_000


def test_what_does_not_say_how_long_it_is_is_decoded_as_far_as_is_allowed():
    bomb = zeros(8, 655_350, 4)
    with pytest.raises(AudioError, match=r"at most 2\.9 s are allowed of 8 channels at 655,350 Hz"):
        read_audio(io.BytesIO(bomb), max_seconds=20)
    minutes = declares(zeros(1, 16_000, 600), 0)[:-20]
    tracemalloc.start()
    with pytest.raises(AudioError, match=r"lasts over 1\.0 s; at most 1\.0 s are allowed"):
        read_audio(io.BytesIO(minutes), max_seconds=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


@pytest.mark.parametrize("rate", [16_000, 48_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_the_usual_rates_and_channels_are_not_bounded(rate, channels):
    assert len(read_audio(io.BytesIO(zeros(channels, rate, 2)), max_seconds=2)) == 2 * 16_000


def many(piece: bytes) -> bytes:
    return piece * (MEGABYTES * 1_000_000 // len(piece))


EMPTY_PAGE = b"OggS\0\0" + bytes(8) + b"\1\0\0\0" + bytes(9)
FIRST_PAGE = b"OggS\0\2" + EMPTY_PAGE[6:]
W64_CHUNK = b"junk" + bytes.fromhex("f3acd3118cd100c04f8edb8a") + struct.pack("<q", 24)
HOSTILE = {
    "chunks of nothing": b"RIFF\xff\xff\xff\xffWAVE"
    + made.chunk(b"fmt ", made.fmt())
    + many(b"JUNK\0\0\0\0"),
    "odd chunks": b"RIFF\xff\xff\xff\xffWAVE" + made.chunk(b"fmt ", made.fmt()) + many(b"JUNK\1\0\0\0a"),
    "chunks of AIFF": b"FORM\xff\xff\xff\xffAIFF" + many(b"JUNK\0\0\0\0"),
    "chunks of CAF": b"caff\0\1\0\0" + many(b"junk" + bytes(8)),
    "chunks of Wave64": made.wave64()[:40] + many(W64_CHUNK),
    "pages of nothing": made.encoded("OGG", "OPUS") + many(EMPTY_PAGE),
    "streams of nothing": many(FIRST_PAGE + EMPTY_PAGE),
    "streams": many(made.encoded("OGG", "OPUS", made.voice(0.1))),
    "nothing between two pages": made.encoded("OGG", "OPUS") + many(EMPTY_PAGE + bytes(65_000)),
    "the smallest frames of MP3": many(b"\xff\xf3\x14\xc4" + bytes(20)),
    "frames of MP3 between headers of none": many(b"".join(made.mp3()[1:4]) + b"\xff\xf3\x88\xc4" * 16_000),
    "tags in front of what looks like frames": made.ID3 * 20 + many(b"\xff\xfb\x90\x00"),
    "ones": many(b"\xff"),
    "frames of FLAC behind its end": made.flac(total=0) + many(b"\xff\xf8"),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_no_time(content):
    started = time.process_time()
    read_or_refuse(content)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_no_memory(content):
    tracemalloc.start()
    read_or_refuse(content[:1_000_000])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def read_or_refuse(content: bytes) -> None:
    try:
        read_audio(io.BytesIO(content), max_seconds=20)
    except AudioError as error:
        assert "\n" not in str(error)  # noqa: PT017  (both outcomes are right)


def test_a_window_reads_the_file_in_blocks():
    class Counting(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            self.reads += 1
            return super().read(size)

    file = Counting(bytes(range(256)) * 4_096)
    window = Window(file, start=10, before=b"head")
    assert [window.bytes_at(at, 2) for at in (0, 3, 4, 100_000)] == [b"he", b"d\n", b"\n\x0b", b"\xa6\xa7"]
    for at in range(0, len(file.getvalue()) - 10, 4):
        window.bytes_at(at, 4)
    assert file.reads < 50
    assert window.bytes_at(window.size - 2, 9) == b"\xfe\xff"
    assert (window.seek(-1), window.seek(1 << 63), window.tell()) == (window.at,) * 3
