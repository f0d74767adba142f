"""The setting beyond the paper: what its network hears, and a training that is stopped and goes on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sercore.corpus import open_corpus
from sercore.experiment.plan import Network, experiment_for
from sercore.experiment.trained import train_network
from sercore.network.model import ModelDimensions
from sercore.receiver.told import left_of, told_of
from sercore.recogniser.registry import load_recogniser
from sercore.training.plan import TrainingPlan
from sercore.training.settings import LOSS_AWARE, TRAINED_SETTINGS, draw_for_setting, setting_named

CPU = torch.device("cpu")
PLAN = TrainingPlan(
    LOSS_AWARE, epochs=3, segment_seconds=4, batch_size=4, devel_every=2,
    dimensions=ModelDimensions(channels=(8, 8, 8), lstm_units=8),
)  # fmt: skip


def test_it_is_named_like_the_others_and_is_none_of_the_papers():
    assert setting_named("loss_aware") is LOSS_AWARE
    assert LOSS_AWARE.name not in TRAINED_SETTINGS


def test_its_channels_fill_the_plane_with_packets_of_both_lengths():
    rng = np.random.default_rng(0)
    channels = [LOSS_AWARE.draw(rng) for _ in range(2000)]
    for packet_ms in (20, 200):
        mine = [(each.p_n, each.p_l) for each in channels if each.packet_ms == packet_ms]
        assert len(mine) == pytest.approx(1000, abs=100)
        assert np.mean(mine, axis=0) == pytest.approx([0.525, 0.5], abs=0.03)
    lengths = {len(draw_for_setting(LOSS_AWARE, 100, rng)[0]) for _ in range(20)}
    assert lengths == {100, 1000}


@pytest.mark.parametrize("packet_ms", [20, 200])
def test_it_hears_what_is_left_and_is_to_say_something_of_every_frame(packet_ms):
    rng = np.random.default_rng(1)
    audio, gold = rng.normal(size=(2, 3200 * 9)).astype(np.float32), np.zeros((2, 9, 2), np.float32)
    received = rng.random(9 * 200 // packet_ms) < 0.4
    (heard, told), wanted = LOSS_AWARE.hear(audio, gold, received)
    assert np.array_equal(heard, left_of(audio, received, packet_ms))
    assert np.array_equal(told, told_of(received, packet_ms))
    assert wanted is gold


def test_a_training_that_is_stopped_ends_in_the_same_weights(tiny_tree, tmp_path):
    corpus, network = open_corpus(tiny_tree), Network(LOSS_AWARE, 0)

    def stop(state):
        if state.epoch == 2:
            raise KeyboardInterrupt

    cards = []
    for runs in ("whole", "stopped"):
        experiment = replace(experiment_for(str(tiny_tree), runs=tmp_path / runs), plan=PLAN)
        if runs == "stopped":
            with pytest.raises(KeyboardInterrupt):
                train_network(experiment, network, corpus, CPU, after_epoch=stop)
        cards.append(train_network(experiment, network, corpus, CPU))
    assert cards[0].sha256 == cards[1].sha256
    assert cards[0].setting == {"name": "loss_aware", "p_n": (0.05, 1.0), "p_l": (0.0, 1.0),
                                "packet_ms": (20, 200)}  # fmt: skip
    assert "devel_own_channels" in cards[0].scores
    assert load_recogniser(experiment.weights(network)).name == "loss_aware"
