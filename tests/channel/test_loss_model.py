"""What every loss model keeps: each of the registry, and one that somebody else would write."""

import contextlib
import itertools
import math
import tempfile
from pathlib import Path

import numpy as np
import pytest

from sercore.channel import (
    CLEAN,
    LOSS_MODELS,
    Bernoulli,
    LossModel,
    Recorded,
    channel_key,
    channel_of,
    parameters_of,
)
from sercore.channel.coupled import draw_received, independent_draw
from sercore.channel.frames import frame_law
from sercore.channel.gilbert import Gilbert
from sercore.channel.markov import MarkovModel
from sercore.channel.packets import frames_received
from tests.channel.every_nth import EveryNth

MODELS = [*LOSS_MODELS.values(), EveryNth]
FOLDER = tempfile.TemporaryDirectory()
CALL, WORSE = (Path(FOLDER.name) / name for name in ("a call, 5 %.txt", "worse.txt"))


def record(path, received):
    path.write_text("".join(f"{int(not each)}\n" for each in received))


record(CALL, Gilbert(0.95, 0.05).sample(997, np.random.default_rng(0)))
record(WORSE, Gilbert(0.9, 0.7).sample(400, np.random.default_rng(0)))


def some_channels(model: type[LossModel]) -> list[LossModel]:
    """The default, also of 20 ms, and places inside the limits: no model has to be itself at a corner."""
    if model is Recorded:
        return [
            model(str(file), packet_ms=packet_ms)
            for file, packet_ms in ((CALL, 20), (CALL, 60), (WORSE, 200))
        ]
    usual = {parameter.name: parameter.default for parameter in model.PARAMETERS}
    found = [model(**usual), model(**usual, packet_ms=20)]
    rng = np.random.default_rng(0)
    while len(found) < 6:
        places = rng.uniform(0.1, 0.9, len(model.PARAMETERS))
        values = [
            p.low + float(share) * (p.high - p.low) for p, share in zip(model.PARAMETERS, places, strict=True)
        ]
        with contextlib.suppress(
            ValueError
        ):  # of netem's numbers some leave one state in two ways, together under 1
            found.append(model(*values))
    return found


CHANNELS = [channel for model in MODELS for channel in some_channels(model)]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.NAME)
every_channel = pytest.mark.parametrize(
    "channel", CHANNELS, ids=lambda channel: channel_key(channel).replace(FOLDER.name, "")
)


def bursts(received: np.ndarray) -> np.ndarray:
    edges = np.flatnonzero(np.diff(received, prepend=True, append=True))
    return edges[1::2] - edges[::2]


def run_lengths(received: np.ndarray) -> dict[bool, list[int]]:
    """Lengths of runs, counted one by one; the first and the last, which may be cut, are left out."""
    runs = [(state, len(list(run))) for state, run in itertools.groupby(received.tolist())][1:-1]
    return {state: [length for each, length in runs if each == state] for state in (True, False)}


@every_model
def test_a_model_says_what_it_is(model):
    assert model.NAME.isidentifier()
    assert (model.__doc__ or "").strip()
    assert LOSS_MODELS.get(model.NAME, model) is model
    for parameter in model.PARAMETERS:
        assert parameter.name.isidentifier()
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.title
        assert parameter.kind in {"number", "text"}
        assert parameter.meaning.endswith(".")


def test_parameters_of_one_name_have_the_same_limits_in_every_model():
    by_name: dict[str, set[tuple[float, ...]]] = {}
    for model in MODELS:
        for each in model.PARAMETERS:
            by_name.setdefault(each.name, set()).add((each.low, each.high, each.default, each.decimals))
    assert all(len(limits) == 1 for limits in by_name.values())


@every_channel
def test_a_channel_is_a_value_whose_parameters_are_attributes(channel):
    assert isinstance(channel, LossModel)
    numbers = {parameter.name: getattr(channel, parameter.name) for parameter in channel.PARAMETERS}
    twin = type(channel)(**numbers, packet_ms=channel.packet_ms)
    packets = {} if channel.packet_ms == channel.USUAL_MS else {"packet_ms": channel.packet_ms}
    assert parameters_of(channel) == numbers | packets
    assert twin == channel
    assert hash(twin) == hash(channel)
    assert len({channel, twin, CLEAN}) <= 2
    assert channel.packet_ms > 0


