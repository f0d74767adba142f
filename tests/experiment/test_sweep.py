"""A sweep: named by content, never run twice, and the same whatever happens to its workers."""

import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch

from sercore.corpus.corpus import open_corpus
from sercore.experiment import sweep as sweep_jobs
from sercore.experiment import tables, version
from sercore.experiment.plan import Experiment
from sercore.experiment.sweep import EVALUATE, TRAIN, placed, write_sweep_tables
from sercore.experiment.tables import set_aside_old_sheets
from sercore.network.model import ModelDimensions
from sercore.network.weights import read_card
from sercore.results.cell_table import read_sheet
from sercore.results.table import read_results
from sercore.training.plan import TrainingPlan
from tests.engines_to_test import ENGINES, outcomes
from tests.scripts.in_process import run_script

pytestmark = pytest.mark.xdist_group("sweep")  # one run of the whole serves all of them

EPOCHS = 3
PLAN = TrainingPlan(
    epochs=EPOCHS, segment_seconds=2, dimensions=ModelDimensions(channels=(4, 4, 4), lstm_units=4)
)


@pytest.fixture(scope="module")
def corpus(tiny_tree):
    return open_corpus(tiny_tree)


@pytest.fixture(scope="module")
def wanted(tiny_tree):
    settings = ("mismatched", "multi_condition")
    return Experiment(corpus=str(tiny_tree), settings=settings, seeds=1, plan=PLAN, grid=2, loss_seeds=1)


@pytest.fixture(scope="module")
def undisturbed(wanted, corpus, tmp_path_factory):
    """The sweep in this process, job after job."""
    of, threads = placed(wanted, corpus, tmp_path_factory.mktemp("undisturbed")), torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep_jobs, "keep_freed_memory", lambda: None)  # would last longer than the test
        for step in (TRAIN, EVALUATE):
            for job in sweep_jobs.sweep_jobs(step, of, corpus.sha256):
                sweep_jobs.run_job(job)
    torch.set_num_threads(threads)
    return of


def run_and_wait_once(job):
    """A job; but the first training stops after its second epoch and waits to be killed."""
    from sercore.experiment import trained
    from sercore.experiment.sweep import TRAIN, run_job

    place = job.experiment.runs / "waiting"
    if (job.step, job.network.setting.name) == (TRAIN, "mismatched") and not place.exists():
        save = trained.save_run

        def save_and_wait(folder, state, description):
            save(folder, state, description)
            if state.epoch == 2:
                place.write_text(f"{os.getpid()}\n")
                time.sleep(600)

        trained.save_run = save_and_wait
    run_job(job)


def networks_and_rows(of):
    weights = [of.weights(network).read_bytes() for network in of.networks]
    hashes = [read_card(of.weights(network)).sha256 for network in of.networks]
    return weights, pd.concat([read_sheet(of.sheet(sha256, "test")) for sha256 in hashes])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_worker_killed_in_the_middle_changes_no_result(engine, wanted, corpus, undisturbed, tmp_path):
    of, killed = placed(wanted, corpus, tmp_path), False
    for step in (TRAIN, EVALUATE):
        jobs, found = sweep_jobs.sweep_jobs(step, of, corpus.sha256), []
        for outcome in outcomes(engine, jobs, run_and_wait_once):
            found += [outcome] if outcome else []
            place = of.runs / "waiting"
            if not killed and place.exists() and place.read_text().endswith("\n"):
                assert [job.epochs_done for job in jobs if job.network.setting.name == "mismatched"] == [2]
                os.kill(int(place.read_text()), signal.SIGKILL)
                killed = True
        assert sorted((o.task.name, o.error) for o in found) == sorted((job.name, "") for job in jobs)
        assert all(job.is_finished for job in jobs)
    assert killed
    weights, rows = networks_and_rows(of)
    expected_weights, expected_rows = networks_and_rows(undisturbed)
    assert weights == expected_weights
    names = ["setting", "seed", "p_n", "p_l", "dimension"]
    assert len(rows) == len(rows[names].drop_duplicates()) == 2 * 4 * 2  # networks, channels, dimensions
    assert rows.drop(columns="moments").equals(expected_rows.drop(columns="moments"))
    write_sweep_tables(of, corpus)
    assert len(read_results(of.results / "plane.parquet")) == len(rows)


@pytest.mark.parametrize("last", ["write_file", "add_results"])
def test_no_kill_leaves_a_sheet_without_the_note_of_its_time(
    last, undisturbed, corpus, tmp_path, monkeypatch
):
    of, network = replace(undisturbed, runs=tmp_path), undisturbed.networks[0]
    shutil.copytree(undisturbed.weights(network).parent, of.weights(network).parent)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, last, killed)
    with pytest.raises(KeyboardInterrupt):
        list(tables.evaluate_network(of, network, "test", corpus, torch.device("cpu")))
    notes = {path.with_suffix(".json") for path in tmp_path.rglob("*.parquet")}
    assert notes <= {*tmp_path.rglob("*.json")}
    monkeypatch.undo()
    list(tables.evaluate_network(of, network, "test", corpus, torch.device("cpu")))
    assert len([*(tmp_path / "sheets").iterdir()]) == 3  # with the lock


