"""Tensors of a safetensors file: nothing is unpickled, and what comes in fits the network it is meant for."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from torch import Tensor

from sercore.reading import Holds, ReadingError, checked, first_line, json_of, read_bytes, shortened
from sercore.reading.text import text_of

MOST_BYTES = 1_000_000_000  # a checkpoint of the paper's network has 5 MB
_MOST_HEADER = 16_000_000
# safetensors knows types of 4 and 8 bits too, whose bits are no weights.
_TYPES = ("F16", "BF16", "F32", "F64", "I64")
_HEADER = Mapping[str, Annotated[Mapping[str, Any], Holds({"dtype": str, "data_offsets": tuple[int, ...]})]]


def read_tensors(content: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a safetensors file by name, and the texts that lie with them.

    Raises:
        ReadingError: if it is none, or holds numbers of a type that no network here has.
    """
    header = _header(content)
    notes = header.pop("__metadata__", {})
    for name, about in header.items():
        if about.get("dtype") not in _TYPES:
            known = ", ".join(_TYPES)
            raise ReadingError(f"{shortened(name)} is of {shortened(about.get('dtype'))}; known are {known}")
    try:
        return tensors_from_bytes(content), notes
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise ReadingError(f"its tensors are damaged ({first_line(error)})") from None


def read_notes(path: Path) -> dict[str, str]:
    """The texts that lie with the tensors of a file, without reading these.

    Raises:
        ReadingError: if it is no safetensors file, or a part of one.
    """
    if not path.is_file():
        raise ReadingError("it is not there")
    try:
        with path.open("rb") as file:
            size, content = path.stat().st_size, file.read(8 + _MOST_HEADER)
    except OSError as error:
        raise ReadingError(error.strerror or first_line(error)) from None
    header = _header(content)
    notes = dict(header.pop("__metadata__", {}))
    ends = [end for about in header.values() for end in about.get("data_offsets", ())]
    if size != 8 + int.from_bytes(content[:8], "little") + max(ends, default=0):
        raise ReadingError("it is not whole")
    return notes


def read_tensor_file(path: Path) -> bytes:
    """The bytes of a file of tensors.

    Raises:
        ReadingError: if it is no ordinary file, or too large.
    """
    return read_bytes(path, MOST_BYTES)


def _header(content: bytes) -> dict[str, Any]:
    length = int.from_bytes(content[:8], "little")
    if not 2 <= length <= min(len(content) - 8, _MOST_HEADER):
        raise ReadingError("it is no safetensors file")
    header = dict(checked(_HEADER, json_of(text_of(content[8 : 8 + length])), "its header"))
    checked(Mapping[str, str], header.get("__metadata__", {}), "__metadata__")
    return header


def fitted(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors in the types of those that they are to replace, which need hold no numbers (``meta``).

    Raises:
        ReadingError: if one is missing or has another shape.
    """
    if odd := sorted(set(found) ^ set(wanted)):
        raise ReadingError(f"{shortened(odd[0])} is {'no part of it' if odd[0] in found else 'missing'}")
    for name, tensor in found.items():
        if tensor.shape != wanted[name].shape:
            shapes = f"{tuple(tensor.shape)} instead of {tuple(wanted[name].shape)}"
            raise ReadingError(f"{name} has the shape {shapes}")
    return {name: tensor.to(wanted[name].dtype) for name, tensor in found.items()}


def check_numbers(tensors: Mapping[str, Tensor], largest: float = math.inf) -> None:
    """Look at the numbers that a network is to compute with.

    Raises:
        ReadingError: if one is NaN or infinite, a weight is larger than allowed, or a variance is negative.
    """
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise ReadingError(f"they hold NaN or infinity in {name}")
        if tensor.is_floating_point() and tensor.numel() and tensor.abs().max() > largest:
            raise ReadingError(f"they hold a number beyond {largest:,.0f} in {name}")
        if name.endswith("running_var") and (tensor < 0).any():
            raise ReadingError(f"they hold a negative variance in {name}")
