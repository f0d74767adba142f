"""Kernels name memory by its address, which keeps nothing alive: what they point to must live that long."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAME = """
import torch
from torch.nn import functional as F
from sercore.network.model import EmotionModel
from sercore.network.window_maxima import WindowMaxima

torch.manual_seed(0)
model, audio = EmotionModel().eval(), torch.randn(2, 1, 64_000)
with torch.no_grad():
    found, plain = audio, audio
    for block in model.blocks:
        found, weight = block(found), block.weight
        left = (weight.shape[2] - 1) // 2
        sums = F.conv1d(F.pad(plain, (left, weight.shape[2] // 2)), weight, block.bias)
        plain = F.max_pool1d(sums.relu(), sums.shape[2] // found.shape[2])
    torch.testing.assert_close(found, plain, atol=1e-5, rtol=1e-4)
    windows, layer = torch.randn(90, 28, 64), model.blocks[1]
    sums = F.conv1d(windows.transpose(1, 2), layer.weight, layer.bias)
    torch.testing.assert_close(WindowMaxima(model, 1)(windows)[0], sums.amax(2), atol=1e-5, rtol=1e-4)
audio.requires_grad_()
model.train()(audio[:, 0]).sum().backward()
assert audio.grad.isfinite().all()
"""


@pytest.mark.parametrize("lanes", ["8", "16"])
def test_kernels_use_no_memory_that_is_freed(lanes):
    """The GNU C library fills what is freed with rubbish, at which a kernel would go astray."""
    environment = os.environ | {"MALLOC_PERTURB_": "165", "SERCORE_LANES": lanes}
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", SAME], capture_output=True, text=True, check=False, env=environment, cwd=root
    )
    assert answer.returncode == 0, answer.stderr
