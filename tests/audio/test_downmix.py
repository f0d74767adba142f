"""The average of the channels holds what they hold, or the file is refused."""

import io

import numpy as np
import pytest
import soundfile

from sercore.audio import AudioError, read_audio

RATE = 16_000
VOICE = 0.2 * np.sin(2 * np.pi * 220 * np.arange(5 * RATE) / RATE) * (1 + np.sin(np.arange(5 * RATE) / 3_000))


def read(*channels: np.ndarray, rate: int = RATE, subtype: str = "PCM_16") -> np.ndarray:
    file = io.BytesIO()
    soundfile.write(file, np.stack(channels, axis=1), rate, format="WAV", subtype=subtype)
    return read_audio(file)


@pytest.mark.parametrize("rate", [RATE, 44_100])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_channels_of_opposite_sign_are_refused_with_the_cause(rate, subtype):
    with pytest.raises(AudioError, match=r"falls silent when its 2 channels are averaged.*give one of them"):
        read(VOICE, -VOICE, rate=rate, subtype=subtype)
    with pytest.raises(AudioError, match="its 4 channels"):
        read(VOICE, -VOICE, 2 * VOICE, -2 * VOICE, rate=rate, subtype=subtype)


def test_channels_that_nearly_cancel_are_refused_too():
    noise = np.random.default_rng(0).normal(0, 1e-4, len(VOICE))
    with pytest.raises(AudioError, match="they cancel each other"):
        read(VOICE, noise - VOICE, subtype="FLOAT")


def test_channels_that_differ_in_any_other_way_are_averaged():
    rng = np.random.default_rng(1)
    others = [0 * VOICE, VOICE, 0.5 * VOICE, -0.9 * VOICE, np.roll(VOICE, 37), rng.normal(0, 0.1, len(VOICE))]
    for other in others:
        np.testing.assert_allclose(read(VOICE, other), (VOICE + other) / 2, atol=1e-4)


def test_64_independent_channels_are_averaged():
    channels = np.random.default_rng(2).normal(0, 0.1, (64, 20_000))
    np.testing.assert_allclose(read(*channels, subtype="FLOAT"), channels.mean(axis=0), atol=1e-6)


def test_a_constant_of_opposite_sign_is_no_sound_that_could_be_lost():
    np.testing.assert_allclose(read(0.01 * VOICE + 0.3, 0.01 * VOICE - 0.3), 0.01 * VOICE, atol=1e-4)
    assert np.ptp(read(0 * VOICE + 0.3, 0 * VOICE - 0.3)) == 0


def test_silence_in_all_channels_is_silence():
    rounding = np.random.default_rng(3).integers(-1, 2, len(VOICE)) / 32_768
    assert np.abs(read(rounding, -rounding)).max() < 1e-4
