"""Writing: a WAV file holds the samples given to it as 16-bit numbers, and appears whole or not at all."""

import hashlib
import io
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sercore.audio import read_audio, wav_bytes, write_wav
from sercore.audio.wav import sixteen_bits, to_integers


def test_a_written_file_reads_back_to_the_same_16_bit_numbers(tmp_path):
    integers = np.random.default_rng(5).integers(-32768, 32768, 200_000)
    write_wav(tmp_path / "a.wav", integers / 32768)
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav") * 32768, integers)
    with wave.open(str(tmp_path / "a.wav")) as witness:
        assert witness.getparams()[:4] == (1, 2, 16_000, 200_000)
        np.testing.assert_array_equal(np.frombuffer(witness.readframes(200_000), "<i2"), integers)


def test_levels_are_not_normalised_and_what_exceeds_full_scale_is_clipped():
    assert np.abs(read_audio(io.BytesIO(wav_bytes(0.01 * np.sin(np.arange(1600) / 5))))).max() < 0.0101
    loud = read_audio(io.BytesIO(wav_bytes([2.0, -2.0])))
    np.testing.assert_array_equal(loud, [32767 / 32768, -1.0])


def test_the_comment_is_the_sha_256_of_the_samples():
    content = wav_bytes([0.5, -0.5])
    digest = hashlib.sha256(np.array([16384, -16384], "<i2").tobytes()).hexdigest()
    assert digest.encode() in content
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        assert file.comment == digest


def test_no_samples_give_a_valid_empty_file():
    with wave.open(io.BytesIO(wav_bytes([]))) as witness:
        assert witness.getnframes() == 0


@pytest.mark.parametrize(
    ("audio", "message"), [([[0.0], [0.0]], r"\(2, 1\)"), ([0.0, np.nan], "1 bad samples")]
)
def test_what_cannot_be_written_is_refused_and_the_old_file_stays(tmp_path: Path, audio, message):
    path = tmp_path / "kept.wav"
    write_wav(path, [0.1])
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        write_wav(path, audio)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept.wav"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_wav(tmp_path / "taken", [0.1])
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken"]


def test_what_a_clip_holds_is_what_its_file_and_the_player_get():
    audio = np.random.default_rng(6).normal(0, 0.5, 10_000).astype("f4")
    clip = sixteen_bits(audio)
    np.testing.assert_array_equal(read_audio(io.BytesIO(wav_bytes(audio))), clip)
    np.testing.assert_array_equal(to_integers(clip), to_integers(audio))
    assert clip.dtype == np.float32