def test_what_is_finished_is_not_run_again(undisturbed, corpus, monkeypatch):
    monkeypatch.setattr(sweep_jobs, "open_corpus", lambda _: pytest.fail("a finished job was run"))
    for step in (TRAIN, EVALUATE):
        for job in sweep_jobs.sweep_jobs(step, undisturbed, corpus.sha256):
            sweep_jobs.run_job(job)


@pytest.mark.parametrize(
    "change",
    [
        {"plan": replace(PLAN, epochs=EPOCHS + 1)},
        {"plan": replace(PLAN, dimensions=ModelDimensions(lstm_units=8))},
        {"delay": 2.0},
    ],
    ids=["epochs", "dimensions", "delay"],
)
def test_another_content_has_another_name_and_folder(wanted, corpus, change, tmp_path):
    one, other = (placed(each, corpus, tmp_path) for each in (wanted, replace(wanted, **change)))
    assert one.runs != other.runs
    for step in (TRAIN, EVALUATE):
        names = [job.name for of in (one, other) for job in sweep_jobs.sweep_jobs(step, of, corpus.sha256)]
        assert len(set(names)) == 4


def test_evaluation_is_named_by_its_channels_and_training_is_not(wanted, corpus, tmp_path):
    one, other = (placed(replace(wanted, grid=grid), corpus, tmp_path) for grid in (2, 3))
    names = {
        step: {job.name for of in (one, other) for job in sweep_jobs.sweep_jobs(step, of, corpus.sha256)}
        for step in (TRAIN, EVALUATE)
    }
    assert {step: len(found) for step, found in names.items()} == {TRAIN: 2, EVALUATE: 4}


def test_new_code_is_another_job(wanted, corpus, tmp_path, monkeypatch):
    before = placed(wanted, corpus, tmp_path).runs
    monkeypatch.setattr(version, "TRAINING", 2)
    assert placed(wanted, corpus, tmp_path).runs != before


def test_another_corpus_at_the_same_place_is_refused(wanted, corpus, tmp_path):
    (job, _) = sweep_jobs.sweep_jobs(TRAIN, placed(wanted, corpus, tmp_path), "0" * 64)
    with pytest.raises(ValueError, match="the sweep wants 000000000000"):
        sweep_jobs.run_job(job)
    assert not job.is_finished


def test_sheets_of_another_evaluation_are_set_aside_and_found_again(wanted, tmp_path, monkeypatch):
    of = replace(wanted, runs=tmp_path)
    set_aside_old_sheets(of)
    (tmp_path / "sheets" / "a.parquet").write_text("by one")
    monkeypatch.setattr(version, "EVALUATION", 2)
    set_aside_old_sheets(of)
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["code.txt"]
    assert (tmp_path / "sheets" / "code.txt").read_text() == "evaluation-2\n"
    monkeypatch.undo()
    set_aside_old_sheets(of)
    set_aside_old_sheets(of)
    assert (tmp_path / "sheets" / "a.parquet").read_text() == "by one"


@pytest.mark.parametrize("written", ["ae6e35e8d436", "7ef490323d68"], ids=["Python 3.11", "Python 3.12"])
def test_sheets_written_before_stages_had_numbers_are_those_of_version_1(wanted, tmp_path, written):
    of = replace(wanted, runs=tmp_path)
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "code.txt").write_text(f"{written}\n")
    set_aside_old_sheets(of)
    assert [path.name for path in tmp_path.glob("sheets*")] == ["sheets"]


def test_places_are_absolute_so_that_other_machines_find_them(wanted, corpus):
    of = placed(wanted, corpus, Path("sweeps"))
    assert of.runs.is_absolute()
    assert Path(of.corpus).is_absolute()


def test_the_script_lists_its_jobs(tiny_tree, tmp_path):
    words = ["--corpora", tiny_tree, "--settings", "mismatched", "--seeds", 2, "--out", tmp_path, "--list"]
    lines = run_script("sweep", *words).stdout.splitlines()
    assert [line.rsplit("-", 1)[0] for line in lines] == [
        f"missing  {step}-mismatched-seed{seed}" for step in (TRAIN, EVALUATE) for seed in (0, 1)
    ]


def test_the_script_refuses_an_address_without_ray():
    assert "add --engine ray" in run_script("sweep", "--address", "auto", expect=2).stderr
