"""Train one network in one setting; stop and go on anywhere (paper sections 2.3 and 3.1)."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from sercore.audio import LABEL_RATE
from sercore.checkpoints import rounded_to_half
from sercore.drop import drop_lost
from sercore.lines import draw_line
from sercore.model import EmotionModel, ModelDimensions
from sercore.prediction import score_tracks
from sercore.segments import BATCH_SIZE, SEGMENT_SECONDS, Segments, cut_segments
from sercore.settings import MISMATCHED, Setting
from sercore.transmission import send

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.corpus import Corpus, Track

MIN_FRAMES = 5  # a mask that keeps less than 1 s of a segment gives no usable CCC and is drawn again
_MOST_REDRAWS = 10_000


@dataclass(frozen=True)
class TrainingPlan:
    """All that decides the outcome of a training, beside the corpus. The defaults are the paper's.

    Args:
        setting: what the network hears while it is trained.
        seed: decides initial weights, order of segments, channels and dropout.
        epochs: passes over the training partition.
        batch_size: segments in one step.
        segment_seconds: length of a training piece.
        learning_rate: Adadelta's; rho and eps keep PyTorch's defaults (0.9 and 1e-6).
        devel_every: score the devel partition after this many epochs, and after the last.
        averaging_decay: share of the running average of the weights that survives one step.
        lines: send each segment through a microphone, a room, noise or a telephone of its own, drawn anew
            each time (``sercore.lines``), before anything of it is lost. The paper does not.
    """

    setting: Setting = MISMATCHED
    seed: int = 0
    epochs: int = 200
    batch_size: int = BATCH_SIZE
    segment_seconds: float = SEGMENT_SECONDS
    learning_rate: float = 0.5
    devel_every: int = 10
    averaging_decay: float = 0.998
    lines: bool = False
    dimensions: ModelDimensions = field(default_factory=ModelDimensions)

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "devel_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not 1 / LABEL_RATE <= self.segment_seconds <= 3600:
            raise ValueError(
                f"segment_seconds must be {1 / LABEL_RATE:g} s to an hour, got {self.segment_seconds:g} s"
            )
        if self.seed < 0:
            raise ValueError(f"seed must be at least 0, got {self.seed}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {self.learning_rate}")
        if not 0 <= self.averaging_decay < 1:
            raise ValueError(f"averaging_decay must lie in [0, 1), got {self.averaging_decay}")


@dataclass(eq=False)
class TrainingState:
    """A training between two epochs: everything that the next epoch reads.

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


def one_minus_ccc(gold: Tensor, predicted: Tensor) -> Tensor:
    """The training objective: 1 - CCC over time, averaged over examples and dimensions (paper Eq. 3).

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


def new_state(plan: TrainingPlan, device: torch.device) -> TrainingState:
    """A network before its first epoch, its weights drawn from the plan's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_epoch_seed(plan.seed, 0))
        model = EmotionModel(plan.dimensions).to(device)
    optimizer = torch.optim.Adadelta(model.parameters(), lr=plan.learning_rate)
    return TrainingState(model, _copy_weights(model), optimizer)


def train(
    corpus: Corpus,
    plan: TrainingPlan,
    state: TrainingState,
    *,
    after_epoch: Callable[[TrainingState], None] | None = None,
) -> TrainingState:
    """Go on from ``state`` until the plan's last epoch.

    Args:
        corpus: its train partition is learned, its devel partition scored.
        plan: what to do.
        state: where to start; ``new_state`` or one read from a checkpoint.
        after_epoch: called after each epoch, to save and to show progress.

    Returns:
        ``state``, after the last epoch.

    Raises:
        ValueError: if the corpus has no training track long enough for one segment, or no devel track.
    """
    segments = cut_segments(corpus.partition("train"), plan.segment_seconds)
    devel = devel_channels(corpus.partition("devel"), plan)
    while state.epoch < plan.epochs:
        started = time.perf_counter()
        row = _train_epoch(segments, plan, state)
        if state.epoch % plan.devel_every == 0 or state.epoch == plan.epochs:
            row |= _score_devel(devel, state)
        state.history.append({**row, "seconds": time.perf_counter() - started})
        if after_epoch is not None:
            after_epoch(state)
    return state


def _train_epoch(segments: Segments, plan: TrainingPlan, state: TrainingState) -> dict[str, Any]:
    state.epoch += 1
    rng = np.random.default_rng([plan.seed, state.epoch])
    device = next(state.model.parameters()).device
    # Chance of its own, so that the same network without lines meets the same segments and losses.
    chance = np.random.default_rng([plan.seed, state.epoch, 1])
    objectives, kept, redrawn = [], [], 0
    state.model.train()
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(_epoch_seed(plan.seed, state.epoch))
        for audio, gold in segments.batches(rng, plan.batch_size):
            received, redraws = draw_received(plan.setting, gold.shape[1], rng)
            spoken = torch.from_numpy(audio).to(device)
            heard = through_lines(spoken, chance) if plan.lines else spoken
            objectives.append(_step(plan, state, *drop_lost(heard, torch.from_numpy(gold), received)))
            kept.append(received.mean())
            redrawn += redraws
    return {
        "epoch": state.epoch,
        "objective": float(np.mean(objectives)),
        "received": float(np.mean(kept)),
        "redrawn": redrawn,
    }


