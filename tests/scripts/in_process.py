"""Runs a script in this process, which has loaded what it needs: its words, and what it answers."""

import io
import runpy
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
import torch

from sercore.training import memory

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"


class Answer(NamedTuple):
    """What a script wrote to its two streams."""

    stdout: str
    stderr: str


def run_script(name: str, *words: object, expect: int = 0) -> Answer:
    """The answer of ``scripts/name.py words``, whose exit code must be the one expected."""
    path, out, err = SCRIPTS / f"{name}.py", io.StringIO(), io.StringIO()
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", [str(path), *map(str, words)])
        patch.setattr(memory, "keep_freed_memory", lambda: None)  # would last longer than the script
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(path), run_name="__main__")
    torch.set_num_threads(threads)
    assert end.value.code == expect, err.getvalue()
    return Answer(out.getvalue(), err.getvalue())
