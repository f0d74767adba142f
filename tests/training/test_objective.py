"""The objective: 1 minus the CCC, and a gradient that is always finite."""

import numpy as np
import pytest
import torch

from sercore.scoring.concordance import ccc
from sercore.training.objective import one_minus_ccc


def test_the_objective_is_1_minus_the_mean_ccc_over_examples_and_dimensions():
    rng = np.random.default_rng(0)
    gold, predicted = rng.normal(size=(2, 3, 50, 2))
    expected = 1 - np.mean([ccc(gold[i, :, d], predicted[i, :, d]) for i in range(3) for d in range(2)])
    assert one_minus_ccc(torch.tensor(gold), torch.tensor(predicted)).item() == pytest.approx(
        expected, abs=1e-6
    )


def test_the_objectives_gradient_is_finite_where_both_are_constant():
    predicted = torch.zeros(1, 5, 2, requires_grad=True)
    one_minus_ccc(torch.zeros(1, 5, 2), predicted).backward()
    assert torch.isfinite(predicted.grad).all()
