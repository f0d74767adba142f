"""Several raters to one gold standard, 25 Hz to 5 Hz."""

import statistics

import audmetric
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sercore.corpus.gold_standard import gold_standard, pool_labels, rater_weights
from sercore.units import DIMENSIONS


def walks(raters: int, steps: int, seed: int) -> np.ndarray:
    """Raters who follow one course, each with noise and a level of their own."""
    rng = np.random.default_rng(seed)
    course = np.cumsum(rng.normal(0, 0.02, steps))
    return course + rng.normal(0, 0.1, (raters, steps)) + rng.normal(0, 0.1, (raters, 1))


def by_loops(ratings: np.ndarray) -> list[float]:
    """AVEC's formula, a step at a time, with audmetric's CCC."""
    raters, steps = ratings.shape
    weights = []
    for r in range(raters):
        others = [audmetric.concordance_cc(ratings[r], ratings[o]) for o in range(raters) if o != r]
        weights.append(sum(others) / len(others))
    means = [sum(row) / steps for row in ratings.tolist()]
    level = sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)
    return [sum(ratings[r, t] - means[r] for r in range(raters)) / raters + level for t in range(steps)]


def test_the_dimensions_are_arousal_and_valence_in_this_order():
    assert DIMENSIONS == ("arousal", "valence")


@pytest.mark.parametrize(("raters", "seed"), [(2, 1), (3, 2), (6, 3)])
def test_the_gold_standard_is_avecs_formula_step_by_step(raters, seed):
    ratings = walks(raters, 300, seed)
    np.testing.assert_allclose(gold_standard(ratings), by_loops(ratings), atol=1e-6)


def test_raters_of_one_mind_are_the_gold_standard():
    one = walks(1, 100, 4)
    np.testing.assert_allclose(gold_standard(np.repeat(one, 6, axis=0)), one[0], atol=1e-12)


def test_a_lone_rater_is_the_gold_standard():
    one = walks(1, 100, 5)
    np.testing.assert_allclose(gold_standard(one), one[0], atol=1e-12)


def test_the_level_is_that_of_the_raters_who_agree():
    course = np.sin(np.arange(200) / 9) / 2
    ratings = np.stack([course, course, course, 0.8 - 0.1 * course])
    weights = rater_weights(ratings)
    assert weights[3] < 0 < weights[0]
    assert gold_standard(ratings).mean() < course.mean()


def test_a_rater_who_never_moved_has_no_weight_but_still_flattens_the_movement():
    course = np.sin(np.arange(200) / 9) / 2
    ratings = np.stack([course, course, np.full(200, 0.9)])
    assert rater_weights(ratings)[2] == 0
    np.testing.assert_allclose(gold_standard(ratings), 2 / 3 * (course - course.mean()) + course.mean())


def test_the_order_of_the_raters_does_not_matter():
    ratings = walks(5, 100, 6)
    np.testing.assert_allclose(gold_standard(ratings), gold_standard(ratings[::-1]), atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_formula_holds_for_raters_who_do_not_agree_too(seed):
    ratings = np.random.default_rng(seed).normal(size=(4, 60))
    np.testing.assert_allclose(gold_standard(ratings), by_loops(ratings), rtol=1e-3, atol=1e-6)


def test_raters_who_all_never_moved_are_refused():
    with pytest.raises(ValueError, match="must not add up to 0: nobody agrees with anybody"):
        gold_standard(np.full((3, 50), 0.1))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_ratings_that_are_not_finite_are_refused_with_their_place(value):
    ratings = np.zeros((2, 50))
    ratings[1, 7] = value
    with pytest.raises(ValueError, match=r"1 are not \(the first: rater 1, step 7\)"):
        gold_standard(ratings)


@pytest.mark.parametrize("shape", [(5,), (0, 5), (5, 0), (2, 3, 4)])
def test_ratings_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"shape \(raters, steps\), got"):
        gold_standard(np.zeros(shape))


# Pooling.


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=60), st.booleans())
def test_pooling_takes_the_median_of_each_five_after_the_row_at_0(values, with_start):
    values = values[: len(values) // 5 * 5]
    pooled = pool_labels([99.0, *values] if with_start else values)
    assert pooled.tolist() == [statistics.median(values[i : i + 5]) for i in range(0, len(values), 5)]


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=5, max_size=5))
def test_pooling_keeps_columns_apart(rows):
    both = pool_labels(rows)
    assert both.shape == (1, 2)
    assert both[0].tolist() == [pool_labels([row[d] for row in rows])[0] for d in range(2)]


def test_five_minutes_of_recola_become_1500_frames():
    time = np.arange(7501) / 25
    assert pool_labels(time).shape == pool_labels(time[1:]).shape == (1500,)
    np.testing.assert_allclose(
        pool_labels(time), np.arange(1500) / 5 + 0.12
    )  # the middle label of 0.04 ... 0.2


@pytest.mark.parametrize("steps", [0, 1, 4, 7, 8, 9, 7499, 7502])
def test_labels_that_end_within_a_frame_are_refused(steps):
    with pytest.raises(ValueError, match=f"whole frames of 5 steps .* got {steps}$"):
        pool_labels(np.zeros(steps))


def test_a_single_number_is_refused():
    with pytest.raises(ValueError, match="got 0"):
        pool_labels(3.0)


def test_labels_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="2 are not"):
        pool_labels([0, 0, np.nan, np.inf, 0])
