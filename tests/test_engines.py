"""Tasks survive the processes that they run in, and their results are there once."""

import os
import signal
import sys
import time

import pytest

from sercore.engines import in_processes, on_ray
from tests.engines_to_test import ENGINES, outcomes


def write_square(task):
    folder, number = task
    (folder / str(number)).write_text(str(number**2))


def fall_once(task):
    """Leaves its process's number; the first attempt then waits to be killed."""
    folder, number = task
    attempts = len(list(folder.glob(f"{number}.*")))
    (folder / f"{number}.{attempts}").write_text(str(os.getpid()))
    if number == 1 and not attempts:
        time.sleep(300)
    if number == 2:
        raise ValueError("p_n must lie in [0, 1], got 2")


def always_fall(task):
    os.kill(os.getpid(), signal.SIGKILL)


def complain(task):
    raise (ValueError("p_n must lie in [0, 1], got 2") if task else KeyError("nothing"))


def test_every_task_is_done_once(tmp_path):
    tasks = [(tmp_path, number) for number in range(5)]
    found = [outcome for outcome in in_processes(tasks, write_square, workers=2) if outcome]
    assert sorted(outcome.task for outcome in found) == tasks
    assert not any(outcome.error for outcome in found)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        str(n): str(n**2) for n in range(5)
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_a_task_whose_process_is_killed_is_run_again_and_one_that_fails_is_not(engine, tmp_path):
    tasks, killed, found = [(tmp_path, number) for number in range(3)], False, []
    for outcome in outcomes(engine, tasks, fall_once):
        found += [outcome] if outcome else []
        number = tmp_path / "1.0"
        if not killed and number.exists() and number.read_text():
            os.kill(int(number.read_text()), signal.SIGKILL)
            killed = True
    assert killed
    assert sorted(outcome.task for outcome in found) == tasks
    errors = {outcome.task[1]: outcome.error for outcome in found}
    assert errors == {0: "", 1: "", 2: "p_n must lie in [0, 1], got 2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.0", "1.0", "1.1", "2.0"]


def test_errors_are_told_and_not_tried_again():
    found = {outcome.task: outcome.error for outcome in in_processes([1, 0], complain, workers=2) if outcome}
    assert found == {1: "p_n must lie in [0, 1], got 2", 0: "KeyError: 'nothing'"}


def test_a_task_that_always_kills_its_process_is_given_up():
    (found,) = [outcome for outcome in in_processes([0], always_fall, workers=1) if outcome]
    assert found.error == "its process was killed 3 times, at last by signal 9"


def test_closing_the_iterator_ends_the_processes(tmp_path):
    running = in_processes([(tmp_path, 1)], fall_once, workers=1)
    place = tmp_path / "1.0"
    while not (place.exists() and place.read_text()):
        next(running)
    running.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(place.read_text()), 0)


def test_without_ray_the_engine_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ValueError, match=r"needs Ray: pip install -e '\.\[ray\]'"):
        next(on_ray([0], complain))


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_a_ray_of_its_own_ends_with_the_iterator(engine, tmp_path):
    import ray
    from ray import cloudpickle

    ray.shutdown()
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    found = [outcome for outcome in on_ray([(tmp_path, 3)], write_square, workers=1) if outcome]
    assert [outcome.error for outcome in found] == [""]
    assert (tmp_path / "3").read_text() == "9"
    assert not ray.is_initialized()
