"""Patching splices is dropping frames and running the whole network, whatever the losses."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.spliced_features import LONGEST_CACHED_BURST, TrackFeatures

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
    return TrackFeatures(model, audio)


def dropping_first(model, audio, received):
    kept = audio.reshape(-1, 3200)[received].reshape(1, -1)
    with torch.inference_mode():
        return model.features(torch.from_numpy(kept))[0]


def one_kept(i):
    received = np.zeros(N_FRAMES, dtype=bool)
    received[i] = True
    return received


@settings(max_examples=60)
@given(received=st.lists(st.booleans(), min_size=N_FRAMES, max_size=N_FRAMES).filter(any))
def test_any_losses(model, audio, track, received):
    received = np.array(received)
    difference = track.received(received) - dropping_first(model, audio, received)
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
    difference = track.received(received) - dropping_first(model, audio, received)
    assert difference.abs().max() < 1e-5


@pytest.mark.parametrize("n_lost", [1, *(LONGEST_CACHED_BURST + more for more in range(3))])
def test_bursts_beside_the_longest_that_is_cached(model, audio, track, n_lost):
    received = np.arange(N_FRAMES) % (n_lost + 1) == 0
    for _ in range(2):  # the second time from the cache
        difference = track.received(received) - dropping_first(model, audio, received)
        assert difference.abs().max() < 1e-5


def test_no_value_depends_on_what_was_asked_before(model, audio):
    rng = np.random.default_rng(3)
    channels = [rng.random(N_FRAMES) < share for share in (0.9, 0.3, 0.6, 0.1)]
    channels = [received for received in channels if received.any()]
    forwards, backwards, beforehand = (TrackFeatures(model, audio) for _ in range(3))
    for n_lost in range(LONGEST_CACHED_BURST + 1):
        beforehand.cache(n_lost)
    first = [forwards.received(received) for received in channels]
    last = [backwards.received(received) for received in channels[::-1]][::-1]
    for a, b, received in zip(first, last, channels, strict=True):
        assert torch.equal(a, b)
        assert torch.equal(a, beforehand.received(received))


def test_what_is_cached_is_not_computed_again(model, audio, monkeypatch):
    track = TrackFeatures(model, audio)
    received = np.arange(N_FRAMES) % 3 > 0
    first = track.received(received)
    sizes = []
    splice = TrackFeatures._splice
    monkeypatch.setattr(TrackFeatures, "_splice", lambda *a: sizes.append(len(a[1])) or splice(*a))
    assert torch.equal(first, track.received(received))
    assert sizes == [2]  # the two ends


def test_a_single_frame_is_a_track(model, audio):
    track = TrackFeatures(model, audio[:3200])
    alone = track.received(np.array([True]))
    assert (alone - dropping_first(model, audio, one_kept(0))).abs().max() < 1e-5


def test_tracks_longer_than_one_piece(model):
    rng = np.random.default_rng(2)
    audio = rng.normal(0, 0.1, 230 * 3200).astype(np.float32)
    received = rng.random(230) < 0.5
    difference = TrackFeatures(model, audio).received(received)
    assert (difference - dropping_first(model, audio, received)).abs().max() < 1e-5


def test_bad_input_is_refused(model, track):
    with pytest.raises(ValueError, match="whole frames of 3200 samples, got 3201"):
        TrackFeatures(model, np.zeros(3201, dtype=np.float32))
    with pytest.raises(ValueError, match="one of the 24 frames must be received, got none"):
        track.received(np.zeros(N_FRAMES, dtype=bool))
    with pytest.raises(ValueError, match="kernels no longer than their pools"):
        TrackFeatures(
            EmotionModel(ModelDimensions(kernel_sizes=(41, 14, 3))).eval(), np.zeros(3200, dtype=np.float32)
        )
    with pytest.raises(ValueError, match="last kernel shorter than its pool"):
        TrackFeatures(
            EmotionModel(ModelDimensions(kernel_sizes=(27, 14, 4))).eval(), np.zeros(3200, dtype=np.float32)
        )
    with pytest.raises(ValueError, match="training mode"):
        TrackFeatures(EmotionModel().train(), np.zeros(3200, dtype=np.float32))


@pytest.mark.parametrize("kernels", [(27, 14, 2), (1, 1, 1), (26, 19, 3)])
def test_other_kernels_than_the_papers(audio, kernels):
    torch.manual_seed(2)
    small = ModelDimensions(kernel_sizes=kernels, channels=(8, 8, 8), lstm_units=4)
    model = EmotionModel(small).eval()
    received = np.random.default_rng(1).random(N_FRAMES) < 0.6
    difference = TrackFeatures(model, audio).received(received)
    assert (difference - dropping_first(model, audio, received)).abs().max() < 1e-5
