"""The page without results."""

from dataclasses import replace

from sercore.report.page import html_page
from sercore.report.readme import readme_section
from sercore.results.differences import differences
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.means import mean_scores
from sercore.results.outcome import PLANE, Outcome
from sercore.results.summaries import figure_3, table_2
from sercore.results.table import results_table
from tests.report.made_about import ABOUT
from tests.results.made_rows import AS_IN_THE_PAPER, clean, plane


def test_without_networks_the_page_says_what_is_missing():
    nothing = results_table([])
    lines = figure_3(mean_scores(plane(AS_IN_THE_PAPER).iloc[:0], "ccc"))
    about = replace(ABOUT, networks=(), missing=("mismatched-seed0",))
    pairs = differences(mean_scores(plane(AS_IN_THE_PAPER).iloc[:0], "ccc"), FOUR_SETTINGS)
    empty = Outcome(about, (), table_2(clean({})), lines, {PLANE: nothing}, pairs)
    assert "mismatched-seed0" in html_page(empty)
    assert "not trained yet" in readme_section(empty, "")
