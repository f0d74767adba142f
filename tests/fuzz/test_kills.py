"""A few kills of the campaign that scripts/fuzz.py runs at length."""

import json
import subprocess
import sys

from tests.fuzz.children import ROOT


def test_killed_programs_end_as_if_nothing_had_happened(tmp_path):
    call = f"from tests.fuzz.kills import main; main(6, 0, Path({str(tmp_path)!r}), ['train', 'evaluate'])"
    command = [sys.executable, "-c", f"from pathlib import Path; {call}"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    told = json.loads((tmp_path / "kills-0.json").read_text())
    assert told["problems"] == []
    assert sum(told["kills"].values()) == 6
