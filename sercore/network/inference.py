"""The raw output of a network, for audio of any length and for many recordings at once."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from sercore.audio.samples import checked_samples
from sercore.network.model import EmotionModel
from sercore.units import FRAME_MS, SAMPLES_PER_FRAME

_PIECE_FRAMES = 500  # 100 s: the convolutions take under 50 MB for audio of any length
_CONTEXT_FRAMES = 1  # a frame's features depend on under 1,100 samples beyond its borders


def raw_prediction(model: EmotionModel, audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """What ``model(audio)`` gives, at bounded memory: convolutions in pieces of 100 s, the BiLSTM at once.

    Shape: mono speech at 16 kHz, full scale at 1 (samples,) -> (samples // 3200, outputs), each in (-1, 1).

    Raises:
        ValueError: if the audio breaks a rule of ``audio.samples.checked_samples``, if it is shorter than one
            frame of 3,200 samples, or if the network is in training mode.
    """
    audio = checked_samples(audio)
    if len(audio) < SAMPLES_PER_FRAME:
        raise ValueError(
            f"audio must hold at least one frame of {SAMPLES_PER_FRAME} samples ({FRAME_MS} ms), "
            f"got {len(audio)}"
        )
    if model.training:
        raise ValueError("the network is in training mode, where dropout is on: call model.eval() first")
    with torch.inference_mode():
        predicted = model.decode(features_of(model, audio).unsqueeze(0))[0]
    result: NDArray[np.float32] = predicted.cpu().numpy()
    return result


def features_of(model: EmotionModel, audio: NDArray[np.float32]) -> torch.Tensor:
    """Convolutional features of one recording, computed in pieces that overlap by their context.

    Equal to ``model.features`` on the whole, because no convolution reaches further than the context.

    Shape: (samples,) -> (samples // 3200, channels).
    """
    n_frames = len(audio) // SAMPLES_PER_FRAME
    device = next(model.parameters()).device
    pieces = []
    for start in range(0, n_frames, _PIECE_FRAMES):
        end = min(start + _PIECE_FRAMES, n_frames)
        first = max(start - _CONTEXT_FRAMES, 0)
        last = min(end + _CONTEXT_FRAMES, n_frames)
        stop = len(audio) if last == n_frames else last * SAMPLES_PER_FRAME
        piece = audio[first * SAMPLES_PER_FRAME : stop]
        samples = torch.from_numpy(piece) if piece.flags.writeable else torch.tensor(piece)  # or it warns
        features = model.features(samples.to(device).unsqueeze(0))[0]
        pieces.append(features[start - first : end - first])
    return torch.cat(pieces)


def decode_each(model: EmotionModel, features: Sequence[torch.Tensor]) -> list[NDArray[np.float32]]:
    """What ``model.decode`` gives for each recording alone, of different lengths, in one pass.

    Shape of each: (frames, channels), at least one frame -> (frames, outputs).
    """
    if not features:
        return []
    with torch.inference_mode():
        return [predicted.cpu().numpy() for predicted in model.decode_each(features)]
