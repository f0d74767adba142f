"""Cells with their moments, kept on disk."""

import numpy as np

from sercore.results.cell_table import moments_of, read_sheet, sheet
from sercore.results.table import write_results


def test_sheets_survive_the_disk_with_their_moments_to_the_last_bit(table, tmp_path):
    path = tmp_path / "sheet.parquet"
    write_results(path, table)
    again = read_sheet(path)
    assert np.array_equal(moments_of(again, "ccc_timeline"), moments_of(table, "ccc_timeline"))
    assert again.drop(columns="moments").equals(table.drop(columns="moments"))
    assert [each.name for each in tmp_path.iterdir()] == ["sheet.parquet"]
    assert sheet(again.to_dict("records")).drop(columns="moments").equals(again.drop(columns="moments"))
    assert not len(read_sheet(tmp_path / "none.parquet"))
