"""The paper's own numbers."""

from sercore.results.claims import (
    CLAIMS,
)
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.paper import PAPER_TABLE_2
from sercore.training.settings import TRAINED_SETTINGS


def test_the_papers_tables_and_claims_name_settings_that_exist():
    assert set(PAPER_TABLE_2) == set(TRAINED_SETTINGS)
    assert sorted(claim.number for claim in CLAIMS) == list(range(1, len(CLAIMS) + 1))
    assert len(CLAIMS) >= 7  # the paper's
    named = {name for claim in CLAIMS for s in claim.statements for name in (s.setting, s.other)}
    assert named == set(FOUR_SETTINGS)
