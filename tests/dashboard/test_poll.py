"""Predictions of a class: counted once each, by forty at once, and still there after a restart."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from dashboard.poll import store
from dashboard.poll.store import Poll, code_of, new_key, read_code, read_key
from tests.dashboard.opened import ROOT, open_page, words_of


@pytest.fixture
def poll(tmp_path, monkeypatch) -> Poll:
    monkeypatch.setenv(store.WHERE, str(tmp_path / "folder" / "poll.sqlite"))
    return Poll()


def test_forty_students_at_one_instant_are_all_counted(poll):
    key, start = new_key(), Barrier(40)
    poll.begin(key)

    def student(number: int) -> bool:
        start.wait()
        first = poll.vote(code_of(key), 1, f"student {number}", 3)
        changed = poll.vote(code_of(key), 1, f"student {number}", number % 4)  # thinks again
        return first and changed and poll.vote(code_of(key), 2, f"student {number}", 0)

    with ThreadPoolExecutor(40) as class_room:
        assert all(class_room.map(student, range(40)))
    assert poll.counts(key, 1, 4) == [10, 10, 10, 10]
    assert poll.counts(key, 2, 3) == [40, 0, 0]
    with sqlite3.connect(poll.path) as found:
        assert found.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_votes_outlast_the_server_and_go_when_the_teacher_clears(poll):
    key = new_key()
    poll.begin(key)
    code = f"from dashboard.poll.store import Poll; print(Poll().vote({code_of(key)!r}, 1, 'a', 2))"
    how = {"capture_output": True, "text": True, "cwd": ROOT}
    answer = subprocess.run([sys.executable, "-c", code], check=True, **how)
    assert answer.stdout.strip() == "True"  # by a process that has ended
    again = Poll()
    again.begin(key)
    assert again.counts(key, 1, 4) == [0, 0, 1, 0]
    again.clear(key)
    assert again.counts(key, 1, 4) == [0, 0, 0, 0]
    assert again.vote(code_of(key), 1, "a", 0)  # it is still open


def test_only_open_polls_count_and_classes_do_not_mix(poll, monkeypatch):
    one, other = new_key(), new_key()
    poll.begin(one)
    assert not poll.vote(code_of(other), 1, "a", 0)
    poll.begin(other)
    assert poll.vote(code_of(other), 1, "a", 0)
    assert poll.counts(one, 1, 2) == [0, 0]
    monkeypatch.setattr(store, "MOST_VOTERS", 1)
    assert not poll.vote(code_of(other), 1, "b", 1)
    assert poll.vote(code_of(other), 1, "a", 1)  # who is counted may think again
    monkeypatch.setattr(store, "MOST_POLLS", 1)
    poll.begin(last := new_key())
    assert poll.vote(code_of(last), 1, "a", 1)
    assert not poll.vote(code_of(other), 1, "a", 1)  # it had to make room
    monkeypatch.setattr(store, "KEPT_DAYS", -1)
    poll.begin(new_key())
    assert poll.counts(last, 1, 2) == [0, 0]


def test_a_code_does_not_lead_to_its_key():
    key = new_key()
    assert read_key(key) == key
    assert read_code(code_of(key)) == code_of(key)
    assert code_of(key) not in key
    for wrong in ("", "<b>abc", key):
        with pytest.raises(ValueError, match="letters"):
            read_code(wrong)


def test_a_teacher_sees_bars_of_what_the_class_predicts_before_the_answer(trained, poll):
    teacher = open_page("lesson")
    teacher.button(key="gather_poll").click().run()
    key = teacher.session_state["gather"]
    (link,) = [each.value for each in teacher.code if "poll=" in each.value]
    assert f"poll={code_of(key)}" in link
    assert key not in link
    for choice in (2, 2, 0):
        student = open_page("lesson", lesson="1", poll=code_of(key), hide="teacher")
        student.radio[0].set_value(choice).run()
        assert "without a name" in words_of(student)
        assert not [each for each in student.get("html") if "class=bars" in each.proto.body]
    teacher.run()
    (bars,) = [each.proto.body for each in teacher.get("html") if "class=bars" in each.proto.body]
    assert "Predictions of the class: 3" in bars
    assert [f"<td>{n}</td>" in bars for n in (1, 0, 2)] == [True] * 3
    assert teacher.query_params["gather"] == [key] or teacher.query_params["gather"] == key
    teacher.button(key="clear_poll").click().run()
    assert poll.counts(key, 1, 4) == [0] * 4


def test_a_page_without_a_poll_keeps_predictions_to_itself(trained, poll):
    student = open_page("lesson", lesson="1", poll="nobody")
    student.radio[0].set_value(1).run()
    assert "without a name" not in words_of(student)
    assert not poll.path.exists()
