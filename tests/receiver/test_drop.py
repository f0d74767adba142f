"""Dropping, against the paper's own examples and a naive loop."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sercore.receiver import drop_lost, sample_mask
from sercore.units import SAMPLES_PER_FRAME


def test_a_frame_is_3200_samples():
    assert SAMPLES_PER_FRAME == 40 * 20 * 4 == 3200


def test_the_papers_mask_1011_repeated_3_times():
    assert "".join(str(int(b)) for b in sample_mask([1, 0, 1, 1], 3)) == "111000111111"


def test_the_papers_mask_01101_keeps_y2_y3_y5():
    _, gold = drop_lost(np.zeros(5), np.array([1, 2, 3, 4, 5]), [0, 1, 1, 0, 1], samples_per_frame=1)
    assert gold.tolist() == [2, 3, 5]


@given(received=st.lists(st.booleans(), max_size=12), r=st.integers(1, 5))
def test_dropping_is_what_a_loop_over_frames_does(received, r):
    n = len(received)
    audio = np.arange(n * r, dtype=np.float32)
    gold = np.arange(2 * n, dtype=np.float32).reshape(n, 2)
    short_audio, short_gold = drop_lost(audio, gold, np.array(received, dtype=bool), samples_per_frame=r)
    expected_audio, expected_gold = [], []
    for i, kept in enumerate(received):
        if kept:
            expected_audio += audio[i * r : (i + 1) * r].tolist()
            expected_gold.append(gold[i].tolist())
    assert short_audio.tolist() == expected_audio
    assert short_gold.tolist() == expected_gold


@given(received=st.lists(st.booleans(), max_size=12))
def test_audio_is_what_the_sample_mask_selects(received):
    received = np.array(received, dtype=bool)
    audio = np.arange(len(received) * 4)
    short_audio, _ = drop_lost(audio, received, received, samples_per_frame=4)
    assert np.array_equal(short_audio, audio[sample_mask(received, 4)])


def test_a_batch_shares_one_channel_in_numpy_and_torch_alike():
    rng = np.random.default_rng(0)
    audio, gold = rng.normal(size=(3, 12)), rng.normal(size=(3, 4, 2))
    received = np.array([True, False, True, True])
    short_audio, short_gold = drop_lost(audio, gold, received, samples_per_frame=3)
    for i in range(3):
        one_audio, one_gold = drop_lost(audio[i], gold[i], received, samples_per_frame=3)
        assert np.array_equal(short_audio[i], one_audio)
        assert np.array_equal(short_gold[i], one_gold)
    torch_audio, torch_gold = drop_lost(
        torch.tensor(audio), torch.tensor(gold), received, samples_per_frame=3
    )
    assert np.array_equal(torch_audio.numpy(), short_audio)
    assert np.array_equal(torch_gold.numpy(), short_gold)


def test_lengths_that_do_not_match_are_refused_with_the_numbers():
    with pytest.raises(ValueError, match=r"5 frames ask for 16000 samples .* got 15999 samples and 5 gold"):
        drop_lost(np.zeros(15_999), np.zeros((5, 2)), np.ones(5, dtype=bool))
    with pytest.raises(ValueError, match="got 16000 samples and 4 gold frames"):
        drop_lost(np.zeros(16_000), np.zeros((4, 2)), np.ones(5, dtype=bool))


@pytest.mark.parametrize("bad", [[0.5, 1], [2, 1], ["a", "b"]])
def test_what_is_no_mask_is_refused(bad):
    with pytest.raises(ValueError, match="received must hold True and False"):
        drop_lost(np.zeros(6400), np.zeros((2, 2)), bad)
