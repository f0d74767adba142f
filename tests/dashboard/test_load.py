"""Many visitors at once, and the measure that scripts/bench.py takes of them, on a small scale."""

from pathlib import Path

import benchmarks.dashboard
import benchmarks.visitors
import pytest


def test_a_few_visitors_get_their_predictions(monkeypatch):
    monkeypatch.setattr(benchmarks.visitors, "THINK_SECONDS", (0.0, 0.1))
    monkeypatch.setattr(benchmarks.visitors, "CHANGES", 2)
    with benchmarks.dashboard.server() as (address, pid, _):
        found = benchmarks.visitors.many_visitors(address, users=3)
        assert found["changes"] == 6
        assert 0 < found["change_under_load_ms"]["median"] <= found["change_under_load_ms"]["p95"]
        if Path("/proc").is_dir():
            assert benchmarks.dashboard.resident_megabytes("VmRSS", pid) > 50


def test_visitors_in_trouble_are_reported(monkeypatch):
    monkeypatch.setattr(benchmarks.visitors, "THINK_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(benchmarks.visitors, "PATIENCE", 2.0)
    with pytest.raises(OSError, match="2 of 2 visitors met trouble"):
        benchmarks.visitors.many_visitors("127.0.0.1:9", users=2)


def test_a_summary_is_the_middle_and_the_slow_end():
    assert benchmarks.visitors.summary([float(i) for i in range(1, 101)]) == {"median": 50.5, "p95": 96.0}
