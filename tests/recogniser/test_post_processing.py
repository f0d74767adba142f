"""The post-processing chain, against scipy and by what it must never do."""

import json

import numpy as np
import pytest
import scipy.ndimage

from sercore.recogniser.post_processing import WINDOWS, Chain, chains_of, describe, finish, fit_chain
from sercore.scoring.concordance import ccc

RNG = np.random.default_rng(0)


def walks(count=3, frames=400):
    rng = np.random.default_rng(1)
    return [np.cumsum(rng.normal(size=frames)) / 20 for _ in range(count)]


def test_windows_span_04_to_20_s_and_have_a_middle():
    assert min(WINDOWS) / 5 == pytest.approx(0.6)
    assert max(WINDOWS) / 5 == pytest.approx(19.8)
    assert all(window % 2 for window in WINDOWS)
    with pytest.raises(ValueError, match="median_frames must be odd and at least 1, got 4"):
        Chain(median_frames=4)


@pytest.mark.parametrize("frames", [3, 11, 99])
def test_the_median_filter_is_scipys(frames):
    values = RNG.normal(size=60)
    expected = scipy.ndimage.median_filter(values, size=frames, mode="nearest")
    np.testing.assert_allclose(Chain(median_frames=frames)(values), expected)


def test_a_prediction_that_is_noisy_off_centre_and_flat_is_mended():
    gold = walks()
    predicted = [0.2 * g + 0.5 + 0.1 * RNG.normal(size=len(g)) for g in gold]
    chain, before, after = fit_chain(gold, predicted)
    assert after > before + 0.3
    assert chain.median_frames > 1
    assert chain.scale > 1
    again = ccc(np.concatenate(gold), np.concatenate([chain(p) for p in predicted]))
    assert after == pytest.approx(again)


def test_what_cannot_gain_is_left_alone():
    gold = walks()
    chain, before, after = fit_chain(gold, gold)
    assert chain == Chain()
    assert before == after == 1.0
    constant = [np.zeros_like(g) for g in gold]
    assert fit_chain(gold, constant)[2] == pytest.approx(0.0, abs=1e-12)


def test_scaling_brings_mean_and_spread_to_those_of_gold():
    gold = walks()
    predicted = [0.3 * g + 1.0 for g in gold]
    chain, _, after = fit_chain(gold, predicted)
    assert after == pytest.approx(1.0)
    np.testing.assert_allclose(chain(predicted[0]), gold[0], atol=1e-6)


def test_a_card_carries_the_chains_and_without_them_nothing_changes():
    predicted = RNG.normal(size=(50, 2)).astype(np.float32)
    chains = (Chain(median_frames=5), Chain(bias=0.25))
    card = chains_of(json.loads(json.dumps(describe(chains))))
    done = finish(predicted, card)
    np.testing.assert_allclose(done[:, 0], chains[0](predicted[:, 0]), rtol=1e-6)
    np.testing.assert_allclose(done[:, 1], predicted[:, 1] + 0.25, rtol=1e-6)
    assert finish(predicted, chains_of(None)) is predicted
    assert finish(predicted[:0], card).shape == (0, 2)
