"""Patching junctions is dropping frames and running the whole network, whatever the losses."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sercore.junctions import received_features, track_features
from sercore.model import EmotionModel, ModelDimensions

N_FRAMES = 24


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(1)
    model = EmotionModel().eval()
    with torch.no_grad():
        model.norm.running_mean.fill_(0.01)
        model.norm.running_var.fill_(0.02)
        model.norm.bias.fill_(0.3)
    return model


@pytest.fixture(scope="module")
def audio():
    return np.random.default_rng(0).normal(0, 0.1, N_FRAMES * 3200).astype(np.float32)


@pytest.fixture(scope="module")
def track(model, audio):
    return track_features(model, audio)


def dropping_first(model, audio, received):
    kept = audio.reshape(-1, 3200)[received].reshape(1, -1)
    with torch.inference_mode():
        return model.features(torch.from_numpy(kept))[0]


def one_kept(i):
    received = np.zeros(N_FRAMES, dtype=bool)
    received[i] = True
    return received


@settings(max_examples=60, deadline=None)
@given(received=st.lists(st.booleans(), min_size=N_FRAMES, max_size=N_FRAMES).filter(any))
def test_any_losses(model, audio, track, received):
    received = np.array(received)
    difference = received_features(model, track, received) - dropping_first(model, audio, received)
    assert difference.abs().max() < 1e-5


@pytest.mark.parametrize(
    "received",
    [
        np.ones(N_FRAMES, dtype=bool),
        one_kept(0),
        one_kept(7),
        one_kept(N_FRAMES - 1),
        ~one_kept(0),
        ~one_kept(N_FRAMES - 1),
        np.arange(N_FRAMES) % 2 == 0,
        np.arange(N_FRAMES) % 2 == 1,
    ],
    ids=["none lost", "first alone", "one alone", "last alone", "first lost", "last lost", "even", "odd"],
)
def test_edges(model, audio, track, received):
    difference = received_features(model, track, received) - dropping_first(model, audio, received)
    assert difference.abs().max() < 1e-5


def test_tracks_longer_than_one_piece(model):
    rng = np.random.default_rng(2)
    audio = rng.normal(0, 0.1, 230 * 3200).astype(np.float32)
    received = rng.random(230) < 0.5
    difference = received_features(model, track_features(model, audio), received)
    assert (difference - dropping_first(model, audio, received)).abs().max() < 1e-5


def test_bad_input_is_refused(model, track):
    with pytest.raises(ValueError, match="whole frames of 3200 samples, got 3201"):
        track_features(model, np.zeros(3201, dtype=np.float32))
    with pytest.raises(ValueError, match="24 frames and keep one, got 24, 0"):
        received_features(model, track, np.zeros(N_FRAMES, dtype=bool))
    with pytest.raises(ValueError, match="kernels no longer than their pools"):
        track_features(
            EmotionModel(ModelDimensions(kernel_sizes=(41, 14, 3))).eval(), np.zeros(3200, dtype=np.float32)
        )
