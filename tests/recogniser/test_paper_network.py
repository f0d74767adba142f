"""Predicting in pieces is predicting the whole; losing frames is cutting them out."""

import numpy as np
import pytest
import torch

from sercore.network.inference import decode_each
from sercore.network.model import EmotionModel
from sercore.receiver.registry import RECEIVERS
from sercore.recogniser.paper_network import PaperNetwork, predict


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(3)
    return EmotionModel().eval()


@pytest.mark.parametrize("seconds", [0.2, 20.3, 99.9, 100.0, 100.3, 201.0])
def test_pieces_give_what_the_whole_gives(model, seconds):
    audio = np.random.default_rng(0).normal(0, 0.1, int(seconds * 16_000) + 17).astype(np.float32)
    with torch.inference_mode():
        whole = model(torch.from_numpy(audio)[None])[0].numpy()
    predicted = predict(model, audio)
    assert predicted.shape == (int(seconds * 5 + 1e-9), 2)
    assert np.abs(predicted - whole).max() < 1e-5


def after_loss(model, audio, received):
    network = PaperNetwork(model)
    (course,) = network.predict_heard([(network.hear(audio), received)], RECEIVERS["drop"])
    return course


def test_lost_frames_are_cut_out_before_the_network_and_held_after_it(model):
    rng = np.random.default_rng(1)
    audio = rng.normal(0, 0.1, 40 * 3200).astype(np.float32)
    received = rng.random(40) < 0.6
    timeline = after_loss(model, audio, received)
    kept = np.concatenate([audio[i * 3200 : (i + 1) * 3200] for i in np.flatnonzero(received)])
    assert np.abs(timeline[received] - predict(model, kept)).max() < 1e-5
    last = np.maximum.accumulate(np.where(received, np.arange(40), -1))
    assert np.array_equal(timeline[last >= 0], timeline[last[last >= 0]])
    assert (timeline[last < 0] == 0).all()
    assert (after_loss(model, audio, np.zeros(40, dtype=bool)) == 0).all()


def test_a_hearing_says_how_large_its_features_will_be_and_computes_them_when_losses_are_cut_out(model):
    audio, received = np.zeros(7 * 3200, np.float32), np.arange(7) != 3
    heard = PaperNetwork(model).hear(audio)
    PaperNetwork(model).predict_heard([(heard, received)], RECEIVERS["silence"])
    assert heard._features is None
    PaperNetwork(model).predict_heard([(heard, received)], RECEIVERS["drop"])
    assert heard.nbytes == heard._features.nbytes


def test_recordings_decoded_together_give_what_each_gives_alone(model):
    features = [torch.randn(n, 128, generator=torch.Generator().manual_seed(n)) for n in (5, 1, 30)]
    with torch.inference_mode():
        for alone, together in zip(features, decode_each(model, features), strict=True):
            assert np.abs(model.decode(alone[None])[0].numpy() - together).max() < 1e-6


def test_nothing_is_predicted_from_silence(model):
    rounding = np.random.default_rng(2).integers(-1, 2, 32_000) / 32_768
    for silence in (np.zeros(32_000, np.float32), np.full(32_000, 0.3), rounding):
        with pytest.raises(
            ValueError, match=r"holds no sound: all of its 2\.0 s are silent, and nothing can"
        ):
            predict(model, silence)


def test_bad_audio_is_refused_in_one_sentence(model):
    with pytest.raises(ValueError, match="at least one frame of 3200 samples"):
        predict(model, np.zeros(100, dtype=np.float32))
    with pytest.raises(ValueError, match=r"shape \(samples,\), got \(2, 3200\)"):
        predict(model, np.zeros((2, 3200), dtype=np.float32))
    with pytest.raises(ValueError, match="floating point from -1 to 1, got int16"):
        predict(model, np.zeros(3200, dtype=np.int16))  # as most readers of WAV files give them
    with pytest.raises(ValueError, match="audio must not be masked, got 3,200 masked values"):
        predict(model, np.ma.masked_all(3200, dtype=np.float32))
    with pytest.raises(ValueError, match="audio must be finite, got 1 bad samples"):
        predict(model, np.array([np.nan] + [0.0] * 6400, dtype=np.float32))
    loud = (20_000 * np.sin(np.arange(6400))).astype(np.float32)  # integers that were stored as floats
    with pytest.raises(ValueError, match="audio reaches 20,000 times full scale"):
        predict(model, loud)
    with pytest.raises(ValueError, match="audio must not be masked, got 6,400 masked values"):
        predict(model, np.ma.masked_array(loud / 1e5, mask=True))
    with pytest.raises(ValueError, match="training mode"):
        predict(EmotionModel().train(), np.zeros(6400, dtype=np.float32))
    with pytest.raises(ValueError, match="whole frames of 3200 samples, got 6401"):
        after_loss(model, np.zeros(6401, dtype=np.float32), np.ones(2, dtype=bool))
