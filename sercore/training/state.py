"""A training between two epochs, in memory and on disk: a killed run goes on as if never stopped."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor, nn

from sercore.files import remove_abandoned, replacing, write_file
from sercore.network.model import EmotionModel
from sercore.network.tensor_file import read_notes, read_tensor_file, read_tensors
from sercore.network.weights import WeightsError
from sercore.reading import Count, checked, json_of
from sercore.training.plan import TrainingPlan

_CHECKPOINT = "checkpoint.safetensors"
_BEFORE = "checkpoint-before.safetensors"  # of the last epoch but one, should a disk lose the newest
_HISTORY = "history.jsonl"
_DAMAGE = (OSError, KeyError, TypeError, ValueError, RuntimeError)
_PROGRESS: Mapping[str, Any] = {
    **dict.fromkeys(("epoch", "steps", "best_epoch"), Count),
    "best_score": float | None,
    "history": tuple[Mapping[str, Any], ...],
}


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


def describe_run(plan: TrainingPlan, corpus_sha256: str) -> dict[str, Any]:
    """What a training is, as JSON: two runs with one description pass through the same weights.

    The number of epochs is left out: no schedule depends on it, so a run may be made longer later.
    """
    decisive = {name: value for name, value in asdict(plan).items() if name != "epochs"}
    return decisive | {"corpus_sha256": corpus_sha256}


def save_run(folder: Path, state: TrainingState, description: Mapping[str, Any]) -> None:
    """Write the checkpoint and the history of the epochs so far, each in one atomic step.

    The checkpoint that was there is kept beside the new one.
    """
    parts = {"model": state.model.state_dict(), "averaged": state.averaged, "best": state.best}
    for index, values in state.optimizer.state_dict()["state"].items():
        parts[f"optimizer.{index}"] = values
    tensors = {
        f"{part}.{name}": tensor.detach().cpu().contiguous()
        for part, named in parts.items()
        for name, tensor in named.items()
    }
    progress = {name: getattr(state, name) for name in _PROGRESS}
    if not state.best_epoch:
        progress["best_score"] = None  # JSON has no minus infinity
    metadata = {"description": json.dumps(description), "progress": json.dumps(progress)}
    newest = folder / _CHECKPOINT
    with replacing(newest) as temporary:
        temporary.write_bytes(tensors_to_bytes(tensors, metadata))
        with suppress(FileNotFoundError):  # the first
            newest.replace(folder / _BEFORE)
    write_file(folder / _HISTORY, "".join(json.dumps(row) + "\n" for row in state.history))


def epochs_done(folder: Path) -> int:
    """After how many epochs the training in a folder could go on; 0 where it has no sound checkpoint."""
    for name in (_CHECKPOINT, _BEFORE):
        with suppress(*_DAMAGE):
            return int(_progress_in(read_notes(folder / name))["epoch"])
    return 0


def start_or_resume(
    folder: Path, plan: TrainingPlan, description: Mapping[str, Any], device: torch.device
) -> TrainingState:
    """The state in the folder's checkpoint, or in the one before where that is damaged; else a new one.

    Raises:
        WeightsError: if no checkpoint is sound, or one belongs to another plan or corpus.
    """
    remove_abandoned(folder)
    newest, damage = folder / _CHECKPOINT, ""
    for path in (newest, folder / _BEFORE):
        if not path.exists():
            continue
        try:
            state = _resumed(path, plan, description, device)
        except WeightsError:
            raise
        except _DAMAGE as error:
            damage = damage or f"the checkpoint {path} is damaged ({error}); delete it to start again"
            continue
        if damage:  # else it would take the place of the sound one when the next is saved
            newest.unlink()
        return state
    if damage:
        raise WeightsError(damage)
    return new_state(plan, device)


def _resumed(
    path: Path, plan: TrainingPlan, description: Mapping[str, Any], device: torch.device
) -> TrainingState:
    tensors, notes = read_tensors(read_tensor_file(path))
    found, progress = json_of(notes["description"]), _progress_in(notes)
    wanted = json.loads(json.dumps(description))
    if found != wanted:
        different = sorted(k for k in wanted | found if wanted.get(k) != found.get(k))
        raise WeightsError(
            f"the checkpoint {path} belongs to another training: {', '.join(different)} differ; "
            "choose another folder or delete it"
        )
    if progress["epoch"] > plan.epochs:
        raise WeightsError(f"the checkpoint {path} has {progress['epoch']} epochs, more than {plan.epochs}")
    state = new_state(plan, device)
    _restore(state, {name: tensor.to(device) for name, tensor in tensors.items()}, progress)
    return state


def _progress_in(notes: Mapping[str, str]) -> dict[str, Any]:
    found = json.loads(notes["progress"])  # in whose history an objective may be NaN
    return {name: checked(kind, found[name], name) for name, kind in _PROGRESS.items()}


def _restore(state: TrainingState, tensors: Mapping[str, Tensor], progress: Mapping[str, Any]) -> None:
    parts: dict[str, dict[str, Tensor]] = {"averaged": {}, "best": {}, "model": {}, "optimizer": {}}
    for name, tensor in tensors.items():
        part, _, inner = name.partition(".")
        parts[part][inner] = tensor
    state.averaged, state.best = parts["averaged"], parts["best"]
    state.model.load_state_dict(parts["model"])
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in parts["optimizer"].items():
        index, _, key = name.partition(".")
        moments.setdefault(int(index), {})[key] = tensor
    state.optimizer.load_state_dict({**state.optimizer.state_dict(), "state": moments})
    for name, value in progress.items():
        if value is not None:
            setattr(state, name, list(value) if name == "history" else value)
