"""Every kind of recogniser by the file that it is read from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sercore.reading.names import on_disk
from sercore.recogniser.recogniser import Recogniser


def _paper_network(path: Path, device: Any) -> Recogniser:
    from sercore.network.weights import (  # noqa: PLC0415  (torch costs seconds; --help needs none)
        WeightsError,
        load_model,
    )
    from sercore.recogniser.paper_network import PaperNetwork  # noqa: PLC0415

    network = load_model(path, device)
    card = path.with_suffix(".json")
    if network.card.setting_name is None:
        raise WeightsError(f"the card {card} does not say in which setting the network was trained")
    try:
        return PaperNetwork(network)
    except ValueError as error:
        raise WeightsError(f"the card {card} is none: {error}") from None


RECOGNISERS: dict[str, Callable[[Path, Any], Recogniser]] = {".safetensors": _paper_network}


def load_recogniser(path: str | Path, device: Any = "cpu") -> Recogniser:
    """The recogniser in a file, by the suffix of its name; without one, weights of the paper's network.

    Args:
        path: the file; a network's card lies beside its weights.
        device: of PyTorch, for those that compute on one.

    Raises:
        ValueError: if no recogniser is read from such a file, or this file cannot be used.
    """
    path = on_disk(path)
    suffix = path.suffix or ".safetensors"
    if suffix not in RECOGNISERS:
        raise ValueError(f"{path} holds no recogniser: those are read from {', '.join(RECOGNISERS)} files")
    return RECOGNISERS[suffix](path, device)
