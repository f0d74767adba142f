"""The paper's own numbers."""

from sercore.results.claims import CLAIMS
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.paper import PAPER_TABLE_2
from sercore.training.settings import TRAINED_SETTINGS

PAPERS_CLAIMS = {
    1: "Matched training is the best of matched, mismatched and multi-condition, over all channels.",
    2: "Mismatched training is the worst of the three, over all channels.",
    3: "Under 50 % loss multi-condition training is the worst of the three.",
    4: "Under 50 % loss matched and mismatched training are on a par.",
    5: "Over 50 % loss multi-condition training is on a par with matched training.",
    6: "Augmentation is on a par with matched training under 50 % loss, and better than mismatched over it.",
    7: "Without loss at test, matched networks do worse the more their training channel loses, and "
    "low p_N / high p_L does worst.",
}


def test_the_papers_tables_and_claims_name_settings_that_exist():
    assert set(PAPER_TABLE_2) == set(TRAINED_SETTINGS)
    assert sorted(claim.number for claim in CLAIMS) == list(range(1, len(CLAIMS) + 1))
    assert {claim.number: claim.sentence for claim in CLAIMS if claim.number <= 7} == PAPERS_CLAIMS
    named = {name for claim in CLAIMS for s in claim.statements for name in (s.setting, s.other)}
    assert named == set(FOUR_SETTINGS)