@every_channel
def test_a_key_names_one_channel(channel, monkeypatch):
    monkeypatch.setitem(LOSS_MODELS, channel.NAME, type(channel))
    assert channel_of(channel_key(channel)) == channel
    assert channel_key(channel).startswith(f"{channel.NAME}:")
    assert ("packet_ms" in channel_key(channel)) == (channel.packet_ms != channel.USUAL_MS)


@every_channel
def test_draws_are_booleans_of_the_right_shape_and_the_same_from_the_same_chance(channel):
    one = channel.sample(50, np.random.default_rng(1))
    many = channel.sample(7, np.random.default_rng(1), n_sequences=3)
    driven = channel.run(np.random.default_rng(1).random(50))
    assert [each.dtype for each in (one, many, driven)] == [np.dtype(bool)] * 3
    assert [each.shape for each in (one, many, driven)] == [(50,), (3, 7), (50,)]
    assert np.array_equal(one, channel.sample(50, np.random.default_rng(1)))
    assert np.array_equal(driven, channel.run(np.random.default_rng(1).random(50)))
    assert channel.sample(0, np.random.default_rng(1)).shape == (0,)
    assert channel.run([]).shape == (0,)


@every_channel
@pytest.mark.parametrize("way", ["sample", "run"])
def test_long_samples_lose_what_the_model_says(channel, way):
    rng, blocks = np.random.default_rng(2), 200
    received = channel.sample(200_000, rng) if way == "sample" else channel.run(rng.random(200_000))
    lost = 1 - received.reshape(blocks, -1).mean(axis=1)  # means of blocks are as good as independent
    assert lost.mean() == pytest.approx(channel.loss_rate, abs=5 * lost.std() / math.sqrt(blocks) + 1e-9)
    lengths = bursts(received)
    error = 5 * lengths.std() / math.sqrt(len(lengths))
    assert lengths.mean() == pytest.approx(channel.mean_burst_length, abs=error + 1e-9)


@every_channel
def test_run_has_the_law_of_sample(channel):
    n, rng = 20_000, np.random.default_rng(3)
    weights = 1 << np.arange(4)
    sampled = np.bincount(channel.sample(4, rng, n_sequences=n) @ weights, minlength=16)
    driven = np.bincount([channel.run(numbers) @ weights for numbers in rng.random((n, 4))], minlength=16)
    assert (np.abs(sampled - driven) <= 5 * np.sqrt(sampled + driven + 1)).all()


@every_channel
def test_bursts_and_gaps_are_as_long_as_the_model_says(channel):
    lengths = run_lengths(channel.sample(200_000, np.random.default_rng(4)))
    for state, law in ((False, channel.burst_lengths(40)), (True, channel.gap_lengths(40))):
        assert law.shape == (40,)
        assert (law >= 0).all()
        assert law.sum() <= 1 + 1e-9
        n = len(lengths[state])
        seen = np.bincount(np.minimum(lengths[state], 41), minlength=42)[1:41]
        assert (np.abs(seen - n * law) <= 5 * np.sqrt(n * law + 1)).all()


@every_channel
def test_the_mean_burst_is_that_of_the_burst_lengths(channel):
    law = channel.burst_lengths(3_000)
    assert law.sum() == pytest.approx(1)
    assert law @ np.arange(1, 3_001) == pytest.approx(channel.mean_burst_length)


@every_channel
def test_loss_is_the_share_of_bursts_in_bursts_and_gaps(channel):
    mean_gap = channel.gap_lengths(3_000) @ np.arange(1, 3_001)
    burst = channel.mean_burst_length
    assert channel.loss_rate == pytest.approx(burst / (burst + mean_gap), rel=1e-4)


