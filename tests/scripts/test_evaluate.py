"""scripts/evaluate.py: channels of the plane, once and in pieces."""

import json
import shutil

import pytest
import soundfile

from sercore.experiment import cells
from sercore.results.table import read_results
from tests.scripts.in_process import run_script


def test_a_table_of_somebody_else_is_not_overwritten(weights, tiny_tree, tmp_path):
    (tmp_path / "plane.csv").write_text("mine,yours\n1,2\n")
    words = ["--models", weights, "--corpus", tiny_tree, "--out", tmp_path / "plane.parquet", "--csv"]
    assert "plane.csv lack the columns" in run_script("evaluate", *words, expect=2).stderr
    assert (tmp_path / "plane.csv").read_text() == "mine,yours\n1,2\n"


def test_probabilities_outside_the_unit_interval_are_refused(weights, tiny_tree):
    answer = run_script(
        "evaluate", "--models", weights, "--corpus", tiny_tree, "--p-n", "1.5", "--p-l", "0.5", expect=2
    )
    assert "error: p_n must lie in [0, 1], got 1.5" in answer.stderr
    answer = run_script("evaluate", "--models", weights, "--corpus", tiny_tree, "--p-n", "0.5", expect=2)
    assert "give both" in answer.stderr


def test_only_partitions_with_tracks_are_scored(weights):
    answer = run_script("evaluate", "--models", weights, "--corpus", "demo")
    assert "test" in answer.stdout
    assert "devel" not in answer.stdout
    answer = run_script(
        "evaluate", "--models", weights, "--corpus", "demo", "--partitions", "devel", expect=2
    )
    assert "has no labelled track in devel; score others (--partitions): test" in answer.stderr


def test_tracks_without_sound_are_told_and_a_partition_of_them_is_refused(weights, tiny_tree, tmp_path):
    tree = shutil.copytree(tiny_tree, tmp_path / "muted")
    devel = sorted((tree / "recordings_audio").glob("dev_*.wav"))
    for number, path in enumerate(devel):
        samples, rate = soundfile.read(path, dtype="int16")
        soundfile.write(path, 0 * samples, rate)
        words = ["--models", weights, "--corpus", tree, "--partitions", "devel"]
        answer = run_script("evaluate", *words, expect=2 if number == len(devel) - 1 else 0)
        assert f"{path.stem}: the audio holds no sound" in answer.stdout
    assert f"holds no sound in devel: its {len(devel)} tracks are silent" in answer.stderr


def test_a_plane_is_evaluated_once_and_a_second_run_adds_nothing(weights, tiny_tree, tmp_path):
    out = tmp_path / "plane.parquet"
    words = ["--models", weights, "--corpus", tiny_tree, "--grid", "2", "--out", out, "--csv"]
    run_script("evaluate", *words)
    table = read_results(out)
    assert len(table) == 2 * 2 * 4  # partitions, dimensions, channels (clean is one of the corners)
    assert set(table.status) == {"defined", "not defined"}
    first = out.read_bytes()
    run_script("evaluate", *words)
    assert read_results(out).equals(table)
    assert out.read_bytes() == first
    assert read_results(out.with_suffix(".csv")).equals(table)


def test_an_interrupted_plane_goes_on_with_what_is_missing(weights, tiny_tree, tmp_path):
    whole, part = tmp_path / "whole.parquet", tmp_path / "part.parquet"
    words = ["--models", weights, "--corpus", tiny_tree, "--partitions", "test"]
    run_script("evaluate", *words, "--grid", "3", "--out", whole)
    run_script("evaluate", *words, "--grid", "2", "--out", part)
    run_script("evaluate", *words, "--grid", "3", "--out", part)
    assert read_results(part).equals(read_results(whole))


@pytest.fixture
def other_weights(weights, tmp_path):
    """The same network under another name and seed: another file of results' rows."""
    path = shutil.copy(weights, tmp_path / "other.safetensors")
    card = json.loads(weights.with_suffix(".json").read_text())
    card["setting"]["name"] = "multi_condition"
    path.with_suffix(".json").write_text(json.dumps(card))
    return path


def test_two_runs_into_one_table_at_once_lose_no_row(
    weights, other_weights, tiny_tree, tmp_path, monkeypatch
):
    out, alone = tmp_path / "plane.parquet", tmp_path / "alone.parquet"
    words = ["--corpus", tiny_tree, "--partitions", "test", "--csv"]
    run_script("evaluate", *words, "--models", weights, other_weights, "--out", alone)
    run_and_save = cells.run_and_save

    def meanwhile(*how):
        """Another run begins and ends after this one has looked at the table."""
        monkeypatch.setattr(cells, "run_and_save", run_and_save)
        run_script("evaluate", *words, "--models", other_weights, "--out", out)
        yield from run_and_save(*how)

    monkeypatch.setattr(cells, "run_and_save", meanwhile)
    said = run_script("evaluate", *words, "--models", weights, "--out", out).stdout
    assert "4 rows are in" in said
    for path in (out, out.with_suffix(".csv")):
        assert set(read_results(path).setting) == {"mismatched", "multi_condition"}
        assert read_results(path).equals(read_results(alone))
