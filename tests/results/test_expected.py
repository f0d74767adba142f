"""What a training may be expected to score between the channels that were measured."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import RegularGridInterpolator

from sercore.results.expected import between, expected_scores
from sercore.results.table import at
from sercore.units import DIMENSIONS

AXIS = (0.0, 0.5, 1.0)
SETTINGS = ("mismatched", "multi_condition")


@pytest.fixture(scope="module")
def measured():
    """Two settings, two trainings, three by three channels; each score within its interval."""
    rng = np.random.default_rng(0)
    rows = []
    for setting, p_n, p_l, seed, dimension in itertools.product(SETTINGS, AXIS, AXIS, (0, 1), DIMENSIONS):
        ccc = 0.4 + 0.4 * p_n - 0.2 * p_l * (1 - p_n) - 0.15 * (setting != "mismatched") + rng.normal(0, 0.01)
        row = {"setting": setting, "model_seed": seed, "dimension": dimension, "p_n": p_n, "p_l": p_l}
        scores = {"ccc": ccc, "ccc_low": ccc - 0.1, "ccc_high": ccc + 0.1}
        rows.append(row | scores | {name.replace("ccc", "ccc_timeline"): x for name, x in scores.items()})
    return pd.DataFrame(rows)


def test_on_a_measured_channel_it_is_the_mean_over_trainings(measured):
    for each in expected_scores(measured, 0.5, 0.5):
        rows = at(measured, setting=each.setting, dimension=each.dimension, p_n=0.5, p_l=0.5)
        assert each.ccc == pytest.approx(rows["ccc"].mean())
        assert each.low == pytest.approx(rows["ccc"].mean() - 0.1)
        assert each.high == pytest.approx(rows["ccc"].mean() + 0.1)


def test_between_measured_channels_it_is_what_scipy_interpolates(measured):
    means = at(measured, setting="mismatched", dimension="valence").groupby(["p_n", "p_l"])["ccc"].mean()
    witness = RegularGridInterpolator((AXIS, AXIS), means.to_numpy().reshape(3, 3))
    for place in np.random.default_rng(0).uniform(0, 1, (30, 2)):
        (found,) = [
            each.ccc for each in expected_scores(measured, *place)
            if (each.setting, each.dimension) == ("mismatched", "valence")
        ]  # fmt: skip
        assert found == pytest.approx(float(witness(place)[0]))


def test_beside_a_channel_without_a_score_and_outside_nothing_is_known(measured):
    measured = measured.copy()
    measured.loc[(measured["p_n"] == 0) & (measured["p_l"] == 1), ["ccc", "ccc_low", "ccc_high"]] = np.nan
    assert all(math.isnan(each.ccc) for each in expected_scores(measured, 0.2, 0.9))
    assert not any(math.isnan(each.ccc) for each in expected_scores(measured, 0.2, 0.5))
    assert not any(math.isnan(each.ccc) for each in expected_scores(measured, 0.5, 0.9))
    inner = measured[measured["p_n"] > 0]
    assert all(math.isnan(each.ccc) for each in expected_scores(inner, 0.2, 0.2))


def test_enough_is_nine_tenths_of_what_clean_training_scores_without_loss(measured):
    clean = at(measured, setting="mismatched", p_n=1.0).groupby("dimension")["ccc"].mean()
    for each in expected_scores(measured, 1.0, 0.0):
        assert each.needed == pytest.approx(0.9 * clean[each.dimension], abs=0.006)
        assert each.enough == (each.setting == "mismatched")


def test_a_grid_of_one_row_is_read_along_that_row():
    grid = pd.DataFrame([[1.0, 3.0]], index=[0.5], columns=[0.0, 1.0])
    assert between(grid, 0.5, 0.5) == 2.0
    assert math.isnan(between(grid, 0.6, 0.5))


def test_without_rows_nothing_is_expected(measured):
    assert expected_scores(measured[:0], 0.5, 0.5) == []
