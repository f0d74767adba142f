"""The largest in short windows is that of PyTorch's own convolution, by the kernels and without them."""

import pytest
import torch

from sercore.network.model import EmotionModel
from sercore.network.window_maxima import WindowMaxima


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(2)
    return EmotionModel().eval()


def by_conv1d(model, block, windows, split):
    layer = model.blocks[block]
    sums = torch.nn.functional.conv1d(windows.transpose(1, 2), layer.weight, layer.bias).detach()
    return sums[..., :split].amax(2), sums[..., split:].amax(2)


@pytest.mark.parametrize("n_windows", [1, 7, 130])
@pytest.mark.parametrize("shape", [(0, 66, 1), (1, 28, 64), (2, 6, 128)], ids=["first", "second", "third"])
@pytest.mark.parametrize("pure", ["", "1"], ids=["kernels", "torch"])
def test_it_is_that_of_conv1d(model, monkeypatch, n_windows, shape, pure):
    monkeypatch.setenv("SERCORE_PURE_TORCH", pure)
    block, samples, channels = shape
    windows = torch.randn(n_windows, samples, channels, generator=torch.Generator().manual_seed(0))
    found = WindowMaxima(model, block)(windows, 3)
    expected = by_conv1d(model, block, windows, 3)
    torch.testing.assert_close(torch.stack(found), torch.stack(expected), atol=2e-6, rtol=1e-5)


def test_without_a_split_both_are_the_largest_of_all(model):
    windows = torch.randn(9, 28, 64, generator=torch.Generator().manual_seed(1))
    first, others = WindowMaxima(model, 1)(windows)
    assert torch.equal(first, others)
    torch.testing.assert_close(first, torch.maximum(*by_conv1d(model, 1, windows, 3)), atol=2e-6, rtol=1e-5)


def test_a_row_does_not_depend_on_its_neighbours(model):
    windows = torch.randn(120, 28, 64, generator=torch.Generator().manual_seed(3))
    maxima = WindowMaxima(model, 1)
    both, alone = torch.stack(maxima(windows, 7)), [torch.stack(maxima(row[None], 7)) for row in windows]
    assert torch.equal(both, torch.cat(alone, dim=1))


def test_what_is_not_finite_leaves_as_it_leaves_pytorch(model):
    windows = torch.zeros(3, 28, 64)
    windows[1] = torch.nan
    first, _ = WindowMaxima(model, 1)(windows, 7)
    assert first.isnan().all(dim=1).tolist() == [False, True, False]
