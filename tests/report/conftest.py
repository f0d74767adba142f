"""Results like the paper's, in memory and in a folder."""

import pandas as pd
import pytest

from sercore.results.differences import differences
from sercore.results.examine import examine_claims
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.means import mean_scores
from sercore.results.outcome import PLANE, Outcome, write_about, write_findings
from sercore.results.summaries import figure_3, table_2
from sercore.results.table import COLUMNS, SCORES, results_table, write_results
from tests.report.made_about import ABOUT
from tests.results.made_rows import AS_IN_THE_PAPER, PAPER_AROUSAL, clean, plane


@pytest.fixture(scope="session")
def outcome():
    rows, without_loss = plane(AS_IN_THE_PAPER), clean(PAPER_AROUSAL)
    findings = [f for score in SCORES for f in examine_claims(rows, without_loss, score)]
    lines = pd.concat([figure_3(mean_scores(rows, score)) for score in SCORES])
    table = results_table(rows[list(COLUMNS)].to_dict("records"))
    pairs = pd.concat([differences(mean_scores(rows, score), FOUR_SETTINGS) for score in SCORES])
    return Outcome(ABOUT, tuple(findings), table_2(without_loss), lines, {PLANE: table}, pairs)


@pytest.fixture
def results(outcome, tmp_path):
    folder = tmp_path / "trained" / "results"
    folder.mkdir(parents=True)
    write_about(folder, outcome.about)
    write_findings(folder, outcome.findings)
    for name in ("table_2", "figure_3"):
        getattr(outcome, name).to_csv(folder / f"{name}.csv", index=False)
    write_results(folder / "plane.parquet", outcome.plane)
    write_results(folder / "differences.parquet", outcome.differences)
    return folder
