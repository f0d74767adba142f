"""How much loss can be borne, against the definition read out loud."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sercore.channel.gilbert import Gilbert
from sercore.results.tolerance import ENOUGH_CHANNELS, bearable_loss, strip, strip_in_plane

channels = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9]), st.sampled_from([0.1, 0.4, 0.8, float("nan")])),
    min_size=1,
    max_size=60,
)


@given(channels=channels, needed=st.sampled_from([0.2, 0.5]))
def test_loss_is_raised_until_too_many_channels_fail(channels, needed):
    borne = None
    for rate in sorted({rate for rate, _ in channels}):
        band = [score for r, score in channels if r <= rate and round(10 * (rate - r)) < 1]
        if sum(score >= needed for score in band) < ENOUGH_CHANNELS * len(band):
            break
        borne = rate
    assert bearable_loss(*zip(*channels, strict=True), needed) == borne


@given(channels=channels)
def test_who_needs_less_bears_more(channels):
    rates, scores = zip(*channels, strict=True)
    modest, demanding = (bearable_loss(rates, scores, needed) for needed in (0.2, 0.5))
    assert demanding is None or (modest is not None and modest >= demanding)


def test_one_channel_in_twenty_may_fail():
    scores = np.full(40, 0.5)
    scores[[3, 30]] = np.nan
    rates = np.linspace(0, 0.39, 40)
    assert bearable_loss(rates, np.full(40, 0.5), 0.4) == 0.39
    assert bearable_loss(rates, scores, 0.4) == pytest.approx(0.02)  # one of four is too many
    assert bearable_loss(np.zeros(40), scores, 0.4) == 0.0  # two of forty are not


def test_many_easy_channels_do_not_make_up_for_hard_ones():
    rates, scores = np.repeat([0.1, 0.5], [380, 20]), np.repeat([0.7, 0.2], [380, 20])
    assert (scores >= 0.6).mean() >= ENOUGH_CHANNELS
    assert bearable_loss(rates, scores, 0.6) == 0.1


def test_numbers_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(3,\)"):
        bearable_loss([0.1, 0.2], [0.5, 0.5, 0.5], 0.4)


def test_channels_that_lose_nothing_count_as_one():
    cells = [(1.0, p_l, 0.7 if p_l == 0 else 0.1) for p_l in (0.0, 0.5, 1.0)]
    cells += [(0.9, p_l, 0.7) for p_l in (0.0, 0.5)]
    table = pd.DataFrame(cells, columns=["p_n", "p_l", "ccc"])
    assert Gilbert(0.9, 0.5).loss_rate > 0.15
    assert strip_in_plane(table, "ccc", 0.6)[:3].tolist() == [1.0, 1.0, 1.0]
    assert strip_in_plane(table, "ccc", 0.8)[0] == 0.0


@given(channels=channels, needed=st.sampled_from([0.2, 0.5]))
def test_a_strip_counts_channels_around_each_tenth(channels, needed):
    for step, share in enumerate(strip(*zip(*channels, strict=True), needed)):
        around = [score for rate, score in channels if step * 10 - 5 <= 100 * rate < step * 10 + 5]
        if around:
            assert share == pytest.approx(sum(score >= needed for score in around) / len(around))
        else:
            assert np.isnan(share)


def test_a_strip_shows_what_the_largest_bearable_loss_hides():
    rates, scores = np.linspace(0, 0.94, 95), np.full(95, 0.7)
    scores[:3] = 0.5  # fails without loss alone
    assert bearable_loss(rates, scores, 0.6) is None
    assert strip(rates, scores, 0.6)[1:].min() == 1.0
    plane = pd.DataFrame({"p_n": [1.0, 1.0, 0.5], "p_l": [0.0, 0.5, 0.5], "ccc": [0.7, 0.1, 0.7]})
    assert strip_in_plane(plane, "ccc", 0.6)[[0, 5]].tolist() == [1.0, 1.0]  # without loss counts once
