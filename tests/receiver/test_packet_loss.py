"""The augmentation loses what its channel loses, in arrays, in torch and in other people's pipelines."""

import itertools

import numpy as np
import pytest
import torch

from sercore.channel import CLEAN, Gilbert
from sercore.receiver import RECEIVERS, Receiver
from sercore.receiver.any_rate import packet_bounds
from sercore.receiver.packet_loss import PacketLoss
from sercore.training.settings import MULTI_CONDITION

HALF = Gilbert(0.5, 0.5)


class LastSample(Receiver):
    """Holds the last sample that arrived: a receiver whose holes are not silent."""

    NAME, TITLE, MEANING = "last", "Last", "The last sample is held."
    KEEPS_LENGTH, CAUSAL, DELAY_MS = True, True, 0.0

    def __call__(self, audio, received, *, packet_ms=200):
        packets = audio.reshape(len(received), -1).copy()
        for i in np.flatnonzero(~np.asarray(received)):
            packets[i] = packets[i - 1, -1] if i else 0
        return packets.reshape(-1)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, shape).astype(np.float32)


def lost_packets(heard, sent, rate, packet_ms=200):
    bounds = packet_bounds(len(sent), rate, packet_ms)
    return np.array([not np.array_equal(heard[a:b], sent[a:b]) for a, b in itertools.pairwise(bounds)])


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("receiver", ["silence", LastSample()])
def test_whole_packets_are_lost_at_any_rate_and_all_else_is_untouched(rate, receiver):
    sent = noise(rate * 20 + 77)
    heard = PacketLoss(HALF, receiver, seed=3)(samples=sent, sample_rate=rate)
    assert heard.shape == sent.shape
    assert heard.dtype == sent.dtype
    lost = lost_packets(heard, sent, rate)
    assert 0.3 < lost.mean() < 0.7
    if receiver == "silence":
        assert not heard[heard != sent].any()


def test_the_share_of_lost_packets_is_that_of_equation_1():
    channel = Gilbert(0.95, 0.6)
    sent = noise(16_000 * 4_000)
    lost = lost_packets(PacketLoss(channel, seed=0)(sent, 16_000), sent, 16_000)
    assert lost.mean() == pytest.approx(channel.loss_rate, abs=0.01)


def test_cutting_out_leaves_what_arrived_and_all_channels_lose_the_same():
    sent = noise(2, 32_000)
    sent[1] = -sent[0]
    heard = PacketLoss(HALF, "drop", seed=1)(sent, 16_000)
    assert 0 < heard.shape[1] < 32_000
    assert heard.shape[1] % 3_200 == 0
    assert np.array_equal(heard[1], -heard[0])
    assert np.isin(heard[0], sent[0]).all()


