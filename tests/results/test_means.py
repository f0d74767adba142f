"""Means, differences and settings, against plain loops over rows that the test makes up."""

import numpy as np
import pytest

from sercore.channel.gilbert import Gilbert
from sercore.results.cell_table import moments_of, read_sheet, sheet
from sercore.results.differences import difference, differences, paired, read_differences
from sercore.results.four_settings import as_settings
from sercore.results.means import average, mean_scores
from sercore.results.table import ResultsError, results_table, write_results
from sercore.scoring.moments import MIN_FRAMES_FOR_CCC, ccc_of_tracks, resamples, track_moments

TRACKS = 4


def make_row(
    setting, p_n, p_l, *, model_seed=0, seed=0, dimension="arousal", frames=40, skill=0.5, tracks=TRACKS
):
    """A row whose moments come from frames that are drawn anew for each name."""
    rng = np.random.default_rng([model_seed, seed, round(100 * p_n), round(100 * p_l), len(setting)])
    moments = []
    for _ in range(2):
        gold = [rng.normal(size=(frames, 1)) for _ in range(tracks)]
        moments.append([track_moments(g, skill * g + 0.5 * rng.normal(size=g.shape))[0] for g in gold])
    moments = np.array(moments)
    defined = frames * tracks >= MIN_FRAMES_FOR_CCC
    return {
        "setting": setting, "model_seed": model_seed, "p_n": p_n, "p_l": p_l,
        "expected_loss_rate": Gilbert(p_n, p_l).loss_rate, "loss_rate": 0.5, "dimension": dimension,
        "ccc": float(ccc_of_tracks(moments[0])) if defined else np.nan,
        "ccc_timeline": float(ccc_of_tracks(moments[1])), "status": "defined" if defined else "not defined",
        "n_frames": frames * tracks, "seed": seed, "partition": "test", "corpus": "tiny",
        "corpus_sha256": "c", "weights_sha256": f"{setting}{model_seed}", "moments": moments,
    }  # fmt: skip


@pytest.fixture(scope="module")
def table():
    return sheet(
        make_row(setting, p_n, 0.5, model_seed=model_seed, seed=seed, skill=skill)
        for setting, skill in (("mismatched", 0.4), ("multi_condition", 0.9))
        for p_n in (0.2, 0.8)
        for model_seed in (0, 1)
        for seed in (0, 1, 2)
    )


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


def test_trained_networks_become_the_four_settings():
    rows = [
        make_row(name, p_n, p_l)
        for name in ("mismatched", "matched_high_low", "matched_low_high")
        for p_n, p_l in ((1.0, 0.0), (0.1, 0.9))
    ]
    found = as_settings(sheet(rows))
    matched = found[found.setting == "matched"]
    assert sorted(zip(matched.weights_sha256, matched.p_n, strict=True)) == [
        ("matched_high_low0", 1.0),
        ("matched_low_high0", 0.1),
    ]
    assert set(found[found.setting == "augmentation"].weights_sha256) == {"matched_high_low0"}
    assert found.setting.value_counts().to_dict() == {"mismatched": 2, "matched": 2, "augmentation": 2}


def test_sheets_survive_the_disk_with_their_moments_to_the_last_bit(table, tmp_path):
    path = tmp_path / "sheet.parquet"
    write_results(path, table)
    again = read_sheet(path)
    assert np.array_equal(moments_of(again, "ccc_timeline"), moments_of(table, "ccc_timeline"))
    assert again.drop(columns="moments").equals(table.drop(columns="moments"))
    assert [each.name for each in tmp_path.iterdir()] == ["sheet.parquet"]
    assert sheet(again.to_dict("records")).drop(columns="moments").equals(again.drop(columns="moments"))
    assert not len(read_sheet(tmp_path / "none.parquet"))


def test_what_is_no_sheet_or_no_difference_is_refused(tmp_path):
    path = tmp_path / "rows.parquet"
    write_results(path, results_table([make_row("mismatched", 0.5, 0.5)]))
    with pytest.raises(ResultsError, match=r"the sheet .*rows\.parquet cannot be used .* delete it"):
        read_sheet(path)
    with pytest.raises(ResultsError, match=r"the differences .* lack the columns other, "):
        read_differences(path)
    with pytest.raises(ResultsError, match="there is no table of differences"):
        read_differences(tmp_path / "none.parquet")
    mixed = sheet([make_row("mismatched", 0.5, 0.5), make_row("mismatched", 0.5, 0.5, tracks=5)])
    with pytest.raises(ResultsError, match="same tracks"):
        moments_of(mixed, "ccc")
