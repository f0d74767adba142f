"""The cards of the networks that ship."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sercore.network.card import Card
from sercore.report.model_card import card_section, with_plane
from sercore.results.table import COLUMNS, results_table
from tests.results.made_rows import plane


def test_the_model_card_says_which_network_real_voices_chose(outcome):
    why = "of 3 the one that tells real voices apart best"
    median = Card({"name": "multi_condition"}, seed_choice="the median of 3 by devel score, not the best")
    told = card_section(outcome, [median, Card({"name": "mismatched"}, seed_choice=why)])
    assert f"The median seed ships, not the best; of `mismatched` it is {why}." in told
    assert "The median seed ships, not the best." in card_section(outcome, [median])


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
