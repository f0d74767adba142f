"""Many visitors at once, and the measure that scripts/bench.py takes of them, on a small scale."""

from pathlib import Path

import benchmarks.dashboard
import benchmarks.visitors
import pytest

from dashboard.compute import findings
from dashboard.planes import boards
from tests.dashboard.opened import open_page


def test_a_few_visitors_get_their_predictions(monkeypatch):
    monkeypatch.setattr(benchmarks.visitors, "THINK_SECONDS", (0.0, 0.1))
    monkeypatch.setattr(benchmarks.visitors, "CHANGES", 2)
    with benchmarks.dashboard.server() as (address, pid, _):
        found = benchmarks.visitors.many_visitors(address, users=3)
        assert found["changes"] == 6
        assert 0 < found["change_under_load_ms"]["median"] <= found["change_under_load_ms"]["p95"]
        if Path("/proc").is_dir():
            assert benchmarks.dashboard.resident_megabytes("VmRSS", pid) > 50


def test_what_many_look_at_is_computed_once(results, monkeypatch):
    read, built = [], []
    whole, row = findings.read_outcome, boards.board
    monkeypatch.setattr(findings, "read_outcome", lambda folder: read.append(folder) or whole(folder))
    monkeypatch.setattr(boards, "board", lambda *a: built.append(a) or row(*a))
    first = open_page("breaks")
    assert (len(read), len(built)) == (1, 2)  # scores, and a difference
    second = open_page("breaks", p_n="0.25")
    assert (len(read), len(built)) == (1, 2)
    pictures = [[each.proto.json for each in app.get("bidi_component")] for app in (first, second)]
    assert pictures[0] != pictures[1]  # each has the ring of its own channel
    (results / "results" / "new.parquet").write_bytes(b"not a table")
    assert open_page("breaks").warning  # a file that changes is read
    assert len(read) == 2


def test_some_visitors_open_a_page_at_one_instant():
    with benchmarks.dashboard.server() as (address, _, _):
        for page in ("breaks", "?seed={}"):
            seconds = benchmarks.visitors.at_one_instant(address, *page.split("?"), users=4)
            assert len(seconds) == 4
            assert max(seconds) < 60  # on any machine; forty on two cores take less than 15


def test_visitors_in_trouble_are_reported(monkeypatch):
    monkeypatch.setattr(benchmarks.visitors, "THINK_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(benchmarks.visitors, "PATIENCE", 2.0)
    with pytest.raises(OSError, match="2 of 2 visitors met trouble"):
        benchmarks.visitors.many_visitors("127.0.0.1:9", users=2)


def test_a_summary_is_the_middle_and_the_slow_end():
    assert benchmarks.visitors.summary([float(i) for i in range(1, 101)]) == {"median": 50.5, "p95": 96.0}
