"""Train one network in one setting, epoch after epoch (paper sections 2.3 and 3.1)."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from sercore.corpus import Corpus
from sercore.corpus.partition import heard_tracks
from sercore.line.acoustics import draw_acoustics
from sercore.line.transmission import send
from sercore.scoring.concordance import never_moves
from sercore.training.objective import Objective, one_minus_ccc, one_minus_ccc_of_utterances
from sercore.training.plan import TrainingPlan
from sercore.training.segments import Segment, batches, cut_segments
from sercore.training.selection import devel_through_own_channels, score_devel
from sercore.training.settings import Floats, draw_for_setting
from sercore.training.state import TrainingState, epoch_seed, new_state

LINED = 0.5  # share of the segments that pass a line, in a training with lines


def train(
    corpus: Corpus,
    plan: TrainingPlan,
    state: TrainingState | None = None,
    *,
    after_epoch: Callable[[TrainingState], None] | None = None,
) -> TrainingState:
    """Go on from ``state`` until the plan's last epoch.

    Args:
        corpus: its train partition is learned, its devel partition scored.
        plan: what to do.
        state: where to start: ``new_state`` (on the processor, if left out) or one read from a checkpoint.
        after_epoch: called after each epoch, to save and to show progress.

    Returns:
        ``state``, after the last epoch.

    Raises:
        ValueError: if the corpus has no training track long enough for one segment, no devel track, or a
            gold standard that never moves or no sound in one of the two.
    """
    state = state or new_state(plan, torch.device("cpu"))
    heard = heard_tracks(corpus, "train")
    segments = cut_segments(heard, plan.segment_seconds)
    courses, objective = [gold for _, gold in segments], one_minus_ccc
    if any(track.utterance for track in heard):
        courses, objective = [np.concatenate([gold[:1] for gold in courses])], one_minus_ccc_of_utterances
    if all(never_moves(gold).all() for gold in courses):
        raise ValueError(
            "the gold standard never moves in any training segment: nothing can be learned of it"
        )
    heard_tracks(corpus, "devel")
    devel = devel_through_own_channels(corpus, plan.setting)
    while state.epoch < plan.epochs:
        started = time.perf_counter()
        row = _train_epoch(segments, plan, state, objective)
        if state.epoch % plan.devel_every == 0 or state.epoch == plan.epochs:
            row |= score_devel(devel, state, plan.setting)
        state.history.append({**row, "seconds": time.perf_counter() - started})
        if after_epoch is not None:
            after_epoch(state)
    return state


def _train_epoch(
    segments: list[Segment], plan: TrainingPlan, state: TrainingState, objective: Objective
) -> dict[str, Any]:
    state.epoch += 1
    rng = np.random.default_rng([plan.seed, state.epoch])
    chance_of_lines = np.random.default_rng([plan.seed, state.epoch, 1])  # so that all else stays as it is
    device = next(state.model.parameters()).device
    objectives, shares, redrawn = [], [], 0
    state.model.train()
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(epoch_seed(plan.seed, state.epoch))
        for audio, gold in batches(segments, rng, plan.batch_size):
            if plan.lines:
                pass_lines(audio, chance_of_lines)
            received, redraws = draw_for_setting(plan.setting, gold.shape[1], rng)
            objectives.append(_step(plan, state, objective, *plan.setting.hear(audio, gold, received)))
            shares.append(received.mean())
            redrawn += redraws
    means = {"objective": float(np.mean(objectives)), "received": float(np.mean(shares))}
    return {"epoch": state.epoch, **means, "redrawn": redrawn}


def pass_lines(audio: Floats, rng: np.random.Generator) -> None:
    """Half of the segments, by chance, through acoustics of their own, in place. Shape: (batch, samples).

    They are the first of a batch, which is in random order itself, for then they need not be gathered.
    ``scripts/bench.py lines`` measures what a step takes more.
    """
    if number := rng.binomial(len(audio), LINED):
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        lined = torch.from_numpy(audio[:number])
        lined.copy_(send(lined, [draw_acoustics(rng) for _ in lined], generator))


def _step(
    plan: TrainingPlan, state: TrainingState, objective: Objective, heard: Sequence[Floats], gold: Floats
) -> float:
    device = next(state.model.parameters()).device
    predicted = state.model(*(torch.from_numpy(each).to(device) for each in heard))
    far_off = objective(torch.from_numpy(gold).to(device), predicted)
    state.optimizer.zero_grad(set_to_none=True)
    far_off.backward()  # type: ignore[no-untyped-call]
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
    return far_off.item()
