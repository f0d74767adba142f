"""Tables of results whose columns hold what cannot be: refused in one sentence, when they are read."""

import datetime

import pandas as pd
import pytest

from sercore.results.cell_table import read_sheet
from sercore.results.outcome import DIFFERENCES, FIGURE_3, TABLE_2, read_outcome
from sercore.results.table import COLUMNS, ResultsError, read_results, results_table, write_results
from tests.results.made_rows import AS_IN_THE_PAPER, plane


@pytest.fixture(scope="module")
def sheet():
    return plane(AS_IN_THE_PAPER, seeds=(0,))


CHANGES = {
    "ccc must lie in": {"ccc": 1e308},
    "ccc_low must lie in": {"ccc_low": float("-inf")},
    r"p_n must lie in \[0, 1\]": {"p_n": 1.5},
    "p_n and p_l must be there together": {"p_l": None},
    "seed must lie in": {"seed": -1},
    "model_seed must lie in": {"model_seed": -5},
    "column seed must be of int64": {"seed": datetime.datetime(2026, 1, 1)},
    "column ccc must be of float64": {"ccc": "0.5"},
    "column n_frames must be of int64": {"n_frames": True},
    "column n_frames is not of int64 .*truncated": {"n_frames": 0.5},
    "column setting must be of string": {"setting": 5},
    "rows have no setting": {"setting": None},
    "rows have no loss_rate": {"loss_rate": float("nan")},
    "dimension must be one of arousal, valence, got 'joy'": {"dimension": "joy"},
    "partition must be one of": {"partition": "moon"},
    "status must be one of": {"status": "splendid"},
    "setting must be 1 to 500 printable letters": {"setting": "a\nb"},
    r"corpus must have a length in \[1, 500\]": {"corpus": "x" * 10**6},
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_a_table_with_another_column_is_refused_when_it_is_read(sheet, sentence, tmp_path):
    changed = results_table(sheet).astype({"seed": object, **dict.fromkeys(CHANGES[sentence], object)})
    changed = changed.assign(**CHANGES[sentence])
    if "seed" not in CHANGES[sentence]:
        changed = changed.astype({"seed": int})
    changed.to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(ResultsError, match=f"rows.parquet .*{sentence}") as refused:
        read_results(tmp_path / "rows.parquet")
    assert len(str(refused.value)) < 1_000
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("moments", [[1.0], "many", None, [float("nan")] * 12])
def test_a_sheet_with_other_moments_is_refused(sheet, moments, tmp_path):
    sheet.assign(moments=[moments] * len(sheet)).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(ResultsError, match=r"the sheet .*cannot be used.*delete it to evaluate again"):
        read_sheet(tmp_path / "rows.parquet")


def test_names_in_a_csv_stay_as_they_are_written(sheet, tmp_path):
    for name in ("NA", "null", "1e5", "None", "007", "a,b"):
        table = results_table(sheet).assign(corpus=name).astype({"corpus": "string"})
        write_results(tmp_path / "rows.csv", table)
        assert read_results(tmp_path / "rows.csv").equals(table)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("score,setting\n", "lack the columns dimension, loss_rate"),
        ("ccc,matched,arousal,0.1,1e308,0,1", "ccc must lie in"),
        ("ccc,matched,arousal,0.1,1_0,0,1", "ccc is not of float64"),
        ("ccc,matched,arousal,0.1,high,0,1", "ccc is not of float64"),
        ("ccc,matched,arousal,7,0.5,0,1", "loss_rate must lie in"),
        ("rmse,matched,arousal,0.1,0.5,0,1", "score must be one of"),
        ('ccc,"matched,arousal,0.1,0.5,0,1', "is no CSV"),
        ("ccc,matched,arousal,0.1,0.5", "line 2 has 5 cells, the header 7"),
    ],
)
def test_a_line_of_figure_3_that_cannot_be_is_refused(text, sentence, tmp_path):
    header = "" if text.startswith("score") else "score,setting,dimension,loss_rate,ccc,low,high\n"
    (tmp_path / FIGURE_3).write_text(header + text + "\n")
    assert sentence in read_outcome(tmp_path).problems[FIGURE_3]


def test_a_setting_that_the_paper_has_not_is_refused_beside_its_numbers(tmp_path):
    (tmp_path / TABLE_2).write_text(
        "partition,setting,dimension,model_seeds,ccc,low,high,lowest_seed,highest_seed\n"
        "test,moon,arousal,1,0.5,,,0.5,0.5\n"
    )
    assert "setting must be one of mismatched" in read_outcome(tmp_path).problems[TABLE_2]


def test_a_table_of_too_many_rows_is_refused_before_it_takes_memory(tmp_path):
    rows = pd.DataFrame({name: [None] for name in COLUMNS}).loc[[0] * 2_000_001]
    rows.to_parquet(tmp_path / DIFFERENCES, index=False)
    assert "2,000,001 rows; at most 2,000,000" in read_outcome(tmp_path).problems[DIFFERENCES]
