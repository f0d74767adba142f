"""Reading: rates, channels, sample formats, damage and hostility."""

import io
import struct
import tracemalloc

import numpy as np
import pytest
import scipy.signal
import soundfile

from sercore.audio import AudioError, read_audio, wav_bytes
from sercore.audio.header import opened
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

# The largest error that rounding may make, in parts of full scale.
SAMPLE_FORMATS = {
    "PCM_U8": 1 / 128,
    "PCM_16": 1 / 32768,
    "PCM_24": 1e-6,
    "PCM_32": 1e-6,
    "FLOAT": 1e-7,
    "DOUBLE": 1e-7,
    "ULAW": 0.02,
    "ALAW": 0.02,
}
CONTAINERS = [
    *(("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("AIFF", "PCM_16")),
    *(("AU", "PCM_16"), ("CAF", "PCM_16"), ("W64", "PCM_16"), ("RF64", "PCM_16"), ("WAVEX", "PCM_24")),
]


def tone(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.25) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def in_memory(audio: np.ndarray, rate: int, **options: str) -> io.BytesIO:
    file = io.BytesIO()
    soundfile.write(file, audio, rate, **{"format": "WAV", "subtype": "FLOAT", **options})
    return file


def wav_header(data_bytes: int, channels: int = 1, rate: int = 16_000) -> bytes:
    block = 2 * channels
    riff = struct.pack("<4sI4s", b"RIFF", min(data_bytes + 36, 2**32 - 1), b"WAVE")
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, (rate * block) % 2**32, block, 16)
    return riff + fmt + struct.pack("<4sI", b"data", data_bytes)


def test_a_frame_of_200_ms_has_3200_samples():
    assert SAMPLES_PER_FRAME == 3200 == SAMPLE_RATE * 200 // 1000


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_a_tone_at_any_rate_is_the_same_tone_at_16_khz(rate):
    audio = read_audio(in_memory(tone(1.0, rate), rate))
    assert audio.dtype == np.float32
    assert len(audio) == SAMPLE_RATE
    inner = slice(800, -800)  # a tone that starts and stops rings at both ends
    np.testing.assert_allclose(audio[inner], tone(1.0, SAMPLE_RATE)[inner], atol=2e-3)


def test_noise_is_resampled_as_scipy_does_within_the_shared_band():
    rng = np.random.default_rng(1)
    low = scipy.signal.firwin(501, 5_000, fs=44_100)
    noise = scipy.signal.lfilter(low, 1, rng.normal(0, 0.2, 44_100))
    ours = read_audio(in_memory(noise, 44_100))
    witness = scipy.signal.resample_poly(noise, 160, 441)
    np.testing.assert_allclose(ours[500:-500], witness[500:-500], atol=2e-3)


def test_what_16_khz_cannot_hold_is_removed_not_folded_back():
    audio = read_audio(in_memory(tone(1.0, 48_000, hertz=10_000), 48_000))
    assert np.abs(audio[800:-800]).max() < 1e-4


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_channels_are_averaged(channels):
    rng = np.random.default_rng(2)
    audio = rng.uniform(-0.5, 0.5, (1000, channels))
    np.testing.assert_allclose(read_audio(in_memory(audio, 16_000)), audio.mean(axis=1), atol=1e-6)


@pytest.mark.parametrize(("subtype", "step"), SAMPLE_FORMATS.items())
def test_every_sample_format_keeps_the_level(subtype, step):
    audio = tone(0.5, 16_000)
    read = read_audio(in_memory(audio, 16_000, subtype=subtype))
    np.testing.assert_allclose(read, audio, atol=1.01 * step)


@pytest.mark.parametrize(("container", "subtype"), CONTAINERS)
def test_every_container_is_read(container, subtype):
    audio = read_audio(in_memory(tone(1.0, 16_000), 16_000, format=container, subtype=subtype))
    assert len(audio) == pytest.approx(16_000, abs=1200)
    assert audio[4000:12_000].std() == pytest.approx(0.25 / np.sqrt(2), rel=0.05)


def test_a_header_is_read_without_decoding():
    with opened(in_memory(np.zeros((44_100, 2)), 44_100)) as (file, name):
        assert (file.format, file.samplerate, file.channels, file.frames) == ("WAV", 44_100, 2, 44_100)
        assert (name, file.tell()) == ("the audio", 0)


def test_an_upload_can_be_read_twice():
    upload = io.BytesIO(wav_bytes(tone(0.1, 16_000)))
    np.testing.assert_array_equal(read_audio(upload), read_audio(upload))


# Bad input: one sentence with the file's name and the rule.


def refused(source, message: str, **options) -> None:
    with pytest.raises(AudioError, match=message) as caught:
        read_audio(source, **options)
    assert "\n" not in str(caught.value)


def test_a_file_of_zero_bytes_is_refused(tmp_path):
    (tmp_path / "nothing.wav").touch()
    refused(tmp_path / "nothing.wav", r"nothing\.wav is empty \(0 bytes\)")


def test_a_file_without_samples_is_refused():
    refused(in_memory(np.zeros(0), 16_000), "holds no samples; at least one is needed")


def test_a_text_named_wav_is_refused(tmp_path):
    (tmp_path / "essay.wav").write_text("To whom it may concern, this is not a sound. " * 50)
    refused(tmp_path / "essay.wav", r"essay\.wav is not audio that libsndfile can read")


@pytest.mark.parametrize("content", [b"RIFF", wav_header(1000)[:30], bytes(1000), b"fLaC", b"OggS" * 99])
def test_the_beginning_of_a_file_alone_is_refused(content):
    refused(io.BytesIO(content), "not audio that libsndfile can read")


FOREIGN = {
    "0000001c667479704d34412000000200": "MPEG-4, as phones record it",
    "00000018667479703367703400000300": "MPEG-4, as phones record it",
    "1a45dfa39f4286810142f7810142f281": "Matroska, as browsers record it",
    "3026b2758e66cf11a6d900aa0062ce6c": "Windows Media",
    "2321414d520a3c9117164": "AMR, as telephones record it",
    "fff16040413ffcde02004c6176633539": "AAC",
    "7776706b7e8900001004000000fa0000": "WavPack",
    "4d54686400000006000100010060": "MIDI, which holds notes and no sound",
}


@pytest.mark.parametrize(("start", "what"), FOREIGN.items(), ids=FOREIGN.values())
def test_sound_of_another_kind_is_told_with_its_name_and_the_cure(start, what):
    content = bytes.fromhex(start + "0" * (len(start) % 2)) + bytes(2_000)
    refused(io.BytesIO(content), rf"not audio that libsndfile can read \(it is {what}.*: convert it to WAV")


def test_raw_samples_of_unknown_rate_are_refused(tmp_path):
    (tmp_path / "samples.raw").write_bytes(bytes(1000))
    refused(tmp_path / "samples.raw", r"samples\.raw is not audio")


def test_an_absent_file_is_refused_with_its_path(tmp_path):
    refused(tmp_path / "gone.wav", r"gone\.wav does not exist \(looked for .*gone\.wav\)")


def test_a_folder_is_refused(tmp_path):
    refused(tmp_path, "is a folder")


def test_a_stream_that_cannot_seek_is_refused():
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    refused(Pipe(wav_bytes([0.0])), "must be a file that can seek")


def test_a_truncated_flac_is_refused_with_what_could_be_decoded(tmp_path):
    rng = np.random.default_rng(3)
    whole = in_memory(rng.uniform(-0.5, 0.5, 160_000), 16_000, format="FLAC", subtype="PCM_16").getvalue()
    for share in (0.1, 0.5, 0.9):
        (tmp_path / "cut.flac").write_bytes(whole[: int(share * len(whole))])
        refused(tmp_path / "cut.flac", r"cut\.flac is (damaged|truncated): ")


@pytest.mark.parametrize(("container", "subtype"), [("WAV", "PCM_16"), ("AIFF", "PCM_16"), ("AU", "PCM_16")])
@pytest.mark.parametrize("share", [0.3, 0.99])
def test_truncated_uncompressed_audio_is_refused_though_libsndfile_corrects_it(container, subtype, share):
    whole = in_memory(tone(1.0, 16_000), 16_000, format=container, subtype=subtype).getvalue()
    refused(io.BytesIO(whole[: int(share * len(whole))]), "is truncated: it declares ")


@pytest.mark.parametrize("declared", [2**31 - 1, 2_000_000_000, 2**31, 4_000_000_000])
def test_a_2_gb_header_on_a_1_kb_file_is_refused_without_2_gb_of_memory(tmp_path, declared):
    (tmp_path / "liar.wav").write_bytes(wav_header(declared) + bytes(1000))
    tracemalloc.start()
    refused(tmp_path / "liar.wav", r"liar\.wav is truncated: it declares [\d,]+ bytes and holds 1000")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_flac_that_declares_hours_it_does_not_hold_is_refused():
    whole = bytearray(in_memory(tone(1.0, 16_000), 16_000, format="FLAC", subtype="PCM_16").getvalue())
    whole[21] |= 0x0F  # STREAMINFO's 36 bits of total samples end in bytes 21 to 25
    whole[22:26] = b"\xff\xff\xff\xff"
    refused(io.BytesIO(bytes(whole)), "is truncated: it declares 4,294,967.3 s and holds 1.0 s|is damaged")


@pytest.mark.parametrize("declared", [0xFFFFFFFF, 0x7FFFF000])
def test_a_wav_that_came_through_a_pipe_is_read_as_far_as_it_goes(declared):
    samples = np.arange(500, dtype="<i2")
    audio = read_audio(io.BytesIO(wav_header(declared) + samples.tobytes()))
    np.testing.assert_array_equal(audio * 32768, samples)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused(value):
    audio = np.zeros(100_000)
    audio[70_000] = value
    refused(in_memory(audio, 44_100), "is not finite: 1 NaN or infinite samples in the block at 1.5 s")


def test_a_double_too_large_for_a_float_is_refused():
    refused(in_memory(np.array([0.0, 1e300]), 16_000, subtype="DOUBLE"), "not finite")


def test_integers_stored_as_floats_are_refused_with_their_level():
    refused(in_memory(tone(0.1, 16_000, level=20_000.0), 16_000), r"reaches \d+,\d+ times full scale")


def test_float_audio_somewhat_over_full_scale_keeps_its_level():
    assert np.abs(read_audio(in_memory(tone(0.1, 16_000, level=2.0), 16_000))).max() > 1.9


@pytest.mark.parametrize(("rate", "accepted"), [(1, 0), (3_999, 0), (4_000, 1), (768_000, 1), (768_001, 0)])
def test_rates_outside_4_to_768_khz_are_refused(rate, accepted):
    file = io.BytesIO(wav_header(2000, rate=rate) + bytes(2000))
    if accepted:
        assert len(read_audio(file)) == pytest.approx(1000 * 16_000 / rate, abs=1)
    else:
        refused(file, rf"rate of {rate:,} Hz; 4,000 to 768,000 Hz are allowed")


def test_more_than_64_channels_are_refused():
    assert len(read_audio(io.BytesIO(wav_header(128 * 9, 64) + bytes(128 * 9)))) == 9
    refused(io.BytesIO(wav_header(130 * 9, 65) + bytes(130 * 9)), "65 channels; 1 to 64 are allowed")


def test_the_allowed_length_is_checked_in_the_header_before_decoding():
    bomb = in_memory(np.zeros(16_000 * 600), 16_000, format="FLAC", subtype="PCM_16")
    assert len(bomb.getvalue()) < 100_000
    tracemalloc.start()
    refused(bomb, r"lasts 600\.0 s; at most 60\.0 s are allowed", max_seconds=60)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_audio_of_exactly_the_allowed_length_is_read():
    assert len(read_audio(in_memory(np.zeros(32_000), 16_000), max_seconds=2.0)) == 32_000
    refused(in_memory(np.zeros(32_001), 16_000), "at most 2.0 s", max_seconds=2.0)


def test_random_bytes_and_flipped_bytes_never_do_worse_than_an_audio_error():
    rng = np.random.default_rng(4)
    wholes = [
        in_memory(tone(0.2, 16_000), 16_000, format=container, subtype=subtype).getvalue()
        for container, subtype in [
            ("WAV", "PCM_16"),
            ("FLAC", "PCM_16"),
            ("OGG", "VORBIS"),
            ("AIFF", "FLOAT"),
        ]
    ]
    for whole in wholes * 50:
        damaged = bytearray(whole)
        for place in rng.integers(4, min(len(whole), 400), 5):
            damaged[place] = rng.integers(256)
        try:
            audio = read_audio(io.BytesIO(bytes(damaged)), max_seconds=10)
        except AudioError as error:
            assert "\n" not in str(error)  # noqa: PT017  (both outcomes are right)
        else:
            assert np.isfinite(audio).all()


@pytest.mark.parametrize("suffix", ["au", "snd", "vox", "gsm", "raw"])
def test_a_name_alone_does_not_make_audio(suffix, tmp_path):
    path = tmp_path / f"letter.{suffix}"
    path.write_text("Dear Sir or Madam, " * 1000)
    with pytest.raises(AudioError, match=rf"letter\.{suffix} (has no header|is not audio)"):
        read_audio(path)
    if suffix == "au":
        soundfile.write(path, np.zeros(16_000), 16_000, format="AU")
        assert len(read_audio(path)) == 16_000
