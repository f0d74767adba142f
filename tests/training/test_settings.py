"""The settings, against the ranges that the paper states, and the losses that are drawn for them."""

import numpy as np
import pytest

from sercore.channel.gilbert import Gilbert
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_STEP
from sercore.training.settings import (
    AUGMENTATION,
    MATCHED,
    MISMATCHED,
    MULTI_CONDITION,
    TRAINED_SETTINGS,
    Setting,
    draw_for_setting,
    matched_for,
    setting_named,
    share_heard,
)


def test_eleven_networks_are_trained():
    assert len(TRAINED_SETTINGS) == 11


def test_ranges_are_the_papers():
    assert MISMATCHED.is_clean
    assert (MULTI_CONDITION.p_n, MULTI_CONDITION.p_l) == ((0.05, 1.0), (0.0, 1.0))
    assert MATCHED["low", "high"].p_n == (0.05, 1 / 3)
    assert MATCHED["low", "high"].p_l == (2 / 3, 1.0)
    assert MATCHED["mid", "low"].p_n == (1 / 3, 2 / 3)
    assert AUGMENTATION is MATCHED["high", "low"]


@pytest.mark.parametrize("setting", TRAINED_SETTINGS.values(), ids=TRAINED_SETTINGS)
def test_draws_fill_the_range_uniformly(setting):
    rng = np.random.default_rng(0)
    if setting.is_clean:
        assert setting.draw(rng) is None
        return
    channels = [setting.draw(rng) for _ in range(3000)]
    for values, (low, high) in (
        ([c.p_n for c in channels], setting.p_n),
        ([c.p_l for c in channels], setting.p_l),
    ):
        assert low <= min(values) < low + 0.02
        assert high - 0.02 < max(values) <= high
        assert np.mean(values) == pytest.approx((low + high) / 2, abs=0.02)


def test_matched_takes_the_cell_and_boundaries_belong_to_the_lower_one():
    assert matched_for(Gilbert(0.9, 0.1)).name == "matched_high_low"
    assert matched_for(Gilbert(1 / 3, 2 / 3)).name == "matched_low_mid"
    assert matched_for(Gilbert(0, 1)).name == "matched_low_high"
    assert matched_for(Gilbert(1, 0)).name == "matched_high_low"


def test_augmentation_is_a_name_for_the_same_weights():
    assert setting_named("augmentation") is MATCHED["high", "low"]


def test_an_unknown_setting_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no setting 'clean'; choose one of mismatched, multi_condition"):
        setting_named("clean")


def test_a_range_outside_the_unit_interval_is_refused():
    with pytest.raises(ValueError, match="p_n must be a range"):
        Setting("odd", (0.5, 1.5), (0, 1))
    with pytest.raises(ValueError, match="both p_n and p_l"):
        Setting("odd", (0.5, 1.0))


def test_a_mask_that_keeps_too_little_is_drawn_again_and_counted():
    rng = np.random.default_rng(0)
    draws = [draw_for_setting(MATCHED["low", "high"], 100, rng) for _ in range(300)]
    assert min(received.sum() for received, _ in draws) >= MIN_FRAMES_FOR_STEP
    assert sum(redraws for _, redraws in draws) > 0
    assert draw_for_setting(MISMATCHED, 100, rng)[0].all()


def test_a_setting_that_loses_everything_is_refused():
    with pytest.raises(ValueError, match="no draw of the setting void keeps 5 of 100 frames"):
        draw_for_setting(Setting("void", (0.0, 0.0), (1.0, 1.0)), 100, np.random.default_rng(0))


@pytest.mark.parametrize("setting", [MATCHED["high", "low"], MATCHED["mid", "mid"], MATCHED["low", "mid"]])
def test_the_share_that_is_heard_is_that_of_equation_1_over_the_ranges(setting):
    """Its mean over a fine grid, where hardly a draw is thrown away."""
    p_n, p_l = (low + (high - low) * (np.arange(100) + 0.5) / 100 for low, high in (setting.p_n, setting.p_l))
    arrives = (1 - p_l) / (2 - p_n[:, None] - p_l)
    assert share_heard(setting) == pytest.approx(arrives.mean(), abs=0.006)
