"""What people read, against the tables it is made from."""

import numpy as np
import pandas as pd

from sercore.report.readme import readme_section
from sercore.report.tables import loss_table_of, pairs_table, strips_table_of, table_2_of
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.paper import PAPER_TABLE_2
from sercore.results.table import SCORES


def test_table_2_stands_beside_the_papers_and_says_whose_that_is(outcome):
    header, rows = table_2_of(outcome.table_2)
    assert header[-1] == "*the paper, on RECOLA*"
    assert len(rows) == len(PAPER_TABLE_2)
    mine = outcome.table_2[
        (outcome.table_2.setting == "mismatched") & (outcome.table_2.dimension == "arousal")
    ]
    ccc, low, high = (mine[name].iloc[0] for name in ("ccc", "low", "high"))
    lowest, highest = (mine[name].iloc[0] for name in ("lowest_seed", "highest_seed"))
    assert rows[0][2] == f"{ccc:.3f} [{low:.2f}, {high:.2f}], {lowest:.2f} to {highest:.2f}"
    once = outcome.table_2.assign(model_seeds=1)
    assert table_2_of(once)[1][0][2] == f"{ccc:.3f} [{low:.2f}, {high:.2f}]"
    assert rows[0][-1] == "*0.789 / 0.529*"


def test_scores_without_an_interval_or_a_partition_say_so(outcome):
    table = outcome.table_2.assign(low=np.nan, high=np.nan)
    assert "[" not in table_2_of(table)[1][0][2]
    table = pd.concat([table, table.iloc[:1].assign(partition="devel")])
    assert table_2_of(table)[1][1][2] == "not scored"


def test_means_over_channels_are_by_the_half_that_they_lose(outcome):
    header, rows = loss_table_of(outcome.plane)
    assert header[2:4] == ["arousal, under 50 % loss", "arousal, over 50 % loss"]
    wanted = outcome.plane[(outcome.plane.setting == "matched") & (outcome.plane.dimension == "arousal")]
    under = wanted[wanted.expected_loss_rate < 0.5].ccc.mean()
    line = next(row for row in rows if row[0] == "matched")
    assert line[2] == f"{under:.3f}"
    assert [row[1] for row in rows[:2]] == ["frames that arrive", "whole timeline"]
    assert len(rows) == 2 * len(FOUR_SETTINGS)


def test_both_scores_are_means_over_the_same_channels(outcome):
    plane = outcome.plane.copy()
    plane.loc[plane.p_n == 0.1, "ccc"] = np.nan  # too little arrives to score, but the timeline has a score
    _, rows = loss_table_of(plane)
    wanted = plane[(plane.setting == "matched") & (plane.dimension == "arousal") & (plane.p_n == 0.2)]
    lines = [row for row in rows if row[0] == "matched"]
    assert [line[3] for line in lines] == [f"{wanted[score].mean():.3f}" for score in SCORES]


def test_a_strip_is_told_beside_the_score_that_is_needed(outcome):
    header, rows = strips_table_of(outcome.plane)
    assert rows == []  # nothing was scored without loss, so nothing says what is needed
    assert "borne" not in readme_section(outcome, "")
    clean = outcome.plane[outcome.plane.p_n == 0.9].assign(p_n=1.0, p_l=0.0)
    header, rows = strips_table_of(pd.concat([outcome.plane, clean], ignore_index=True))
    told = {(row[0], row[1], row[2].split()[0]): dict(zip(header, row, strict=True)) for row in rows}
    mine = told["mismatched", "frames that arrive", "arousal"]
    assert mine["needed"].startswith("arousal 0.7")
    assert [mine[f"{step}% lost"] for step in (0, 10, 20, 80)] == ["100%", "100%", "100%", "0%"]
    others = told["multi-condition", "frames that arrive", "arousal"]  # 0.6 everywhere
    assert {others[f"{step}% lost"] for step in (0, 10, 20, 80)} == {"0%"}
    assert others["50% lost"] == ""  # where no channel lies


def test_a_channel_counts_where_its_interval_excludes_0(outcome):
    _, rows = pairs_table(outcome.differences)
    line = next(r for r in rows if r[:2] == ["mismatched against matched", "frames that arrive"])
    assert line[2] == "0, 2, of 4"  # over 50 % loss matched is better, under it they are equal
    assert len(rows) == 6 * 2


def test_a_score_that_is_not_defined_is_called_so(outcome):
    undefined = dict.fromkeys(("ccc", "low", "high", "lowest_seed", "highest_seed"), np.nan)
    _, rows = table_2_of(outcome.table_2.assign(**undefined))
    assert {cell for row in rows for cell in row[2:-1]} == {"not defined"}
    clean = outcome.plane[outcome.plane.p_n == 0.9].assign(p_n=1.0, p_l=0.0)
    plane = pd.concat([outcome.plane, clean], ignore_index=True)
    plane.loc[plane.dimension == "valence", list(SCORES)] = np.nan
    header, rows = strips_table_of(plane)
    assert "valence not defined" in {row[header.index("needed")] for row in rows}
    assert "nan" not in str(rows)
