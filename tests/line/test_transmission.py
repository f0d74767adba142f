"""Lines: colours, noise, rooms and telephones, each against what can be measured in what comes out."""

import numpy as np
import pytest
import torch

from sercore.line.acoustics import Acoustics, draw_acoustics
from sercore.line.transmission import fast_size, send

RATE = 16_000


def through(line, audio, seed=0):
    heard = send(torch.tensor(audio, dtype=torch.float32)[None], [line], torch.Generator().manual_seed(seed))
    return heard[0].numpy().astype(np.float64)


def noise(seconds=8, rms=0.05):
    return np.random.default_rng(1).normal(0.0, rms, seconds * RATE)


def level(audio, low, high):
    """Mean power in a band in dB, from one Fourier transform of the whole."""
    power = np.abs(np.fft.rfft(audio)) ** 2
    frequency = np.fft.rfftfreq(len(audio), 1 / RATE)
    return 10 * np.log10(power[(frequency >= low) & (frequency < high)].mean())


def rms(audio):
    return np.sqrt(np.mean(np.square(audio)))


def test_a_line_that_does_nothing_changes_nothing():
    assert np.allclose(through(Acoustics(), noise()), noise(), atol=1e-6)


@pytest.mark.parametrize("samples", [128_000, 70_001, 5_003])
@pytest.mark.parametrize("tilt", [2.0, -3.0])
def test_a_tilt_has_its_decibels_in_each_octave_and_is_no_gain(tilt, samples):
    before = noise()[:samples]
    after = through(Acoustics(tilt=tilt), before)
    gains = [
        level(after, 0.94 * f, 1.06 * f) - level(before, 0.94 * f, 1.06 * f)
        for f in (250, 500, 1000, 2000, 4000)
    ]
    assert np.diff(gains) == pytest.approx([tilt] * 4, abs=0.1 if samples > 10_000 else 0.4)
    assert rms(after) == pytest.approx(rms(before), rel=0.01)


def test_a_peak_is_as_high_and_as_wide_as_it_says():
    before, after = noise(), through(Acoustics(peaks=((1000.0, 1.0, 8.0),)), noise())
    gain = {
        f: level(after, 0.99 * f, 1.01 * f) - level(before, 0.99 * f, 1.01 * f)
        for f in (125, 707, 1000, 1414)
    }
    assert gain[1000] - gain[125] == pytest.approx(8.0, abs=0.3)
    assert gain[707] - gain[125] == pytest.approx(4.0, abs=0.3)
    assert gain[1414] - gain[125] == pytest.approx(4.0, abs=0.3)


@pytest.mark.parametrize("law", ["mu", "a"])
def test_a_call_keeps_300_to_3400_hz_and_nothing_else(law):
    after = through(Acoustics(telephone=law), noise())
    inside = level(after, 500, 3000)
    assert level(after, 350, 3200) == pytest.approx(inside, abs=1.0)
    for low, high in ((20, 150), (4200, 8000)):
        assert level(after, low, high) < inside - 25
    assert level(after, 4100, 8000) < inside - 40
    assert rms(after) == pytest.approx(rms(noise()), rel=0.02)


@pytest.mark.parametrize("snr", [10.0, 25.0])
def test_noise_is_as_loud_and_as_steep_as_it_says(snr):
    tone = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(8 * RATE) / RATE)
    after = through(Acoustics(snr=snr, noise_slope=-3.0), tone)
    spectrum = np.fft.rfft(after)
    frequency = np.fft.rfftfreq(len(after), 1 / RATE)
    spectrum[np.abs(frequency - 1000) < 2] = 0
    left = np.fft.irfft(spectrum)
    assert 20 * np.log10(rms(after - left) / rms(left)) == pytest.approx(snr, abs=0.2)
    assert level(left, 2000, 4000) - level(left, 250, 500) == pytest.approx(-9.0, abs=1.0)


