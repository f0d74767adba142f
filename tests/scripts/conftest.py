"""A network for the scripts."""

import pytest
import torch

from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.network.weights import save_model


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mismatched.safetensors"
    save_model(path, EmotionModel().eval(), Card({"name": "mismatched", "p_n": None, "p_l": None}))
    return path
