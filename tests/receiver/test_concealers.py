"""What conceals a loss keeps to a few laws, whatever is lost, and does what its name says."""

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from sercore.channel import Gilbert
from sercore.receiver import RECEIVERS, conceal
from sercore.receiver.compiled import best_lag, burg, carried_on
from sercore.receiver.concealer import SILENT, holes
from sercore.receiver.prediction import ORDER

CONCEALERS = [each for each in RECEIVERS.values() if each.KEEPS_LENGTH]
EVERY = pytest.mark.parametrize("receiver", CONCEALERS, ids=lambda receiver: receiver.NAME)
LOSSES = st.tuples(
    st.lists(st.booleans(), min_size=1, max_size=40),
    st.sampled_from([10, 20, 40, 60, 200]),
    st.integers(0, 99),
)


def voice(n_samples, seed=0, hz=140):
    """Something with a pitch, a few resonances, a level that moves, and a little noise."""
    rng = np.random.default_rng(seed)
    times = np.arange(n_samples) / 16_000
    tones = sum(np.sin(2 * np.pi * hz * k * times + rng.uniform(0, 6)) / k for k in range(1, 12))
    level = 0.05 + 0.05 * np.sin(2 * np.pi * 3 * times) ** 2
    return (level * tones + 0.001 * rng.standard_normal(n_samples)).astype(np.float32)


@EVERY
@settings(max_examples=40)
@given(drawn=LOSSES)
def test_the_laws_hold_for_any_losses(receiver, drawn):
    received, packet_ms, seed = np.array(drawn[0]), drawn[1], drawn[2]
    audio = voice(len(received) * packet_ms * 16, seed)
    heard = receiver(audio, received, packet_ms=packet_ms)
    assert heard.shape == audio.shape
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    assert np.abs(heard).max(initial=0) <= 4 * np.abs(audio).max()
    untouched = np.repeat(received, packet_ms * 16)
    for _, end in holes(received, packet_ms * 16):
        untouched[end : end + round(receiver.CROSSFADE_MS * 16)] = False
    assert np.array_equal(heard[untouched], audio[untouched])
    assert received.all() <= np.array_equal(heard, audio)


@EVERY
def test_what_comes_later_changes_nothing_that_was_heard_if_it_says_so(receiver):
    received = Gilbert(0.8, 0.6).sample(150, np.random.default_rng(3))
    audio = voice(150 * 320)
    other = audio.copy()
    other[75 * 320 :] = voice(75 * 320, seed=9, hz=233)
    first, second = (receiver(each, received, packet_ms=20)[: 75 * 320] for each in (audio, other))
    received[70:80] = False
    first, second = (receiver(each, received, packet_ms=20)[: 75 * 320] for each in (audio, other))
    assert np.array_equal(first, second) == receiver.CAUSAL


@pytest.mark.parametrize("name", ["repeat", "prediction", "pitch", "stretch", "linear"])
def test_no_hole_begins_or_ends_with_a_click(name):
    received = Gilbert(0.9, 0.6).sample(1_500, np.random.default_rng(1))
    audio = voice(1_500 * 320)
    heard = RECEIVERS[name](audio, received, packet_ms=20)
    usual = np.abs(np.diff(audio)).max()
    edges = np.array([edge for hole in holes(received, 320) for edge in hole if 0 < edge < len(audio)])
    assert np.abs(heard[edges] - heard[edges - 1]).max() <= 1.01 * usual
    clicks = np.abs(np.diff(RECEIVERS["silence"](audio, received, packet_ms=20))).max()
    assert clicks > 2 * usual


@pytest.mark.parametrize("name", ["noise", "repeat", "prediction", "pitch", "stretch"])
def test_a_long_hole_ends_in_silence_and_a_short_one_does_not(name):
    audio = voice(100 * 320)
    received = np.arange(100) < 50
    heard = RECEIVERS[name](audio, received, packet_ms=20)
    assert not heard[50 * 320 + SILENT :].any()
    assert heard[50 * 320 : 51 * 320].any()


