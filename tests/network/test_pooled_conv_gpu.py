# ruff: noqa: PLR0917 (parameters of a parametrised test)
"""What a GPU computes is the plain modules; all but its speed can be seen on a processor too."""

import pytest
import torch
from torch import Tensor

from sercore.network.pooled_conv_gpu import pooled_conv1d_on_gpu
from tests.network.test_pooled_conv import PAPER_BLOCKS, draw, gradients, plain

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("n_in", "kernel", "out", "pool"), PAPER_BLOCKS)
@pytest.mark.parametrize("spare", [0, 1, 3])
def test_it_is_the_plain_modules_in_float64(device, n_in, kernel, out, pool, spare):
    tensors = [tensor.double() for tensor in draw((2, n_in, 3 * pool + spare), out, kernel)]
    upstream = torch.randn(2, out, 3, generator=torch.Generator().manual_seed(1))

    def on_gpu(x: Tensor, weight: Tensor, bias: Tensor, pool: int) -> Tensor:
        return pooled_conv1d_on_gpu(x, weight, bias, pool, None)

    found = gradients(on_gpu, [tensor.to(device) for tensor in tensors], pool, upstream.to(device))
    for got, wanted in zip(found, gradients(plain, tensors, pool, upstream), strict=True):
        assert torch.allclose(got.cpu(), wanted, atol=1e-12)


@pytest.mark.parametrize("device", DEVICES)
def test_what_is_dropped_is_0_and_passes_no_gradient(device):
    x, weight, bias = (tensor.to(device) for tensor in draw((2, 4, 60), 8, 5))
    kept = torch.rand(2, 8, 3, generator=torch.Generator().manual_seed(1)).to(device) < 0.5
    x.requires_grad_()
    dropped = pooled_conv1d_on_gpu(x, weight, bias, 20, kept)
    assert torch.allclose(dropped, plain(x, weight, bias, 20) * kept, atol=1e-6)
    (got,) = torch.autograd.grad(dropped.sum(), x)
    (wanted,) = torch.autograd.grad((plain(x, weight, bias, 20) * kept).sum(), x)
    assert torch.allclose(got, wanted, atol=1e-6)
