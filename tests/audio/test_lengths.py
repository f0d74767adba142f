"""Declared, estimated and unknown lengths: what is there is read, and what is said of a file is true."""

import io
import itertools

import numpy as np
import pytest

from sercore.audio import AudioError, read_audio
from sercore.audio.read import read_audio as read
from tests.audio import made_files as made

VOICE = made.voice() / 32_768
NEARLY = {0x7FFFFFFF, 0x80000000, 0x7FFFFFFF - 44, 0xFFFFFFFF - 36, 0xFFFFFFFE, 0x7FFFF000, 0xFFFFFFFF}
TEXT = made.chunk(b"LIST", b"INFO" + made.chunk(b"ISFT", b"Lavf59.27.100\0"))
ODD = (
    b"LIST" + (15).to_bytes(4, "little") + b"INFOISFT\3\0\0\0abc"
)  # of odd length, and no byte makes it even


def both(content: bytes, **options) -> np.ndarray:
    """What is read without a limit and with one, which must be the same."""
    without, with_limit = read(io.BytesIO(content)), read(io.BytesIO(content), max_seconds=300)
    np.testing.assert_array_equal(without, with_limit)
    with pytest.raises(AudioError, match=r"; at most 1\.0 s are allowed$"):
        read(io.BytesIO(content), max_seconds=1.0)
    return without


def refused(content: bytes, message: str) -> None:
    for limit in (None, 300):
        with pytest.raises(AudioError, match=message) as caught:
            read_audio(io.BytesIO(content), max_seconds=limit)
        assert "\n" not in str(caught.value)


# What a header leaves open is read to its end, sample for sample.

OPEN = {
    "WAV that a recorder did not finish": made.wav(data=0, riff=0),
    "WAV whose samples were not counted": made.wav(data=0),
    "WAV of nothing but its header, as it was written first": made.wav(data=0, riff=36),
    "WAV as libsndfile leaves it": made.wav(data=0, riff=8),
    **{f"WAV of {size:#x} bytes": made.wav(data=size, riff=0xFFFFFFFF) for size in sorted(NEARLY)},
    "WAV whose size was right while the recording went on": made.wav(data=16_000),
    "WAV whose file has no size": made.wav(riff=0),
    "WAV whose file has the largest size": made.wav(riff=0xFFFFFFFF),
    "WAV with a text before its samples": made.wav(before=TEXT, data=0xFFFFFFFF),
    "WAV with an odd text before its samples": made.wav(before=ODD),
    "WAV with a text behind its samples": made.wav(after=TEXT),
    "WAV with a player's tag behind it": made.wav(after=made.ID3V1),
    "WAV with a player's tag in front": made.ID3 + made.wav(),
    "WAV of unknown length with a tag in front": made.ID3 + made.wav(data=0xFFFFFFFF),
    "RF64": made.rf64(),
    "RF64 of a pipe": made.rf64(data=0, riff=0),
    "RF64 of a recorder that says -1": made.rf64(data=2**64 - 1, riff=2**64 - 1),
    "BW64": made.rf64(mark=b"BW64"),
    "BW64 of a pipe": made.rf64(mark=b"BW64", data=0, riff=0),
    "Wave64": made.wave64(),
    **{f"Wave64 of {size} bytes": made.wave64(data=size, riff=-1) for size in (0, 24, -1, 2**63 - 1)},
    "AIFF": made.aiff(),
    "AIFF of a pipe": made.aiff(sound=0, frames=0),
    "AIFF of the largest size": made.aiff(sound=0xFFFFFFFF),
    "AIFF of the largest signed size": made.aiff(sound=0x7FFFFFFF),
    "AIFF with a tag in front": made.ID3 + made.aiff(),
    "AU": made.au(),
    "AU of unknown length": made.au(size=0xFFFFFFFF),
    "AU that a recorder did not finish": made.au(size=0),
    "AU of the largest signed size": made.au(size=0x7FFFFFFF),
    "CAF": made.caf(),
    "CAF of unknown length": made.caf(data=-1),
    "CAF that a recorder did not finish": made.caf(data=0),
    "SPHERE": made.encoded("NIST"),
    "SPHERE of a pipe": made.encoded("NIST").replace(b"sample_count -i 32000", b"sample_count -i 00000"),
    "FLAC": made.flac(),
    "FLAC of unknown length": made.flac(total=0),
    "FLAC of unknown length and without a checksum": made.flac(total=0, md5=False),
    "FLAC that declares too little": made.flac(total=16_000),
    "FLAC of unknown length with a tag in front": made.ID3 + made.flac(total=0),
    "FLAC with tags on both sides": made.ID3 + made.ID3 + made.flac() + made.ID3V1,
}


