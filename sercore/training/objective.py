"""What a training minimises: one minus the agreement with the gold standard (paper Eq. 3)."""

from collections.abc import Callable

from torch import Tensor

Objective = Callable[[Tensor, Tensor], Tensor]


def one_minus_ccc(gold: Tensor, predicted: Tensor) -> Tensor:
    """1 - CCC over time, averaged over examples and dimensions (paper Eq. 3).

    Population moments. A billionth is added to the denominator, so that the gradient stays finite where
    a prediction and its gold standard are both constant and equal.

    Shape: (batch, frames, dimensions) twice -> ().
    """
    gold_mean = gold.mean(dim=1, keepdim=True)
    predicted_mean = predicted.mean(dim=1, keepdim=True)
    gold_centred = gold - gold_mean
    predicted_centred = predicted - predicted_mean
    covariance = (gold_centred * predicted_centred).mean(dim=1)
    bias = (gold_mean - predicted_mean).squeeze(1)
    spread = gold_centred.square().mean(dim=1) + predicted_centred.square().mean(dim=1) + bias.square()
    return (1 - 2 * covariance / (spread + 1e-9)).mean()


def one_minus_ccc_of_utterances(gold: Tensor, predicted: Tensor) -> Tensor:
    """1 - CCC over the utterances of a batch, of each the mean over time. Shapes as for ``one_minus_ccc``."""
    return one_minus_ccc(gold.mean(dim=1)[None], predicted.mean(dim=1)[None])
