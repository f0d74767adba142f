# ruff: noqa: PLR0917 (parameters of a parametrised test)
"""The fast step must be the plain modules, in every number and every gradient."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from sercore.network import pooled_conv
from sercore.network.pooled_conv import pooled_conv1d

PAPER_BLOCKS = [(1, 27, 64, 40), (64, 14, 128, 20), (128, 3, 128, 4)]  # in, kernel, out, pool


def plain(x: Tensor, weight: Tensor, bias: Tensor, pool: int) -> Tensor:
    kernel = weight.shape[2]
    padded = F.pad(x, ((kernel - 1) // 2, kernel // 2))
    return F.max_pool1d(F.relu(F.conv1d(padded, weight, bias)), pool)


def draw(shape: tuple[int, int, int], out: int, kernel: int, seed: int = 0) -> list[Tensor]:
    chance = torch.Generator().manual_seed(seed)
    x = torch.randn(*shape, generator=chance)
    weight = torch.randn(out, shape[1], kernel, generator=chance) / (shape[1] * kernel) ** 0.5
    return [x, weight, torch.randn(out, generator=chance)]


def gradients(step, tensors: list[Tensor], pool: int, upstream: Tensor) -> list[Tensor]:
    """The output and the gradients of x, weight and bias."""
    leaves = [tensor.detach().clone().requires_grad_() for tensor in tensors]
    y = step(*leaves, pool)
    y.backward(upstream.to(y.dtype))
    return [y.detach(), *(leaf.grad for leaf in leaves)]


def assert_equal_to_plain(tensors: list[Tensor], pool: int) -> None:
    batch, out = tensors[0].shape[0], tensors[1].shape[0]
    upstream = torch.randn(
        batch, out, tensors[0].shape[2] // pool, generator=torch.Generator().manual_seed(1)
    )
    ours = gradients(pooled_conv1d, tensors, pool, upstream)
    expected = gradients(plain, [tensor.double() for tensor in tensors], pool, upstream)
    # Sums may cancel to nearly nothing: float32 cannot do better than one rounding of all terms.
    rounding = torch.finfo(torch.float32).eps / 2
    summed = plain(*(tensor.abs() for tensor in tensors), pool).max() * rounding
    terms = upstream.abs().sum(dim=(0, 2)).max() * rounding
    cancelled = {"output": summed, "x": 0, "weight": terms * tensors[0].abs().max(), "bias": terms}
    for name, a, b in zip(("output", "x", "weight", "bias"), ours, expected, strict=True):
        assert a.shape == b.shape
        assert (a - b).abs().max() <= max(1e-5 * b.abs().max(), cancelled[name]), name


@pytest.fixture(params=["kernels", "pure torch"])
def path(request, monkeypatch):
    monkeypatch.setenv("SERCORE_PURE_TORCH", str(int(request.param == "pure torch")))
    return request.param


@pytest.mark.parametrize(("n_in", "kernel", "out", "pool"), PAPER_BLOCKS)
@pytest.mark.parametrize("n_windows", [1, 3, 37])
def test_the_papers_blocks_equal_the_plain_modules(path, n_in, kernel, out, pool, n_windows):
    assert_equal_to_plain(draw((3, n_in, n_windows * pool + 1), out, kernel), pool)


@settings(max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 90)),
    out=st.integers(1, 19),
    kernel=st.integers(1, 31),
    pool=st.integers(1, 12),
    pure=st.booleans(),
    seed=st.integers(0, 99),
)
@example(shape=(2, 1, 37), out=1, kernel=1, pool=1, pure=False, seed=37)  # its terms cancel
def test_any_shape_equals_the_plain_modules(shape, out, kernel, pool, pure, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERCORE_PURE_TORCH", str(int(pure)))
        assert_equal_to_plain(draw(shape, out, kernel, seed), min(pool, shape[2]))


@settings(max_examples=40)
@given(st.integers(1, 3), st.integers(10, 60), st.integers(1, 9), st.booleans(), st.integers(0, 99))
def test_of_equal_maxima_the_first_gets_the_gradient(n_in, n_samples, kernel, pure, seed):
    """Small whole numbers are exact in float32 and collide all the time."""
    chance = torch.Generator().manual_seed(seed)
    tensors = [
        torch.randint(-1, 2, size, generator=chance).float()
        for size in [(2, n_in, n_samples), (5, n_in, kernel), (5,)]
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERCORE_PURE_TORCH", str(int(pure)))
        assert_equal_to_plain(tensors, pool=7)


def test_a_window_without_a_positive_value_gives_zero_and_no_gradient(path):
    x, weight, _ = draw((2, 3, 40), 6, 5)
    upstream = torch.ones(2, 6, 4)
    for never_positive in (torch.full((6,), -1e3), torch.zeros(6)):
        y, *grads = gradients(pooled_conv1d, [x * never_positive.any(), weight, never_positive], 10, upstream)
        assert all(not tensor.any() for tensor in (y, *grads))


def test_windows_longer_than_a_byte_counts_are_right(path):
    assert_equal_to_plain(draw((2, 1, 1300), 4, 9), pool=600)
    assert_equal_to_plain(draw((1, 2, 1100), 3, 4), pool=255)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 3e38])
def test_values_that_are_not_finite_come_out_as_of_the_plain_modules(path, value):
    for which in range(3):
        tensors = draw((2, 2, 64), 5, 4)
        tensors[which].view(-1)[7 % tensors[which].numel()] = value
        ours, expected = (step(*tensors, 8) for step in (pooled_conv1d, plain))
        torch.testing.assert_close(ours, expected, equal_nan=True)


def test_a_nan_in_the_upstream_gradient_is_not_swallowed(path):
    upstream = torch.zeros(1, 3, 4)
    upstream[0, 1, 2] = float("nan")
    _, _, weight, bias = gradients(
        pooled_conv1d, [torch.ones(1, 1, 32), torch.ones(3, 1, 5), torch.ones(3)], 8, upstream
    )
    assert bias.isnan().tolist() == [False, True, False]
    assert weight[1].isnan().all()
    assert not weight[[0, 2]].isnan().any()


def test_float64_gradients_pass_the_numerical_check():
    tensors = [tensor.double().requires_grad_() for tensor in draw((2, 2, 13), 2, 4)]
    assert torch.autograd.gradcheck(lambda *leaves: pooled_conv1d(*leaves, 5), tensors)


def test_only_the_gradients_asked_for_are_made(path):
    x, weight, bias = draw((2, 3, 40), 6, 5)
    weight.requires_grad_()
    pooled_conv1d(x, weight, bias, 4).sum().backward()
    expected = torch.autograd.grad(plain(x, weight, bias, 4).sum(), weight)[0]
    torch.testing.assert_close(weight.grad, expected)
    assert x.grad is None
    with torch.no_grad():
        assert not pooled_conv1d(x, weight, bias, 4).requires_grad


@pytest.mark.parametrize(("n_in", "kernel", "out", "pool"), [*PAPER_BLOCKS, (20, 14, 10, 16), (9, 31, 5, 50)])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_what_is_not_kept_is_zero_and_has_no_gradient(path, n_in, kernel, out, pool, share):
    tensors = draw((3, n_in, 11 * pool + 3), out, kernel)
    kept = torch.rand(3, out, 11, generator=torch.Generator().manual_seed(2)) < share
    upstream = torch.randn(3, out, 11, generator=torch.Generator().manual_seed(1))
    ours = gradients(lambda *args: pooled_conv1d(*args, kept), tensors, pool, upstream)
    expected = gradients(plain, [tensor.double() for tensor in tensors], pool, upstream * kept)
    expected[0] *= kept
    for a, b in zip(ours, expected, strict=True):
        assert (a - b).abs().max() <= 1e-5 * b.abs().max()


def test_scaled_weights_and_kept_outputs_make_dropout(path):
    """Maximum and ReLU let a positive factor through: dropout of rate 1/2 doubles weight and bias."""
    x, weight, bias = draw((2, 40, 100), 12, 14)
    kept = torch.rand(2, 12, 5, generator=torch.Generator().manual_seed(2)) < 0.5
    expected = plain(x, weight, bias, 20) * kept / 0.5
    torch.testing.assert_close(pooled_conv1d(x, weight / 0.5, bias / 0.5, 20, kept), expected)
    with torch.no_grad():
        torch.testing.assert_close(pooled_conv1d(x, weight / 0.5, bias / 0.5, 20, kept), expected)


@pytest.mark.parametrize(("n_in", "kernel", "out", "pool"), [*PAPER_BLOCKS, (3, 4, 5, 7)])
def test_without_gradients_the_output_is_the_same_bits(path, n_in, kernel, out, pool):
    x, weight, bias = draw((2, n_in, 9 * pool), out, kernel)
    traced = pooled_conv1d(x, weight.requires_grad_(), bias, pool)
    with torch.no_grad():
        assert torch.equal(pooled_conv1d(x, weight, bias, pool), traced)
    with torch.inference_mode():
        assert torch.equal(pooled_conv1d(x, weight, bias, pool), traced)


def test_memory_layout_of_the_input_does_not_matter(path):
    x, weight, bias = draw((3, 16, 50), 8, 3)
    channels_last = x.transpose(1, 2).contiguous().transpose(1, 2)
    every_other = torch.stack([x, x], dim=-1).flatten(2)[..., ::2]
    expected = pooled_conv1d(x, weight, bias, 5)
    assert torch.equal(pooled_conv1d(channels_last, weight, bias, 5), expected)
    assert torch.equal(pooled_conv1d(every_other, weight, bias, 5), expected)


def test_results_are_the_same_bits_for_any_number_of_threads_and_callers():
    tensors, upstream = draw((18, 1, 4000), 64, 27), torch.randn(18, 64, 100)
    before = torch.get_num_threads()
    try:
        results = []
        for n_threads in (1, 2, 3):
            torch.set_num_threads(n_threads)
            results.append(gradients(pooled_conv1d, tensors, 40, upstream))
        with ThreadPoolExecutor(4) as callers:
            calls = [callers.submit(gradients, pooled_conv1d, tensors, 40, upstream) for _ in range(8)]
            results += [call.result() for call in calls]
    finally:
        torch.set_num_threads(before)
    for result in results[1:]:
        assert all(torch.equal(a, b) for a, b in zip(results[0], result, strict=True))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_computes_the_same():
    program = """
