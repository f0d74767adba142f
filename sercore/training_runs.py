"""A training on disk: one checkpoint an epoch, from which a killed run goes on as if never stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor

from sercore.checkpoints import WeightsError, write_atomically
from sercore.training import TrainingPlan, TrainingState, new_state

CHECKPOINT = "checkpoint.safetensors"
HISTORY = "history.jsonl"


def describe_run(plan: TrainingPlan, corpus_sha256: str) -> dict[str, Any]:
    """What a training is, as JSON: two runs with one description pass through the same weights.

    The number of epochs is left out: no schedule depends on it, so a run may be made longer later.
    """
    description = {**asdict(plan), "dimensions": plan.dimensions.to_dict(), "corpus_sha256": corpus_sha256}
    del description["epochs"]
    if not plan.lines:  # runs that were begun before there were lines go on
        del description["lines"]
    return description


def save_run(folder: Path, state: TrainingState, description: Mapping[str, Any]) -> None:
    """Write the checkpoint and the history of the epochs so far, each in one atomic step."""
    tensors = {f"model.{name}": t for name, t in state.model.state_dict().items()}
    tensors |= {f"averaged.{name}": t for name, t in state.averaged.items()}
    tensors |= {f"best.{name}": t for name, t in state.best.items()}
    for index, values in state.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": t for name, t in values.items()}
    metadata = {
        "description": json.dumps(description),
        "progress": json.dumps(
            {
                "epoch": state.epoch,
                "steps": state.steps,
                "best_epoch": state.best_epoch,
                "best_score": state.best_score if state.best_epoch else None,
                "history": state.history,
            }
        ),
    }
    content = tensors_to_bytes({name: t.detach().cpu().contiguous() for name, t in tensors.items()}, metadata)
    write_atomically(folder / CHECKPOINT, content)
    history = "".join(json.dumps(row) + "\n" for row in state.history)
    write_atomically(folder / HISTORY, history.encode())


def start_or_resume(
    folder: Path, plan: TrainingPlan, description: Mapping[str, Any], device: torch.device
) -> TrainingState:
    """The state in the folder's checkpoint, or a new one where there is none yet.

    Raises:
        WeightsError: if the checkpoint is damaged or belongs to another plan or corpus.
    """
    state = new_state(plan, device)
    path = folder / CHECKPOINT
    if not path.exists():
        return state
    try:
        with safe_open(path, framework="pt", device=str(device)) as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no iterator)
        found, progress = json.loads(metadata["description"]), json.loads(metadata["progress"])
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"the checkpoint {path} is damaged ({error}); delete it to start again") from None
    wanted = json.loads(json.dumps(description))
    if found != wanted:
        different = sorted(k for k in wanted | found if wanted.get(k) != found.get(k))
        raise WeightsError(
            f"the checkpoint {path} belongs to another training: {', '.join(different)} differ; "
            "choose another folder or delete it"
        )
    if progress["epoch"] > plan.epochs:
        raise WeightsError(f"the checkpoint {path} has {progress['epoch']} epochs, more than {plan.epochs}")
    _restore(state, tensors, progress)
    return state


def _restore(state: TrainingState, tensors: Mapping[str, Tensor], progress: Mapping[str, Any]) -> None:
    state.model.load_state_dict(_part(tensors, "model."))
    state.averaged = _part(tensors, "averaged.")
    state.best = _part(tensors, "best.")
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _part(tensors, "optimizer.").items():
        index, key = name.split(".", 1)
        moments.setdefault(int(index), {})[key] = tensor
    state.optimizer.load_state_dict({**state.optimizer.state_dict(), "state": moments})
    state.epoch, state.steps = progress["epoch"], progress["steps"]
    state.history = progress["history"]
    if progress["best_epoch"]:
        state.best_epoch, state.best_score = progress["best_epoch"], progress["best_score"]


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
