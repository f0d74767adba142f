"""One whole training: from where it stopped, epoch after epoch, to the network that is kept and its card."""

from collections.abc import Callable
from pathlib import Path

import torch

from sercore.corpus.corpus import Corpus
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.training.checkpoint import describe_run, save_run, start_or_resume
from sercore.training.loop import train
from sercore.training.plan import TrainingPlan
from sercore.training.report import report_training
from sercore.training.state import TrainingState


def run_training(
    folder: Path,
    corpus: Corpus,
    plan: TrainingPlan,
    device: torch.device,
    *,
    synthetic: bool,
    after_epoch: Callable[[TrainingState], None] | None = None,
) -> tuple[EmotionModel, Card]:
    """Train a network, or go on where a killed training stopped, and choose its best weights on devel.

    Args:
        folder: where checkpoint and history lie.
        corpus: what is learned.
        plan: how.
        device: where to compute.
        synthetic: whether sercore made the corpus.
        after_epoch: called after each epoch, once it is saved.

    Returns:
        The chosen network in eval mode, and its card, as from ``report_training``.

    Raises:
        WeightsError: if the checkpoint is damaged or belongs to another plan or corpus.
    """
    description = describe_run(plan, corpus.sha256)

    def save(state: TrainingState) -> None:
        save_run(folder, state, description)
        if after_epoch is not None:
            after_epoch(state)

    state = start_or_resume(folder, plan, description, device)
    train(corpus, plan, state, after_epoch=save)
    return report_training(corpus, plan, state, synthetic=synthetic)
