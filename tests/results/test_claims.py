"""The claims: verdicts that can go either way, on results that the test makes up."""

import numpy as np
import pytest

from sercore.results.claims import (
    BETTER,
    FAILS,
    HOLDS,
    ON_A_PAR,
    OPEN,
    PAR,
    judge,
)


@pytest.mark.parametrize(
    ("relation", "low", "high", "seeds", "verdict"),
    [
        (BETTER, 0.01, 0.2, [0.1, 0.1], HOLDS),
        (BETTER, -0.01, 0.2, [0.1, 0.1], OPEN),
        (BETTER, -0.2, -0.1, [-0.1], FAILS),
        (BETTER, -0.2, -0.1, [-0.1, 0.01], OPEN),
        (ON_A_PAR, -0.04, 0.04, [0.0, 0.01], HOLDS),
        (ON_A_PAR, -0.04, 0.04, [0.0, 2 * PAR], OPEN),
        (ON_A_PAR, 0.06, 0.1, [0.08], FAILS),
        (ON_A_PAR, -0.1, -0.06, [-0.08], FAILS),
        (ON_A_PAR, -0.06, 0.06, [0.0], OPEN),
        (BETTER, np.nan, np.nan, [0.1], OPEN),
        (BETTER, 0.1, 0.2, [], OPEN),
        (ON_A_PAR, -0.01, 0.01, [], OPEN),
    ],
)
def test_a_verdict_needs_the_interval_and_every_seed(relation, low, high, seeds, verdict):
    assert judge(relation, low, high, seeds) == verdict
