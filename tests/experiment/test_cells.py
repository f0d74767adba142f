"""A sweep gives the same rows however it is cut, ordered or shared out."""

import numpy as np
import pytest
import torch

from sercore.channel.plane import plane
from sercore.corpus.corpus import open_corpus
from sercore.experiment import cells as sweeps
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.recogniser.paper_network import PaperNetwork
from sercore.results.table import results_table


@pytest.fixture(scope="module")
def models():
    made = []
    for seed, name in enumerate(("mismatched", "multi_condition")):
        torch.manual_seed(seed)
        model = EmotionModel().eval()
        model.card = Card({"name": name}, seed=seed, sha256=f"weights {seed}")
        made.append(PaperNetwork(model))
    return made


@pytest.fixture(scope="module")
def corpus(tiny_tree):
    return open_corpus(tiny_tree)


@pytest.fixture(scope="module")
def jobs(models, corpus):
    return list_jobs(models, corpus, partitions=["train", "test"], channels=plane(3), seeds=[0])


@pytest.fixture(scope="module")
def rows(jobs, models, corpus):
    return [row for found in run_jobs(jobs, models, corpus, workers=1) for row in found]


def assert_same(rows, others):
    table = results_table(rows)
    assert table.equals(results_table(others))
    by_name = {(sweeps.job_name(row), row["dimension"]): row["moments"] for row in rows}
    assert len(by_name) == len(rows) == len(others)
    for row in others:
        moments = by_name[sweeps.job_name(row), row["dimension"]]
        assert np.array_equal(moments, row["moments"], equal_nan=True)


def test_every_network_partition_and_channel_has_its_rows(rows):
    assert len(rows) == 2 * 2 * 9 * 2
    assert len({sweeps.job_name(row) for row in rows}) == 2 * 2 * 9


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_rows_do_not_depend_on_order_or_workers(jobs, rows, models, corpus, workers):
    shuffled = [jobs[i] for i in np.random.default_rng(workers).permutation(len(jobs))]
    found = [row for several in run_jobs(shuffled, models, corpus, workers=workers) for row in several]
    assert_same(rows, found)


def test_rows_do_not_depend_on_what_is_computed_beforehand(jobs, rows, models, corpus, monkeypatch):
    monkeypatch.setattr(sweeps, "_MANY_CELLS", 1)
    assert_same(rows, [row for found in run_jobs(jobs, models, corpus, workers=2) for row in found])


def test_a_stopped_sweep_goes_on_with_what_is_missing(rows, models, corpus, jobs):
    running = run_jobs(jobs, models, corpus, workers=2)
    some = [row for _ in range(5) for row in next(running)]
    running.close()
    missing = list_jobs(
        models, corpus, partitions=["train", "test"], channels=plane(3), seeds=[0], finished=some
    )
    assert len(missing) == len(jobs) - 5
    rest = [row for found in run_jobs(missing, models, corpus, workers=2) for row in found]
    assert_same(rows, some + rest)


def test_threads_are_given_back(jobs, models, corpus):
    before = torch.get_num_threads()
    list(run_jobs(jobs[:1], models, corpus, workers=2))
    assert torch.get_num_threads() == before
