"""Eleven trained networks as the paper's four settings."""

from sercore.results.cell_table import sheet
from sercore.results.four_settings import as_settings
from tests.results.drawn_rows import make_row


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
