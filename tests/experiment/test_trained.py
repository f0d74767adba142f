"""Which trained networks are compared."""

from sercore.experiment.plan import Network
from sercore.experiment.trained import of_shared_seeds
from sercore.training.settings import setting_named

TRAINED_SO_FAR = [("mismatched", 0), ("mismatched", 1), ("multi_condition", 0), ("mismatched", 2)]


def test_only_seeds_that_all_settings_have_are_compared():
    networks = [Network(setting_named(name), seed) for name, seed in TRAINED_SO_FAR]
    cards = {network: {"seed": network.seed} for network in networks}
    kept = [network.name for network in of_shared_seeds(cards)]
    assert kept == ["mismatched-seed0", "multi_condition-seed0"]
    alone = {network: card for network, card in cards.items() if network.setting.name == "mismatched"}
    assert of_shared_seeds(alone) == alone
    apart = {network: card for network, card in cards.items() if network.name != "multi_condition-seed0"}
    assert of_shared_seeds(apart) == apart
    assert of_shared_seeds({}) == {}
