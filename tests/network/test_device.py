"""The device that is chosen, and its precision."""

import pytest
import torch

from sercore.network.device import choose_device


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="device must be auto, cpu or cuda, got 'tpu'"):
        choose_device("tpu")


def test_float32_means_float32_on_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    assert choose_device("cpu").type == "cpu"
    assert torch.backends.cudnn.allow_tf32
    assert choose_device("auto").type == "cuda"
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
