"""Differences of two settings, against plain loops."""

import numpy as np
import pytest

from sercore.results.cell_table import moments_of, read_sheet, sheet
from sercore.results.differences import DIFFERENCES, difference, differences, paired
from sercore.results.means import mean_scores
from sercore.results.table import ResultsError, read_table, results_table, write_results
from tests.results.drawn_rows import make_row


def test_differences_are_paired_by_channel_and_resample(table):
    scores = mean_scores(table, "ccc")
    found = differences(scores, ["mismatched", "multi_condition"])
    assert len(found) == 2
    for row in found.itertuples():
        places = [
            int(np.flatnonzero((scores.cells.setting == name) & (scores.cells.p_n == row.p_n))[0])
            for name in (row.setting, row.other)
        ]
        assert row.difference == pytest.approx(scores.means[places[0]] - scores.means[places[1]], abs=1e-4)
        values = scores.resampled[places[0]] - scores.resampled[places[1]]
        assert (row.low, row.high) == pytest.approx(np.percentile(values, [2.5, 97.5]), abs=1e-4)
        assert row.high < 0  # skill 0.4 against 0.9


def test_a_pair_can_be_read_in_either_direction(table):
    found = differences(mean_scores(table, "ccc"), ["mismatched", "multi_condition"])
    turned = difference(found, "multi_condition", "mismatched")
    assert turned.difference.tolist() == (-found.difference).tolist()
    assert turned.low.tolist() == (-found.high).tolist()
    assert set(turned.setting) == {"multi_condition"}
    assert difference(found, "mismatched", "multi_condition").equals(found)
    assert not len(difference(found, "matched", "mismatched"))


def test_the_same_rows_differ_by_exactly_nothing(table):
    same = paired(mean_scores(table, "ccc"), "mismatched", "mismatched")
    assert not same.means.any()
    assert not same.resampled.any()
    assert len(same.means) == 2


def test_what_is_no_sheet_or_no_difference_is_refused(tmp_path):
    path = tmp_path / "rows.parquet"
    write_results(path, results_table([make_row("mismatched", 0.5, 0.5)]))
    with pytest.raises(ResultsError, match=r"the sheet cannot be used: .*rows\.parquet lack .* delete it"):
        read_sheet(path)
    with pytest.raises(ResultsError, match=r"the differences .* lack the columns other, "):
        read_table(path, DIFFERENCES, "differences")
    with pytest.raises(ResultsError, match="there is no table of differences"):
        read_table(tmp_path / "none.parquet", DIFFERENCES, "differences")
    mixed = sheet([make_row("mismatched", 0.5, 0.5), make_row("mismatched", 0.5, 0.5, tracks=5)])
    with pytest.raises(ResultsError, match="same tracks"):
        moments_of(mixed, "ccc")
