"""The page without results."""

from dataclasses import replace

from sercore.report.page import html_page
from sercore.report.readme import readme_section
from sercore.results.about import About
from sercore.results.differences import differences
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.means import mean_scores
from sercore.results.outcome import PLANE, Outcome
from sercore.results.summaries import figure_3, table_2
from sercore.results.table import results_table
from tests.results.made_rows import AS_IN_THE_PAPER, clean, plane

ABOUT = About.from_json({
    "corpus": {
        "name": "default", "sha256": "0123456789abcdef", "synthetic": True,
        "partition": ["The partition: 16, 15, 15."], "notes": [], "speakers": 46,
        "languages": {"French": 33, "Italian": 8}, "tracks": {"train": 16, "devel": 15, "test": 15},
    },
    "partition": "test", "grid": 2, "loss_seeds": 1, "epochs": 200, "annotation_delay_seconds": 0,
    "post_processing": False, "missing": [], "shipped_seed": {"mismatched": 1}, "training_hours": 1.5,
    "evaluation_hours": 0.5,
    "networks": [
        {"setting": "mismatched", "seed": seed, "devel_score": 0.4 + seed / 10, "chosen": "averaged",
         "training_hours": 0.5, "machine": {"processor": "another chip"}}
        for seed in (1, 0)
    ],
    "machine": {"processor": "one <chip>", "cores": 2}, "git_commit": "abc", "versions": {"torch": "2"},
})  # fmt: skip


def test_without_networks_the_page_says_what_is_missing():
    nothing = results_table([])
    lines = figure_3(mean_scores(plane(AS_IN_THE_PAPER).iloc[:0], "ccc"))
    about = replace(ABOUT, networks=(), missing=("mismatched-seed0",))
    pairs = differences(mean_scores(plane(AS_IN_THE_PAPER).iloc[:0], "ccc"), FOUR_SETTINGS)
    empty = Outcome(about, (), table_2(clean({})), lines, {PLANE: nothing}, pairs)
    assert "mismatched-seed0" in html_page(empty)
    assert "not trained yet" in readme_section(empty, "")
