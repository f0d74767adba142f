"""Other people's models hear as ours do: any rate, length and outputs; a wrong one gets one sentence."""

from fractions import Fraction

import numpy as np
import pytest
import soxr
import torch
from safetensors.torch import load_file, save_file

from sercore.network.card import Card
from sercore.network.export import to_onnx, to_torchscript
from sercore.network.inference import raw_prediction
from sercore.network.model import EmotionModel
from sercore.recogniser.foreign import Foreign, ModelError
from sercore.recogniser.registry import load_recogniser
from sercore.units import DIMENSIONS
from tests.recogniser.made_models import save_wav2vec2, save_whisper


def sound(frames, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, frames * 3_200).astype(np.float32)


def foreign(name, answer, *more, **limits):
    return Foreign(answer, name, "1", *more, **limits)


def level_of(audio):
    return np.array([audio.std(), audio.mean()])


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    model = EmotionModel().eval()
    model.card = Card({"name": "mismatched"}, sha256="abc")
    return model


def test_one_answer_for_all_is_held_for_all_frames():
    audio = sound(7)
    course = foreign("level", level_of).predict(audio)
    assert course.shape == (7, 2)
    assert course == pytest.approx(np.tile(level_of(audio), (7, 1)), rel=1e-5)


@pytest.mark.parametrize("frames", [10, 11])
@pytest.mark.parametrize("steps", [1, 3, 10, 22, 35, 100])
def test_a_frame_gets_the_answer_that_was_newest_in_its_middle(steps, frames):
    course = foreign("clock", lambda audio: np.arange(steps)[:, None]).predict(sound(frames))
    expected = [
        max(step for step in range(steps) if Fraction(step, steps) <= Fraction(2 * frame + 1, 2 * frames))
        for frame in range(frames)
    ]
    assert course[:, 0].tolist() == expected


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100])
def test_it_hears_the_sound_at_its_own_rate(rate):
    heard = []
    tone = np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000).astype(np.float32)
    foreign("ear", lambda audio: heard.append(audio) or [0.0], ("x",), rate).predict(tone)
    (found,) = heard
    assert found == pytest.approx(soxr.resample(tone, 16_000, rate), abs=1e-6)
    assert len(found) == 2 * rate


def test_one_that_takes_30_s_hears_pieces_of_30_s_and_the_last_is_whole():
    lengths = []

    def answer(audio):
        lengths.append(len(audio) / 16_000)
        assert len(audio) <= 30 * 16_000
        return [[audio[i : i + 3_200].mean()] for i in range(0, len(audio), 3_200)]

    audio = sound(410)
    course = foreign("thirty", answer, ("mean",), longest=30.0).predict(audio)
    assert course[:, 0] == pytest.approx(audio.reshape(-1, 3_200).mean(axis=1), abs=1e-6)
    assert lengths == [30.0, 30.0, 30.0]


def test_what_is_too_short_is_followed_by_silence():
    heard = []
    foreign("slow", lambda audio: heard.append(audio) or [1.0], ("x",), shortest=1.0).predict(sound(1))
    assert len(heard[0]) == 16_000
    assert not heard[0][3_200:].any()


def test_outputs_are_chosen_by_name():
    both = foreign("vad", lambda audio: [[1.0, 2.0, 3.0]], ("dominance", "valence", "arousal"))
    assert both.only(DIMENSIONS).predict(sound(2)).tolist() == [[3.0, 2.0]] * 2
    with pytest.raises(ModelError, match=r"level has no output called arousal, valence; it has output 1, "):
        foreign("level", level_of).only(DIMENSIONS)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda audio: [np.nan, 1.0], "bad answers 2.0 s of sound with 1 numbers that are NaN or infinite"),
        (lambda audio: np.zeros((2, 3, 4)), r"in the shape \(2, 3, 4\); \(4,\) or \(steps, 4\) is needed"),
        (lambda audio: [], r"in the shape \(0,\)"),
        (lambda audio: 1 / 0, "bad fails on 2.0 s of sound: division by zero"),
        (lambda audio: ["happy"], "bad fails on 2.0 s of sound: could not convert string to float"),
    ],
)
def test_a_wrong_model_gets_one_sentence_that_says_what_it_did(answer, said):
    with pytest.raises(ModelError, match=said):
        foreign("bad", answer)