import os, torch, warnings
from sercore.network.pooled_conv import pooled_conv1d
warnings.simplefilter("ignore")
args = torch.ones(4, 1, 400), torch.ones(16, 1, 3), torch.zeros(16), 10
pooled_conv1d(*args)
child = os.fork()
if not child:
    os._exit(0 if pooled_conv1d(*args).max() == 3 else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", program], check=True)


WIDTHS = ("8", "16")
HERE = os.environ.get("SERCORE_LANES", "")  # set in the processes that the next two tests start
DIGEST = """
import hashlib, torch
from tests.network.test_pooled_conv import PAPER_BLOCKS, draw, gradients, pooled_conv1d
digest = hashlib.sha256()
for n_in, kernel, out, pool in [*PAPER_BLOCKS, (5, 7, 19, 17), (33, 20, 70, 33)]:
    for share in (1.0, 0.5):
        tensors = draw((2, n_in, pool * 13 + 3), out, kernel)
        chance = torch.Generator().manual_seed(2)
        kept = torch.rand(2, out, 13, generator=chance) < share
        step = lambda *given: pooled_conv1d(*given, kept)
        for found in gradients(step, tensors, pool, torch.randn(2, out, 13, generator=chance)):
            digest.update(found.contiguous().numpy().tobytes())
print(digest.hexdigest())
"""


def at_width(lanes: str, *words: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"SERCORE_LANES": lanes, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run([sys.executable, *words], check=False, env=given, capture_output=True, text=True)


@pytest.mark.skipif(HERE in WIDTHS, reason="is one of the processes that this test starts")
@pytest.mark.parametrize("lanes", WIDTHS)
def test_whatever_equals_the_plain_modules_does_so_at_either_width(lanes):
    ran = at_width(
        lanes, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", __file__, "-k", "plain or equal"
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.skipif(HERE in WIDTHS, reason="is one of the processes that this test starts")
def test_both_widths_give_the_same_numbers_to_the_bit():
    first, second = (at_width(lanes, "-c", DIGEST) for lanes in WIDTHS)
    assert first.stdout == second.stdout != "", first.stderr


def test_another_width_is_refused():
    ran = at_width("12", "-c", "import sercore.network.kernels.simd")
    assert "SERCORE_LANES must be 8 or 16, got '12'" in ran.stderr


@pytest.mark.parametrize(
    ("kept", "rule"),
    [
        (torch.ones(1, 4, 5, dtype=torch.bool), "shape of the output"),
        (torch.ones(1, 4, 4), "must be bool"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(kept, rule):
    with pytest.raises(ValueError, match=rule):
        pooled_conv1d(torch.ones(1, 2, 9), torch.ones(4, 2, 5), torch.ones(4), 2, kept)


def test_without_numba_pure_torch_serves(monkeypatch):
    tensors = draw((2, 3, 40), 6, 5)
    expected = pooled_conv1d(*tensors, 4)
    pooled_conv._kernels.cache_clear()
    monkeypatch.setitem(sys.modules, "sercore.network.kernels.threads", None)
    monkeypatch.delattr("sercore.network.kernels.threads", raising=False)
    try:
        assert pooled_conv._kernels() is None
        torch.testing.assert_close(pooled_conv1d(*tensors, 4), expected)
    finally:
        pooled_conv._kernels.cache_clear()


def test_importing_the_module_leaves_numba_alone():
    program = "import sys, sercore.network.pooled_conv; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("x", "weight", "bias", "pool", "rule"),
    [
        (torch.ones(1, 2, 9), torch.ones(4, 3, 5), torch.ones(4), 2, "must be"),
        (torch.ones(2, 9), torch.ones(4, 2, 5), torch.ones(4), 2, "must be"),
        (torch.ones(1, 2, 9), torch.ones(4, 2, 5), torch.ones(3), 2, "must be"),
        (torch.ones(1, 2, 9), torch.ones(4, 2, 5).double(), torch.ones(4), 2, "one type"),
        (torch.ones(1, 2, 9), torch.ones(4, 2, 5), torch.ones(4), 10, "pool must lie"),
        (torch.ones(1, 2, 9), torch.ones(4, 2, 5), torch.ones(4), 0, "pool must lie"),
        (torch.ones(0, 2, 9), torch.ones(4, 2, 5), torch.ones(4), 2, "hold one"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_rule(x, weight, bias, pool, rule):
    with pytest.raises(ValueError, match=rule):
        pooled_conv1d(x, weight, bias, pool)
