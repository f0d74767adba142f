"""A shipped network leaves the package, and what cannot leave is refused."""

import json
import shutil

import numpy as np
import pytest

from sercore.corpus.corpus import open_corpus
from sercore.network.inference import raw_prediction
from sercore.network.weights import load_model
from tests.scripts.in_process import ROOT, run_script

WEIGHTS = ROOT / "trained" / "mismatched.safetensors"


def test_a_shipped_network_says_the_same_in_an_onnx_runtime(tmp_path):
    pytest.importorskip("onnx", reason="needs the extra 'export'")
    onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra 'export'")
    run_script("export", WEIGHTS, "--out", tmp_path / "m.onnx")
    audio = open_corpus("demo").tracks[0].audio[: 20 * 16_000]
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    (said,) = session.run(None, {"audio": audio})
    expected = raw_prediction(load_model(WEIGHTS), audio)
    assert np.abs(said - expected).max() < 1e-5
    assert expected.std() > 0.05


def test_a_network_with_post_processing_is_refused(tmp_path):
    shutil.copy(WEIGHTS, tmp_path)
    card = json.loads(WEIGHTS.with_suffix(".json").read_text())
    (tmp_path / "mismatched.json").write_text(json.dumps(card | {"annotation_delay_seconds": 2.0}))
    answer = run_script(
        "export", tmp_path / WEIGHTS.name, "--to", "torchscript", "--out", tmp_path / "m.pt", expect=2
    )
    assert "is finished by post-processing, which an export cannot hold" in answer.stderr
    assert not (tmp_path / "m.pt").exists()