@pytest.mark.parametrize("content", OPEN.values(), ids=OPEN)
def test_all_that_is_there_is_read(content):
    np.testing.assert_array_equal(both(content), VOICE)


# What a header declares and the file does not hold is missing.

SHORT = {
    "WAV that lost its end": made.wav()[:-10_000],
    "WAV that lost its last byte": made.wav()[:-1],
    "WAV that declares more": made.wav(data=200_000),
    "RF64 that lost its end": made.rf64()[:-10_000],
    "Wave64 that lost its end": made.wave64()[:-10_000],
    "AIFF that lost its end": made.aiff()[:-10_000],
    "AU that lost its end": made.au()[:-10_000],
    "CAF that lost its end": made.caf()[:-10_000],
    "SPHERE that lost its end": made.encoded("NIST")[:-10_000],
    "FLAC that declares more": made.flac(total=640_000),
    "FLAC that declares years": made.flac(total=2**36 - 1),
    "Vorbis that lost its end": made.encoded("OGG", "VORBIS")[:-10],
    "Opus that lost its end": made.encoded("OGG", "OPUS")[:-10],
    "Opus of six tenths": made.encoded("OGG", "OPUS")[: len(made.encoded("OGG", "OPUS")) * 6 // 10],
    "MP3 that lost its end": b"".join(made.mp3())[:-10],
    "MP3 of six tenths": b"".join(made.mp3())[: len(b"".join(made.mp3())) * 6 // 10],
    "MP3 that was cut between two frames": b"".join(made.mp3()[:-20]),
}


@pytest.mark.parametrize("content", SHORT.values(), ids=SHORT)
def test_what_lost_its_end_is_truncated(content):
    refused(content, "the audio is truncated: ")


def test_a_flac_that_lost_its_end_is_refused():
    refused(made.flac()[:-10_000], "the audio is (truncated|damaged): ")


def test_a_wav_of_no_samples_is_empty_and_not_unknown():
    refused(made.wav(samples=made.voice(0)), "holds no samples")
    refused(made.wav(samples=made.voice(0), after=TEXT), "holds no samples")


@pytest.mark.parametrize("samples", [1, 100])
def test_the_shortest_file_of_a_pipe_is_read(samples):
    content = made.wav(samples=made.voice()[:samples], data=0xFFFFFFFF, riff=0xFFFFFFFF)
    assert len(read_audio(io.BytesIO(content))) == samples


# Encodings in WAV: what is declared there is bytes, never samples.


def wav_of(tag: int, content: bytes, extra: bytes = b"", data: int | None = None, bits: int = 0) -> bytes:
    body = (
        b"WAVE" + made.chunk(b"fmt ", made.fmt(tag, bits, extra=extra)) + made.chunk(b"data", content, data)
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


MP3_EXTRA = (12).to_bytes(2, "little") + bytes.fromhex("0100020000001c0001000000")
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


@pytest.mark.parametrize("data", [None, 0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_mp3_inside_wav_is_read_as_mp3_outside_of_it(data):
    frames = made.mp3()
    inside = both(wav_of(0x55, b"".join(frames[1:]), MP3_EXTRA, data))
    np.testing.assert_array_equal(inside, read_audio(io.BytesIO(b"".join(frames[1:]))))
    assert len(inside) == pytest.approx(576 * len(frames[1:]), abs=600)


def test_mp3_inside_wav_that_lost_its_end_is_truncated():
    refused(
        wav_of(0x55, b"".join(made.mp3()[1:]), MP3_EXTRA)[:-500], "is truncated: it declares [0-9,]+ bytes"
    )


@pytest.mark.parametrize("data", [None, 0, 0xFFFFFFFF])
@pytest.mark.parametrize("tag", [1, 0xFFFE])
def test_the_extensible_format_of_wav_says_the_same(tag, data):
    extra = (22).to_bytes(2, "little") + bytes.fromhex("100004000000") + b"\1\0" + GUID_TAIL
    content = wav_of(tag, made.voice().tobytes(), extra if tag != 1 else b"", data, bits=16)
    np.testing.assert_array_equal(both(content), VOICE)


@pytest.mark.parametrize("subtype", ["ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM", "GSM610"])
def test_compressed_wav_of_a_pipe_is_read_as_that_of_a_file(subtype):
    whole = made.encoded("WAV", subtype)
    at = whole.index(b"data") + 4
    expected = read_audio(io.BytesIO(whole))
    assert len(expected) == pytest.approx(made.SAMPLES, abs=1_100)  # the last block is filled up
    for size in (0, 0xFFFFFFFF, 0x7FFFF000):
        content = whole[:at] + size.to_bytes(4, "little") + whole[at + 4 :]
        np.testing.assert_array_equal(both(content), expected)


def test_big_endian_wav_of_a_pipe_is_read():
    body = b"WAVE" + made.chunk(b"fmt ", made.fmt(order=">"), order=">")
    body += made.chunk(b"data", made.voice().astype(">i2").tobytes(), 0, order=">")
    np.testing.assert_array_equal(both(b"RIFX\0\0\0\0" + body), VOICE)


# MP3: the first frame may declare all, or nothing may.


def test_mp3_is_read_whatever_number_of_frames_its_first_frame_declares():
    first, *frames = made.mp3()
    expected = both(first + b"".join(frames))
    for number in (0, 10, len(frames) + 1_000):
        content = made.declaring(first, frames=number) + b"".join(frames)
        np.testing.assert_array_equal(both(content), expected)
    many_bytes = made.declaring(first, size=10**8) + b"".join(frames)
    np.testing.assert_array_equal(both(many_bytes), expected)


def test_mp3_that_counts_its_first_frame_too_is_read():
    first, *frames = made.mp3()
    for content in (b"".join(frames), b"".join(frames) + made.ID3V1):
        counted = made.declaring(first, frames=len(frames) + 1, size=1) + content
        assert len(read_audio(io.BytesIO(counted))) == pytest.approx(made.SAMPLES, abs=1_200)


def test_mp3_whose_bit_rate_falls_is_read_to_its_end():
    loud = made.mp3(bitrate_mode="CONSTANT", compression_level=0.0)[1:]
    soft = made.mp3(bitrate_mode="CONSTANT", compression_level=0.9)
    assert len(loud[0]) > 6 * len(soft[0])
    audio = both(b"".join(loud + soft + soft))
    assert len(audio) == pytest.approx(576 * (len(loud) + 2 * len(soft)), abs=1_200)
    assert audio[-made.SAMPLES // 2 :].std() == pytest.approx(VOICE.std(), rel=0.2)


def test_mp3_files_in_one_are_read_to_their_end():
    whole = b"".join(made.mp3())
    once, twice = read_audio(io.BytesIO(whole)), both(whole + whole)
    assert len(twice) == pytest.approx(2 * len(once), abs=3 * 1_200)
    assert twice[-len(once) // 2 :].std() == pytest.approx(VOICE.std(), rel=0.2)


def test_mp3_without_a_declared_length_tells_nothing_of_its_end():
    frames = made.mp3()[1:]
    for content in (b"".join(frames[:30]), b"".join(frames)[:-17]):
        assert len(read_audio(io.BytesIO(content))) > 16_000


def test_mp3_that_begins_within_a_frame_is_read_from_the_next():
    frames = made.mp3()[1:]
    late = both(b"".join(frames)[100:])
    assert len(late) == pytest.approx(576 * (len(frames) - 1), abs=1_200)
    assert late.std() == pytest.approx(VOICE.std(), rel=0.2)


@pytest.mark.parametrize("before", [b"", made.ID3, made.ID3 + made.ID3])
@pytest.mark.parametrize("after", [b"", made.ID3V1, b"APETAGEX" + bytes(60) + made.ID3V1])
def test_tags_around_mp3_change_nothing(before, after):
    whole = b"".join(made.mp3())
    np.testing.assert_array_equal(both(before + whole + after), read_audio(io.BytesIO(whole)))


# Ogg: streams in a chain, and what the pages tell of the end.


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_streams_of_a_chain_are_joined(subtype):
    one, other = (made.encoded("OGG", subtype, made.voice(seconds)) for seconds in (2.0, 3.0))
    alone = [read_audio(io.BytesIO(content)) for content in (one, other)]
    np.testing.assert_array_equal(both(one + other), np.concatenate(alone))
    with pytest.raises(AudioError, match=r"at most 3\.0 s are allowed"):
        read_audio(io.BytesIO(one + other), max_seconds=3.0)


def test_a_chain_whose_last_stream_lost_its_end_is_truncated():
    whole = made.encoded("OGG", "OPUS")
    refused(whole + whole[:-100], "is truncated: its last Ogg page is not whole")


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_a_stream_without_its_mark_of_the_end_is_read(subtype):
    whole = made.encoded("OGG", subtype)
    *pages, last = made.ogg_pages(whole)
    assert last[5] & 4
    position = int.from_bytes(last[6:14], "little")
    if subtype == "OPUS":  # without the mark, nothing of its last packet may be cut off
        position = 101 * 960 + 480  # 20 ms each and 10 ms, at 48 kHz
    unmarked = made.ogg_page(last, flags=last[5] & ~4, position=position)
    audio = read_audio(io.BytesIO(b"".join(pages) + unmarked))
    assert len(audio) == pytest.approx(made.SAMPLES, abs=1_100)


def test_positions_of_opus_that_are_a_packet_off_do_not_make_it_truncated():
    *pages, last = made.ogg_pages(made.encoded("OGG", "OPUS"))
    for late in (960, 2_880):
        content = b"".join(pages) + made.ogg_page(last, position=101 * 960 + 480 + late)
        assert len(read_audio(io.BytesIO(content))) == pytest.approx(made.SAMPLES, abs=100)
    refused(b"".join(pages) + made.ogg_page(last, position=48_000 * 60), "is truncated: it declares 60.0 s")


def test_a_last_packet_that_goes_on_elsewhere_is_missing():
    noise = np.random.default_rng(1).integers(-20_000, 20_000, made.SAMPLES).astype("<i2")
    pages = made.ogg_pages(made.encoded("OGG", "VORBIS", noise))
    going_on = [number for number, page in enumerate(pages) if page[27 + page[26] - 1] == 255]
    for number in going_on:
        refused(b"".join(pages[: number + 1]), "is truncated: its last packet goes on|not audio")


def test_a_tag_in_front_of_ogg_changes_nothing():
    whole = made.encoded("OGG", "VORBIS")
    np.testing.assert_array_equal(both(made.ID3 + whole), read_audio(io.BytesIO(whole)))


@pytest.mark.parametrize("total", [None, 0])
def test_flac_inside_ogg_is_read_as_flac_outside_of_it(total):
    content = made.flac(total=total)
    blocks, at = [], 4
    while True:
        size = int.from_bytes(content[at + 1 : at + 4], "big")
        blocks.append(content[at : at + 4 + size])
        at += 4 + size
        if blocks[-1][0] & 0x80:
            break
    first = b"\x7fFLAC\1\0" + (len(blocks) - 1).to_bytes(2, "big") + b"fLaC" + blocks[0]
    packets = [first, *blocks[1:], content[at:]]
    pages, number = [], itertools.count()
    for packet in packets:
        pieces = [packet[at : at + 255 * 200] for at in range(0, len(packet), 255 * 200)]
        for index, piece in enumerate(pieces):
            lengths = bytes([255] * (len(piece) // 255))
            if index == len(pieces) - 1:
                lengths += bytes([len(piece) % 255])
            count = next(number)
            flags = 2 * (count == 0) + (index > 0) + 4 * (packet is packets[-1] and index == len(pieces) - 1)
            head = (
                b"OggS\0" + bytes([flags]) + bytes(8) + b"\1\0\0\0" + count.to_bytes(4, "little") + bytes(4)
            )
            pages.append(made.ogg_page(head + bytes([len(lengths)]) + lengths + piece))
    np.testing.assert_array_equal(both(b"".join(pages)), VOICE)
    refused(b"".join(pages)[:-100], "is truncated: its last Ogg page is not whole")
