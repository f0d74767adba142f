"""How clean scores fall with the loss of the training channel."""

import numpy as np
import pytest
import scipy.stats

from sercore.results.four_settings import NINE
from sercore.results.paper import PAPER_TABLE_2
from sercore.results.severity import FALL, GAP, paper_values, rank_correlation, severity


def test_the_rank_correlation_is_spearmans():
    rng = np.random.default_rng(0)
    severities = np.array([severity(name) for name in NINE])
    values = rng.integers(0, 6, (20, 9)).astype(float)  # with ties
    expected = [scipy.stats.spearmanr(one, severities).statistic for one in values]
    np.testing.assert_allclose(rank_correlation(values, severities), expected)


def test_the_papers_own_table_falls_with_severity_and_low_high_is_last():
    values = paper_values()
    by_hand = scipy.stats.spearmanr(
        [PAPER_TABLE_2[name][0] for name in NINE], [severity(name) for name in NINE]
    ).statistic
    assert values[FALL][0] == pytest.approx(-by_hand)
    assert values[FALL][0] > 0.7
    assert values[GAP] == pytest.approx((0.650 - 0.430, 0.405 - 0.176))
