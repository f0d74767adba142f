"""A card whose hash fits is held against what it should say before anything is computed with its network."""

import pytest
import torch

from sercore.network.card import Card
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.weights import WeightsError, save_model
from sercore.recogniser.post_processing import Chain, describe
from sercore.recogniser.registry import load_recogniser

WHOLE = {"name": "mismatched"}
CHAINS = describe((Chain(), Chain()))


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        (Card(), "does not say in which setting"),
        (Card(WHOLE, post_processing={"arousal": {}}), "post_processing lacks valence"),
        (Card(WHOLE, post_processing=CHAINS | {"valence": [1]}), r"post_processing\.valence must be a table"),
        (
            Card(WHOLE, post_processing=CHAINS | {"valence": {"scale": "2"}}),
            "scale must be a number, got '2'",
        ),
        (
            Card(WHOLE, post_processing=CHAINS | {"valence": {"median_frames": 4}}),
            "must be odd and at least 1",
        ),
        (Card(WHOLE, annotation_delay_seconds=9.0), r"delay must lie in \[0, 8\] s, got 9"),
    ],
)
def test_a_card_is_refused_when_its_network_is_loaded(card, sentence, tmp_path):
    save_model(tmp_path / "net.safetensors", EmotionModel(ModelDimensions(lstm_units=1)), card)
    with pytest.raises(WeightsError, match=sentence):
        load_recogniser(tmp_path / "net.safetensors")


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("[" * 100_000, "nested more than 32 deep"),
        ('{"sample_rate": "fast"}', "sample_rate must be a whole number, got 'fast'"),
        ('{"sample_rate": 1}', "sample_rate must lie in"),
        ("[1]", "must be a table of names and values"),
    ],
)
def test_what_a_script_says_of_itself_is_held_against_what_it_may_say(about, sentence, tmp_path):
    script = torch.jit.script(torch.nn.Linear(1, 1))
    torch.jit.save(script, tmp_path / "net.pt", _extra_files={"about.json": about})
    with pytest.raises(ValueError, match=rf"net\.pt is no TorchScript model: .*{sentence}"):
        load_recogniser(tmp_path / "net.pt")


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_a_damaged_script_is_refused_before_pytorch_reads_it(tmp_path):
    path = tmp_path / "net.pt"
    torch.jit.save(torch.jit.script(torch.nn.Linear(40, 40)), path)
    whole = path.read_bytes()
    at = len(whole) // 2  # among its weights
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(ValueError, match=r"net\.pt is no TorchScript model: its part .* is damaged"):
        load_recogniser(path)
