"""CCC from moments and the bootstrap over tracks, against frames, audmetric and plain loops."""

import audmetric
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sercore.scoring.concordance import ccc
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CCC
from sercore.scoring.moments import (
    ccc_of_tracks,
    gold_moves,
    interval,
    resamples,
    score_interval,
    track_moments,
)


def draw_tracks(lengths, seed=0, level=0.0, spread=0.1):
    rng = np.random.default_rng(seed)
    gold = [level + spread * rng.normal(size=(n, 2)) for n in lengths]
    return gold, [0.5 * g + 0.1 + spread * rng.normal(size=g.shape) for g in gold]


def moments_of(gold, predicted):
    """Shape: (dimensions, tracks, 6)."""
    return np.stack([track_moments(g, p) for g, p in zip(gold, predicted, strict=True)], axis=1)


@settings(max_examples=40)
@given(
    lengths=st.lists(st.integers(0, 60), min_size=1, max_size=6).filter(lambda x: sum(x) > 1),
    level=st.sampled_from([0.0, 0.9, -30.0]),
    seed=st.integers(0, 1000),
)
def test_the_ccc_of_moments_is_that_of_the_concatenated_frames(lengths, level, seed):
    gold, predicted = draw_tracks(lengths, seed, level)
    scores = ccc_of_tracks(moments_of(gold, predicted))
    expected = ccc(np.concatenate(gold).T, np.concatenate(predicted).T)
    np.testing.assert_allclose(scores, expected, atol=1e-9)


def test_audmetric_agrees():
    gold, predicted = draw_tracks([300, 40, 700])
    scores = ccc_of_tracks(moments_of(gold, predicted))
    for d in range(2):
        x, y = np.concatenate(gold)[:, d], np.concatenate(predicted)[:, d]
        assert scores[d] == pytest.approx(audmetric.concordance_cc(x, y), abs=1e-6)


def test_a_bootstrap_over_tracks_is_a_plain_loop_over_concatenated_frames():
    gold, predicted = draw_tracks([60, 90, 30, 120, 75])
    moments = moments_of(gold, predicted)
    times = resamples(5)
    values = []
    for row in times:
        chosen = [track for track, count in enumerate(row) for _ in range(count)]
        x = np.concatenate([gold[track] for track in chosen])[:, 0]
        y = np.concatenate([predicted[track] for track in chosen])[:, 0]
        covariance = np.cov(x, y, bias=True)[0, 1]
        values.append(2 * covariance / (x.var() + y.var() + (x.mean() - y.mean()) ** 2))
    np.testing.assert_allclose(ccc_of_tracks(moments, times)[0], values, atol=1e-10)
    low, high = score_interval(moments)
    assert low[0] == pytest.approx(np.percentile(values, 2.5), abs=1e-10)
    assert high[0] == pytest.approx(np.percentile(values, 97.5), abs=1e-10)


def test_resamples_are_the_same_each_time_and_draw_each_track_equally_often():
    resamples.cache_clear()
    first = resamples(15).copy()
    resamples.cache_clear()
    assert np.array_equal(resamples(15), first)
    assert not resamples(15).flags.writeable
    assert np.abs(first.mean(axis=0) - 1).max() < 0.15  # 5 standard errors


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    truth = 2 * 0.5 / (1 + 0.5**2 + 0.5)  # gold ~ N(0, 1), predicted = 0.5 gold + N(0, 0.5)
    covered = 0
    for _ in range(200):
        gold = [rng.normal(size=(100, 1)) for _ in range(20)]
        predicted = [0.5 * g + np.sqrt(0.5) * rng.normal(size=g.shape) for g in gold]
        low, high = score_interval(moments_of(gold, predicted))
        covered += low[0] <= truth <= high[0]
    assert 0.86 <= covered / 200 <= 0.99


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [([0.3, 0.3], [0.3, 0.3], 1.0), ([0.3, 0.3], [0.1, 0.1], 0.0), ([0.1, 0.5], [0.2, 0.2], 0.0)],
)
def test_constants_are_defined_as_in_concordance(gold, predicted, expected):
    tracks = [track_moments(np.array([g]).T, np.array([p]).T) for g, p in ((gold, predicted),) * 3]
    assert ccc_of_tracks(np.stack(tracks, axis=1))[0] == expected == ccc(gold, predicted)


def test_a_sequence_agrees_with_itself_exactly_and_empty_tracks_change_nothing():
    gold, predicted = draw_tracks([50, 20])
    assert ccc_of_tracks(moments_of(gold, gold)).tolist() == pytest.approx([1.0, 1.0], abs=1e-15)
    nothing = np.empty((0, 2))
    more = moments_of([nothing, *gold], [nothing, *predicted])
    np.testing.assert_allclose(ccc_of_tracks(more), ccc_of_tracks(moments_of(gold, predicted)), rtol=1e-12)


def test_too_few_frames_have_no_score_and_resamples_without_one_are_left_out():
    gold, predicted = draw_tracks([MIN_FRAMES_FOR_CCC, 5, 5])
    moments = moments_of(gold, predicted)
    values = ccc_of_tracks(moments, [[0, 2, 1], [1, 1, 1]], MIN_FRAMES_FOR_CCC)[0]
    assert np.isnan(values[0])
    assert np.isfinite(values[1])
    low, high = interval(np.array([[np.nan, 0.1, 0.2, 0.3], [np.nan, np.nan, np.nan, 0.3]]))
    assert low[0] == pytest.approx(0.105)
    assert np.isnan(low[1])
    assert np.isnan(high[1])


def test_one_track_has_no_interval():
    gold, predicted = draw_tracks([80])
    assert np.isnan(score_interval(moments_of(gold, predicted))).all()


def test_bad_shapes_are_refused():
    with pytest.raises(ValueError, match=r"share a shape \(frames, dimensions\), got \(3, 2\), \(2, 2\)"):
        track_moments(np.zeros((3, 2)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="at least one track, got 0"):
        resamples(0)


def test_a_prediction_that_is_no_number_has_no_score():
    gold, predicted = draw_tracks([30, 40])
    predicted[1][3, 0] = np.nan
    arousal, valence = ccc_of_tracks(moments_of(gold, predicted))
    assert np.isnan(arousal)
    assert np.isfinite(valence)


def test_the_gold_standard_moves_if_it_has_two_values_in_all_frames_of_all_tracks():
    rng = np.random.default_rng(3)
    for _ in range(200):
        tracks = [rng.choice([0.1, 0.3], size=(rng.integers(0, 4), 1)) for _ in range(3)]
        moments = np.stack([track_moments(gold, np.zeros_like(gold))[0] for gold in tracks])
        assert gold_moves(moments) == (len(np.unique(np.concatenate(tracks))) > 1)
