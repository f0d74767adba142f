"""Run a network over audio of any length, and over what a lossy channel leaves of a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from sercore.scoring.concordance import ccc
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sercore.corpus.corpus import Track
    from sercore.network.model import EmotionModel

_PIECE_FRAMES = 100  # 20 s: keeps the convolutions' memory near 100 MB for audio of any length
_CONTEXT_FRAMES = 1  # a frame's features depend on under 1,100 samples beyond its borders


def features_of(model: EmotionModel, audio: NDArray[np.float32]) -> torch.Tensor:
    """Convolutional features of one recording, computed in pieces that overlap by their context.

    Equal to ``model.features`` on the whole, because no convolution reaches further than the context.

    Args:
        model: a network in eval mode.
        audio: mono speech at 16 kHz. Shape: (samples,).

    Returns:
        Features. Shape: (samples // 3200, channels).
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
        features = model.features(torch.tensor(piece, device=device).unsqueeze(0))[0]
        pieces.append(features[start - first : end - first])
    return torch.cat(pieces)


def predict(model: EmotionModel, audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Arousal and valence of one recording, at bounded memory for any length.

    The convolutions run in pieces of 20 s, the BiLSTM over the whole; the result is that of
    ``model(audio)``. Samples after the last whole frame get no frame of their own.

    Args:
        model: a network in eval mode, as ``load_model`` returns it.
        audio: mono speech at 16 kHz, full scale at 1. Shape: (samples,).

    Returns:
        Arousal and valence in (-1, 1). Shape: (samples // 3200, 2).

    Raises:
        ValueError: if the audio is of integers, not one-dimensional, shorter than one frame of 3,200
            samples, or holds NaN or infinite samples, or if the network is in training mode.
    """
    audio = np.asarray(audio)
    if audio.dtype.kind in "iu":
        raise ValueError(
            f"audio must be floating point from -1 to 1, got {audio.dtype}: divide by full scale"
        )
    audio = audio.astype(np.float32, copy=False)
    if audio.ndim != 1:
        raise ValueError(f"audio must have the shape (samples,), got {audio.shape}")
    if len(audio) < SAMPLES_PER_FRAME:
        raise ValueError(
            f"audio must hold at least one frame of {SAMPLES_PER_FRAME} samples "
            f"({SAMPLES_PER_FRAME * 1000 // SAMPLE_RATE} ms), got {len(audio)}"
        )
    if not np.isfinite(audio).all():
        raise ValueError(f"audio must be finite, got {np.count_nonzero(~np.isfinite(audio))} bad samples")
    if model.training:
        raise ValueError("the network is in training mode, where dropout is on: call model.eval() first")
    with torch.inference_mode():
        predicted = model.decode(features_of(model, audio).unsqueeze(0))[0]
    result: NDArray[np.float32] = predicted.cpu().numpy()
    return result


def predict_received(
    model: EmotionModel, audio: NDArray[np.float32], received: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Prediction on what remains of a track, laid back on the original time axis.

    Args:
        model: a network in eval mode.
        audio: the whole track. Shape: (frames * 3200,).
        received: True = received. Shape: (frames,).

    Returns:
        Predictions, NaN where the frame was lost. Shape: (frames, 2).
    """
    n_frames = len(received)
    if len(audio) != n_frames * SAMPLES_PER_FRAME:
        raise ValueError(
            f"{n_frames} frames ask for {n_frames * SAMPLES_PER_FRAME} samples of audio, got {len(audio)}"
        )
    timeline = np.full((n_frames, model.dimensions.outputs), np.nan, dtype=np.float32)
    if received.any():
        kept = audio.reshape(n_frames, SAMPLES_PER_FRAME)[received].reshape(-1)
        timeline[received] = predict(model, kept)
    return timeline


def decode_each(model: EmotionModel, features: Sequence[torch.Tensor]) -> list[NDArray[np.float32]]:
    """Run the recurrent half over recordings of different lengths at once.

    Args:
        model: a network in eval mode.
        features: of each recording. Shape of each: (frames, channels), at least one frame.

    Returns:
        What ``model.decode`` gives for each alone. Shape of each: (frames, 2).
    """
    with torch.inference_mode():
        return [predicted.cpu().numpy() for predicted in model.decode_each(features)]


def score_tracks(model: EmotionModel, heard: Iterable[tuple[Track, NDArray[np.bool_]]]) -> tuple[float, ...]:
    """CCC of each dimension over the concatenation of what arrives of each track (paper section 3.1).

    Args:
        model: a network in eval mode.
        heard: tracks, each with the frames that are received. Shape of those: (frames,).

    Returns:
        One CCC for each dimension.
    """
    gold, features = [], []
    with torch.inference_mode():
        for track, received in heard:
            if received.any():
                kept = track.audio.reshape(-1, SAMPLES_PER_FRAME)[received].reshape(-1)
                gold.append(track.gold[received])
                features.append(features_of(model, kept))
    scores = ccc(np.concatenate(gold).T, np.concatenate(decode_each(model, features)).T)
    return tuple(float(score) for score in np.atleast_1d(scores))
