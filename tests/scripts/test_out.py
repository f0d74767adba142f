"""Where results cannot go is known before anything is computed; names may be long, or no text at all."""

import json
import os
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from sercore.results.table import read_results
from tests.scripts.in_process import run_script

COMPUTING = (
    "sercore.experiment.trained.train_network",
    "sercore.training.concealment.train_concealer",
    "sercore.experiment.cells.run_and_save",
    "sercore.experiment.clips.score_clips",
    "sercore.experiment.probe.opening.opened",
    "sercore.experiment.probe.tables.corrupt",
    "sercore.experiment.reproduce.reproduce",
    "sercore.experiment.sweep.run_step",
    "sercore.report.publish.publish",
    "sercore.synthetic.build.build",
    "sercore.synthetic.shipping.ship",
    "benchmarks.start_up.bench_import",
)


def commands(weights: Path, tree: Path, mine: Path, place: Path) -> dict[str, list[object]]:
    """Each script that writes, with a place to write to; what else it writes goes to ``mine``."""
    corpus = ["--corpus", tree, "--runs", mine]
    return {
        "train": ["--setting", "mismatched", *corpus, "--out", place],
        "train runs": ["--setting", "mismatched", "--corpus", tree, "--out", mine, "--runs", place],
        "train_concealer": ["--network", weights, "--corpus", tree, "--out", place],
        "evaluate": ["--models", weights, "--corpus", tree, "--out", f"{place}.parquet"],
        "score_clips": ["--models", weights, "--clips", "tests", "--out", f"{place}.json"],
        "probe": [weights, tree, "--no-ladder", "--out", place],
        "corrupt": [tree, "--no-ladder", "--out", place],
        "reproduce": [*corpus, "--out", place],
        "reproduce page": [*corpus, "--out", mine, "--html", f"{place}.html"],
        "sweep": ["--corpora", tree, "--out", place],
        "report": ["--html", f"{place}.html"],
        "make_corpus": ["--out", place],
        "make_corpus ship": ["--ship", place],
        "export": [weights, "--to", "torchscript", "--out", f"{place}.pt"],
        "channel": ["sample", "gilbert:p_n=0.9,p_l=0.5", "--packets", 9, "--out", f"{place}.txt"],
        "live": ["--model", weights, "--file", "nothing.wav", "--record", f"{place}.wav"],
        "bench": ["import", "--out", f"{place}.json"],
    }


@pytest.fixture
def nothing_computes(monkeypatch):
    for name in COMPUTING:  # first, or one would import the others as they are patched
        import_module(name.rpartition(".")[0])
    for name in COMPUTING:
        monkeypatch.setattr(name, lambda *_, **__: pytest.fail("it was computed"))


@pytest.mark.usefixtures("nothing_computes")
@pytest.mark.parametrize("place", ["a" * 300, "file/mine", "/proc/mine"], ids=["long", "in a file", "locked"])
@pytest.mark.parametrize("command", commands(*[Path()] * 4))
def test_a_place_that_cannot_be_written_is_refused_at_once(command, place, weights, tiny_tree, tmp_path):
    (tmp_path / "file").touch()
    words = commands(weights, tiny_tree, tmp_path / "else", tmp_path / place)[command]
    said = run_script(command.partition(" ")[0], *words, expect=2).stderr
    assert "cannot be written to: " in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["a" * 240, os.fsdecode(b"caf\xe9")], ids=["240 letters", "no text"])
def test_results_go_to_long_names_and_to_names_that_are_no_text(name, weights, tiny_tree, tmp_path):
    words = ["--models", weights, "--corpus", tiny_tree, "--csv", "--out", tmp_path / f"{name}.parquet"]
    run_script("evaluate", *words)
    run_script("evaluate", *words)  # reads them
    table = read_results(tmp_path / f"{name}.parquet")
    assert len(table) == 4
    assert read_results(tmp_path / f"{name}.csv").equals(table)


def test_an_experiment_below_a_folder_whose_name_is_no_text_is_whole(tiny_tree, tmp_path):
    here = tmp_path / os.fsdecode(b"caf\xe9")
    corpus = here / os.fsdecode(b"t\xeate")
    shutil.copytree(tiny_tree, corpus)
    sizes = ["--settings", "mismatched", "--seeds", 1, "--grid", 2, "--loss-seeds", 1, "--epochs", 1]
    words = ["--corpus", corpus, "--segment-seconds", 4, *sizes, "--threads", 1, "--device", "cpu"]
    out = here / "trained" / "results"
    run_script("reproduce", *words, "--runs", here / "runs", "--out", out, "--html", here / "page.html")
    assert json.loads((out / "about.json").read_text())["missing"] == []
    assert len(read_results(out / "plane.parquet")) == 8
