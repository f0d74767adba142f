"""Time what everybody waits for first: imports, and compiled kernels (for scripts/bench.py)."""

import os
import statistics
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.network import Report

IMPORT = "import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
FIRST = """
import time, torch
from sercore.network.model import EmotionModel
model, audio = EmotionModel(), torch.zeros(1, 16_000)
begin = time.perf_counter()
with torch.inference_mode():
    model.eval()(audio)
print(time.perf_counter() - begin)
begin = time.perf_counter()
model.train()(audio).sum().backward()
print(time.perf_counter() - begin)
"""


def bench_import(arguments: Namespace) -> Report:
    """Seconds of ``import sercore`` and of ``import torch``, and of the first use of the network.

    That is in fresh processes; cold, its kernels are compiled, and warm, they are found as compiled before.
    """
    found: Report = {}
    for module in ("sercore", "torch"):
        seconds = [_says(IMPORT.format(module=module))[0] for _ in range(arguments.repeats + 1)]
        found[f"{module}_seconds"] = round(statistics.median(seconds[1:]), 4)
    with TemporaryDirectory() as folder:
        for state in ("cold", "warm"):
            prediction, step = _says(FIRST, Path(folder))
            found[f"first_prediction_{state}_seconds"] = round(prediction, 2)
            found[f"first_step_{state}_seconds"] = round(step, 2)
    return found


def _says(program: str, kernels: Path | None = None) -> list[float]:
    given = os.environ | ({"NUMBA_CACHE_DIR": str(kernels)} if kernels else {})
    return list(map(float, subprocess.check_output([sys.executable, "-c", program], env=given).split()))
