"""A training between two epochs."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sercore.network.model import EmotionModel
from sercore.training.plan import TrainingPlan


@dataclass(eq=False)
class TrainingState:
    """Everything that the next epoch reads.

    All chance of an epoch is derived from (seed, epoch), so no random state has to be carried over.
    """

    model: EmotionModel
    averaged: dict[str, Tensor]
    optimizer: torch.optim.Optimizer
    epoch: int = 0
    steps: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)
    best_epoch: int = 0
    best_score: float = -np.inf
    history: list[dict[str, Any]] = field(default_factory=list)


def new_state(plan: TrainingPlan, device: torch.device) -> TrainingState:
    """A network before its first epoch, its weights drawn from the plan's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(epoch_seed(plan.seed, 0))
        model = EmotionModel(plan.dimensions).to(device)
    optimizer = torch.optim.Adadelta(model.parameters(), lr=plan.learning_rate)
    return TrainingState(model, copy_weights(model), optimizer)


def copy_weights(model: nn.Module) -> dict[str, Tensor]:
    """The weights as they are now, whatever becomes of the network."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def epoch_seed(seed: int, epoch: int) -> int:
    """A seed for torch, far from those of other epochs and trainings."""
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])
