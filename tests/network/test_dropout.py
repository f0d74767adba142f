"""Dropout that draws bytes must still be dropout."""

import pytest
import torch
from scipy.stats import binomtest, chisquare

from sercore.network.kernels.dropout import draw_kept


@pytest.mark.parametrize("rate", [0.5, 0.25, 0.1, 1 / 3, 0.999])
def test_numbers_are_dropped_at_the_rate_asked_for(rate):
    torch.manual_seed(0)
    kept = draw_kept((1000, 777), rate)
    assert kept.shape == (1000, 777)
    assert set(kept.unique().tolist()) == {0, 1}
    assert binomtest(int(kept.long().sum()), kept.numel(), 1 - rate).pvalue > 0.001


def test_neighbours_are_dropped_independently():
    torch.manual_seed(0)
    kept = draw_kept((1 << 20,), 0.5)
    patterns = (kept.view(-1, 8).long() * 2 ** torch.arange(8)).sum(1)
    assert chisquare(torch.bincount(patterns, minlength=256).numpy()).pvalue > 0.001


def test_rates_of_nought_and_one_are_exact():
    assert draw_kept((999,), 0.0).all()
    assert not draw_kept((999,), 1.0).any()
    assert draw_kept((0, 3), 0.5).shape == (0, 3)


def test_the_same_seed_draws_the_same():
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(draw_kept((4, 5, 6), 0.3))
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_a_rate_that_is_no_probability_is_refused(rate):
    with pytest.raises(ValueError, match="rate must lie"):
        draw_kept((3,), rate)


def test_a_compiled_network_keeps_as_large_a_share():
    kept = torch.compile(draw_kept, backend="eager")((100, 100), 0.25)
    assert kept.dtype == torch.uint8
    assert abs(kept.float().mean().item() - 0.75) < 0.03
