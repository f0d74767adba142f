"""scripts/receivers.py: it says what it will take, goes on where it stopped, and writes whole tables."""

import pytest

from sercore.experiment import receivers, voices
from sercore.experiment.receivers import calls
from sercore.results.outcome import read_outcome
from tests.scripts.in_process import run_script
from tests.scripts.test_score_clips import write_clips


@pytest.fixture
def words(weights, tiny_tree, tmp_path, monkeypatch):
    """A plan of a few places, on tracks of noise."""
    channel = calls((0.1,))[0]
    few = [receivers.Place(of, "pitch", channel, ("mismatched",)) for of in ("test", "devel")]
    monkeypatch.setattr(receivers, "places", lambda lines: few)
    monkeypatch.setattr(voices, "conditions", lambda lines: [voices.Condition("pitch", channel)])
    monkeypatch.setattr(voices, "plcmos_of", lambda audio, rate: 3.0)
    monkeypatch.setattr(voices, "stoi_of", lambda one, other, rate: 0.9)
    folders = ["--runs", tmp_path / "runs", "--out", tmp_path / "results"]
    return ["--models", weights, "--corpus", tiny_tree, "--no-lines", *folders]


def test_it_says_how_long_it_takes_and_scores_nothing(words, tmp_path):
    assert (
        "2 cells in 2 places are left: about 0 minutes" in run_script("receivers", *words, "--dry-run").stdout
    )
    assert not list((tmp_path / "results").glob("*"))


def test_it_writes_its_tables_once_all_is_scored_and_scores_nothing_twice(words, tmp_path, monkeypatch):
    clips = tmp_path / "clips"
    clips.mkdir()
    write_clips(
        clips, "a.wav,high,positive", "b.wav,low,negative", "c.wav,high,negative", "d.wav,low,positive"
    )
    run_script("receivers", *words, "--clips", clips)
    found = read_outcome(tmp_path / "results")
    assert not found.problems
    assert set(found.receivers["receiver"]) == {"pitch"}
    assert set(found.receivers["partition"]) == {"test"}
    assert {each.claim for each in found.receiver_claims} == {8, 9, 10, 11}
    assert found.voices["plcmos"].tolist() == [3.0, 3.0]
    sounds = [path for path in tmp_path.rglob("*") if path.suffix in (".wav", ".flac")]
    assert {path.parent for path in sounds} == {clips}
    monkeypatch.setattr(receivers, "evaluate_cell", None)  # nothing is scored again
    run_script("receivers", *words)
    again = read_outcome(tmp_path / "results")
    assert again.receiver_claims == found.receiver_claims
    assert again.receivers.equals(found.receivers)
    assert again.voices.equals(found.voices)


def test_real_voices_can_be_scored_alone(words, tmp_path):
    clips = tmp_path / "clips"
    clips.mkdir()
    write_clips(clips, "a.wav,high,positive", "b.wav,low,negative", "c.wav,high,negative")
    run_script("receivers", *words, "--clips", clips, "--voices-only")
    found = read_outcome(tmp_path / "results")
    assert found.voices["clips"].tolist() == [3, 3]
    assert {each.claim for each in found.receiver_claims} == {11}
    assert not len(found.receivers)
    answer = run_script("receivers", *words, "--voices-only", expect=2)
    assert "--voices-only scores clips: name their folder (--clips)" in answer.stderr


def test_without_weights_it_says_so(tmp_path):
    other = tmp_path / "none.safetensors"
    answer = run_script(
        "receivers", "--models", other, "--runs", tmp_path / "runs", "--out", tmp_path, expect=2
    )
    assert "there are no weights at" in answer.stderr
