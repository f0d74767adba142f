"""Weights on disk: safetensors with a JSON card beside them, checked when they are read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor

from sercore.files import sha256_of, write_file
from sercore.network.card import Card
from sercore.network.feature_concealer import ConcealerDimensions, FeatureConcealer
from sercore.network.loss_aware import LossAwareModel
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.tensor_file import check_numbers, fitted, read_tensor_file, read_tensors
from sercore.reading import ReadingError, made, read_json, shortened, told_as
from sercore.units import DIMENSIONS

_Stored = TypeVar("_Stored", EmotionModel, FeatureConcealer)
_OTHER_MODELS = {"loss_aware": LossAwareModel}  # by the setting that trains them
LARGEST = 1e4  # of a weight: beyond it sums over a layer leave float32; trained ones lie under 1


class WeightsError(ValueError):
    """Weights or their card are missing, damaged, or do not belong together."""


def model_of(setting: str | None) -> type[EmotionModel]:
    """What a setting trains: the paper's network, or another.

    Example:
        >>> model_of("mismatched").__name__, model_of("loss_aware").__name__
        ('EmotionModel', 'LossAwareModel')
    """
    return _OTHER_MODELS.get(setting or "", EmotionModel)


def rounded_to_half(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights whose matrices hold only numbers that half precision has; they stay float32.

    Vectors (biases, the batch norm's statistics) are few and stay as they are.  A network that is rounded
    before it is scored has the same scores after ``save_model``, which then stores it in half the bytes.

    Example:
        >>> rounded_to_half({"weight": torch.tensor([[0.1]])})["weight"].item()
        0.0999755859375
    """
    return {name: _in_half(tensor).to(tensor.dtype) for name, tensor in weights.items()}


def _in_half(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.half() if tensor.is_floating_point() and tensor.ndim > 1 else tensor


def save_model(path: str | Path, model: EmotionModel | FeatureConcealer, card: Card) -> Card:
    """Write ``path``, whose suffix becomes .safetensors, and the card beside it (.json).

    Matrices go into half precision where that loses nothing (see ``rounded_to_half``).

    Returns:
        The card as written, with the weights' SHA-256 and the network's dimensions added.
    """
    path = Path(path).with_suffix(".safetensors")
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    same = {name: torch.equal(tensor, weights[name]) for name, tensor in rounded_to_half(weights).items()}
    content = tensors_to_bytes({name: _in_half(t) if same[name] else t for name, t in weights.items()})
    full = replace(card, dimensions=model.dimensions.to_dict(), sha256=sha256_of(content))
    write_file(path, content)
    write_card(path, full)
    return full


def write_card(path: str | Path, card: Card) -> None:
    """Write the JSON card of the weights at ``path``."""
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
    write_file(Path(path).with_suffix(".json"), text.encode() + b"\n")


def read_card(path: str | Path) -> Card:
    """The JSON card of the weights at ``path``.

    Raises:
        WeightsError: if it is missing or is not a card.
    """
    card_path = Path(path).with_suffix(".json")
    if not card_path.exists():
        raise WeightsError(f"there is no card {card_path} beside the weights")
    with told_as(WeightsError, f"the card {card_path} cannot be read"):
        entries = read_json(card_path)
    with told_as(WeightsError, f"the card {card_path} is none"):
        card = Card.from_json(entries)
    if card.dimensions is None:
        raise WeightsError(f"the card {card_path} does not give the network's dimensions")
    return card


def load_model(path: str | Path, device: str | torch.device = "cpu") -> EmotionModel:
    """Read a trained network, after checking its SHA-256 and its dimensions; nothing is unpickled.

    Args:
        path: the ``.safetensors`` file; its ``.json`` card must lie beside it.
        device: where the network goes.

    Returns:
        The network in eval mode; ``model.card`` is its card.

    Raises:
        WeightsError: if a file is missing, damaged, or does not belong to the other.
    """
    return _loaded(path, _network).to(device).eval()


def load_concealer(path: str | Path, device: str | torch.device = "cpu") -> FeatureConcealer:
    """The same of a concealer of some network's features; its card says of which."""
    concealer = _loaded(path, _concealer)
    if concealer.card.conceals is None:
        raise WeightsError(f"the card of {path} does not say whose features it conceals")
    return concealer.to(device).eval()


def _loaded(path: str | Path, make: Callable[[dict[str, Tensor], Card], _Stored]) -> _Stored:
    path = Path(path).with_suffix(".safetensors")
    if not path.is_file():
        raise WeightsError(f"there are no weights at {path}")
    card = read_card(path)
    with told_as(WeightsError, f"the weights {path} cannot be read"):
        content = read_tensor_file(path)
    found = sha256_of(content)
    if found != card.sha256:
        raise WeightsError(
            f"the weights {path} are damaged or belong to another card: "
            f"SHA-256 is {found}, the card says {shortened(card.sha256)}"
        )
    with told_as(WeightsError, f"the weights {path} cannot be used"):
        model = make(read_tensors(content)[0], card)
    model.card = card
    return model


def _network(weights: dict[str, Tensor], card: Card) -> EmotionModel:
    """The network of a card with the weights of a file, made once they are known to fit."""
    with told_as(ReadingError, "they do not fit the card's dimensions"):
        dimensions = made(ModelDimensions, card.dimensions, "dimensions")
        if dimensions.outputs != len(DIMENSIONS):
            raise ReadingError(f"outputs must be {len(DIMENSIONS)}, got {dimensions.outputs}")
    return _filled(partial(model_of(card.setting_name), dimensions), weights)


def _concealer(weights: dict[str, Tensor], card: Card) -> FeatureConcealer:
    with told_as(ReadingError, "they do not fit the card's dimensions"):
        dimensions = made(ConcealerDimensions, card.dimensions, "dimensions")
    return _filled(partial(FeatureConcealer, dimensions), weights)


def _filled(new: Callable[[], _Stored], weights: dict[str, Tensor]) -> _Stored:
    with told_as(ReadingError, "they do not fit the card's dimensions"), torch.device("meta"):
        weights = fitted(weights, new().state_dict())  # takes no memory, whatever the card says
    check_numbers(weights, LARGEST)
    model = new()
    model.load_state_dict(weights)
    return model
