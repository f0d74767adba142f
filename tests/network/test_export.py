"""What is exported computes what the network computes, in other people's runtimes, on any length."""

import io
import json

import numpy as np
import pytest
import torch

from sercore.network.card import Card
from sercore.network.export import to_onnx, to_torchscript
from sercore.network.inference import raw_prediction
from sercore.network.model import EmotionModel, ModelDimensions

LENGTHS = (3_200, 3_201, 6_399, 16_000, 100_003)


@pytest.fixture(scope="module", params=["paper", "small"])
def network(request):
    torch.manual_seed(3)
    small = ModelDimensions(
        kernel_sizes=(5, 4, 3), channels=(16, 16, 32), pool_sizes=(32, 20, 5), lstm_units=8
    )
    model = EmotionModel(None if request.param == "paper" else small).eval()
    with torch.no_grad():
        model.norm.weight.fill_(1.3)
        model.norm.bias.fill_(-0.2)
        model.norm.running_mean.fill_(0.01)
        model.norm.running_var.fill_(0.02)
    model.card = Card({"name": "mismatched"}, sha256="abc")
    return model


def speech(n_samples):
    return np.random.default_rng(n_samples).normal(0, 0.1, n_samples).astype(np.float32)


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_torchscript_says_what_the_network_says(network):
    files = {"about.json": ""}
    loaded = torch.jit.load(io.BytesIO(to_torchscript(network)), _extra_files=files)
    for n in LENGTHS:
        said = loaded(torch.from_numpy(speech(n))).numpy()
        assert said == pytest.approx(raw_prediction(network, speech(n)), abs=1e-5)
    assert json.loads(files["about.json"])["sample_rate"] == 16_000


def test_an_onnx_runtime_says_what_the_network_says(network):
    pytest.importorskip("onnx", reason="needs the extra 'export'")
    onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra 'export'")
    session = onnxruntime.InferenceSession(to_onnx(network), providers=["CPUExecutionProvider"])
    for n in LENGTHS:
        (said,) = session.run(None, {"audio": speech(n)})
        assert said.shape == (n // 3_200, 2)
        assert said == pytest.approx(raw_prediction(network, speech(n)), abs=1e-5)
    about = session.get_modelmeta().custom_metadata_map
    assert (about["sha256"], about["setting"], about["dimensions"]) == (
        "abc",
        "mismatched",
        "arousal,valence",
    )


def test_onnx_checks_its_own_file(network):
    onnx = pytest.importorskip("onnx", reason="needs the extra 'export'")
    onnx.checker.check_model(onnx.load_model_from_string(to_onnx(network)), full_check=True)
