"""Means, differences and settings, against plain loops over rows that the test makes up."""

import numpy as np
import pytest

from sercore.results.cell_table import sheet
from sercore.results.differences import paired
from sercore.results.means import average, mean_scores
from sercore.scoring.moments import ccc_of_tracks, resamples
from tests.results.drawn_rows import TRACKS, make_row


@pytest.mark.parametrize("score", ["ccc", "ccc_timeline"])
def test_means_and_resamples_average_over_both_kinds_of_seed(table, score):
    scores = mean_scores(table, score)
    assert len(scores.cells) == 4
    assert set(scores.cells.model_seeds) == {2}
    for place, cell in scores.cells.iterrows():
        rows = table[(table.setting == cell.setting) & (table.p_n == cell.p_n)]
        assert scores.means[place] == pytest.approx(np.mean(list(rows[score])))
        which = ["ccc", "ccc_timeline"].index(score)
        for b in (0, 500):
            values = [
                ccc_of_tracks(np.reshape(m, (2, TRACKS, 6))[which], resamples(TRACKS)[b : b + 1])[0]
                for m in rows.moments
            ]
            assert scores.resampled[place, b] == pytest.approx(np.mean(values))


def test_cells_that_only_one_setting_has_are_left_out():
    rows = [make_row("mismatched", p, 0.5) for p in (0.2, 0.8)] + [make_row("multi_condition", 0.8, 0.5)]
    assert paired(mean_scores(sheet(rows), "ccc"), "mismatched", "multi_condition").cells.p_n.tolist() == [
        0.8
    ]


def test_a_seed_without_a_ccc_does_not_count_and_a_cell_without_any_is_not_defined():
    rows = [
        make_row("mismatched", 0.5, 0.5, seed=0),
        make_row("mismatched", 0.5, 0.5, seed=1, frames=3),
        make_row("mismatched", 0.1, 0.9, frames=3),
    ]
    scores = mean_scores(sheet(rows), "ccc")
    assert np.isnan(scores.means[0])
    assert np.isnan(scores.resampled[0]).all()
    assert scores.means[1] == pytest.approx(rows[0]["ccc"])
    mean, resampled = average(scores)
    assert mean == pytest.approx(rows[0]["ccc"])
    assert np.array_equal(resampled, scores.resampled[1])
    assert np.isfinite(mean_scores(sheet(rows), "ccc_timeline").means).all()
    assert np.isnan(average(scores.at(p_n=0.1))[0])


def test_a_single_track_has_means_but_no_resamples():
    scores = mean_scores(sheet([make_row("mismatched", 0.5, 0.5, tracks=1, frames=80)]), "ccc")
    assert np.isfinite(scores.means).all()
    assert np.isnan(scores.resampled).all()
