"""Losses that are drawn for training."""

import numpy as np
import pytest

from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_STEP
from sercore.training.draw import draw_for_setting
from sercore.training.settings import MATCHED, MISMATCHED, Setting


def test_a_mask_that_keeps_too_little_is_drawn_again_and_counted():
    rng = np.random.default_rng(0)
    draws = [draw_for_setting(MATCHED["low", "high"], 100, rng) for _ in range(300)]
    assert min(received.sum() for received, _ in draws) >= MIN_FRAMES_FOR_STEP
    assert sum(redraws for _, redraws in draws) > 0
    assert draw_for_setting(MISMATCHED, 100, rng)[0].all()


def test_a_setting_that_loses_everything_is_refused():
    with pytest.raises(ValueError, match="no draw of the setting void keeps 5 of 100 frames"):
        draw_for_setting(Setting("void", (0.0, 0.0), (1.0, 1.0)), 100, np.random.default_rng(0))
