"""The loss-aware network against PyTorch's own modules, forwards and backwards."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from sercore.network.card import Card
from sercore.network.loss_aware import LossAwareModel
from sercore.network.model import ModelDimensions
from sercore.network.weights import load_model, save_model

SIZES = ModelDimensions(channels=(4, 4, 4), lstm_units=4, dropout=0.0)
TOLD = torch.tensor([[0.0, 0.0], [1.0, 0.7], [0.3, 0.0], [1.0, 0.7], [1.0, 1.1]])


class Plain(nn.Module):
    """The same in Conv1d, MaxPool1d and LSTM, frame by frame."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(1)
        self.blocks = nn.ModuleList([nn.Conv1d(1, 4, 27), nn.Conv1d(4, 4, 14), nn.Conv1d(4, 4, 3)])
        self.lstm = nn.LSTM(6, 4, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(8, 2)

    def forward(self, audio, told):
        x = self.norm(audio[:, None])
        for block, pool in zip(self.blocks, (40, 20, 4), strict=True):
            kernel = block.weight.shape[2]
            padded = functional.pad(x, ((kernel - 1) // 2, kernel // 2))
            x = functional.max_pool1d(functional.relu(block(padded)), pool)
        left, frames = list(x.unbind(dim=2)), []
        for share, since in told:
            features = left.pop(0) if share < 1 else torch.zeros(len(x), 4)
            frames.append(torch.cat([features, share.expand(len(x), 1), since.expand(len(x), 1)], dim=1))
        return torch.tanh(self.dense(self.lstm(torch.stack(frames, dim=1))[0]))


def test_outputs_and_gradients_are_those_of_plain_modules():
    torch.manual_seed(1)
    ours, plain = LossAwareModel(SIZES), Plain()
    plain.load_state_dict(ours.state_dict())
    audio = torch.randn(3, 2 * 3200) * 0.1
    said, wanted = ours(audio, TOLD), plain(audio, TOLD)
    assert torch.allclose(said, wanted, atol=1e-6)
    weights = torch.randn(said.shape)
    (said * weights).sum().backward()
    (wanted * weights).sum().backward()
    for (name, one), other in zip(ours.named_parameters(), plain.parameters(), strict=True):
        assert torch.allclose(one.grad, other.grad, atol=1e-5), name


def test_a_call_that_nothing_is_told_of_is_a_whole_one():
    model, audio = LossAwareModel(SIZES).eval(), torch.randn(2, 5 * 3200)
    assert torch.equal(model(audio), model(audio, torch.zeros(5, 2)))
    alone = [model.decode(each[None])[0] for each in model.features(audio)]
    for one, other in zip(model.decode_each(list(model.features(audio))), alone, strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_it_survives_the_disk_by_the_name_of_its_setting(tmp_path):
    model = LossAwareModel(SIZES).eval()
    save_model(tmp_path / "net.safetensors", model, Card({"name": "loss_aware"}))
    loaded, audio = load_model(tmp_path / "net"), torch.randn(1, 2 * 3200)
    assert torch.equal(loaded(audio, TOLD), model(audio, TOLD))
    save_model(tmp_path / "net.safetensors", model, Card({"name": "mismatched"}))
    with pytest.raises(ValueError, match="do not fit the card's dimensions"):
        load_model(tmp_path / "net")