def test_a_room_dies_away_in_its_time_and_is_as_strong_as_it_says():
    click = np.zeros(2 * RATE)
    click[0] = 1.0
    heard = through(Acoustics(room=0.5, direct=3.0), click)
    heard /= heard[0]
    assert -10 * np.log10(np.sum(heard[1:] ** 2)) == pytest.approx(3.0, abs=0.2)
    left = 10 * np.log10(np.cumsum(heard[::-1] ** 2)[::-1] + 1e-12)  # Schroeder 1965
    start, end = RATE // 100, RATE // 5
    assert (left[start] - left[end]) / ((end - start) / RATE) == pytest.approx(60 / 0.5, rel=0.1)


def test_a_line_does_the_same_alone_and_in_a_batch():
    speech = torch.tensor(np.stack([noise(2), noise(2)[::-1].copy(), noise(2) * 0.3]), dtype=torch.float32)
    lines = [
        Acoustics(tilt=3.0),
        Acoustics(telephone="mu", level=-6.0),
        Acoustics(peaks=((500.0, 0.5, -8.0),)),
    ]
    together = send(speech, lines, torch.Generator())
    for row, line in enumerate(lines):
        alone = send(speech[row : row + 1], [line], torch.Generator())[0]
        # Rounding may move a sample across a border of G.711's steps.
        assert (alone - together[row]).abs().mean() < 1e-5


def test_each_recording_of_a_batch_has_a_noise_of_its_own():
    tones = torch.full((3, 4 * RATE), 0.1)
    noises = send(tones, [Acoustics(snr=10.0, noise_slope=0.0)] * 3, torch.Generator()) - 0.1
    assert np.corrcoef(noises.numpy()) == pytest.approx(np.eye(3), abs=0.02)


def test_level_is_that_of_the_line_and_of_nothing_else():
    for line in (
        Acoustics(level=-6.0, tilt=4.0),
        Acoustics(level=-6.0, telephone="a"),
        Acoustics(level=-6.0, room=0.4),
    ):
        assert 20 * np.log10(rms(through(line, noise())) / rms(noise())) == pytest.approx(-6.0, abs=0.3)


def test_the_same_chance_gives_the_same_sound():
    line = Acoustics(snr=10.0, room=0.3)
    assert np.array_equal(through(line, noise(1), seed=3), through(line, noise(1), seed=3))
    assert not np.array_equal(through(line, noise(1), seed=3), through(line, noise(1), seed=4))


def test_silence_stays_silence_but_for_a_telephones_smallest_step():
    for way in (Acoustics(telephone="a"), Acoustics(tilt=2.0), Acoustics(snr=20.0), Acoustics(room=0.5)):
        assert np.abs(through(way, np.zeros(RATE))).max() < 1e-3, way


def test_training_meets_telephones_noise_and_rooms_in_their_shares():
    drawn = [draw_acoustics(np.random.default_rng(seed)) for seed in range(2000)]
    assert np.mean([bool(line.telephone) for line in drawn]) == pytest.approx(0.35, abs=0.03)
    assert np.mean([line.snr is not None for line in drawn]) == pytest.approx(0.5, abs=0.04)
    assert np.mean([line.room > 0 for line in drawn]) == pytest.approx(0.3, abs=0.03)
    assert min(line.snr for line in drawn if line.snr is not None) >= 10
    assert np.ptp([line.tilt for line in drawn]) > 6


def test_impossible_lines_are_refused():
    with pytest.raises(ValueError, match="telephone must be mu, a or empty, got 'gsm'"):
        Acoustics(telephone="gsm")
    with pytest.raises(ValueError, match="room must be at least 0 seconds, got -1"):
        Acoustics(room=-1)
    with pytest.raises(ValueError, match=r"with a way each, got \(2, 100\) and 1"):
        send(torch.zeros(2, 100), [Acoustics()], torch.Generator())


@pytest.mark.parametrize("least", [1, 7, 320_000, 329_601, 1_000_003])
def test_a_fast_size_has_only_small_factors(least):
    size = left = fast_size(least)
    for factor in (2, 3, 5):
        while left % factor == 0:
            left //= factor
    assert left == 1
    assert size % 4 == 0
    assert least <= size < 1.1 * least + 4
