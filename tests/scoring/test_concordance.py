"""CCC, against audmetric and the formula written out."""

import audmetric
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sercore.corpus.gold_standard import gold_standard, pool_labels, rater_weights
from sercore.experiment.clips import auc
from sercore.scoring.concordance import ccc, ccc_received, ccc_timeline
from sercore.scoring.moments import track_moments
from tests.corpus.made_tracks import track

sequences = arrays(np.float64, st.integers(2, 40), elements=st.floats(-1, 1, width=32))


def by_hand(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / len(x)
    vx = sum((a - mx) ** 2 for a in x) / len(x)
    vy = sum((b - my) ** 2 for b in y) / len(y)
    return 2 * covariance / (vx + vy + (mx - my) ** 2)


def test_agrees_with_audmetric_and_the_formula_by_hand():
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y = rng.normal(size=(2, 50))
        y = 0.5 * x + y + rng.normal()
        assert ccc(x, y) == pytest.approx(by_hand(x, y), abs=1e-12)
        assert ccc(x, y) == pytest.approx(audmetric.concordance_cc(x, y), abs=1e-9)


@given(sequences)
def test_everything_agrees_with_itself_exactly(x):
    assert ccc(x, x) == 1
    assert ccc(x.astype(np.float32), x.astype(np.float32)) == 1


@given(sequences, st.floats(-1, 1, width=32))
def test_a_constant_says_nothing_about_what_varies(x, constant):
    assert ccc(x, np.full_like(x, constant)) == (1 if (x == constant).all() else 0)


def test_works_along_the_last_axis():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 3, 4, 20))
    assert ccc(x, y).shape == (3, 4)
    assert ccc(x, y)[1, 2] == pytest.approx(ccc(x[1, 2], y[1, 2]))


def test_a_far_offset_does_not_spoil_the_moments():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 100))
    assert ccc(x + 1e6, y + 1e6) == pytest.approx(ccc(x, y), abs=1e-6)


def test_nan_in_nan_out():
    assert np.isnan(ccc([0.0, np.nan], [0.0, 1.0]))


def test_shapes_that_differ_and_empty_sequences_are_refused():
    with pytest.raises(ValueError, match=r"one shape, got \(2,\) and \(3,\)"):
        ccc([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="at least one frame"):
        ccc([], [])


def test_the_public_name_is_the_function_even_after_its_module_is_imported():
    import sercore.scoring.concordance

    assert callable(sercore.ccc)


@pytest.mark.parametrize("score", [ccc_received, ccc_timeline])
def test_no_score_against_what_never_moves_is_defined(score):
    received = np.arange(30) % 3 > 0
    gold = np.stack([np.zeros(30), np.linspace(0, 1, 30)], axis=1)
    for predicted in (gold, np.full_like(gold, 0.5), np.random.default_rng(0).normal(size=gold.shape)):
        still, moving = score(gold, predicted, received)
        assert still is None
        assert moving is not None


def test_a_reference_that_moves_in_lost_frames_alone_never_moves_in_what_is_scored():
    received = np.arange(30) < 20
    gold = np.where(received, 0.25, 0.5)[:, None]
    assert ccc_received(gold, gold, received) == [None]
    assert ccc_timeline(gold, gold, received) == [1.0]


@pytest.mark.parametrize("place", [0, 1])
def test_masked_values_are_refused_wherever_something_is_scored(place):
    course = np.linspace(0, 1, 20)
    masked = np.ma.masked_greater(course, 0.5)
    pair = [course, course]
    pair[place] = masked
    for score in (ccc, auc, lambda one, other: track_moments(one[:, None], other[:, None])):
        with pytest.raises(ValueError, match="must not be masked, got 10 masked values: leave them out"):
            score(*pair)
    for read in (gold_standard, rater_weights):
        with pytest.raises(ValueError, match="must not be masked"):
            read(pair)
    with pytest.raises(ValueError, match="must not be masked"):
        pool_labels(masked)
    with pytest.raises(ValueError, match=r"a: gold must not be masked, got 20 masked values"):
        track(frames=20, gold=np.ma.array([masked, masked]).T)


def test_a_mask_that_hides_nothing_does_no_harm():
    course = np.linspace(0, 1, 20)
    assert ccc(np.ma.array(course, mask=False), course) == auc(np.ma.array([1.0]), [0.0]) == 1.0
