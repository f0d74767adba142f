"""Losses drawn a few packets at a time."""

import numpy as np
import pytest

from sercore.channel.gilbert import Gilbert
from sercore.channel.gilbert_elliott import GilbertElliott
from sercore.channel.recorded import Recorded
from sercore.live.losses import Losses
from sercore.trace import Trace


@pytest.mark.parametrize("channel", [Gilbert(0.9, 0.7), GilbertElliott(0.1, 0.3, 0.05, 0.6)])
def test_losses_are_those_of_one_long_draw_wherever_it_is_cut(channel):
    losses, chance = Losses(channel, np.random.default_rng(3)), np.random.default_rng(8)
    cut = [losses.draw(int(n)) for n in chance.integers(0, 9, 200)]
    whole = np.concatenate(cut)
    np.testing.assert_array_equal(whole, channel.run(np.random.default_rng(3).random(len(whole))))


def test_a_loss_that_has_begun_ends_as_the_new_channel_says():
    losses = Losses(Gilbert(0.0, 1.0), np.random.default_rng(0))
    assert not losses.draw(20).any()
    losses.turn_to(Gilbert(1.0, 1.0))  # which leaves neither state
    assert not losses.draw(20).any()
    losses.turn_to(Gilbert(1.0, 0.0))
    assert losses.draw(20).all()


def test_a_recording_goes_on_where_it_was():
    once = np.random.default_rng(2).random(50) < 0.7
    losses = Losses(Recorded.of(Trace(once, packet_ms=20, source="call")), np.random.default_rng(4))
    told = np.concatenate([losses.draw(n) for n in (3, 7, 40, 1, 49)])
    np.testing.assert_array_equal(told[:50], told[50:])
    assert any(np.array_equal(told[:50], np.roll(once, -place)) for place in range(50))
