"""The whole experiment, small: one command, the same numbers each time, on every layout of RECOLA."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import open_corpus
from sercore.experiment.evaluate import draw_losses
from sercore.experiment.plan import Experiment
from sercore.experiment.tables import evaluate_network, gather
from sercore.network.weights import load_model, read_card, write_card
from sercore.recogniser.paper_network import predict
from sercore.results.cell_table import read_sheet
from sercore.results.clip_scores import AROUSAL, HAPPY_ANGRY, HAPPY_SAD
from sercore.results.differences import DIFFERENCES
from sercore.results.table import ResultsError, read_results, read_table, write_results
from sercore.scoring.concordance import ccc
from tests.corpus.noise_tree import write_layout_1
from tests.corpus.recola_trees import write_avec, write_consortium, write_public
from tests.scripts.in_process import ROOT, SCRIPTS, run_script

pytestmark = pytest.mark.xdist_group("reproduce")  # one run of the whole serves all of them

SETTINGS = ["mismatched", "augmentation", "matched_low_high"]

TABLES = ["plane.parquet", "clean.parquet", "differences.parquet"]

TEXTS = ["table_2.csv", "figure_3.csv", "claims.json", "claims.md", "tables.md", "figure_3.svg"]


def words_for(folder, corpus, *words):
    fixed = ["--corpus", corpus, "--runs", folder / "runs", "--out", folder / "results", "--epochs", 1]
    return [*fixed, "--segment-seconds", 4, "--device", "cpu", "--threads", 1, *words]


def reproduce(folder, corpus, *words, expect=0):
    """What the script said, its errors first."""
    answer = run_script("reproduce", *words_for(folder, corpus, *words), expect=expect)
    return answer.stderr + answer.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    names = [f"{partition}_{number}" for partition in ("train", "dev", "test") for number in (1, 2)]
    return write_layout_1(tmp_path_factory.mktemp("corpus"), names, seconds=12)


@pytest.fixture(scope="module")
def whole(tree, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    words = ["--settings", *SETTINGS, "--seeds", 2, "--grid", 3, "--loss-seeds", 2, "--partition", "test"]
    of_user = words_for(folder, tree, *words, "--html", folder / "report.html")
    command = [sys.executable, SCRIPTS / "reproduce.py", *of_user]
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    return folder, words, answer.stdout


def test_one_command_writes_every_table(whole):
    folder, _, said = whole
    plane = read_results(folder / "results" / "plane.parquet")
    assert set(plane.setting) == {"mismatched", "augmentation", "matched"}
    assert plane[plane.setting == "mismatched"].groupby(["model_seed", "seed"]).size().tolist() == [18] * 4
    own = plane[plane.setting == "matched"][["p_n", "p_l"]].drop_duplicates()
    assert sorted(map(tuple, own.to_numpy())) == [(0.0, 1.0), (1.0, 0.0)]  # of low/high and of high/low
    clean = read_results(folder / "results" / "clean.parquet")
    assert set(clean.setting) == {"mismatched", "matched_high_low", "matched_low_high"}
    assert set(clean.partition) == {"devel", "test"}
    assert len(clean) == 3 * 2 * 2 * 2  # networks, seeds, partitions, dimensions
    pairs = read_table(folder / "results" / "differences.parquet", DIFFERENCES, "differences")
    assert set(pairs.score) == {"ccc", "ccc_timeline"}
    assert "matched" in set(pairs.other)
    about = json.loads((folder / "results" / "about.json").read_text())
    assert about["missing"] == []
    assert len(about["networks"]) == 6
    assert about["evaluation_hours"] >= 0
    assert "0.789 / 0.529" in said
    assert "synthetic" not in said


def test_a_run_in_pieces_gives_the_same_rows_to_the_last_bit(whole, tree, tmp_path):
    folder, words, _ = whole
    reproduce(tmp_path, tree, *words, "--settings", "mismatched", "--seeds", 1, "--loss-seeds", 1)
    for path in (tmp_path / "runs" / "networks").iterdir():
        path.unlink()  # as if scripts/train.py had trained it: the checkpoint is there, and is enough
    said = reproduce(tmp_path, tree, *words, "--no-training")
    assert "mismatched-seed0" not in said.partition("Not trained yet: ")[2]
    assert "Not trained yet: matched_high_low-seed0" in said
    reproduce(tmp_path, tree, *words)
    for name in TABLES:
        one, other = (pd.read_parquet(each / "results" / name) for each in (folder, tmp_path))
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    for name in TEXTS:
        assert (folder / "results" / name).read_text() == (tmp_path / "results" / name).read_text(), name


def test_a_fresh_clone_goes_on_from_the_networks_that_ship(whole, tree, tmp_path):
    folder, words, _ = whole
    for path in folder.glob("*"):
        if path.suffix in {".safetensors", ".json"}:
            shutil.copy(path, tmp_path)
    shipped = read_card(tmp_path / "mismatched.json")
    said = reproduce(tmp_path, tree, *words, "--from-trained", "--no-training")
    assert f"mismatched-seed{shipped.seed}" in said.partition("Taken from ")[2].partition("\n")[0]
    rows, before = (read_results(each / "results" / "plane.parquet") for each in (tmp_path, folder))
    before = before[before.weights_sha256.isin(rows.weights_sha256)].reset_index(drop=True)
    assert set(rows.setting) == set(before.setting)
    pd.testing.assert_frame_equal(rows, before, check_exact=True)
    weights = tmp_path / "mismatched.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    said = reproduce(tmp_path, tree, *words, "--runs", tmp_path / "new", "--from-trained", expect=2)
    assert "are damaged" in said


def test_a_row_is_what_its_shipped_network_predicts(whole, tree):
    folder, _, _ = whole
    card = read_card(folder / "mismatched.json")
    model = load_model(folder / "mismatched")
    plane = read_results(folder / "results" / "plane.parquet")
    rows = plane[(plane.weights_sha256 == card.sha256) & (plane.p_n == 0.5) & (plane.p_l == 0.5)]
    assert set(rows.model_seed) == {card.seed}
    tracks = open_corpus(tree).partition("test")
    channel = Gilbert(0.5, 0.5)
    gold, predicted = [], []
    for track, received in zip(tracks, draw_losses(tracks, channel, 1), strict=True):
        gold.append(track.gold[received])
        predicted.append(predict(model, track.audio.reshape(-1, 3200)[received].ravel()))
    scores = ccc(np.concatenate(gold).T, np.concatenate(predicted).T)
    found = rows[rows.seed == 1].set_index("dimension").ccc
    assert found["arousal"] == pytest.approx(scores[0], abs=1e-6)
    assert found["valence"] == pytest.approx(scores[1], abs=1e-6)


def test_the_median_network_is_shipped_and_says_so(whole):
    folder, _, _ = whole
    card = read_card(folder / "mismatched.json")
    scores = card.devel_score_of_seeds
    assert "the median of 2 by devel score, not the best" in card.seed_choice
    assert scores[str(card.seed)] == min(scores.values())  # of two, the lower
    assert card.plane["partition"] == "test"
    source = folder / "runs" / "networks" / f"mismatched-seed{card.seed}.safetensors"
    assert source.read_bytes() == (folder / "mismatched.safetensors").read_bytes()
    assert read_card(source).seed_choice is None
    assert {path.stem for path in folder.glob("*.safetensors")} == {
        "mismatched",
        "matched_high_low",
        "matched_low_high",
    }


def test_a_median_of_more_seeds_is_not_replaced(whole, tree, tmp_path):
    folder, words, _ = whole
    for name in ("runs", "results"):
        shutil.copytree(folder / name, tmp_path / name)
    for name in ("mismatched.safetensors", "mismatched.json"):
        shutil.copy(folder / name, tmp_path)
    one = ["--settings", "mismatched", "--seeds", 1]
    reproduce(tmp_path, tree, *words, *one)
    card = read_card(tmp_path / "mismatched.json")
    assert "the median of 2" in card.seed_choice
    about = json.loads((tmp_path / "results" / "about.json").read_text())
    assert about["shipped_seed"] == {"mismatched": card.seed}
    other = replace(card, corpus={**card.corpus, "sha256": "of another corpus"})
    write_card(tmp_path / "mismatched.json", other)
    reproduce(tmp_path, tree, *words, *one)
    assert "the median of 1" in read_card(tmp_path / "mismatched.json").seed_choice


def test_real_voices_choose_a_seed_where_all_of_a_setting_heard_them(whole, tree, tmp_path):
    folder, words, _ = whole
    for name in ("runs", "results"):
        shutil.copytree(folder / name, tmp_path / name)
    median = read_card(folder / "mismatched.json").seed
    comparisons = [
        {"contrast": contrast, "compared": "pooled", "line": line, "ci_low": None, "ci_high": None}
        for contrast in (AROUSAL, HAPPY_ANGRY, HAPPY_SAD)
        for line in ("", "telephone")
    ]
    weights = [
        read_card(tmp_path / "runs" / "networks" / f"mismatched-seed{n}.safetensors").sha256 for n in (0, 1)
    ]
    scores = {
        str(seed): [
            each
            | {
                "auc": 0.6 if seed == median else 0.75,
                "loss_rate": 0.0,
                "moved": {},
                "weights_sha256": weights[seed],
            }
            for each in comparisons
        ]
        for seed in (0, 1)
    }
    (tmp_path / "heard.json").write_text(json.dumps(scores))
    reproduce(tmp_path, tree, *words, "--voices", tmp_path / "heard.json")
    card = read_card(tmp_path / "mismatched.json")
    assert card.seed == 1 - median
    assert "0.750 (seed" in card.seed_choice
    assert set(card.devel_score_of_seeds) == {"0", "1"}
    source = tmp_path / "runs" / "networks" / f"mismatched-seed{card.seed}.safetensors"
    assert source.read_bytes() == (tmp_path / "mismatched.safetensors").read_bytes()
    assert (
        json.loads((tmp_path / "results" / "about.json").read_text())["shipped_seed"]["mismatched"]
        == card.seed
    )
    assert "the median" in read_card(tmp_path / "matched_high_low.json").seed_choice
    said = reproduce(tmp_path, tree, *words, "--voices", tmp_path / "gone.json", expect=2)
    assert "gone.json cannot be read" in said


def test_a_sheet_with_a_gap_gives_no_table(whole, tree, tmp_path):
    folder, _, _ = whole
    shutil.copytree(folder / "runs", tmp_path / "runs")
    corpus = open_corpus(tree)
    experiment = Experiment(
        str(tree), settings=("mismatched",), seeds=1, grid=3, loss_seeds=2, runs=tmp_path / "runs"
    )
    card = read_card(experiment.weights(experiment.networks[0]))
    path = experiment.sheet(card.sha256, "test")
    rows = read_sheet(path)
    assert len(gather(experiment, corpus, [card])[0]) == len(rows) == 9 * 2 * 2
    write_results(path, rows[(rows.p_n != 0.5) | (rows.p_l != 0.5) | (rows.seed != 1)])
    with pytest.raises(ResultsError, match="lacks 1 of 18 cells: the same command evaluates them"):
        gather(experiment, corpus, [card])


def test_rows_that_another_process_saved_meanwhile_stay(whole, tree, tmp_path):
    folder, _, _ = whole
    shutil.copytree(folder / "runs", tmp_path / "runs")
    corpus = open_corpus(tree)
    experiment = Experiment(
        str(tree), settings=("mismatched",), seeds=1, grid=3, loss_seeds=2, runs=tmp_path / "runs"
    )
    (network,) = experiment.networks
    path = experiment.sheet(read_card(experiment.weights(network)).sha256, "test")
    whole_sheet = read_sheet(path)
    write_results(path, whole_sheet[whole_sheet.seed == 0])
    begun = evaluate_network(experiment, network, "test", corpus, torch.device("cpu"))
    next(begun)
    others = whole_sheet[(whole_sheet.seed == 0) | (whole_sheet.p_n == 0)]
    write_results(path, others)
    begun.close()  # stopped after one cell, without loss: it is there, and so are the other process's rows
    assert len(read_sheet(path)) == len(others) + 2
    for _ in evaluate_network(experiment, network, "test", corpus, torch.device("cpu")):
        pass
    pd.testing.assert_frame_equal(read_sheet(path), whole_sheet)


def test_the_page_needs_no_network_and_names_the_corpus(whole):
    page = (whole[0] / "report.html").read_text()
    assert "Plotly" in page
    assert 'src="http' not in page
    assert "<link" not in page
    assert "does not hold" in page or "not trained yet" in page
    assert "0.789 / 0.529" in page


def test_networks_of_another_size_are_not_mixed_in(whole, tree):
    folder, words, _ = whole
    said = reproduce(folder, tree, *words, "--epochs", 2, "--no-training", expect=2)
    assert "holds weights of another training (epochs 1 instead of 2): choose another folder" in said
    said = reproduce(folder, tree, *words, "--segment-seconds", 5, "--no-training", expect=2)
    assert "holds weights of another training (segment seconds 4.0 instead of 5.0)" in said


def test_weights_whose_card_was_never_written_are_trained_again(whole, tree, tmp_path):
    folder, words, _ = whole
    shutil.copytree(folder / "runs", tmp_path / "runs")
    card = tmp_path / "runs" / "networks" / "mismatched-seed0.json"
    before = card.read_text()
    card.unlink()
    reproduce(tmp_path, tree, *words, "--settings", "mismatched", "--seeds", 1)
    assert json.loads(card.read_text())["sha256"] == json.loads(before)["sha256"]


LAYOUTS = {
    "AVEC": (write_avec, ("train_1", "dev_1", "dev_2"), "27 of RECOLA's 46 participants"),
    "public": (write_public, ("P16", "P19", "P26"), "public RECOLA has 23 of the 46"),
    "consortium": (write_consortium, ("P15", "P14", "P19"), "Of the paper's devel partition P24"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_recola_goes_the_whole_way_in_each_layout(layout, tmp_path):
    write, names, difference = LAYOUTS[layout]
    corpus = write(tmp_path / "tree", names, seconds=12)
    words = ["--settings", "mismatched", "--seeds", 1, "--grid", 2, "--loss-seeds", 1]
    said = reproduce(tmp_path, corpus, *words, "--delay", 0.4, "--post-processing")
    assert difference in said
    table = said[said.index("CCC without loss on tree, and the paper's on RECOLA") :]
    assert "0.789 / 0.529" in table
    assert "synthetic" not in said
    rows = read_results(tmp_path / "results" / "plane.parquet")
    assert set(rows.partition) == {"devel"}
    assert (rows.status == "defined").any()
    card = read_card(tmp_path / "mismatched.json")
    assert card.annotation_delay_seconds == 0.4
    assert set(card.post_processing) == {"arousal", "valence"}
    text = (tmp_path / "results" / "claims.md").read_text()
    assert "Annotation delay 0.4 s compensated. Predictions post-processed" in text
