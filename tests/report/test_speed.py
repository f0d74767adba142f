"""The table of speeds holds what was measured."""

import json

from sercore.report.speed import MARKS, speed_table, with_speed


def test_the_table_holds_what_was_measured(tmp_path):
    speed = {"plain_seconds": 8.0, "ours_seconds": 0.5, "plain_times_real_time": 40}
    speed |= {"ours_times_real_time": 640, "ratio": 16.0, "of_floor": {"ours": 1.25}}
    growth = {"minutes": {"log_log_slope": 1.01}, "channels": {"log_log_slope": 0.93}}
    plane = {"plain_seconds": 36_000, "ours_seconds": 300.0, "ours_megabytes": 1900.2, "ratio": 120.0}
    plane = {"grid": 21, "tracks": 15, "seconds": 300.0, "devices": {"cpu": plane}}
    plane["devices"]["cpu"] |= {"plain_cells": 6, "plain_seed": 0}
    report = {
        "machine": {"processor": "P", "cores": 2, "threads": 2, "instruction_set": "AVX2"},
        "versions": {"torch": "2.13.0"},
        "results": {"step": {"cpu": speed}, "plane": plane, "growth": growth},
    }
    measured = tmp_path / "p.json"
    measured.write_text(json.dumps(report))
    printed = speed_table([json.loads(measured.read_text())])
    row = "| training step, 16 x 20 s (cpu) | P, AVX2 | 8 s (40 x real time) | 0.5 s (640 x real time) |"
    assert f"{row} 16.0 | 1.25 |" in printed
    assert "6 random cells, seed 0) | P, AVX2 | 10.0 h | 5.0 min | 120 |" in printed
    assert "| 1,900 MB |" in printed
    assert "| growth with minutes of audio (log-log slope) | P, AVX2 |  | 1.01 |" in printed
    assert "| growth with number of channels (log-log slope) | P, AVX2 |  | 0.93 |" in printed
    assert "P, AVX2: 2 cores, 2 threads, PyTorch 2.13.0." in printed
    text = f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter"
    assert with_speed(text, tmp_path) == f"before\n{MARKS.begin}\n{printed}\n{MARKS.end}\nafter"
    assert with_speed(text, tmp_path / "none") == text
    assert with_speed("no marks", tmp_path) == "no marks"


def test_machines_stand_below_each_other_for_each_work():
    step = {"plain_seconds": 8.0, "ours_seconds": 1.0, "ratio": 8.0}
    step |= {"plain_times_real_time": 1, "ours_times_real_time": 8}
    report = {
        "versions": {"torch": "2"},
        "results": {"step": {"cpu": step}, "import": {"sercore_seconds": 1}},
    }
    machines = [{"processor": name, "cores": 2, "threads": 2} for name in ("A", "B")]
    rows = speed_table([report | {"machine": machine} for machine in machines]).splitlines()[2:6]
    assert [row.split(" | ")[:2] for row in rows] == [
        ["| training step, 16 x 20 s (cpu)", "A"],
        ["| training step, 16 x 20 s (cpu)", "B"],
        ["| `import sercore`", "A"],
        ["| `import sercore`", "B"],
    ]


def test_a_machine_is_told_of_once_however_many_reports_it_has():
    report = {"versions": {"torch": "2"}, "results": {"import": {"sercore_seconds": 1}}}
    report |= {"machine": {"processor": "A", "cores": 2, "threads": 2}}
    last = speed_table([report, report | {"runs": {"import": 3}}]).splitlines()[-1]
    assert last == "A: 2 cores, 2 threads, PyTorch 2; each number is the median of 1 or 3 runs."
    assert speed_table([report, report]).count("A: 2 cores") == 1
