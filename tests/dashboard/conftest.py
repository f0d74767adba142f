"""A small corpus, untrained networks and made-up results for the pages."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from dashboard.compute import networks
from dashboard.compute.cache import forget_everything
from dashboard.widgets import controls
from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import Corpus, Track
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.network.weights import save_model
from sercore.results.table import results_table, write_results


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    rng = np.random.default_rng(3)
    steps = np.arange(200)[:, None] / 5
    gold = 0.5 * np.sin(steps / np.array([4.0, 7.0])).astype(np.float32)
    audio = (0.1 * rng.normal(size=200 * 3_200)).astype(np.float32)
    tracks = [Track(f"test_{i}", audio, gold, f"speaker {i}", "French", "test") for i in (1, 2)]
    return Corpus("small", tuple(tracks))


@pytest.fixture
def trained(tmp_path, monkeypatch, corpus) -> Path:
    """An empty folder of weights and results; the pages look there."""
    monkeypatch.setattr(networks, "TRAINED", tmp_path)
    monkeypatch.setattr(controls, "open_corpus", lambda name: corpus)
    forget_everything()
    yield tmp_path
    forget_everything()


@pytest.fixture(scope="session")
def untrained(tmp_path_factory) -> Path:
    """Three networks that learned nothing, and their cards."""
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("untrained")
    for name in ("mismatched", "matched_high_low", "matched_high_mid"):
        save_model(folder / f"{name}.safetensors", EmotionModel(), Card({"name": name}))
    return folder


@pytest.fixture
def weights(trained, untrained) -> Path:
    """The folder with three untrained networks in it."""
    shutil.copytree(untrained, trained, dirs_exist_ok=True)
    return trained


@pytest.fixture
def results(trained) -> Path:
    same = {"n_frames": 100, "seed": 0, "partition": "test"}
    same |= {"corpus": "default", "corpus_sha256": "0", "weights_sha256": "0"}
    rows = [
        {
            **same,
            "setting": setting,
            "dimension": dimension,
            "p_n": p_n,
            "p_l": p_l,
            **dict.fromkeys(("loss_rate", "expected_loss_rate"), Gilbert(p_n, p_l).loss_rate),
            "ccc": np.nan if p_l == 1 else 0.5,
            "status": "not defined" if p_l == 1 else "defined",
        }
        for setting in ("mismatched", "augmentation")
        for dimension in ("arousal", "valence")
        for p_n in (0.0, 0.5, 1.0)
        for p_l in (0.0, 0.5, 1.0)
    ]
    write_results(trained / "results" / "small.parquet", results_table(rows))
    return trained
