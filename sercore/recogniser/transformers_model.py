"""A folder of transformers as a recogniser: audio classification or regression, local files only."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.files import sha256_of_file
from sercore.recogniser.foreign import Foreign, ModelError

_SHORTEST = 0.4  # seconds; convolutions in front need a few frames


def transformers_model(folder: Path, device: Any = "cpu") -> Foreign:
    """The model in a folder of ``save_pretrained``: probabilities of its classes, or its numbers.

    Read are safetensors only, and no code of the folder is run.

    Raises:
        ModelError: if transformers is missing, or the folder cannot be used.
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
        model = load(folder, use_safetensors=True, **ours).to(device).eval()
        weights = sorted(folder.glob("*.safetensors"))[0]
    except (OSError, ValueError, KeyError, IndexError, ImportError, RuntimeError) as error:
        raise ModelError(
            f"{folder} is no model of transformers: {str(error).splitlines()[0][:200]}"
        ) from None
    rate, config = int(extractor.sampling_rate), model.config
    names = tuple(str(config.id2label[i]) for i in range(config.num_labels))
    regression = config.problem_type == "regression"

    def answer(audio: NDArray[np.float32]) -> Any:
        inputs = extractor(audio, sampling_rate=rate, return_tensors="pt").to(device)
        with torch.inference_mode():
            logits = model(**inputs).logits[0]
        return (logits if regression else logits.softmax(-1)).float().cpu().numpy()

    return Foreign(answer, folder.name, sha256_of_file(weights), names, rate, shortest=_SHORTEST)
