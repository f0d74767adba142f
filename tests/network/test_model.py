"""The network, against the same network built from PyTorch's plain modules."""

import numpy as np
import pytest
import torch
from torch import nn

from sercore.network.model import EmotionModel, ModelDimensions


class PlainModel(nn.Module):
    """The paper's words, layer by layer."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(1)
        self.pads = [nn.ConstantPad1d(p, 0.0) for p in ((13, 13), (6, 7), (1, 1))]
        self.convolutions = nn.ModuleList(
            [nn.Conv1d(1, 64, 27), nn.Conv1d(64, 128, 14), nn.Conv1d(128, 128, 3)]
        )
        self.pools = [nn.MaxPool1d(40), nn.MaxPool1d(20), nn.MaxPool1d(4)]
        self.lstm = nn.LSTM(128, 64, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(128, 2)

    def forward(self, audio):
        x = self.norm(audio[:, None])
        for pad, convolution, pool in zip(self.pads, self.convolutions, self.pools, strict=True):
            x = pool(torch.relu(convolution(pad(x))))
        context, _ = self.lstm(x.transpose(1, 2))
        return torch.tanh(self.dense(context))


def twins(seed=0):
    torch.manual_seed(seed)
    ours, plain = EmotionModel(ModelDimensions(dropout=0.0)), PlainModel()
    with torch.no_grad():
        ours.norm.weight.fill_(1.3)
        ours.norm.bias.fill_(-0.2)
    weights = {name.replace("blocks.", "convolutions."): value for name, value in ours.state_dict().items()}
    plain.load_state_dict(weights)
    return ours, plain.double()


def test_the_paper_network_has_265476_parameters():
    assert sum(p.numel() for p in EmotionModel().parameters()) == 265_476


def test_overlap_rates_are_those_of_equation_2():
    assert [round(r, 3) for r in ModelDimensions().overlap_rates] == [0.394, 0.394, 0.333]


@pytest.mark.parametrize("samples", [3200, 3201, 16_000, 22_399])
def test_output_equals_the_plain_modules(samples):
    ours, plain = twins()
    audio = torch.tensor(np.random.default_rng(samples).normal(0, 0.1, (2, samples)), dtype=torch.float32)
    for mode in (True, False):
        ours.train(mode)
        plain.train(mode)
        predicted = ours(audio)
        assert predicted.shape == (2, samples // 3200, 2)
        assert (predicted.double() - plain(audio.double())).abs().max() < 1e-5


def test_gradients_equal_the_plain_modules():
    ours, plain = twins(1)
    audio = torch.tensor(np.random.default_rng(5).normal(0, 0.1, (3, 16_000)), dtype=torch.float32)
    target = torch.tensor(np.random.default_rng(6).normal(0, 0.3, (3, 5, 2)), dtype=torch.float32)
    (ours(audio) - target).square().sum().backward()
    (plain(audio.double()) - target.double()).square().sum().backward()
    reference = dict(plain.named_parameters())
    for name, parameter in ours.named_parameters():
        wanted = reference[name.replace("blocks.", "convolutions.")].grad
        assert (parameter.grad.double() - wanted).norm() <= 1e-5 * wanted.norm() + 1e-9, name


def test_dropout_follows_each_block_and_the_lstm():
    torch.manual_seed(0)
    model = EmotionModel().train()
    features = model.features(torch.randn(4, 32_000))
    assert 0.4 < (features == 0).float().mean() < 0.9
    kept = EmotionModel(ModelDimensions(dropout=0.0)).train()
    kept.load_state_dict(model.state_dict())
    assert (features != 0).sum() < (kept.features(torch.randn(4, 32_000)) != 0).sum()


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ({"pool_sizes": (40, 20, 5)}, "multiply to 3200"),
        ({"channels": (64, 128)}, "each block needs"),
        ({"lstm_units": 0}, "whole number above 0"),
        ({"dropout": 1.0}, r"dropout must lie in \[0, 1\), got 1.0"),
    ],
)
def test_impossible_sizes_are_refused(sizes, sentence):
    with pytest.raises(ValueError, match=sentence):
        ModelDimensions(**sizes)


def test_sizes_survive_json():
    sizes = ModelDimensions(lstm_units=32)
    assert ModelDimensions(**sizes.to_dict()) == sizes


def test_audio_of_another_shape_or_too_short_is_refused():
    model = EmotionModel().eval()
    with pytest.raises(ValueError, match=r"shape \(batch, samples\), got \(3200,\)"):
        model(torch.zeros(3200))
    with pytest.raises(ValueError, match="at least one frame of 3200 samples, got 3199"):
        model(torch.zeros(1, 3199))
