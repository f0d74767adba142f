"""The README's tables, against the cards and results they are made from."""

import pandas as pd
import pytest

from sercore.report import BEGIN, END, PAPER_TABLE_2, loss_table, readme_section, replace_section, with_plane
from sercore.results import results_table
from sercore.settings import TRAINED_SETTINGS

CARD = {
    "epochs": 200,
    "seed": 0,
    "corpus": {"sha256": "0123456789abcdef"},
    "scores": {
        "devel_clean": {"arousal": 0.71234, "valence": 0.4},
        "test_clean": {"arousal": 0.7, "valence": 0.39},
    },
}


def row(loss_rate, ccc, status="defined", dimension="arousal"):
    return {
        "setting": "mismatched",
        "p_n": loss_rate,
        "p_l": 0.5,
        "expected_loss_rate": loss_rate,
        "loss_rate": loss_rate,
        "dimension": dimension,
        "ccc": ccc,
        "status": status,
        "n_frames": 100,
        "seed": 0,
        "partition": "test",
        "corpus": "default",
        "corpus_sha256": "c",
        "weights_sha256": "w",
    }


def test_the_papers_table_covers_the_eleven_networks_and_says_whose_corpus_it_is():
    assert set(PAPER_TABLE_2) == set(TRAINED_SETTINGS)
    section = readme_section({"mismatched": CARD}, None)
    assert "0.712 / 0.400" in section
    assert "0.789 / 0.529" in section
    assert "the paper on RECOLA" in section


def test_means_are_taken_over_defined_cells_of_a_band():
    nan = float("nan")
    table = results_table([row(0.1, 0.8), row(0.2, 0.6), row(0.9, nan, "not defined"), row(0.6, 0.3)])
    line = next(line for line in loss_table(table, "test").splitlines() if "arousal" in line)
    assert [cell.strip() for cell in line.split("|")[3:7]] == ["0.700", "none", "0.300", "none"]


def test_a_section_is_replaced_between_its_marks_and_nothing_else():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replace_section(text, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    with pytest.raises(ValueError, match="needs the marks"):
        replace_section("no marks", "new")


def test_without_networks_the_section_says_so():
    assert readme_section({}, pd.DataFrame()) == "No trained networks are here yet."


def test_a_card_takes_the_cells_of_its_own_weights():
    nan = float("nan")
    rows = [
        {**row(0.5, ccc, status, dimension), "p_n": p_n}
        for p_n, status, values in ((0.5, "defined", (0.61, 0.32)), (0.0, "not defined", (nan, nan)))
        for dimension, ccc in zip(("arousal", "valence"), values, strict=True)
    ]
    other = {**row(0.5, 0.99), "weights_sha256": "other"}
    card = with_plane({**CARD, "sha256": "w"}, results_table([*rows, other]))
    assert card["plane"]["cells"] == [[0.0, 0.5, None, None], [0.5, 0.5, 0.61, 0.32]]
    assert card["plane"]["columns"] == ["p_n", "p_l", "arousal", "valence"]
    assert "plane" not in with_plane({**card, "sha256": "unknown"}, results_table(rows))
