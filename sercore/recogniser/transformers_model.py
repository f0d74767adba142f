"""A folder of transformers as a recogniser: audio classification or regression, local files only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.label_causes import few
from sercore.files import sha256_of_file
from sercore.recogniser.foreign import Foreign, ModelError

_SHORTEST = 0.4  # seconds; convolutions in front need a few frames
_ANSWERS: dict[str | None, Callable[[Any], Any]] = {
    "regression": lambda logits: logits,
    "multi_label_classification": lambda logits: logits.sigmoid(),
    None: lambda logits: logits.softmax(-1),
}


def transformers_model(folder: Path, device: Any = "cpu") -> Foreign:
    """The model in a folder of ``save_pretrained``: probabilities of its classes, or its numbers.

    Read are safetensors only, and no code of the folder is run. What its front end would cut off (Whisper's
    after 30 s, the audio spectrogram transformer's after 10.24 s) goes through in pieces.

    Raises:
        ModelError: if transformers is missing, or the folder cannot be used, for instance because it lacks
            weights, in whose place transformers puts chance.
    """
    try:
        from transformers import AutoFeatureExtractor, AutoModelForAudioClassification  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ModelError(f'{folder} needs transformers: pip install -e ".[transformers]"') from None
    import torch  # noqa: PLC0415

    ours: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        listen: Any = AutoFeatureExtractor.from_pretrained
        load: Any = AutoModelForAudioClassification.from_pretrained
        extractor = listen(folder, **ours)
        model, loaded = load(folder, use_safetensors=True, output_loading_info=True, **ours)
        model = model.float().to(device).eval()
        weights = sorted(folder.glob("*.safetensors"))[0]
    except (OSError, ValueError, KeyError, IndexError, ImportError, RuntimeError) as error:
        raise ModelError(
            f"{folder} is no model of transformers: {str(error).splitlines()[0][:200]}"
        ) from None
    if missing := sorted(loaded["missing_keys"]):
        raise ModelError(f"{folder} lacks weights of {type(model).__name__}: {few(missing)}")
    rate, config = int(extractor.sampling_rate), model.config
    names = tuple(str(config.id2label[i]) for i in range(config.num_labels))
    answers = _ANSWERS.get(config.problem_type, _ANSWERS[None])

    def answer(audio: NDArray[np.float32]) -> Any:
        inputs = extractor(audio, sampling_rate=rate, return_tensors="pt").to(device)
        with torch.inference_mode():
            logits = model(**inputs).logits[0]
        return answers(logits).cpu().numpy()

    scale = None if config.problem_type == "regression" else (0.0, 1.0)
    longest = _longest(extractor)
    return Foreign(answer, folder.name, sha256_of_file(weights), names, rate, longest, _SHORTEST, scale)


def _longest(extractor: Any) -> float | None:
    """Seconds after which its front end cuts off; None if it takes any length."""
    if seconds := getattr(extractor, "chunk_length", None):
        return float(seconds)
    frames = getattr(extractor, "max_length", None)  # of 10 ms
    return float(frames) / 100 if frames else None