def through_lines(audio: Tensor, rng: np.random.Generator) -> Tensor:
    """Each segment of a batch through a line of its own. Shape: (batch, samples) -> (batch, samples)."""
    generator = torch.Generator(audio.device).manual_seed(int(rng.integers(2**63)))
    return send(audio, [draw_line(rng) for _ in audio], generator)


def _step(plan: TrainingPlan, state: TrainingState, audio: Tensor, gold: Tensor) -> float:
    objective = one_minus_ccc(gold.to(audio.device), state.model(audio))
    state.optimizer.zero_grad(set_to_none=True)
    objective.backward()  # type: ignore[no-untyped-call]
    state.optimizer.step()
    state.steps += 1
    # The average follows closely at first, while the weights are still far from where they end.
    decay = min(plan.averaging_decay, (1 + state.steps) / (10 + state.steps))
    with torch.no_grad():
        for name, value in state.model.state_dict().items():
            if value.is_floating_point():
                state.averaged[name].lerp_(value, 1 - decay)
            else:
                state.averaged[name].copy_(value)
    return objective.item()


def draw_received(setting: Setting, n_frames: int, rng: np.random.Generator) -> tuple[NDArray[np.bool_], int]:
    """One mask for a whole batch, and how often it had to be drawn again.

    A draw that keeps fewer than ``MIN_FRAMES`` frames is thrown away with its channel: at p_L near 1 no
    other mask of that channel would do better.
    """
    for redraws in range(_MOST_REDRAWS):
        channel = setting.draw(rng)
        if channel is None:
            return np.ones(n_frames, dtype=bool), 0
        received = channel.sample(n_frames, rng)
        if received.sum() >= min(MIN_FRAMES, n_frames):
            return received, redraws
    raise ValueError(f"no draw of the setting {setting.name} keeps {MIN_FRAMES} of {n_frames} frames")


def devel_channels(tracks: Sequence[Track], plan: TrainingPlan) -> list[tuple[Track, NDArray[np.bool_]]]:
    """The devel tracks, each heard through one fixed draw of the plan's own setting.

    A network that is meant for loss is thus chosen under loss; the draws are the same in each epoch
    and for each seed.

    Raises:
        ValueError: if there is no devel track.
    """
    if not tracks:
        raise ValueError("the corpus has no devel partition, which decides which weights are kept")
    rng = np.random.default_rng(0)
    return [(track, draw_received(plan.setting, track.n_frames, rng)[0]) for track in tracks]


def _score_devel(devel: Sequence[tuple[Track, NDArray[np.bool_]]], state: TrainingState) -> dict[str, float]:
    arousal, valence = score_tracks(state.model.eval(), devel)
    averaged_arousal, averaged_valence = score_tracks(averaged_model(state), devel)
    score = (arousal + valence) / 2
    if score > state.best_score:
        state.best = _copy_weights(state.model)
        state.best_epoch, state.best_score = state.epoch, score
    return {
        "devel_arousal": arousal,
        "devel_valence": valence,
        "averaged_devel_arousal": averaged_arousal,
        "averaged_devel_valence": averaged_valence,
    }


def candidates(state: TrainingState) -> Iterator[tuple[str, EmotionModel]]:
    """The three networks that one training yields: last epoch, best epoch on devel, averaged weights.

    Their weights are rounded as they will be stored, so that the scores are those of the stored network.
    """
    yield "last", _with_weights(state.model, rounded_to_half(state.model.state_dict()))
    yield "best", _with_weights(state.model, rounded_to_half(state.best))
    yield "averaged", _with_weights(state.model, rounded_to_half(state.averaged))


def averaged_model(state: TrainingState) -> EmotionModel:
    """The network with the running average of its weights, in eval mode."""
    return _with_weights(state.model, state.averaged)


def choose_device(name: str) -> torch.device:
    """``auto`` takes CUDA where there is one, and makes float32 there mean float32.

    By default PyTorch multiplies matrices in full, but lets cuDNN round an LSTM to the ten bits of TF32.

    Raises:
        ValueError: if ``cuda`` is asked for and there is none.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device must be auto, cpu or cuda, got {name!r}")
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("device cuda was asked for, but PyTorch finds no CUDA device on this machine")
    if name == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    torch.backends.cudnn.allow_tf32 = False
    return torch.device("cuda")


def _with_weights(model: EmotionModel, weights: dict[str, Tensor]) -> EmotionModel:
    twin = copy.deepcopy(model)
    twin.load_state_dict(weights)
    return twin.eval()


def _copy_weights(model: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _epoch_seed(seed: int, epoch: int) -> int:
    """A seed for torch, far from those of other epochs and trainings."""
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])
