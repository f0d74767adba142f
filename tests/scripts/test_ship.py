"""scripts/ship.py: of three trainings the median goes to the folder of weights, and nothing else changes."""

from statistics import median

from sercore.network.weights import read_card
from sercore.recogniser.registry import load_recogniser
from tests.scripts.in_process import run_script


def test_the_median_of_three_ships_and_what_was_trained_alone_counts(weights, tiny_tree, tmp_path):
    runs, trained = tmp_path / "runs", tmp_path / "trained"
    trained.mkdir()
    for suffix in (".safetensors", ".json"):
        (trained / f"mismatched{suffix}").write_bytes(weights.with_suffix(suffix).read_bytes())
    words = ["--setting", "loss_aware", "--corpus", tiny_tree, "--runs", runs, "--epochs", "1"]
    words += ["--segment-seconds", "4", "--device", "cpu"]
    run_script("train", *words, "--seed", "1")
    alone = (runs / "networks" / "loss_aware-seed1.safetensors").read_bytes()
    answer = run_script("ship", *words, "--trained", trained)
    assert (runs / "networks" / "loss_aware-seed1.safetensors").read_bytes() == alone
    card = read_card(trained / "loss_aware.safetensors")
    scores = card.devel_score_of_seeds
    assert set(scores) == {"0", "1", "2"}
    assert scores[str(card.seed)] == median(scores.values())
    assert card.seed_choice == "the median of 3 by devel score, not the best"
    assert load_recogniser(trained / "loss_aware.safetensors").seed == card.seed
    chosen = runs / "networks" / f"loss_aware-seed{card.seed}.safetensors"
    assert (trained / "loss_aware.safetensors").read_bytes() == chosen.read_bytes()
    assert f"is that of seed {card.seed}; devel scores: seed 0 " in answer.stdout
    assert (trained / "mismatched.safetensors").read_bytes() == weights.read_bytes()
    assert len(list(trained.iterdir())) == 4
    before = (trained / "loss_aware.json").read_bytes()
    run_script("ship", *words, "--trained", trained)  # all of it is there
    assert (trained / "loss_aware.json").read_bytes() == before


def test_networks_of_another_training_do_not_ship(tiny_tree, tmp_path):
    words = ["--setting", "loss_aware", "--corpus", tiny_tree, "--runs", tmp_path / "runs"]
    words += ["--segment-seconds", "4", "--device", "cpu"]
    run_script("train", *words, "--epochs", "1")
    more = ["--epochs", "2", "--seeds", "1", "--trained", tmp_path / "trained"]
    answer = run_script("ship", *words, *more, expect=2)
    assert "holds weights of another training (epochs 1 instead of 2)" in answer.stderr
    assert not list((tmp_path / "trained").iterdir())
