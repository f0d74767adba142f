"""Evaluation, against the paper's procedure written out as loops."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sercore.channel import Gilbert, plane
from sercore.corpus.corpus import open_corpus
from sercore.experiment.evaluate import Cell, draw_losses, evaluate_cell
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.recogniser.paper_network import PaperNetwork, predict
from sercore.recogniser.recogniser import Recogniser
from sercore.results.four_settings import weights_of
from sercore.results.table import COLUMNS, ResultsError, read_results, results_table, write_results
from sercore.scoring.concordance import ccc
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CCC

ABOUT = {"partition": "train", "corpus": "tiny", "corpus_sha256": "c", "weights_sha256": "w"}


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return EmotionModel().eval()


@pytest.fixture(scope="module")
def tracks(tiny_tree):
    return open_corpus(tiny_tree).partition("train")


@pytest.fixture(scope="module")
def network(model):
    return PaperNetwork(model)


@pytest.fixture(scope="module")
def heard(network, tracks):
    return [network.hear(track.audio) for track in tracks]


def test_a_cell_is_the_papers_procedure(network, model, tracks, heard):
    channel = Gilbert(0.8, 0.4)
    rows = list(evaluate_cell(network, Cell("mismatched", channel, seed=3), tracks, heard, ABOUT))
    gold, predicted = [], []
    for track, received in zip(tracks, draw_losses(tracks, channel, 3), strict=True):
        audio = np.concatenate([track.audio[i * 3200 : (i + 1) * 3200] for i in np.flatnonzero(received)])
        gold.append(track.gold[received])
        predicted.append(predict(model, audio))
    gold, predicted = np.concatenate(gold).astype(float), np.concatenate(predicted).astype(float)
    for d, row in enumerate(rows):
        x, y = gold[:, d], predicted[:, d]
        expected = 2 * np.cov(x, y, bias=True)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
        assert row["ccc"] == pytest.approx(expected, abs=1e-6)
        assert row["n_frames"] == len(gold)
        assert row["loss_rate"] == pytest.approx(1 - len(gold) / 200)


def test_the_timeline_holds_the_last_prediction_and_starts_neutral(network, model, tracks, heard):
    channel = Gilbert(0.6, 0.7)
    rows = list(evaluate_cell(network, Cell("mismatched", channel, seed=5), tracks, heard, ABOUT))
    gold, shown = [], []
    for track, received in zip(tracks, draw_losses(tracks, channel, 5), strict=True):
        audio = np.concatenate([track.audio[i * 3200 : (i + 1) * 3200] for i in np.flatnonzero(received)])
        left, last = list(predict(model, audio)), np.zeros(2)
        for arrived in received:
            last = left.pop(0) if arrived else last
            shown.append(last)
        gold.append(track.gold)
    gold, shown = np.concatenate(gold), np.array(shown)
    for d, row in enumerate(rows):
        assert row["ccc_timeline"] == pytest.approx(ccc(gold[:, d], shown[:, d]), abs=1e-6)
        assert row["ccc_timeline"] != pytest.approx(row["ccc"], abs=1e-4)


def test_without_loss_both_scores_are_one_and_the_card_names_the_training_seed(network, model, tracks, heard):
    model.card = Card(seed=7)
    rows = list(evaluate_cell(network, Cell("mismatched", Gilbert(1, 0), 0), tracks, heard, ABOUT))
    model.card = Card()
    for row in rows:
        assert row["ccc"] == row["ccc_timeline"]
        assert row["ccc_low"] == row["ccc_timeline_low"] <= row["ccc"] <= row["ccc_high"]
        assert row["model_seed"] == 7


def test_under_50_frames_the_timeline_still_has_a_score(network, tracks, heard):
    channel = next(
        channel
        for p_l in (0.9, 0.95, 0.99)
        for channel in [Gilbert(0.5, p_l)]
        if 0 < sum(r.sum() for r in draw_losses(tracks, channel, 0)) < MIN_FRAMES_FOR_CCC
    )
    rows = list(evaluate_cell(network, Cell("mismatched", channel, 0), tracks, heard, ABOUT))
    assert all(np.isnan(row["ccc"]) and np.isfinite(row["ccc_timeline"]) for row in rows)


def test_too_few_frames_are_not_defined(network, tracks, heard):
    rows = list(evaluate_cell(network, Cell("mismatched", Gilbert(0.0, 1.0), 0), tracks, heard, ABOUT))
    assert [row["status"] for row in rows] == ["not defined"] * 2
    assert all(np.isnan(row[score]) for row in rows for score in ("ccc", "ccc_low", "ccc_timeline"))
    assert rows[0]["n_frames"] == 0 < MIN_FRAMES_FOR_CCC


def test_losses_are_the_same_in_any_order_and_differ_by_track_channel_and_seed(tracks):
    channel = Gilbert(0.7, 0.5)
    forwards, backwards = draw_losses(tracks, channel, 0), draw_losses(tracks[::-1], channel, 0)[::-1]
    assert all(np.array_equal(a, b) for a, b in zip(forwards, backwards, strict=True))
    assert not np.array_equal(forwards[0], forwards[1])
    assert not np.array_equal(forwards[0], draw_losses(tracks, channel, 1)[0])
    assert not np.array_equal(forwards[0], draw_losses(tracks, Gilbert(0.7, 0.51), 0)[0])


def test_matched_takes_the_weights_of_the_channels_cell():
    assert weights_of("matched", Gilbert(0.2, 0.9)) == "matched_low_high"
    assert weights_of("augmentation", Gilbert(0.2, 0.9)) == "matched_high_low"


def test_the_plane_has_the_papers_step():
    assert len(plane(21)) == 441
    assert {c.p_n for c in plane(21)} == {round(0.05 * i, 2) for i in range(21)}
    with pytest.raises(ValueError, match="at least 2 points"):
        plane(1)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_results_survive_the_disk(network, tracks, heard, tmp_path, suffix):
    rows = [
        row
        for channel in (Gilbert(1, 0), Gilbert(0, 1))
        for row in evaluate_cell(network, Cell("mismatched", channel, 0), tracks, heard, ABOUT)
    ]
    table = results_table(rows)
    path = tmp_path / f"rows{suffix}"
    write_results(path, table)
    again = read_results(path)
    assert list(again.columns) == list(COLUMNS)
    assert again.equals(table)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


class Lost(Recogniser):
    """A network whose weights left float32."""

    name, key, seed = "lost", "lost-1", None

    def predict(self, audio):
        return np.full((len(audio) // 3200, 2), np.nan, np.float32)


def test_predictions_that_are_no_numbers_have_no_score(tracks):
    cell = Cell("lost", Gilbert(1, 0), 0)
    with pytest.raises(ValueError, match="lost predicts NaN or infinity"):
        evaluate_cell(Lost(), cell, tracks, [track.audio for track in tracks], ABOUT)


def test_what_is_no_results_table_is_refused(tmp_path):
    (tmp_path / "a.parquet").write_text("no parquet")
    with pytest.raises(ResultsError, match=r"a\.parquet cannot be read"):
        read_results(tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("setting,p_n\nx,1\n")
    with pytest.raises(ResultsError, match=r"lack the columns model_seed, p_l, .* evaluate again"):
        read_results(tmp_path / "b.csv")
    with pytest.raises(ResultsError, match="no table of results at"):
        read_results(tmp_path / "c.parquet")
    with pytest.raises(ResultsError, match=r"\.parquet or \.csv"):
        write_results(tmp_path / "d.xlsx", results_table([]))


def test_a_dimension_whose_gold_standard_never_moves_is_not_defined_and_the_other_stays_as_it_is(
    network, tracks, heard
):
    cell = Cell("mismatched", Gilbert(0.8, 0.4), seed=3)
    still = [replace(track, gold=track.gold * np.array([1, 0], np.float32)) for track in tracks]
    (arousal, valence), (before, _) = (
        evaluate_cell(network, cell, each, heard, ABOUT) for each in (still, tracks)
    )
    names = [f"{score}{end}" for score in ("ccc", "ccc_timeline") for end in ("", "_low", "_high")]
    assert [arousal[name] for name in names] == [before[name] for name in names]
    assert np.isnan([valence[name] for name in names]).all()
    assert (arousal["status"], valence["status"]) == ("defined", "not defined")
