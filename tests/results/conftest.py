"""A table that the tests of a room share."""

import pytest

from sercore.results.cell_table import sheet
from tests.results.drawn_rows import make_row


@pytest.fixture(scope="session")
def table():
    return sheet(
        make_row(setting, p_n, 0.5, model_seed=model_seed, seed=seed, skill=skill)
        for setting, skill in (("mismatched", 0.4), ("multi_condition", 0.9))
        for p_n in (0.2, 0.8)
        for model_seed in (0, 1)
        for seed in (0, 1, 2)
    )
