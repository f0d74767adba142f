"""Train a concealer of a network's features; the network itself learns nothing.

Each epoch loses other packets of the training tracks, over all channels of the setting ``loss_aware``. What
is minimised is how far the filled features are from those of the clean sound, and how far the course that
the network makes of them is from its course without loss.
"""

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
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
from sercore.training.segments import SEGMENT_SECONDS, Pieces, cut_segments
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
        epochs: passes over the training tracks.
        units: of its recurrent half, per direction.
        batch_size: segments in one step.
        learning_rate: Adam's; betas and eps keep PyTorch's defaults.
    """

    both_ways: bool = False
    seed: int = 0
    epochs: int = 40
    units: int = 64
    batch_size: int = 16
    learning_rate: float = 2e-3

    def __post_init__(self) -> None:
        for name, least in (("seed", 0), ("epochs", 1), ("units", 1), ("batch_size", 1)):
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
        ValueError: if a partition has no track long enough for a segment, or no sound.
    """
    started, draws = time.perf_counter(), np.random.default_rng(0)
    segments = cut_segments(heard_tracks(corpus, "train"), SEGMENT_SECONDS)
    devel = [
        lose(network, each, draws) for each in cut_segments(heard_tracks(corpus, "devel"), SEGMENT_SECONDS)
    ]
    frozen = copy.deepcopy(network).requires_grad_(False)
    concealer = _new(network, segments, plan)
    optimizer = torch.optim.Adam(concealer.parameters(), lr=plan.learning_rate)
    best: dict[str, Tensor] = {}
    best_epoch, lowest = 0, math.inf
    for epoch in range(1, plan.epochs + 1):
        learned = []
        for calls in _batches(network, segments, np.random.default_rng([plan.seed, epoch]), plan.batch_size):
            learned.append(objective(frozen, concealer, calls))
            optimizer.zero_grad(set_to_none=True)
            learned[-1].backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        with torch.inference_mode():
            found = objective(frozen, concealer, devel).item()
        if found < lowest:
            best, best_epoch, lowest = copy.deepcopy(concealer.state_dict()), epoch, found
        mean = float(np.mean([each.item() for each in learned]))
        after_epoch({"epoch": epoch, "objective": mean, "devel": found})
    concealer.load_state_dict(rounded_to_half(best))
    card = _card(network, corpus, plan, synthetic=synthetic)
    hours = round((time.perf_counter() - started) / 3600, 3)
    steps = plan.epochs * -(-len(segments) // plan.batch_size)
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
    return errors.square().mean() + one_minus_ccc(network.decode(wanted), course)


@torch.inference_mode()
def lose(network: EmotionModel, segment: Pieces, rng: np.random.Generator) -> Call:
    """One segment through one draw of the channels of ``LOSS_AWARE``, as the network hears it."""
    audio, gold = segment
    received, _ = draw_for_setting(LOSS_AWARE, len(gold), rng)
    (left, told), _ = LOSS_AWARE.hear(audio, gold, received)
    features = features_of(network, left)
    call = in_time(features, torch.from_numpy(told).to(features.device))
    return call[:, :-2].clone(), call[:, -2].clone(), features_of(network, audio)


def _batches(
    network: EmotionModel, segments: Sequence[Pieces], rng: np.random.Generator, size: int
) -> Iterator[list[Call]]:
    order = rng.permutation(len(segments))
    for start in range(0, len(order), size):
        yield [lose(network, segments[i], rng) for i in order[start : start + size]]


def _new(network: EmotionModel, segments: Sequence[Pieces], plan: ConcealmentPlan) -> FeatureConcealer:
    dimensions = ConcealerDimensions(network.dimensions.channels[-1], plan.units, plan.both_ways)
    device = next(network.parameters()).device
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(epoch_seed(plan.seed, 0))
        concealer = FeatureConcealer(dimensions).to(device)
    with torch.inference_mode():
        concealer.measure(torch.cat([features_of(network, audio) for audio, _ in segments]))
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