@pytest.mark.parametrize("name", ["prediction", "pitch", "stretch"])
def test_a_steady_voice_goes_on_as_if_nothing_were_lost(name):
    """It is nearer to what was lost than silence by 6 dB or more, over a packet of 20 ms."""
    times = np.arange(100 * 320) / 16_000
    audio = sum(np.sin(2 * np.pi * 160 * k * times) / k for k in range(1, 9)).astype(np.float32)
    received = np.arange(100) % 10 != 9
    error = RECEIVERS[name](audio, received, packet_ms=20) - audio
    lost = np.repeat(~received, 320)
    assert np.square(error[lost]).mean() < np.square(audio[lost]).mean() / 4


def test_repeat_plays_the_last_20_ms_again():
    audio = voice(10 * 320)
    audio[4 * 320] = audio[5 * 320 - 1]  # so that nothing has to be moved where they meet
    heard = RECEIVERS["repeat"](audio, np.arange(10) != 5, packet_ms=20)
    assert np.allclose(heard[5 * 320 : 6 * 320 - 40], audio[4 * 320 : 5 * 320 - 40], atol=1e-6)


def test_noise_is_as_loud_as_the_quietest_moment():
    rng = np.random.default_rng(5)
    audio = (0.3 * rng.standard_normal(20 * 320)).astype(np.float32)
    audio[14 * 320 : 15 * 320] *= 0.01
    heard = RECEIVERS["noise"](audio, np.arange(20) != 17, packet_ms=20)
    assert heard[17 * 320 + 80 : 18 * 320].std() == pytest.approx(0.003, rel=0.3)


def test_the_straight_line_is_that_of_numpy():
    audio = voice(10 * 320)
    received = np.array([0, 1, 1, 0, 0, 1, 0, 1, 1, 0], dtype=bool)
    known = np.flatnonzero(np.repeat(received, 320))
    expected = np.interp(np.arange(3_200), known, audio[known], left=0, right=0)
    assert np.allclose(RECEIVERS["linear"](audio, received, packet_ms=20), expected, atol=1e-7)


def test_burg_finds_the_coefficients_of_a_process_it_is_given():
    coefficients = np.array([1.6, -1.2, 0.5, -0.2])
    noise = np.random.default_rng(0).standard_normal(200_000)
    process = scipy.signal.lfilter([1], [1, *-coefficients], noise)
    assert burg(process, 4) == pytest.approx(coefficients, abs=0.01)


def test_burg_is_that_of_librosa():
    librosa = pytest.importorskip("librosa", reason="comes with the extra 'augment'")
    samples = voice(1_024).astype(np.float64)
    assert burg(samples, 32) == pytest.approx(-librosa.lpc(samples, order=32)[1:], rel=1e-6)


@pytest.mark.parametrize("samples", [voice(1_024), np.zeros(1_024), np.ones(1_024), np.sin(np.arange(1_024))])
def test_what_burg_predicts_never_grows_without_end(samples):
    poles = np.roots([1, *-burg(samples.astype(np.float64), ORDER)])
    assert np.abs(poles).max(initial=0) < 1 + 1e-6


def test_prediction_carries_on_as_a_filter_without_input_does():
    past = voice(1_024).astype(np.float64)
    a = burg(past, 16)
    state = scipy.signal.lfiltic([1], [1, *-a], past[::-1][:16])
    expected, _ = scipy.signal.lfilter([1], [1, *-a], np.zeros(320), zi=state)
    assert carried_on(past, a, 320) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("hz", [80, 100, 125, 160, 200, 250, 320])
def test_the_lag_is_a_whole_number_of_periods(hz):
    lag = best_lag(voice(1_600, hz=hz), 320, 40, 256)
    periods = lag * hz / 16_000
    assert periods == pytest.approx(round(periods), abs=0.05)


def test_conceal_is_the_receiver_and_refuses_one_that_shortens():
    audio, received = voice(3_200), np.arange(10) != 4
    heard = RECEIVERS["pitch"](audio, received, packet_ms=20)
    assert np.array_equal(conceal(audio, received, method="pitch", packet_ms=20), heard)
    with pytest.raises(
        ValueError, match="the receiver drop cuts out what is lost; those that fill it are silence, "
    ):
        conceal(audio, received, method="drop", packet_ms=20)
