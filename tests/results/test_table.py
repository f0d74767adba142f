"""Tables and sheets from before channels had keys stay valid, and their rows keep their names."""

import pytest

from sercore.experiment.cells import job_name
from sercore.results.cell_table import read_sheet
from sercore.results.differences import DIFFERENCES, differences
from sercore.results.means import mean_scores
from sercore.results.table import COLUMNS, read_results, read_table, results_table, write_results
from tests.results.made_rows import AS_IN_THE_PAPER, plane


@pytest.fixture(scope="module")
def sheet():
    return plane(AS_IN_THE_PAPER)


def test_an_old_sheet_is_read_with_the_keys_of_its_channels(sheet, tmp_path):
    write_results(tmp_path / "old.parquet", sheet.drop(columns="channel"))
    found = read_sheet(tmp_path / "old.parquet")
    assert list(found["channel"]) == list(sheet["channel"])
    assert set(found["channel"]) >= {"gilbert:p_n=0.9,p_l=0.1", "gilbert:p_n=0.1,p_l=0.9"}


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_an_old_table_of_results_names_the_same_jobs(sheet, suffix, tmp_path):
    table = results_table(sheet)
    write_results(tmp_path / f"old{suffix}", table.drop(columns="channel"))
    found = read_results(tmp_path / f"old{suffix}")
    assert list(found.columns) == list(COLUMNS)
    assert list(map(job_name, found.to_dict("records"))) == list(map(job_name, table.to_dict("records")))


def test_old_differences_are_read(sheet, tmp_path):
    table = differences(mean_scores(sheet, "ccc"), ["mismatched", "matched"])
    write_results(tmp_path / "old.parquet", table.drop(columns="channel"))
    assert read_table(tmp_path / "old.parquet", DIFFERENCES, "differences").equals(table[list(DIFFERENCES)])