def test_one_that_changes_its_shape_or_fails_on_short_input_is_caught_when_it_does():
    def fails(audio):
        if len(audio) < 16_000:
            raise RuntimeError("Kernel size can't be greater than actual input size")
        return [1.0]

    with pytest.raises(ModelError, match=r"bad fails on 0.2 s of sound: Kernel size can't be greater"):
        foreign("bad", fails).predict(sound(1))
    with pytest.raises(ModelError, match=r"answers 0.4 s of sound in the shape \(3,\); \(2,\) or"):
        foreign("bad", lambda audio: np.ones(3), ("a", "b")).predict(sound(2))
    with pytest.raises(ModelError, match="wants 0 Hz; 1,000 to 192,000 Hz are possible"):
        foreign("bad", level_of, sample_rate=0)
    with pytest.raises(ModelError, match=r"takes at most 0.1 s, less than the 0.2 s it needs"):
        foreign("bad", level_of, longest=0.1)
    with pytest.raises(ValueError, match="at least one frame of 3200 samples, got 3199"):
        foreign("level", level_of).predict(sound(1)[:-1])


def test_our_own_network_comes_back_from_onnx_and_from_torchscript(network, tmp_path):
    pytest.importorskip("onnx", reason="needs the extra 'export'")
    pytest.importorskip("onnxruntime", reason="needs the extra 'export'")
    (tmp_path / "net.onnx").write_bytes(to_onnx(network))
    (tmp_path / "net.pt").write_bytes(to_torchscript(network))
    audio, expected = sound(25), raw_prediction(network, sound(25))
    for name in ("net.onnx", "net.pt"):
        recogniser = load_recogniser(tmp_path / name)
        assert (recogniser.name, recogniser.dimensions) == ("net", DIMENSIONS)
        assert recogniser.scale == (-1.0, 1.0)
        assert recogniser.predict(audio) == pytest.approx(expected, abs=1e-5)


def test_files_that_are_none_are_refused_in_one_sentence(tmp_path):
    pytest.importorskip("onnxruntime", reason="needs the extra 'export'")
    for name, said in (("net.onnx", "is no ONNX model"), ("net.pt", "is no TorchScript model")):
        (tmp_path / name).write_bytes(b"nonsense" * 100)
        with pytest.raises(ModelError, match=said):
            load_recogniser(tmp_path / name)
    with pytest.raises(ValueError, match=r"is a folder without a config.json \(transformers\) or a YAML"):
        load_recogniser(tmp_path)


def test_a_pickle_is_not_unpickled(tmp_path):
    torch.save({"weights": torch.ones(3)}, tmp_path / "net.pt")
    with pytest.raises(ModelError, match="is no TorchScript model"):
        load_recogniser(tmp_path / "net.pt")


def test_onnx_of_other_ranks_and_of_fixed_length_are_fed_as_they_ask(tmp_path):
    onnx = pytest.importorskip("onnx", reason="needs the extra 'export'")
    pytest.importorskip("onnxruntime", reason="needs the extra 'export'")
    for shape in (["n"], ["b", "n"], [1, 1, "n"], [1, 16_000], [4, 1, "n"]):
        put_in = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, shape)
        put_out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
        axes = {"axes": [len(shape) - 1], "keepdims": 1}
        node = onnx.helper.make_node("ReduceMean", ["x"], ["y"], **axes)
        graph = onnx.helper.make_graph([node], "g", [put_in], [put_out])
        opset = [onnx.helper.make_opsetid("", 17)]
        (tmp_path / "m.onnx").write_bytes(
            onnx.helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
        )
        model, audio = load_recogniser(tmp_path / "m.onnx"), sound(5, seed=3)
        assert model.predict(audio) == pytest.approx(np.full((5, 1), audio.mean()), abs=1e-5)
        assert model.longest == (1.0 if shape[-1] == 16_000 else None)


