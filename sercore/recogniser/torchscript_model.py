"""A TorchScript file as a recogniser."""

import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sercore.files import sha256_of_file
from sercore.reading import Within, first_line, json_of, made, shortened
from sercore.reading.text import text_of
from sercore.recogniser.foreign import Foreign, ModelError, scale_of
from sercore.units import SAMPLE_RATE

ABOUT = "about.json"


@dataclass(frozen=True)
class _About:
    """What a file may say of itself."""

    sample_rate: Annotated[int, Within(1_000, 768_000)] = SAMPLE_RATE
    dimensions: str = ""  # names of its outputs, separated by commas
    scale: str = ""  # the lowest and the highest that these may be, as -1,1


def torchscript_model(path: Path, device: Any = "cpu") -> Foreign:
    """The model in a file of ``torch.jit.save``; its input is sound, (samples,) or (1, samples).

    Rate and names of outputs come from ``about.json`` inside, where it has one; else 16 kHz. Such a file is
    a program: damage is refused by its checksums, but one that somebody altered on purpose can end the
    process, so take it only from those whom you would let run code.

    Raises:
        ModelError: if the file cannot be used.
    """
    import torch  # noqa: PLC0415  (costs seconds)

    files: dict[str, Any] = {ABOUT: ""}
    try:
        with zipfile.ZipFile(path) as archive:
            if damaged := archive.testzip():
                raise ModelError(f"{path} is no TorchScript model: its part {shortened(damaged)} is damaged")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch would rather have its own newer format
            model = torch.jit.load(path, map_location=device, _extra_files=files).eval()  # type: ignore[no-untyped-call]
        said = files[ABOUT] if isinstance(files[ABOUT], bytes) else files[ABOUT].encode()
        about = made(_About, json_of(text_of(said) or "{}"), ABOUT)
    except ModelError:
        raise
    except (OSError, ValueError, RuntimeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"{path} is no TorchScript model: {first_line(error)}") from None
    batched = [False]

    def ask(sound: Any) -> Any:
        with torch.inference_mode():
            return model(sound)

    def answer(audio: NDArray[np.float32]) -> Any:
        sound = torch.from_numpy(np.ascontiguousarray(audio)).to(device)
        if not batched[0]:
            try:
                return ask(sound).cpu().numpy()
            except RuntimeError:
                batched[0] = True  # it wants (1, samples)
        return ask(sound[None])[0].cpu().numpy()

    return Foreign(
        answer,
        path.stem,
        sha256_of_file(path),
        tuple(filter(None, about.dimensions.split(","))),
        about.sample_rate,
        scale=scale_of(about.scale, path.name),
    )
