"""A training between two epochs, in memory and on disk: a killed run goes on as if never stopped."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor, nn

from sercore.files import remove_abandoned, replacing, write_file
from sercore.network.model import EmotionModel
from sercore.network.tensor_file import check_numbers, fitted, read_notes, read_tensor_file, read_tensors
from sercore.network.weights import WeightsError, model_of
from sercore.reading import Amount, Count, Holds, ReadingError, checked, json_of, made, shortened
from sercore.training.plan import TrainingPlan

_CHECKPOINT = "checkpoint.safetensors"
_BEFORE = "checkpoint-before.safetensors"  # of the last epoch but one, should a disk lose the newest
_HISTORY = "history.jsonl"
_Row = Annotated[
    Mapping[str, float],
    Holds(
        {"epoch": Count, "redrawn": Count, "seconds": Amount},
        needed=("epoch", "objective", "redrawn", "seconds"),
    ),
]


@dataclass(frozen=True)
class _Progress:
    """How far a checkpoint is, as JSON holds it."""

    epoch: Count
    steps: Count
    best_epoch: Count
    best_score: float | None
    history: tuple[_Row, ...]

    def __post_init__(self) -> None:
        if [row["epoch"] for row in self.history] != list(range(1, self.epoch + 1)):
            raise ValueError(f"its history must have the epochs 1 to {self.epoch}, one row each")
        if self.best_epoch > self.epoch or (self.best_score is None) != (self.best_epoch == 0):
            raise ValueError(f"of {self.epoch} epochs number {self.best_epoch} cannot be the best")


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
        model = model_of(plan.setting.name)(plan.dimensions).to(device)
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
    decisive = {name: value for name, value in plan.decisive().items() if name != "epochs"}
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
    progress = {each.name: getattr(state, each.name) for each in fields(_Progress)}
    if not state.best_epoch:
        progress["best_score"] = None  # JSON has no minus infinity
    metadata = {"description": json.dumps(description), "progress": json.dumps(progress)}
    newest = folder / _CHECKPOINT
    with replacing(newest) as temporary:
        temporary.write_bytes(tensors_to_bytes(tensors, metadata))
        with suppress(FileNotFoundError):  # the first
            newest.replace(folder / _BEFORE)
    _write_history(folder, state)


def _write_history(folder: Path, state: TrainingState) -> None:
    write_file(folder / _HISTORY, "".join(json.dumps(row) + "\n" for row in state.history))


def epochs_done(folder: Path) -> int:
    """After how many epochs the training in a folder could go on; 0 where it has no sound checkpoint."""
    for name in (_CHECKPOINT, _BEFORE):
        with suppress(ReadingError):
            return _progress_in(read_notes(folder / name)).epoch
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
        except ReadingError as error:
            damage = damage or f"the checkpoint {path} is damaged ({error}); delete it to start again"
            continue
        if damage:  # else it would take the place of the sound one when the next is saved
            newest.unlink()
        _write_history(folder, state)  # which may be of an epoch before, if the program was killed in between
        return state
    if damage:
        raise WeightsError(damage)
    return new_state(plan, device)


def _resumed(
    path: Path, plan: TrainingPlan, description: Mapping[str, Any], device: torch.device
) -> TrainingState:
    tensors, notes = read_tensors(read_tensor_file(path))
    progress = _progress_in(notes)
    found = checked(Mapping[str, Any], json_of(_note(notes, "description")), "description")
    wanted = json.loads(json.dumps(description))
    if found != wanted:
        different = ", ".join(sorted(k for k in wanted | found if wanted.get(k) != found.get(k)))
        raise WeightsError(
            f"the checkpoint {path} belongs to another training: {shortened(different)[1:-1]} differ; "
            "choose another folder or delete it"
        )
    if progress.epoch > plan.epochs:
        raise WeightsError(f"the checkpoint {path} has {progress.epoch} epochs, more than {plan.epochs}")
    state = new_state(plan, device)
    _restore(state, tensors, progress)
    return state


def _note(notes: Mapping[str, str], name: str) -> str:
    if name not in notes:
        raise ReadingError(f"it lacks its {name}")
    return notes[name]


def _progress_in(notes: Mapping[str, str]) -> _Progress:
    return made(_Progress, json_of(_note(notes, "progress")), "its progress")


def _restore(state: TrainingState, tensors: Mapping[str, Tensor], progress: _Progress) -> None:
    """Put what a checkpoint holds into a new state, if it fits.

    Raises:
        ReadingError: if it does not.
    """
    parts: dict[str, dict[str, Tensor]] = {name: {} for name in ("averaged", "best", "model", "optimizer")}
    for name, tensor in tensors.items():
        part, _, inner = name.partition(".")
        if part not in parts:
            raise ReadingError(f"{shortened(name)} is no part of it")
        parts[part][inner] = tensor
    network = state.model.state_dict()
    for part in ("model", "averaged", *(["best"] if progress.best_epoch else ())):
        parts[part] = fitted(parts[part], network)
        check_numbers(parts[part])
    device = next(state.model.parameters()).device
    state.averaged, state.best = (
        {name: each.to(device) for name, each in parts[part].items()} for part in ("averaged", "best")
    )
    state.model.load_state_dict(parts["model"])
    _restore_optimizer(state, parts["optimizer"])
    for each in fields(_Progress):
        if (value := getattr(progress, each.name)) is not None:
            setattr(state, each.name, list(map(dict, value)) if each.name == "history" else value)


def _restore_optimizer(state: TrainingState, tensors: Mapping[str, Tensor]) -> None:
    """Adadelta's moments of each parameter, by its number; before the first step it has none."""
    if not tensors:
        return
    parameters = dict(enumerate(state.model.parameters()))
    like = {"square_avg": None, "acc_delta": None, "step": torch.tensor(0.0)}
    wanted = {
        f"{index}.{name}": parameter.detach() if alike is None else alike
        for index, parameter in parameters.items()
        for name, alike in like.items()
    }
    moments = fitted(tensors, wanted)
    check_numbers(moments)
    by_index = {index: {name: moments[f"{index}.{name}"] for name in like} for index in parameters}
    state.optimizer.load_state_dict({**state.optimizer.state_dict(), "state": by_index})
