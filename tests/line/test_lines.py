"""Every line keeps to its laws, a real Opus encoder and decoder among them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sercore.channel import Gilbert
from sercore.corpus import open_corpus
from sercore.line import LINES, Behind, behind, line_named, receiver_of
from sercore.line import opus as opus_module
from sercore.line.g711 import companded
from sercore.line.opus import Opus, has_deep_concealment, opus_library
from sercore.receiver import RECEIVERS
from sercore.receiver.any_rate import receive


def _missing():
    try:
        opus_library()
    except OSError as error:
        return str(error)
    return ""


OPUS_HERE = pytest.mark.skipif(bool(_missing()), reason=_missing() or "-")
EVERY = pytest.mark.parametrize(
    "line",
    [pytest.param(line, marks=OPUS_HERE if line.CONCEALS else ()) for line in LINES.values()],
    ids=lambda line: line.NAME,
)
OPUSES = pytest.mark.parametrize(
    "line", [each for each in LINES.values() if each.CONCEALS], ids=lambda line: line.NAME
)


@pytest.fixture(scope="module")
def speech():
    return open_corpus("demo").tracks[0].audio[: 20 * 16_000]


@EVERY
def test_it_is_as_long_and_comes_out_where_it_went_in(line, speech):
    """The first differences of both are most alike without a shift: phases of low tones may turn."""
    for audio in (speech, speech[:12_345]):
        heard = line(audio)
        assert heard.shape == audio.shape
        assert heard.dtype == np.float32
        assert np.isfinite(heard).all()
    sent, out = np.diff(speech[1_000:-1_000]), np.diff(line(speech))
    alike = [sent @ out[1_000 + shift : 1_000 + shift + len(sent)] for shift in range(-40, 41)]
    assert abs(int(np.argmax(alike)) - 40) <= 1


@EVERY
def test_the_same_sound_comes_out_the_same_again(line, speech):
    assert np.array_equal(line(speech[:32_000]), line(speech[:32_000].copy()))


@OPUS_HERE
@OPUSES
@settings(max_examples=15)
@given(states=st.lists(st.booleans(), min_size=1, max_size=40), packet_ms=st.sampled_from([20, 40, 60, 200]))
def test_opus_fills_any_losses_and_without_one_gives_its_own_output(line, states, packet_ms):
    tone = (0.1 * np.sin(np.arange(len(states) * packet_ms * 16) / 9)).astype(np.float32)
    heard = line.lossy(tone, states, packet_ms=packet_ms)
    assert heard.shape == tone.shape
    assert np.isfinite(heard).all()
    assert np.array_equal(heard, line(tone)) or not all(states)
    assert np.array_equal(line.lossy(tone, [True] * len(states), packet_ms=packet_ms), line(tone))


@OPUS_HERE
@pytest.mark.parametrize("line", [Opus(24), Opus(24, fec=True)], ids=["plain", "fec"])
def test_what_opus_decodes_before_a_loss_is_untouched(line, speech):
    """It looks 6.5 ms ahead, and with FEC the packet before a loss is still its own."""
    received = np.arange(1_000) != 700
    heard, whole = line.lossy(speech, received, packet_ms=20), line(speech)
    assert np.array_equal(heard[: 700 * 320 - 104], whole[: 700 * 320 - 104])
    assert not np.array_equal(heard[700 * 320 : 701 * 320], whole[700 * 320 : 701 * 320])


@OPUS_HERE
def test_concealment_is_nearer_to_what_was_lost_than_silence_and_a_copy_nearer_still(speech):
    received = Gilbert(0.9, 0.1, packet_ms=20).sample(1_000, np.random.default_rng(2))
    lost = np.repeat(~received, 320)
    lost[:-104] = lost[104:]  # what a packet loses begins that much earlier

    def error(line):
        whole = line(speech)
        return np.square(line.lossy(speech, received, packet_ms=20) - whole)[lost].sum() / (
            np.square(whole)[lost].sum()
        )

    assert error(Opus(24, fec=True)) < 0.7 * error(Opus(24)) < 0.7


@OPUS_HERE
def test_a_higher_rate_is_nearer_to_what_was_said(speech):
    errors = [np.square(np.diff(Opus(rate)(speech) - speech)).mean() for rate in (8, 16, 32)]
    assert errors == sorted(errors, reverse=True)


@OPUS_HERE
def test_a_network_conceals_where_the_library_has_one_and_else_it_is_refused(speech):
    audio, received = speech[:32_000], np.arange(100) % 8 != 5
    if has_deep_concealment():
        plain, deep = (Opus(24, deep=deep).lossy(audio, received, packet_ms=20) for deep in (False, True))
        assert not np.array_equal(plain, deep)
    else:
        with pytest.raises(OSError, match=r"libopus \S+ on this machine conceals without a network"):
            Opus(24, deep=True).lossy(audio, received, packet_ms=20)


@OPUS_HERE
def test_packets_that_opus_cannot_send_are_refused():
    with pytest.raises(ValueError, match="a multiple, got 30 ms"):
        Opus(24).lossy(np.zeros(480, np.float32), [True], packet_ms=30)
    with pytest.raises(ValueError, match="1 packets of 20 ms ask for 320 samples"):
        Opus(24).lossy(np.zeros(480, np.float32), [True], packet_ms=20)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModuleNotFoundError("opuslib_next"), r"Opus needs the package opuslib-next.*pip install -e"),
        (Exception("Could not find Opus library."), "Opus needs the library libopus.*apt install libopus0"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(monkeypatch, error, sentence):
    def fails(name):
        raise error

    monkeypatch.setattr(opus_module.importlib, "import_module", fails)
    with pytest.raises(OSError, match=sentence):
        Opus(24, fec=True)(np.full(640, 0.123, np.float32))


def levels(law):
    """What each byte of G.711 means, at 16 bits, and half of its step (ITU-T G.711, tables 1 and 2)."""
    segments, steps = np.divmod(np.arange(128), 16)
    if law == "mu":
        return ((2 * steps + 33) * 2**segments - 33) * 4, 4 * 2**segments
    higher = 2 ** np.maximum(segments - 1, 0)
    return np.where(segments == 0, 16 * steps + 8, (16 * steps + 264) * higher), 8 * higher


@pytest.mark.parametrize("law", ["mu", "a"])
def test_a_companded_sample_is_a_level_of_the_recommendation_half_a_step_away_at_most(law):
    samples = np.random.default_rng(0).uniform(-0.98, 0.98, 5_000).astype(np.float32)
    samples[:2_500] /= 50
    heard = companded(samples, law) * 32_768
    every, half = levels(law)
    place = np.abs(every[None] - np.abs(heard)[:, None]).argmin(axis=1)
    assert np.array_equal(every[place], np.abs(heard))
    rounding = {"mu": 4, "a": 8}[law]  # to the 14 or 13 bits that are companded
    assert (np.abs(heard - samples * 32_767) <= half[place] + rounding).all()


def test_what_is_beyond_full_scale_is_cut():
    heard = companded(np.array([7.0, -7.0], np.float32), "mu") * 32_768
    assert heard.tolist() == [levels("mu")[0][-1], -levels("mu")[0][-1]]


def test_narrow_band_lets_the_lower_half_through_and_nothing_else():
    times = np.arange(16_000) / 16_000
    for hz, passes in ((300, True), (3_000, True), (5_000, False), (7_000, False)):
        tone = np.sin(2 * np.pi * hz * times).astype(np.float32)
        heard = LINES["narrow"](tone)[1_000:-1_000]
        assert np.abs(heard - passes * tone[1_000:-1_000]).max() < 0.01


@settings(max_examples=20)
@given(
    states=st.lists(st.booleans(), min_size=1, max_size=30),
    receiver=st.sampled_from(list(RECEIVERS.values())),
    line=st.sampled_from([each for each in LINES.values() if not each.CONCEALS]),
)
def test_a_receiver_behind_a_line_is_that_receiver_of_what_the_line_lets_through(states, receiver, line):
    audio = np.random.default_rng(1).uniform(-0.5, 0.5, len(states) * 320).astype(np.float32)
    both = behind(line, receiver)
    heard = both(audio, states, packet_ms=20)
    assert np.array_equal(heard, receiver(line(audio), states, packet_ms=20))
    assert np.array_equal(receive(audio, 16_000, np.array(states), 20, both), heard)


@OPUS_HERE
@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_sound_of_another_rate_goes_through_a_line_too(rate):
    tone = np.sin(np.arange(rate) / rate * 2 * np.pi * 300).astype(np.float64) / 4
    for name in ("g711+silence", "opus-24"):
        heard = receive(tone, rate, np.ones(50, dtype=bool), 20, receiver_of(name))
        assert heard.shape == tone.shape
        assert heard.dtype == tone.dtype
        assert not np.array_equal(heard, tone)
        middle = slice(rate // 4, 3 * rate // 4)
        assert np.corrcoef(heard[middle], tone[middle])[0, 1] > 0.95


def test_names_are_of_lines_of_receivers_and_of_both():
    assert [receiver_of(name).NAME for name in RECEIVERS] == list(RECEIVERS)
    assert isinstance(receiver_of("narrow+stretch"), Behind)
    for name, sentence in (
        ("g711", r"g711 does not conceal: write g711\+RECEIVER"),
        ("opus-24+pitch", "opus-24 conceals by itself: leave out pitch"),
        ("opus-999", "6 to 128 kbit/s, got 999"),
        ("tin-can+pitch", "the line must be one of full, narrow"),
        ("nobody", "the receiver must be one of drop"),
    ):
        with pytest.raises(ValueError, match=sentence):
            receiver_of(name)
    assert line_named("opus-40-deep").deep


def test_the_command_line_names_a_line_and_what_is_behind_it(capsys):
    import argparse

    from networks_and_channels import add_receiver, receiver_from

    parser = argparse.ArgumentParser()
    add_receiver(parser)
    for words, name in (
        ("", "drop"),
        ("--receiver pitch", "pitch"),
        ("--line narrow", "narrow+drop"),
        ("--line g711 --receiver pitch", "g711+pitch"),
        ("--line opus-32-fec", "opus-32-fec"),
    ):
        assert name == receiver_from(parser.parse_args(words.split())).NAME
    with pytest.raises(SystemExit):
        parser.parse_args(["--line", "string"])
    assert "the line must be one of full, narrow, g711" in capsys.readouterr().err
