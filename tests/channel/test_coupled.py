"""The same seed gives nearby channels nearly the same losses, in Python as in the browser."""

import numpy as np
import pytest

from sercore.channel.coupled import draw_received
from sercore.channel.gilbert import Gilbert


def test_a_draw_loses_what_equation_1_says():
    lost = 1 - np.mean([draw_received(Gilbert(0.9, 0.6), seed, 20_000).mean() for seed in range(5)])
    assert lost == pytest.approx(0.2, abs=0.01)


def test_moving_a_slider_changes_the_losses_gradually():
    before = draw_received(Gilbert(0.90, 0.60), 1, 1_500)
    after = draw_received(Gilbert(0.89, 0.60), 1, 1_500)
    assert 0 < (before != after).mean() < 0.05
    assert (before >= after).all()  # a worse channel only loses more


def test_a_longer_clip_begins_with_the_same_losses():
    channel = Gilbert(0.7, 0.6)
    np.testing.assert_array_equal(draw_received(channel, 7, 100), draw_received(channel, 7, 1_500)[:100])
