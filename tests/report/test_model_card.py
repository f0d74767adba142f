"""The cards of the networks that ship."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sercore.network.card import Card
from sercore.report.model_card import with_plane
from sercore.results.table import COLUMNS, results_table
from tests.results.made_rows import plane


def test_a_card_takes_the_cells_of_its_own_weights():
    base = plane({"mismatched": (0.8, 0.3)}, seeds=(0,))
    table = results_table(base[list(COLUMNS)].to_dict("records"))
    table.loc[(table.p_n == 0.9) & (table.dimension == "valence"), "ccc"] = np.nan
    other = table.assign(weights_sha256="other", ccc=0.99)
    card = with_plane(Card(sha256="mismatched"), pd.concat([table, other]), "test")
    assert card.plane["columns"] == ["p_n", "p_l", "arousal", "valence"]
    by_channel = {tuple(cell[:2]): cell[2:] for cell in card.plane["cells"]}
    assert by_channel[0.9, 0.1][1] is None
    wanted = table[(table.p_n == 0.1) & (table.dimension == "arousal")].ccc.iloc[0]
    assert by_channel[0.1, 0.9][0] == pytest.approx(wanted, abs=1e-4)
    assert with_plane(replace(card, sha256="unknown"), table, "test").plane is None