@every_channel
def test_rates_determine_a_channel_or_are_refused(channel):
    rates = (channel.loss_rate, channel.mean_burst_length)
    try:
        found = type(channel).from_rates(*rates, packet_ms=20)
    except ValueError as error:
        assert f"do not determine {channel.NAME}" in str(error)  # noqa: PT017
        assert type(channel) not in (Gilbert, Bernoulli)
    else:
        assert (found.loss_rate, found.mean_burst_length) == pytest.approx(rates)
        assert found.packet_ms == 20


@every_model
@pytest.mark.parametrize("packet_ms", [0, 1, 20.01, 201, math.nan, "x"])
def test_packets_that_no_call_has_are_refused(model, packet_ms):
    if issubclass(model, MarkovModel):
        usual = {parameter.name: parameter.default for parameter in model.PARAMETERS}
        with pytest.raises(ValueError, match=r"a packet must last 2\.5 to 200 ms .* got"):
            model(**usual, packet_ms=packet_ms)


@every_model
def test_values_outside_of_their_limits_are_refused_in_one_sentence(model):
    usual = {parameter.name: parameter.default for parameter in model.PARAMETERS}
    for parameter in (each for each in model.PARAMETERS if each.kind == "number"):
        for wrong in (parameter.low - 1, parameter.high + 1, math.nan):
            if not math.isinf(wrong):
                with pytest.raises(ValueError, match=parameter.name) as caught:
                    model(**{**usual, parameter.name: wrong})
                assert str(wrong) in str(caught.value)
                assert "\n" not in str(caught.value)


@every_channel
def test_the_chain_like_a_channel_loses_as_many_frames_in_bursts_as_long(channel):
    like, frames = Gilbert.like(channel), frame_law(channel)
    assert like.packet_ms == 200
    assert like.loss_rate == pytest.approx(frames.loss_rate)
    assert like.mean_burst_length == pytest.approx(max(1, frames.mean_burst_length))
    if channel.packet_ms == 200:
        assert frames.loss_rate == channel.loss_rate


def test_the_chains_independent_draws_are_those_of_the_tables():
    channel = Gilbert(0.7, 0.35)
    rng = np.random.default_rng([2, 3_421_780_262, 700_000_000, 350_000_000])  # seed, CRC-32, p_n, p_l
    assert np.array_equal(independent_draw(channel, 2, 300, "123456789"), channel.sample(300, rng))


@every_channel
def test_a_draw_covers_the_frames_that_are_asked_for(channel):
    for received in (draw_received(channel, 1, 50), independent_draw(channel, 1, 50, "test_1")):
        assert len(received) == math.ceil(50 * 200 / channel.packet_ms)
        assert frames_received(received, channel.packet_ms).shape == (50,)


def test_equal_numbers_of_packets_of_other_lengths_are_other_draws():
    frames, packets = Gilbert(0.6, 0.5), Gilbert(0.6, 0.5, packet_ms=20)
    assert not np.array_equal(
        independent_draw(frames, 1, 100, "test_1"), independent_draw(packets, 1, 10, "test_1")
    )


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("nonsense:p=1", "there is no loss model 'nonsense'; choose one of gilbert"),
        ("gilbert:p_n=0.9", "gilbert takes p_n, p_l, got 'gilbert:p_n=0.9'"),
        ("gilbert:p_n=2,p_l=0.5", "p_n must lie in"),
        ("gilbert:p_n=x,p_l=0.5", "is no channel"),
        ("gilbert:p_n=0.1_2,p_l=0.5", "'0.1_2' is no number"),
        ("gilbert:p_n=0,9,p_l=0,5", "write gilbert:p_n=...,p_l=..., with decimal points"),
    ],
)
def test_what_is_no_key_is_refused_in_one_sentence(key, sentence):
    with pytest.raises(ValueError, match=sentence):
        channel_of(key)


LONG_KEYS = ("x" * 10**6, "gilbert:" + "p_n=1," * 10**5, "gilbert:p_n=0.5,p_l=" + "9" * 10**5)


@pytest.mark.parametrize("key", LONG_KEYS, ids=["name", "parameters", "value"])
def test_a_long_name_of_a_channel_is_refused_in_a_short_sentence(key):
    with pytest.raises(ValueError, match=r"loss model|takes p_n, p_l|is no channel") as refused:
        channel_of(key)
    assert len(str(refused.value)) < 500
