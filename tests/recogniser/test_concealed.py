"""A network that conceals among its features: itself without loss, and with it what a concealer makes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sercore.channel.gilbert import Gilbert
from sercore.channel.packets import packets_in
from sercore.network.card import Card
from sercore.network.feature_concealer import ConcealerDimensions, FeatureConcealer
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.weights import WeightsError, save_model
from sercore.receiver.told import left_of, told_of
from sercore.recogniser.concealed import FOLDER
from sercore.recogniser.learned import LEARNED
from sercore.recogniser.registry import load_recogniser
from tests.recogniser.calls import AUDIO, N, after

SHIPPED = Path(__file__).parents[2] / "trained" / FOLDER


@pytest.fixture(scope="module", params=LEARNED)
def concealed(request, tmp_path_factory):
    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("trained")
    network = EmotionModel(ModelDimensions(channels=(8, 8, 8), lstm_units=8))
    card = save_model(folder / "mismatched", network, Card({"name": "mismatched"}))
    concealer = FeatureConcealer(ConcealerDimensions(8, 4, LEARNED[request.param]))
    torch.nn.init.normal_(concealer.chains[0].correction.weight, std=0.1)
    path = folder / FOLDER / f"mismatched_{request.param}.safetensors"
    save_model(path, concealer, Card(conceals={"setting": "mismatched", "sha256": card.sha256}))
    return load_recogniser(path), load_recogniser(folder / "mismatched.safetensors"), path, request.param


@pytest.fixture
def audio():
    return AUDIO.copy()


def test_it_is_named_after_its_network_and_its_concealment(concealed):
    ours, network, _, kind = concealed
    assert (ours.name, ours.receiver) == (f"mismatched_{kind}", kind)
    assert ours.key not in ("None", network.key)


@pytest.mark.parametrize("receiver", ["drop", "silence", "repeat"])
@pytest.mark.parametrize("packet_ms", [200, 20])
def test_without_loss_it_is_its_network_to_the_bit(concealed, audio, packet_ms, receiver):
    ours, network, *_ = concealed
    everything = np.ones(packets_in(N, packet_ms), dtype=bool)
    wanted = after(network, audio, everything, packet_ms, receiver)
    assert np.array_equal(after(ours, audio, everything, packet_ms, receiver), wanted)
    assert np.array_equal(ours.predict(audio), network.predict(audio))


@pytest.mark.parametrize("packet_ms", [200, 60, 20])
def test_with_loss_the_network_reads_what_the_concealer_fills_in(concealed, audio, packet_ms):
    ours, *_ = concealed
    rng = np.random.default_rng(3)
    received = Gilbert(0.8, 0.8, packet_ms=packet_ms).sample(packets_in(N, packet_ms), rng)
    told = torch.from_numpy(told_of(received, packet_ms))
    with torch.no_grad():
        left = torch.from_numpy(left_of(audio, received, packet_ms))
        features = torch.zeros(N, 8)
        features[told[:, 0] < 1] = ours.network.features(left[None])[0]
        (filled,) = ours.concealer([features], [told[:, 0]])
        wanted = ours.network.decode(filled[None])[0].numpy()
    assert np.abs(after(ours, audio, received, packet_ms) - wanted).max() < 1e-5


def test_a_call_of_which_nothing_arrives_is_answered(concealed, audio):
    said = after(concealed[0], audio, np.zeros(N, dtype=bool), 200)
    assert said.shape == (N, 2)
    assert np.isfinite(said).all()


def test_a_concealer_of_another_network_is_refused(concealed):
    *_, path, _ = concealed
    other = EmotionModel(ModelDimensions(channels=(8, 8, 8), lstm_units=8))
    save_model(path.parent.parent / "mismatched", other, Card({"name": "mismatched"}, seed=9))
    with pytest.raises(WeightsError, match="was trained for another network than"):
        load_recogniser(path)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.safetensors")), ids=lambda path: path.stem)
def test_what_ships_belongs_to_a_network_that_ships(path, audio):
    ours = load_recogniser(path)
    assert ours.name == path.stem
    received = np.arange(N) % 3 > 0
    said = after(ours, audio, received, 200)
    assert np.isfinite(said).all()
    assert len(np.unique(said[~received, 0])) == (~received).sum()  # it goes on where others hold
