"""Table 2 and Figure 3, against means by hand."""

import numpy as np
import pytest

from sercore.results.means import mean_scores
from sercore.results.summaries import figure_3, table_2, whole_settings
from tests.results.made_rows import AS_IN_THE_PAPER, clean, plane


def test_table_2_holds_means_over_seeds_in_the_papers_order():
    table = clean({"matched_low_high": 0.3, "multi_condition": 0.6, "mismatched": 0.8})
    found = table_2(table)
    assert found.setting.drop_duplicates().tolist() == ["mismatched", "multi_condition", "matched_low_high"]
    assert found.dimension.tolist() == ["arousal", "valence"] * 3
    for line in found.itertuples():
        rows = table[(table.setting == line.setting) & (table.dimension == line.dimension)]
        assert line.ccc == pytest.approx(rows.ccc.mean(), abs=1e-4)
        assert (line.lowest_seed, line.highest_seed) == pytest.approx(
            (rows.ccc.min(), rows.ccc.max()), abs=1e-4
        )
        assert line.low <= line.ccc <= line.high
        assert line.model_seeds == 2


def test_figure_3_bins_channels_by_their_loss_rate():
    table = plane(AS_IN_THE_PAPER)
    found = figure_3(mean_scores(table, "ccc"))
    one = found[(found.setting == "matched") & (found.dimension == "arousal")]
    assert one.loss_from.tolist() == [0.1, 0.2, 0.8, 0.9]
    assert one.channels.tolist() == [1, 1, 1, 1]
    rows = table[(table.setting == "matched") & (table.dimension == "arousal")]
    expected = rows.groupby("expected_loss_rate").ccc.mean().to_numpy()
    np.testing.assert_allclose(one.ccc, expected, atol=1e-4)
    assert (one.low <= one.ccc).all()
    assert (one.ccc <= one.high).all()
    assert found.setting.drop_duplicates().tolist() == [
        "mismatched",
        "multi_condition",
        "augmentation",
        "matched",
    ]


def test_a_setting_that_lacks_a_channel_has_no_mean():
    table = plane(AS_IN_THE_PAPER)
    assert whole_settings(table) == ["mismatched", "multi_condition", "augmentation", "matched"]
    one = (table.setting == "matched") & (table.p_n == table.p_n.iloc[0]) & (table.p_l == table.p_l.iloc[0])
    partial = table[~one]
    assert whole_settings(partial) == ["mismatched", "multi_condition", "augmentation"]
    assert "matched" not in set(figure_3(mean_scores(partial, "ccc")).setting)
