"""Silence: zeros, a constant, rounding, a click; and nothing that a voice says."""

import io

import numpy as np
import pytest
import soundfile

from sercore.audio import read_audio
from sercore.audio.silence import is_silent, said_of_silence, silent_frames

RATE = 16_000
RNG = np.random.default_rng(0)
TEN_SECONDS = 10 * RATE
SILENCES = {
    "zeros": np.zeros(TEN_SECONDS),
    "a constant": np.full(TEN_SECONDS, -0.4),
    "rounding of a constant": np.round(RNG.uniform(-0.5, 0.5, TEN_SECONDS) + 100) / 32_768,
    "dither": RNG.integers(-1, 2, TEN_SECONDS) / 32_768,
    "a click": np.where(np.arange(TEN_SECONDS) == 8_000, 0.7, 0.0),
    "nothing": np.zeros(0),
}


@pytest.mark.parametrize("audio", SILENCES.values(), ids=SILENCES)
def test_what_a_muted_microphone_gives_is_silent(audio):
    assert is_silent(audio)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_a_muted_microphone_of_any_rate_is_silent(rate):
    file = io.BytesIO()
    soundfile.write(file, RNG.integers(-1, 2, 10 * rate) / 32_768, rate, format="WAV", subtype="PCM_16")
    assert is_silent(read_audio(file))


@pytest.mark.parametrize("level", [1.0, 1e-2, 1e-3])
def test_a_voice_is_not_silent_however_soft(level):
    time = np.arange(TEN_SECONDS) / RATE
    voice = level * np.sin(2 * np.pi * 150 * time) * (np.sin(2 * np.pi * 0.3 * time) > 0)
    assert not is_silent(voice)
    assert not is_silent(np.concatenate([np.zeros(TEN_SECONDS), voice]))


def test_frames_are_judged_one_by_one_the_unfinished_too():
    audio = np.zeros(3 * 3_200 + 100)
    audio[3_200:6_400] = 0.1 * np.sin(np.arange(3_200))
    audio[-50] = 0.1
    assert silent_frames(audio).tolist() == [True, False, True, False]
    assert silent_frames(np.zeros(0)).tolist() == []


def test_what_is_said_names_the_seconds():
    voice = 0.1 * np.sin(np.arange(TEN_SECONDS))
    assert said_of_silence(voice) == ""
    assert said_of_silence(np.zeros(TEN_SECONDS)) == "the audio holds no sound: all of its 10.0 s are silent"
    clicked = SILENCES["a click"]
    assert said_of_silence(clicked) == "the audio holds no sound: 9.8 s of its 10.0 s are silent"
    half = np.concatenate([np.zeros(TEN_SECONDS), voice])
    assert said_of_silence(half) == "the audio is silent for 10.0 of its 20.0 s"
    assert said_of_silence(half[8_000:]) == ""
