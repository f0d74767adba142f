"""Weights come back as they were written, or not at all."""

import json

import pytest
import torch
from safetensors.torch import save as tensors_to_bytes

from sercore.files import sha256_of
from sercore.network.card import Card
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.weights import WeightsError, load_model, rounded_to_half, save_model


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    model = EmotionModel(ModelDimensions(lstm_units=8)).eval()
    save_model(tmp_path / "net.safetensors", model, Card({"name": "mismatched"}))
    return tmp_path / "net.safetensors", model


def test_a_network_survives_the_disk(saved):
    path, model = saved
    loaded = load_model(path)
    audio = torch.randn(1, 6400)
    assert torch.equal(loaded(audio), model(audio))
    assert loaded.card.setting == {"name": "mismatched"}
    assert not loaded.training
    assert sorted(p.name for p in path.parent.iterdir()) == ["net.json", "net.safetensors"]


@pytest.mark.parametrize("position", [3, 20, 2000, -1])
def test_one_flipped_byte_is_found(saved, position):
    path, _ = saved
    content = bytearray(path.read_bytes())
    content[position] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="damaged or belong to another card: SHA-256 is"):
        load_model(path)


def test_weights_of_other_sizes_are_refused(saved):
    path, _ = saved
    card = json.loads(path.with_suffix(".json").read_text())
    card["dimensions"]["lstm_units"] = 9
    path.with_suffix(".json").write_text(json.dumps(card))
    with pytest.raises(WeightsError, match="do not fit the card's dimensions"):
        load_model(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"dimensions": 3}', "\x00"])
def test_a_card_that_is_none_is_refused(saved, text):
    path, _ = saved
    path.with_suffix(".json").write_text(text)
    with pytest.raises(WeightsError, match=r"the card .*net\.json"):
        load_model(path)


def test_missing_files_are_named(saved):
    path, _ = saved
    path.with_suffix(".json").unlink()
    with pytest.raises(WeightsError, match=r"no card .*net\.json"):
        load_model(path)
    path.unlink()
    with pytest.raises(WeightsError, match=r"no weights at .*net\.safetensors"):
        load_model(path)


def test_a_pickle_is_never_opened(saved):
    path, model = saved
    torch.save(model.state_dict(), path)
    with pytest.raises(WeightsError):
        load_model(path)


def test_rounded_weights_take_half_the_bytes_and_come_back_bit_for_bit(saved, tmp_path):
    path, model = saved
    model.load_state_dict(rounded_to_half(model.state_dict()))
    save_model(tmp_path / "half.safetensors", model, Card())
    loaded = load_model(tmp_path / "half.safetensors")
    for name, tensor in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name
        assert loaded.state_dict()[name].dtype == tensor.dtype, name
    assert (tmp_path / "half.safetensors").stat().st_size < 0.52 * path.stat().st_size


def test_rounding_moves_a_weight_by_half_a_step_of_eleven_bits_at_most():
    weights = {"matrix": torch.randn(40, 50), "bias": torch.randn(40), "steps": torch.tensor(7)}
    rounded = rounded_to_half(weights)
    assert rounded["bias"] is weights["bias"]
    assert rounded["steps"] is weights["steps"]
    moved = (rounded["matrix"] - weights["matrix"]).abs()
    assert (moved <= weights["matrix"].abs() * 2**-11 + 2**-25).all()
    assert moved.max() > 0


def test_weights_that_are_no_numbers_are_refused(saved):
    path, model = saved
    with torch.no_grad():
        next(model.parameters()).fill_(torch.nan)
    save_model(path, model, Card())
    with pytest.raises(WeightsError, match=r"net\.safetensors cannot be used: they hold NaN or infinity in "):
        load_model(path)


def test_a_card_whose_hash_fits_cannot_make_bad_weights_good(saved):
    """Each of these was accepted, or ended in a traceback, with a card that names its hash."""
    path, model = saved
    whole = model.state_dict()
    bad = {
        r"infinity in blocks\.0\.weight": {"blocks.0.weight": whole["blocks.0.weight"].double() + 1e300},
        r"a number beyond 10,000 in dense\.bias": {"dense.bias": whole["dense.bias"] + 1e30},
        r"a negative variance in norm\.running_var": {"norm.running_var": -whole["norm.running_var"]},
        r"dense\.bias' is of 'F8_E4M3'; known are F16": {
            "dense.bias": whole["dense.bias"].to(torch.float8_e4m3fn)
        },
        r"dimensions: dense\.bias has the shape \(3,\)": {"dense.bias": torch.zeros(3)},
        r"'more' is no part of it": {"more": torch.zeros(3)},
    }
    for sentence, changed in bad.items():
        rewrite(path, tensors_to_bytes(whole | changed))
        with pytest.raises(WeightsError, match=sentence):
            load_model(path)


def test_a_card_cannot_ask_for_more_memory_than_its_weights_have(saved):
    path, _ = saved
    for sizes in ({"lstm_units": 60_000}, {"lstm_units": 10**15}, {"channels": [1] * 100_000}):
        rewrite(path, path.read_bytes(), dimensions=ModelDimensions(lstm_units=8).to_dict() | sizes)
        with pytest.raises(WeightsError, match="do not fit the card's dimensions"):
            load_model(path)


def rewrite(path, content, **entries):
    """Put other weights beside the card, which then names their hash, and other entries into it."""
    path.write_bytes(content)
    card = json.loads(path.with_suffix(".json").read_text()) | {"sha256": sha256_of(content)} | entries
    path.with_suffix(".json").write_text(json.dumps(card))


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_git_lfs_pointer_in_place_of_a_file_is_called_one(saved, suffix):
    path, _ = saved
    path.with_suffix(suffix).write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n"
    )
    with pytest.raises(WeightsError, match="it is a git-lfs pointer, not the file itself: run git lfs pull"):
        load_model(path)
