"""Labels that say nothing, at the doors of training and of evaluation."""

from tests.corpus.noise_tree import hold_still
from tests.scripts.in_process import run_script

SHORT = ("--setting", "mismatched", "--epochs", "1", "--segment-seconds", "4", "--runs")


def test_training_on_labels_that_never_move_is_refused(make_tree, tmp_path):
    tree = make_tree(["train_1", "dev_1", "test_1"], seconds=8)
    words = [*SHORT, tmp_path / "runs"]
    hold_still(tree, "dev_1")
    answer = run_script("train", *words, "--corpus", tree, expect=2)
    assert (
        "the gold standard of devel never moves, so nothing decides which weights are kept" in answer.stderr
    )
    hold_still(tree, "train_1")
    answer = run_script("train", *words, "--corpus", tree, expect=2)
    assert "never moves in any training segment: nothing can be learned of it" in answer.stderr


def test_a_score_on_labels_that_never_move_is_not_defined(make_tree, weights, tmp_path):
    tree = make_tree(["train_1", "dev_1", "test_1"], seconds=12)
    hold_still(tree, "test_1", dimensions=("valence",))
    words = [*SHORT, tmp_path / "runs"]
    answer = run_script("train", *words, "--corpus", tree)
    assert "note: test: the gold standard of valence never moves" in answer.stdout
    assert "/not defined" in answer.stdout
    answer = run_script("evaluate", "--models", weights, "--corpus", tree)
    arousal, valence = [line for line in answer.stdout.splitlines() if line.lstrip().startswith("test ")]
    assert "not defined" not in arousal
    assert valence.split()[-4:] == ["not", "defined", "not", "defined"]
    answer = run_script("evaluate", "--models", weights, "--corpus", tree, "--partitions", "test")
    assert "defined" in answer.stdout
    hold_still(tree, "test_1")
    answer = run_script("evaluate", "--models", weights, "--corpus", tree)
    assert not [line for line in answer.stdout.splitlines() if line.lstrip().startswith("test ")]
    answer = run_script("evaluate", "--models", weights, "--corpus", tree, "--partitions", "test", expect=2)
    assert (
        "the gold standard of test in the corpus tree never moves: no score on it is defined" in answer.stderr
    )


def test_a_corpus_in_which_no_label_moves_is_refused_with_the_reason(make_tree, weights):
    tree = hold_still(make_tree(["train_1", "dev_1", "test_1"], seconds=8), "dev_1", "test_1")
    answer = run_script("evaluate", "--models", weights, "--corpus", tree, expect=2)
    assert "the gold standard of devel and test in the corpus tree never moves" in answer.stderr
    assert "score others (--partitions): train" in answer.stderr
