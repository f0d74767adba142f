"""Concealment among features: to the bit what arrived, and a plain loop over the frames for the rest."""

import copy

import pytest
import torch

from sercore.network.card import Card
from sercore.network.feature_concealer import ConcealerDimensions, FeatureConcealer
from sercore.network.weights import WeightsError, load_concealer, save_model

CHANNELS = 5


@pytest.fixture(params=[False, True], ids=["causal", "both ways"])
def concealer(request):
    torch.manual_seed(1)
    made = FeatureConcealer(ConcealerDimensions(CHANNELS, 3, request.param))
    made.measure(torch.rand(50, CHANNELS) + 1)
    for parameter in made.parameters():  # its corrections begin at zero, which would hide mistakes
        torch.nn.init.normal_(parameter, std=0.4)
    return made


def calls(*lengths):
    rng = torch.Generator().manual_seed(7)
    features = [torch.rand(n, CHANNELS, generator=rng) * 2 for n in lengths]
    shares = torch.tensor([0.0, 0.3, 1.0])
    lost = [shares[torch.randint(3, (n,), generator=rng)] for n in lengths]
    return features, lost


def by_hand(concealer, features, lost):
    """One call, one frame after the other, forwards and backwards."""
    even = (features - concealer.mean) / concealer.spread

    def walk(chain, order):
        state, frame, found = torch.zeros(1, 3), torch.zeros(1, CHANNELS), {}
        for t in order:
            share = lost[t]
            guess = (1 - share) * even[t : t + 1] + share * frame
            state = chain.cell(torch.cat([guess, share.view(1, 1)], dim=1), state)
            frame = guess + chain.correction(state) if share > 0 else even[t : t + 1]
            found[t] = frame, state
        return found

    n = len(features)
    ahead, filled = walk(concealer.chains[0], range(n)), []
    back = walk(concealer.chains[1], reversed(range(n))) if concealer.trust else None
    for t in range(n):
        frame, state = ahead[t]
        if back:
            share = torch.sigmoid(concealer.trust(torch.cat([state, back[t][1]], dim=1)))
            frame = share * frame + (1 - share) * back[t][0]
        clean = torch.relu(frame * concealer.spread + concealer.mean)
        filled.append(clean if lost[t] > 0 else features[t : t + 1])
    return torch.cat(filled)


def test_values_and_gradients_are_those_of_a_plain_loop(concealer):
    features, lost = calls(12)
    twin, weights = copy.deepcopy(concealer), torch.randn(12, CHANNELS)
    found, wanted = concealer(features, lost)[0], by_hand(twin, features[0], lost[0])
    assert torch.allclose(found, wanted, atol=1e-5)
    (found * weights).sum().backward()
    (wanted * weights).sum().backward()
    for (name, one), other in zip(concealer.named_parameters(), twin.parameters(), strict=True):
        assert torch.allclose(one.grad, other.grad, atol=1e-4), name


def test_what_arrived_whole_is_not_touched_and_what_was_lost_whole_is_not_asked(concealer):
    features, lost = calls(30)
    filled = concealer(features, lost)[0]
    assert torch.equal(filled[lost[0] == 0], features[0][lost[0] == 0])
    other = features[0].clone()
    other[lost[0] == 1] = 77.0
    assert torch.allclose(concealer([other], lost)[0], filled, atol=1e-4)
    assert torch.equal(concealer(features, [torch.zeros(30)])[0], features[0])


def test_calls_of_different_lengths_do_not_hear_each_other(concealer):
    features, lost = calls(4, 1, 9)
    for together, each, share in zip(concealer(features, lost), features, lost, strict=True):
        assert torch.allclose(together, concealer([each], [share])[0], atol=1e-6)


def test_only_one_that_runs_both_ways_waits_for_what_comes(concealer):
    features, lost = calls(20)
    lost[0][10], later = 1.0, features[0].clone()
    later[11:] += 1
    one, other = concealer(features, lost)[0][:11], concealer([later], lost)[0][:11]
    assert torch.equal(one, other) == (not concealer.dimensions.both_ways)


def test_it_survives_the_disk_and_its_card_says_whose_features_it_fills(concealer, tmp_path):
    path = tmp_path / "net.safetensors"
    save_model(path, concealer, Card(conceals={"setting": "mismatched", "sha256": "abc"}))
    loaded, (features, lost) = load_concealer(path), calls(6)
    assert torch.equal(loaded(features, lost)[0], concealer(features, lost)[0])
    save_model(path, concealer, Card())
    with pytest.raises(WeightsError, match="does not say whose features it conceals"):
        load_concealer(path)
    save_model(path, concealer, Card(conceals={"setting": "mismatched"}))
    with pytest.raises(WeightsError, match="conceals lacks sha256"):
        load_concealer(path)
