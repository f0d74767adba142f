"""Train a concealer of a network's features; the network itself learns nothing.

Each training segment goes once through some draws of the channels of the setting ``loss_aware``, so that the
convolutions, which stay, need not be computed again. What
is minimised is how far the filled features are from those of the clean sound, and how far the course that
the network makes of them is from its course without loss.
"""

import copy
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from torch import Tensor

from sercore.corpus import Corpus
from sercore.corpus.partition import heard_tracks
from sercore.network.card import Card
from sercore.network.feature_concealer import ConcealerDimensions, FeatureConcealer
from sercore.network.inference import features_of
from sercore.network.loss_aware import in_time
from sercore.network.model import EmotionModel
from sercore.network.weights import rounded_to_half
from sercore.provenance import git_commit, machine, versions
from sercore.training.objective import one_minus_ccc
from sercore.training.report import FOR_ALL, RECORDED, SYNTHETIC
from sercore.training.segments import SEGMENT_SECONDS, cut_segments
from sercore.training.settings import LOSS_AWARE, draw_for_setting
from sercore.training.state import epoch_seed

Call = tuple[Tensor, Tensor, Tensor]
"""Of one segment: features of what arrives, share of each frame that is lost, features of the clean sound."""


@dataclass(frozen=True)
class ConcealmentPlan:
    """How a concealer is trained.

    Args:
        both_ways: whether it runs backwards, too.
        seed: decides initial weights, order of segments and losses.
        draws: losses of each segment.
        epochs: passes over all of them.
        units: of its recurrent half, per direction.
        batch_size: segments in one step.
        learning_rate: Adam's; betas and eps keep PyTorch's defaults.
    """

    both_ways: bool = False
    seed: int = 0
    draws: int = 8
    epochs: int = 15
    units: int = 64
    batch_size: int = 16
    learning_rate: float = 2e-3

    def __post_init__(self) -> None:
        for name, least in (("seed", 0), ("draws", 1), ("epochs", 1), ("units", 1), ("batch_size", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {self.learning_rate}")


def train_concealer(
    network: EmotionModel,
    corpus: Corpus,
    plan: ConcealmentPlan,
    *,
    synthetic: bool,
    after_epoch: Callable[[dict[str, float]], None] = lambda _: None,
) -> tuple[FeatureConcealer, Card]:
    """A concealer for a network in eval mode; of all epochs, the weights that are best on devel.

    Args:
        network: whose features are filled in.
        corpus: its train partition is learned, its devel partition chooses.
        plan: how.
        synthetic: whether sercore made the corpus, for the card.
        after_epoch: called with epoch, objective and devel objective.

    Returns:
        The concealer in eval mode, its matrices rounded as they will be stored, and its card.

    Raises:
        ValueError: if a partition has no track long enough for a segment, or no sound, or the network's card
            does not say in which setting it was trained.
    """
    if network.card.setting_name is None:
        raise ValueError("the network's card does not say in which setting it was trained")
    started = time.perf_counter()
    train, devel = (
        lose_some(network, corpus, name, draws, seed)
        for name, draws, seed in (("train", plan.draws, plan.seed + 1), ("devel", 1, 0))
    )
    frozen = copy.deepcopy(network).requires_grad_(False)
    concealer = _new(network, train, plan)
    optimizer = torch.optim.Adam(concealer.parameters(), lr=plan.learning_rate)
    best: dict[str, Tensor] = {}
    best_epoch, lowest = 0, math.inf
    for epoch in range(1, plan.epochs + 1):
        learned = []
        order = np.random.default_rng([plan.seed, epoch]).permutation(len(train))
        for start in range(0, len(order), plan.batch_size):
            calls = [train[i] for i in order[start : start + plan.batch_size]]
            loss = objective(frozen, concealer, calls)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            learned.append(loss.item())
        with torch.inference_mode():
            found = objective(frozen, concealer, devel).item()
        if found < lowest:
            best, best_epoch, lowest = copy.deepcopy(concealer.state_dict()), epoch, found
        after_epoch({"epoch": epoch, "objective": float(np.mean(learned)), "devel": found})
    concealer.load_state_dict(rounded_to_half(best))
    card = _card(network, corpus, plan, synthetic=synthetic)
    hours = round((time.perf_counter() - started) / 3600, 3)
    steps = plan.epochs * -(-len(train) // plan.batch_size)
    return concealer.eval(), replace(card, best_epoch=best_epoch, steps=steps, training_hours=hours)


def objective(network: EmotionModel, concealer: FeatureConcealer, calls: Sequence[Call]) -> Tensor:
    """Squared error of lost frames, over the features' variance, plus 1 - CCC with the course without loss.

    Shape: segments of one length -> ().
    """
    features, lost, clean = (list(each) for each in zip(*calls, strict=True))
    filled = torch.stack(concealer(features, lost))
    wanted = torch.stack(clean)
    errors = ((filled - wanted) / concealer.spread)[torch.stack(lost) > 0]
    course = network.decode(filled)
    return errors.square().sum() / max(errors.numel(), 1) + one_minus_ccc(network.decode(wanted), course)


@torch.inference_mode()
def lose_some(network: EmotionModel, corpus: Corpus, partition: str, draws: int, seed: int) -> list[Call]:
    """Every segment of a partition through draws of the channels of ``LOSS_AWARE``, as a network hears it.

    Raises:
        ValueError: if the partition has no track long enough for a segment, or no sound.
    """
    rng, calls = np.random.default_rng(seed), []
    for piece, gold in cut_segments(heard_tracks(corpus, partition), SEGMENT_SECONDS):
        audio = np.asarray(piece)
        clean = features_of(network, audio)
        for _ in range(draws):
            received, _ = draw_for_setting(LOSS_AWARE, len(gold), rng)
            (left, told), _ = LOSS_AWARE.hear(audio, gold, received)
            call = in_time(features_of(network, left), torch.from_numpy(told).to(clean.device))
            calls.append((call[:, :-2], call[:, -2], clean))
    return calls


def _new(network: EmotionModel, calls: Sequence[Call], plan: ConcealmentPlan) -> FeatureConcealer:
    dimensions = ConcealerDimensions(network.dimensions.channels[-1], plan.units, plan.both_ways)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(epoch_seed(plan.seed, 0))
        concealer = FeatureConcealer(dimensions).to(calls[0][0].device)
    concealer.measure(torch.cat([clean for *_, clean in calls]))
    return concealer


def _card(network: EmotionModel, corpus: Corpus, plan: ConcealmentPlan, *, synthetic: bool) -> Card:
    train = corpus.partition("train")
    learned = {"name": corpus.name, "sha256": corpus.sha256, "training_tracks": len(train)}
    return Card(
        setting=asdict(LOSS_AWARE),
        conceals={"setting": network.card.setting_name, "sha256": network.card.sha256},
        corpus=learned | {"training_minutes": round(sum(track.seconds for track in train) / 60, 2)},
        seed=plan.seed,
        epochs=plan.epochs,
        optimiser=f"Adam, learning rate {plan.learning_rate}",
        batch_size=plan.batch_size,
        segment_seconds=SEGMENT_SECONDS,
        chosen="best",
        chosen_by="lowest objective on devel",
        machine=machine(),
        git_commit=git_commit(),
        versions=versions(),
        limits=f"{SYNTHETIC if synthetic else RECORDED} {FOR_ALL}",
    )