def test_with_a_seed_it_repeats_itself_and_with_another_it_does_not():
    sent = noise(320_000)
    first, again, other = (PacketLoss(HALF, seed=seed)(sent, 16_000) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    one = PacketLoss(HALF, seed=1)
    assert not np.array_equal(one(sent, 16_000), one(sent, 16_000))


def test_p_says_how_often_it_is_applied():
    augment = PacketLoss("gilbert:p_n=0.0,p_l=1.0", p=0.3, seed=0)
    applied = [not augment(noise(3_200), 16_000).any() for _ in range(2_000)]
    assert np.mean(applied) == pytest.approx(0.3, abs=0.04)


def test_channels_come_one_several_or_drawn_by_a_function():
    sent = noise(160_000)
    dead = Gilbert(0.0, 1.0)
    silent = [not PacketLoss([dead, CLEAN], seed=seed)(sent, 16_000).any() for seed in range(60)]
    assert 15 < sum(silent) < 45
    augment = PacketLoss(MULTI_CONDITION.draw, "drop", seed=5)
    lengths = {len(augment(sent, 16_000)) for _ in range(10)}
    assert len(lengths) > 3
    assert np.array_equal(PacketLoss(lambda rng: None)(sent, 16_000), sent)


def test_frozen_it_loses_the_same_packets_of_every_sound():
    augment = PacketLoss(HALF, seed=2)
    first = augment(noise(64_000), 16_000)
    augment.freeze_parameters()
    second = augment(noise(64_000, seed=1), 16_000)
    assert np.array_equal(first == 0, second == 0)
    assert augment.serialize_parameters()["channel"] == "gilbert:p_n=0.5,p_l=0.5"
    augment.unfreeze_parameters()
    assert any(not np.array_equal(augment(noise(64_000), 16_000), first) for _ in range(5))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_each_sound_of_a_torch_batch_loses_its_own_packets(dtype):
    batch = torch.from_numpy(noise(6, 64_000)).to(dtype)
    heard = PacketLoss(HALF, seed=0)(batch, 16_000)
    assert heard.dtype == dtype
    assert heard.shape == batch.shape
    kept = heard == batch
    assert not heard[~kept].any()
    assert len({tuple(row.tolist()) for row in kept[:, ::3_200]}) > 1


def test_channels_of_a_sound_in_a_torch_batch_lose_the_same():
    heard = PacketLoss(HALF, seed=0)(torch.ones(4, 2, 64_000), 16_000)
    assert torch.equal(heard[:, 0], heard[:, 1])


@pytest.mark.parametrize("receiver", ["silence", LastSample()])
def test_gradients_pass_through_what_arrives_and_nothing_else(receiver):
    sound = torch.from_numpy(noise(2, 64_000)).requires_grad_()
    heard = PacketLoss(HALF, receiver, seed=0)(sound, 16_000)
    heard.sum().backward()
    arrived = (heard == sound).detach()
    assert 0 < arrived.float().mean() < 1
    assert torch.equal(sound.grad, arrived.float())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_batch_on_the_gpu_stays_there_and_loses_the_same():
    batch = torch.from_numpy(noise(3, 64_000))
    here, there = PacketLoss(HALF, seed=0)(batch, 16_000), PacketLoss(HALF, seed=0)(batch.cuda(), 16_000)
    assert there.is_cuda
    assert torch.equal(here, there.cpu())


def test_workers_of_a_data_loader_do_not_lose_the_same():
    class Sounds(torch.utils.data.Dataset):
        augment = PacketLoss(HALF, seed=0)

        def __len__(self):
            return 4

        def __getitem__(self, index):
            return torch.from_numpy(self.augment(np.ones(320_000, dtype=np.float32), 16_000)[::3_200].copy())

    loader = torch.utils.data.DataLoader(Sounds(), batch_size=1, num_workers=2)
    epochs = [torch.cat(list(loader)) for _ in range(2)]
    patterns = {tuple(row.tolist()) for row in torch.cat(epochs)}
    assert len(patterns) == 8


def test_wrong_input_is_refused_in_one_sentence():
    augment = PacketLoss(HALF)
    with pytest.raises(
        ValueError, match=r"samples must be floats of the shape .*, got int16 of the shape \(9,\)"
    ):
        augment(np.zeros(9, dtype=np.int16), 16_000)
    with pytest.raises(ValueError, match="the sound must not be masked, got 9 masked values"):
        augment(np.ma.masked_array(noise(9), mask=True), 16_000)
    with pytest.raises(ValueError, match=r"or \(batch, channels, samples\), got torch.int16"):
        augment(torch.zeros(9, dtype=torch.int16), 16_000)
    with pytest.raises(
        ValueError, match="the receiver drop would leave the sounds of a batch unequally long"
    ):
        PacketLoss(HALF, "drop")(torch.zeros(2, 3_200), 16_000)
    with pytest.raises(ValueError, match="a packet must hold samples, got 200 ms at 0 Hz"):
        augment(noise(9), 0)
    with pytest.raises(ValueError, match=r"p must lie in \[0, 1\], got 2"):
        PacketLoss(HALF, p=2)
    with pytest.raises(ValueError, match="there is no loss model 'magic'"):
        PacketLoss("magic:p=1")
    with pytest.raises(ValueError, match=r"the receiver must be one of .*, got 'magic'"):
        PacketLoss(HALF, "magic")
    with pytest.raises(ValueError, match="at least one channel is needed"):
        PacketLoss([])


def test_it_stands_in_the_compose_of_audiomentations():
    audiomentations = pytest.importorskip("audiomentations", reason="needs the extra 'augment'")
    augment = audiomentations.Compose([audiomentations.Gain(6.0, 6.0, p=1.0), PacketLoss(HALF, seed=0)])
    sent = noise(64_000)
    heard = augment(samples=sent, sample_rate=16_000)
    kept = heard != 0
    assert 0 < kept.mean() < 1
    assert np.allclose(heard[kept], sent[kept] * 10 ** (6 / 20))
    augment.freeze_parameters()
    assert np.array_equal(augment(samples=sent, sample_rate=16_000), heard)
    assert "PacketLoss" in repr(augment)


def test_it_maps_over_a_dataset_alike_in_any_number_of_processes():
    datasets = pytest.importorskip("datasets", reason="needs the extra 'augment'")
    sounds = [{"audio": {"array": np.ones(16_000), "sampling_rate": 8_000}} for _ in range(6)]
    table = datasets.Dataset.from_list(sounds)
    augment = PacketLoss(HALF, seed=4)
    once = table.map(augment.example, with_indices=True)
    twice = [augment.example(table[i], i)["audio"]["array"] for i in reversed(range(6))][::-1]
    assert np.array_equal([each["audio"]["array"] for each in once], twice)
    assert len({tuple(each) for each in twice}) > 1
    assert all(RECEIVERS["silence"].KEEPS_LENGTH and len(each) == 16_000 for each in twice)


@pytest.mark.parametrize("name", RECEIVERS)
def test_without_samples_nothing_is_lost(name):
    assert PacketLoss(HALF, name)(np.empty(0, dtype=np.float32), 16_000).shape == (0,)
