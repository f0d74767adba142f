"""Every kind of recogniser by the file that it is read from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sercore.reading.names import on_disk
from sercore.recogniser.recogniser import Recogniser


def _paper_network(path: Path, device: Any) -> Recogniser:
    from sercore.network.loss_aware import (  # noqa: PLC0415  (torch costs seconds; --help needs none)
        LossAwareModel,
    )
    from sercore.network.weights import WeightsError, load_model, read_card  # noqa: PLC0415
    from sercore.recogniser.concealed import concealed  # noqa: PLC0415
    from sercore.recogniser.loss_aware import LossAware  # noqa: PLC0415
    from sercore.recogniser.paper_network import PaperNetwork  # noqa: PLC0415

    card = path.with_suffix(".json")
    if card.is_file() and read_card(path).conceals:
        return concealed(path, device)
    network = load_model(path, device)
    if network.card.setting_name is None:
        raise WeightsError(f"the card {card} does not say in which setting the network was trained")
    try:
        return LossAware(network) if isinstance(network, LossAwareModel) else PaperNetwork(network)
    except ValueError as error:
        raise WeightsError(f"the card {card} is none: {error}") from None


def _onnx(path: Path, device: Any) -> Recogniser:
    from sercore.recogniser.onnx_model import onnx_model  # noqa: PLC0415

    return onnx_model(path, device)


def _torchscript(path: Path, device: Any) -> Recogniser:
    from sercore.recogniser.torchscript_model import torchscript_model  # noqa: PLC0415

    return torchscript_model(path, device)


def _folder(path: Path, device: Any) -> Recogniser:
    from sercore.recogniser.onnx_model import audonnx_folder  # noqa: PLC0415
    from sercore.recogniser.transformers_model import transformers_model  # noqa: PLC0415

    if (path / "config.json").is_file():
        return transformers_model(path, device)
    if any(path.glob("*.y*ml")):
        return audonnx_folder(path, device)
    raise ValueError(f"{path} is a folder without a config.json (transformers) or a YAML (audonnx)")


RECOGNISERS: dict[str, Callable[[Path, Any], Recogniser]] = {
    ".safetensors": _paper_network,
    ".onnx": _onnx,
    ".pt": _torchscript,
}


def load_recogniser(path: str | Path, device: Any = "cpu") -> Recogniser:
    """The recogniser in a file, by the suffix of its name; without one, weights of the paper's network.

    Args:
        path: the file; a network's card lies beside its weights. Or a folder of transformers or audonnx, or
            ``module:function``.
        device: of PyTorch, for those that compute on one.

    Raises:
        ValueError: if no recogniser is read from such a file, or this file cannot be used.
    """
    text, path = str(path), on_disk(path)
    if path.is_dir():
        return _folder(path, device)
    if ":" in text and not path.exists() and all(map(str.isidentifier, text.replace(":", ".").split("."))):
        from sercore.recogniser.python_function import python_function  # noqa: PLC0415

        return python_function(text)
    suffix = path.suffix or ".safetensors"
    if suffix not in RECOGNISERS:
        known = f"{', '.join(RECOGNISERS)} files, folders of transformers or audonnx, and module:function"
        raise ValueError(f"{path} holds no recogniser: those are read from {known}")
    return RECOGNISERS[suffix](path, device)
