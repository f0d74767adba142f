"""A concealer is trained: it gets better than holding, its network stays, and the script writes a file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from sercore.corpus import open_corpus
from sercore.network.card import Card
from sercore.network.feature_concealer import ConcealerDimensions, FeatureConcealer
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.weights import save_model
from sercore.recogniser.registry import load_recogniser
from sercore.training.concealment import ConcealmentPlan, lose_some, objective, train_concealer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(4)
    model = EmotionModel(ModelDimensions(channels=(8, 8, 8), lstm_units=8)).eval()
    model.card = Card({"name": "mismatched"}, sha256="abc")
    return model


@pytest.mark.parametrize("both_ways", [False, True])
def test_it_learns_more_than_to_hold_and_its_network_learns_nothing(network, tiny_tree, both_ways):
    corpus, before = open_corpus(tiny_tree), {k: v.clone() for k, v in network.state_dict().items()}
    rows = []
    plan = ConcealmentPlan(both_ways=both_ways, epochs=3, units=4, learning_rate=0.02)
    trained, card = train_concealer(network, corpus, plan, synthetic=True, after_epoch=rows.append)
    calls = lose_some(network, corpus, "train", draws=4, seed=9)
    holds = FeatureConcealer(ConcealerDimensions(8, 4, both_ways))
    holds.measure(torch.cat([clean for *_, clean in calls]))
    with torch.no_grad():
        assert objective(network, trained, calls) < objective(network, holds, calls)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert card.best_epoch == 1 + int(np.argmin([row["devel"] for row in rows]))
    assert card.conceals == {"setting": "mismatched", "sha256": "abc"}


def test_the_script_writes_a_recogniser(network, tiny_tree, tmp_path):
    save_model(tmp_path / "mismatched", network, Card({"name": "mismatched"}))
    options = ["--network", tmp_path / "mismatched.safetensors", "--corpus", tiny_tree, "--epochs", "1"]
    command = [sys.executable, ROOT / "scripts" / "train_concealer.py", *options]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    path = tmp_path / "concealers" / "mismatched_learned.safetensors"
    assert load_recogniser(path).name == "mismatched_learned"