def test_a_folder_of_audonnx_names_its_outputs(network, tmp_path):
    pytest.importorskip("onnx", reason="needs the extra 'export'")
    pytest.importorskip("onnxruntime", reason="needs the extra 'export'")
    pytest.importorskip("yaml", reason="comes with the extra 'transformers'")
    (tmp_path / "model.onnx").write_bytes(to_onnx(network))
    head = "$audonnx.core.model.Model==0.7.0:\n  path: model.onnx\n"
    (tmp_path / "model.yaml").write_text(head + "  labels:\n    emotion: [valence, arousal]\n")
    assert load_recogniser(tmp_path).dimensions == ("valence", "arousal")
    (tmp_path / "model.yaml").write_text(head + "  transform:\n    audio: {$opensmile.Smile: {}}\n")
    with pytest.raises(ModelError, match="feeds its model features; only models that take sound"):
        load_recogniser(tmp_path)
    (tmp_path / "model.yaml").write_text("[]")
    with pytest.raises(ModelError, match="is not of audonnx"):
        load_recogniser(tmp_path)


def test_a_folder_of_transformers_is_heard_as_transformers_hears_it(tmp_path):
    model = save_wav2vec2(tmp_path)
    recogniser = load_recogniser(tmp_path)
    assert recogniser.dimensions == ("angry", "happy", "sad")
    audio = sound(5)
    normal = (audio - audio.mean()) / np.sqrt(audio.var() + 1e-7)
    with torch.inference_mode():
        expected = model(torch.from_numpy(normal)[None]).logits.softmax(-1)[0].numpy()
    assert recogniser.predict(audio) == pytest.approx(np.tile(expected, (5, 1)), abs=1e-5)


def test_regressors_and_classes_that_exclude_nothing_answer_as_they_were_made_to(tmp_path):
    audio, answers = sound(5), {}
    for kind in ("regression", "multi_label_classification"):
        save_wav2vec2(tmp_path / kind, problem_type=kind)
        recogniser = load_recogniser(tmp_path / kind)
        answers[kind] = recogniser.predict(audio)
        assert recogniser.scale == (None if kind == "regression" else (0.0, 1.0))
    logits = answers["regression"]
    assert answers["multi_label_classification"] == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-5)


def test_a_folder_that_lacks_weights_is_not_filled_with_chance(tmp_path):
    save_wav2vec2(tmp_path)
    path = tmp_path / "model.safetensors"
    weights = {name: each for name, each in load_file(path).items() if not name.startswith("classifier")}
    save_file(weights, path, {"format": "pt"})
    with pytest.raises(
        ModelError, match=r"lacks weights of Wav2Vec2ForSequenceClassification: classifier\.bias"
    ):
        load_recogniser(tmp_path)


@pytest.mark.filterwarnings("ignore:At least one mel filter")
def test_what_whisper_would_cut_off_goes_through_in_pieces_of_30_s(tmp_path):
    save_whisper(tmp_path)
    recogniser, audio = load_recogniser(tmp_path), sound(200)
    assert recogniser.longest == 30.0
    course = recogniser.predict(audio)
    assert course[100:] == pytest.approx(
        np.tile(recogniser.predict(audio[-30 * 16_000 :])[:1], (100, 1)), abs=1e-5
    )


def test_a_python_function_is_a_recogniser_and_may_say_more_of_itself(tmp_path, monkeypatch):
    code = (
        "def loud(audio, sample_rate):\n    return [audio.std(), sample_rate]\n"
        "loud.dimensions = ['arousal', 'valence']\nloud.sample_rate = 8000\nloud.longest = 2\n"
    )
    (tmp_path / "my_ears.py").write_text(code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    recogniser = load_recogniser("my_ears:loud")
    assert recogniser.dimensions == DIMENSIONS
    assert recogniser.predict(sound(25))[:, 1].tolist() == [8_000.0] * 25
    with pytest.raises(ModelError, match="the module my_ears has no function quiet"):
        load_recogniser("my_ears:quiet")
    with pytest.raises(ModelError, match="the module no_such_module cannot be imported"):
        load_recogniser("no_such_module:f")
