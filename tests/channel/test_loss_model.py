"""What every loss model keeps: each of the registry, and one that somebody else would write."""

import math

import numpy as np
import pytest

from sercore.channel import CLEAN, LOSS_MODELS, LossModel, channel_key, channel_of, parameters_of
from sercore.channel.coupled import draw_received, independent_draw
from sercore.channel.gilbert import Gilbert
from tests.channel.bernoulli import Bernoulli

MODELS = [*LOSS_MODELS.values(), Bernoulli]


def some_channels(model: type[LossModel]) -> list[LossModel]:
    """The default, and places inside the limits: no model has to be itself at a corner."""
    rng = np.random.default_rng(0)
    shares = [None, *rng.uniform(0.1, 0.9, (4, len(model.PARAMETERS)))]
    return [
        model(
            **{
                p.name: p.default if places is None else p.low + float(places[i]) * (p.high - p.low)
                for i, p in enumerate(model.PARAMETERS)
            }
        )
        for places in shares
    ]


CHANNELS = [channel for model in MODELS for channel in some_channels(model)]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.NAME)
every_channel = pytest.mark.parametrize("channel", CHANNELS, ids=channel_key)


def bursts(received: np.ndarray) -> np.ndarray:
    edges = np.flatnonzero(np.diff(received, prepend=True, append=True))
    return edges[1::2] - edges[::2]


@every_model
def test_a_model_says_what_it_is(model):
    assert model.NAME.isidentifier()
    assert (model.__doc__ or "").strip()
    assert LOSS_MODELS.get(model.NAME, model) is model
    for parameter in model.PARAMETERS:
        assert parameter.name.isidentifier()
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.title
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
    twin = type(channel)(**numbers)
    assert parameters_of(channel) == numbers
    assert twin == channel
    assert hash(twin) == hash(channel)
    assert len({channel, twin, CLEAN}) <= 2
    assert channel.packet_ms > 0


@every_channel
def test_a_key_names_one_channel(channel, monkeypatch):
    monkeypatch.setitem(LOSS_MODELS, channel.NAME, type(channel))
    assert channel_of(channel_key(channel)) == channel
    assert channel_key(channel).startswith(f"{channel.NAME}:")


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


@every_model
def test_values_outside_of_their_limits_are_refused_in_one_sentence(model):
    usual = {parameter.name: parameter.default for parameter in model.PARAMETERS}
    for parameter in model.PARAMETERS:
        for wrong in (parameter.low - 1, parameter.high + 1, math.nan):
            if not math.isinf(wrong):
                with pytest.raises(ValueError, match=parameter.name) as caught:
                    model(**{**usual, parameter.name: wrong})
                assert str(wrong) in str(caught.value)
                assert "\n" not in str(caught.value)


@every_channel
def test_the_chain_like_a_channel_loses_as_much_in_bursts_as_long(channel):
    like = Gilbert.like(channel)
    assert like.loss_rate == pytest.approx(channel.loss_rate)
    assert like.mean_burst_length == pytest.approx(channel.mean_burst_length)


def test_the_chains_independent_draws_are_those_of_the_tables():
    channel = Gilbert(0.7, 0.35)
    rng = np.random.default_rng([2, 3_421_780_262, 700_000_000, 350_000_000])  # seed, CRC-32, p_n, p_l
    assert np.array_equal(independent_draw(channel, 2, 300, "123456789"), channel.sample(300, rng))


def test_only_channels_of_whole_frames_are_drawn_as_frames():
    class Packets(Bernoulli):
        packet_ms = 20.0

    for draw in (lambda c: draw_received(c, 1, 5), lambda c: independent_draw(c, 1, 5, "test_1")):
        with pytest.raises(ValueError, match="whole frames of 200 ms are lost here, got a channel of 20 ms"):
            draw(Packets(0.5))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("nonsense:p=1", "there is no loss model 'nonsense'; choose one of gilbert"),
        ("gilbert:p_n=0.9", "gilbert takes p_n, p_l, got 'gilbert:p_n=0.9'"),
        ("gilbert:p_n=2,p_l=0.5", "p_n must lie in"),
        ("gilbert:p_n=x,p_l=0.5", "is no channel"),
    ],
)
def test_what_is_no_key_is_refused_in_one_sentence(key, sentence):
    with pytest.raises(ValueError, match=sentence):
        channel_of(key)
