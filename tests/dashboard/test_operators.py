"""Recognisers that the operator names: choices like ours, or a sentence at the start."""

import shutil
import subprocess
import warnings

import numpy as np
import pytest
import torch

from dashboard.compute import networks, operators, predictions
from sercore.channel import Gilbert
from tests.dashboard.opened import ROOT, open_page, words_of


class Level(torch.nn.Module):
    """Level and its opposite, once for all that it hears."""

    def forward(self, sound: torch.Tensor) -> torch.Tensor:
        level = sound.abs().mean()
        return torch.stack([level, 1.0 - level])


def save(path, dimensions: str = "valence,arousal") -> None:
    about = {"about.json": f'{{"dimensions": "{dimensions}"}}'}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch would rather have its own newer format
        torch.jit.save(torch.jit.script(Level()), str(path), _extra_files=about)


@pytest.fixture
def offered(weights, untrained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mine")
    save(folder / "level.pt")
    save(folder / "loudness only.pt", "loudness,softness")
    save(folder / "mismatched.pt")
    (folder / "broken.onnx").write_bytes(b"not a model")
    (folder / "notes.txt").write_text("no model")
    (folder / "wav2vec").mkdir()
    (folder / "wav2vec" / "config.json").write_text("{}")
    for suffix in (".safetensors", ".json"):
        shutil.copy(untrained / f"mismatched{suffix}", folder / f"retrained{suffix}")
    yield folder, operators.offer(folder)
    networks.OFFERED.clear()


def test_what_works_is_a_choice_and_what_does_not_is_a_sentence(offered):
    folder, said = offered
    assert networks.trained_settings()[-2:] == ["level", "retrained"]
    *problems, found = said
    assert found == f"Recognisers from {folder} beside ours: level, retrained"
    left_out = {sentence.partition(" is left out: ")[0]: sentence for sentence in problems}
    assert set(left_out) == {"broken.onnx", "loudness only.pt", "mismatched.pt", "wav2vec"}
    assert "no output called arousal, valence" in left_out["loudness only.pt"]
    assert "name is taken" in left_out["mismatched.pt"]
    assert all("\n" not in sentence for sentence in problems)


def test_it_predicts_arousal_and_valence_in_our_order(offered):
    course = networks.load("level").predict(np.full(32_000, 0.25, dtype=np.float32))
    assert course == pytest.approx(np.tile([0.75, 0.25], (10, 1)))  # the file says valence first


def test_a_visitor_chooses_it_and_is_told_whose_it_is(offered):
    app = open_page("plane", setting="level")
    assert not app.exception
    assert app.session_state["setting"] == "level"
    assert "whoever runs this server" in networks.sentence_of("level")
    assert "cannot be used" not in words_of(app)


def test_it_is_computed_like_ours(offered):
    from dashboard.compute.clips import excerpt
    from dashboard.widgets.controls import shipped_track

    clip = excerpt(shipped_track("test_1"), 0, 20)
    draws = predictions.draws_of(
        clip, Gilbert(0.5, 0.5), 1, weights="level", given="silence", on_wait=lambda _: None
    )
    level = np.abs(clip.audio).mean()
    assert draws.clean[:, 1] == pytest.approx(np.full(clip.n_frames, level), abs=0.02)
    assert (draws.predicted[0, :, 1] < draws.clean[:, 1]).all()  # silence is softer


def test_a_command_line_names_a_folder():
    assert operators.folder_named(["--models", "a b"]).name == "a b"
    assert operators.offer(ROOT / "nowhere") == [
        f"--models must name a folder, and {ROOT / 'nowhere'} is none"
    ]
    words = ["make", "--dry-run", "demo", "MODELS=my models", "-o", ".venv/.demo"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 'dashboard/app.py -- --models "my models"' in said
