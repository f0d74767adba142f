"""Where a network computes."""

import torch


def choose_device(name: str) -> torch.device:
    """``auto`` takes CUDA where there is one, and makes float32 there mean float32.

    By default PyTorch multiplies matrices in full, but lets cuDNN round an LSTM to the ten bits of TF32.

    Raises:
        ValueError: if ``cuda`` is asked for and there is none.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device must be auto, cpu or cuda, got {name!r}")
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("device cuda was asked for, but PyTorch finds no CUDA device on this machine")
    if name == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    torch.backends.cudnn.allow_tf32 = False
    return torch.device("cuda")
