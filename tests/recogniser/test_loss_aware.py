"""The loss-aware network as a recogniser: it hears what arrives, is told the rest, and goes on."""

import numpy as np
import pytest
import torch

from sercore.channel.gilbert import Gilbert
from sercore.channel.packets import packets_in
from sercore.network.card import Card
from sercore.network.loss_aware import LossAwareModel
from sercore.network.model import ModelDimensions
from sercore.network.weights import save_model
from sercore.receiver import RECEIVERS
from sercore.receiver.told import left_of, told_of
from sercore.recogniser.loss_aware import LossAware
from sercore.recogniser.registry import load_recogniser
from tests.recogniser.calls import AUDIO, N, after

LOSSES = [(200, 0.8, 0.5), (20, 0.9, 0.95), (60, 0.5, 0.5), (20, 0.0, 1.0)]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    torch.manual_seed(2)
    path = tmp_path_factory.mktemp("trained") / "loss_aware.safetensors"
    sizes = ModelDimensions(channels=(8, 8, 8), lstm_units=8)
    save_model(path, LossAwareModel(sizes), Card({"name": "loss_aware"}))
    return load_recogniser(path)


@pytest.fixture
def audio():
    return AUDIO.copy()


def test_it_is_read_from_a_file_by_its_card(network):
    assert isinstance(network, LossAware)
    assert network.name == "loss_aware"


@pytest.mark.parametrize(("packet_ms", "p_n", "p_l"), LOSSES)
def test_it_says_what_the_network_says_of_what_is_left_and_told(network, audio, packet_ms, p_n, p_l):
    rng = np.random.default_rng(1)
    received = Gilbert(p_n, p_l, packet_ms=packet_ms).sample(packets_in(N, packet_ms), rng)
    said = after(network, audio, received, packet_ms)
    told, left = told_of(received, packet_ms), left_of(audio, received, packet_ms)
    if len(left):
        with torch.no_grad():
            wanted = network.network(torch.from_numpy(left)[None], torch.from_numpy(told))[0].numpy()
        assert np.abs(said - wanted).max() < 1e-5
    assert said.shape == (N, 2)
    assert np.isfinite(said).all()


@pytest.mark.parametrize("receiver", RECEIVERS)
@pytest.mark.parametrize("channel", LOSSES[:3])
def test_what_was_lost_and_what_is_asked_twice_changes_nothing(network, audio, receiver, channel):
    packet_ms, p_n, p_l = channel
    rng = np.random.default_rng(4)
    received = Gilbert(p_n, p_l, packet_ms=packet_ms).sample(packets_in(N, packet_ms), rng)
    arrives = np.repeat(received, packet_ms * 16)[: len(audio)]
    other = np.where(arrives, audio, rng.normal(0, 1, len(audio))).astype(np.float32)
    said = after(network, audio, received, packet_ms, receiver)
    assert np.array_equal(said, after(network, audio, received, packet_ms, receiver))
    assert np.allclose(said, after(network, other, received, packet_ms, receiver), atol=1e-6)


def test_without_loss_it_says_what_it_says_of_the_recording(network, audio):
    whole = network.predict(audio)
    for packet_ms, receiver in ((200, "drop"), (20, "drop"), (20, "silence")):
        everything = np.ones(packets_in(N, packet_ms), dtype=bool)
        assert np.abs(after(network, audio, everything, packet_ms, receiver) - whole).max() < 1e-6


def test_it_goes_on_while_others_hold(network, audio):
    received = np.arange(N) < 10
    assert len(np.unique(after(network, audio, received, 200)[10:, 0])) == N - 10
