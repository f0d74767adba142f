"""An ONNX file as a recogniser, and a folder of audonnx: an ONNX file with a YAML beside it."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.files import sha256_of_file
from sercore.recogniser.foreign import Foreign, ModelError, scale_of
from sercore.units import SAMPLE_RATE


def onnx_model(
    path: Path, device: Any = "cpu", dimensions: tuple[str, ...] = (), output: str = ""
) -> Foreign:
    """The model in an ONNX file, whose input is sound: (samples,), (batch, samples) or (batch, 1, samples).

    Rate, names of outputs and their scale come from the file's metadata (``sample_rate``, ``dimensions``,
    ``scale``), where it has them; else 16 kHz. An input of fixed length takes pieces of that length, one of a
    fixed batch the same piece as often.

    Args:
        path: the file.
        device: "cuda" asks for it, where the runtime has it.
        dimensions: what its outputs are called, if the caller knows.
        output: which of several; "" takes the first.

    Raises:
        ModelError: if onnxruntime is missing, or the file cannot be used.
    """
    try:
        import onnxruntime  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError:
        raise ModelError(f'{path.name} needs onnxruntime: pip install -e ".[export]"') from None
    wanted = ["CUDAExecutionProvider"] if "cuda" in str(device) else []
    try:
        providers = [each for each in wanted if each in onnxruntime.get_available_providers()]
        session = onnxruntime.InferenceSession(
            str(path), _threads(onnxruntime.SessionOptions()), [*providers, "CPUExecutionProvider"]
        )
    except Exception as error:
        raise ModelError(f"{path} is no ONNX model: {str(error).splitlines()[0][:200]}") from None
    about = session.get_modelmeta().custom_metadata_map
    put_in = session.get_inputs()[0]
    rate = _rate(about.get("sample_rate"), path)
    if len(session.get_inputs()) != 1 or len(put_in.shape) not in {1, 2, 3}:
        shapes = ", ".join(f"{each.name} {each.shape}" for each in session.get_inputs())
        raise ModelError(f"{path.name} takes {shapes}; one input of sound is needed")
    names = [each.name for each in session.get_outputs()]
    if output and output not in names:
        raise ModelError(f"{path.name} has no output {output!r}; it has {', '.join(names)}")
    rank, length = len(put_in.shape), put_in.shape[-1]
    fixed = length / rate if isinstance(length, int) else None

    batch = put_in.shape[0] if rank > 1 and isinstance(put_in.shape[0], int) else 1

    def answer(audio: NDArray[np.float32]) -> Any:
        sound = np.repeat(audio.reshape((1,) * (rank - 1) + (-1,)), batch, axis=0)
        found = session.run([output or names[0]], {put_in.name: sound})[0]
        return found if rank == 1 else found[0]

    known = dimensions or tuple(filter(None, about.get("dimensions", "").split(",")))
    limits: dict[str, Any] = {"longest": fixed, "shortest": fixed} if fixed else {}
    limits["scale"] = scale_of(about.get("scale", ""), path.name)
    return Foreign(answer, path.stem, sha256_of_file(path), known, rate, **limits)


def audonnx_folder(folder: Path, device: Any = "cpu") -> Foreign:
    """A folder as audonnx saves it: ``model.yaml`` says which ONNX file, and what its outputs are called.

    Raises:
        ModelError: if the YAML cannot be used, or asks for features instead of sound.
    """
    try:
        import yaml  # noqa: PLC0415  (comes with transformers)
    except ModuleNotFoundError:
        raise ModelError(f"{folder} needs PyYAML: pip install pyyaml") from None
    (path,) = sorted(folder.glob("*.yaml"))[:1] or sorted(folder.glob("*.yml"))[:1]
    try:
        (content,) = yaml.safe_load(path.read_text(encoding="utf-8")).values()
        file, labels = folder / content["path"], content.get("labels") or {}
        transform = content.get("transform") or {}
    except (OSError, ValueError, KeyError, AttributeError, TypeError, yaml.YAMLError) as error:
        raise ModelError(f"{path} is not of audonnx: {str(error).splitlines()[0][:200]}") from None
    if any(transform.values()):
        raise ModelError(f"{path} feeds its model features; only models that take sound can be used")
    output, names = next(iter(labels.items()), ("", []))
    return onnx_model(file, device, tuple(map(str, names or ())), str(output))


def _threads(options: Any) -> Any:
    """As many threads as everything else has."""
    import torch  # noqa: PLC0415  (costs seconds)

    options.intra_op_num_threads = torch.get_num_threads()
    return options


def _rate(text: Any, path: Path) -> int:
    try:
        return int(text or SAMPLE_RATE)
    except ValueError:
        raise ModelError(f"{path.name} says its sample_rate is {text!r}; a whole number is needed") from None
