"""What one process compiled, another loads, wherever the source lies; and nothing else is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sercore

PACKAGE = Path(sercore.__file__).parent
PROGRAM = """
import numpy as np
from sercore.network.kernels.compiled import is_tame
assert is_tame(np.ones(3, np.float32)) and not is_tame(np.full(3, np.nan, np.float32))
print("loaded" if sum(is_tame.stats.cache_hits.values()) else "compiled")
"""


def run(checkout: Path, **environment: object) -> str:
    """Whether a process of that checkout compiles or loads."""
    given = os.environ | {"PYTHONPATH": str(checkout)} | {name: str(it) for name, it in environment.items()}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=given,
        cwd=checkout,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.strip()


@pytest.fixture
def checkout(tmp_path):
    """Another place with the same source."""
    for path in PACKAGE.rglob("*.py"):
        copy = tmp_path / "elsewhere" / path.relative_to(PACKAGE.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return tmp_path / "elsewhere"


def test_a_kernel_is_compiled_once_for_all_checkouts_of_the_same_source(tmp_path, checkout):
    kept = {"NUMBA_CACHE_DIR": tmp_path / "kept"}
    assert [run(place, **kept) for place in (PACKAGE.parent, PACKAGE.parent, checkout)] == [
        "compiled",
        "loaded",
        "loaded",
    ]


def test_a_change_of_what_kernels_are_made_of_compiles_them_anew(tmp_path, checkout):
    kept = {"NUMBA_CACHE_DIR": tmp_path / "kept"}
    run(checkout, **kept)
    with (checkout / "sercore/network/kernels/simd.py").open("a", encoding="utf-8") as file:
        file.write("# another way to add\n")
    assert run(checkout, **kept) == "compiled"


def test_without_a_word_kernels_are_kept_among_the_users_caches(tmp_path):
    given = {"XDG_CACHE_HOME": tmp_path, "NUMBA_CACHE_DIR": ""}
    assert [run(PACKAGE.parent, **given) for _ in range(2)] == ["compiled", "loaded"]
    assert list(tmp_path.glob("sercore/kernels/*/compiled.py"))


def test_where_nothing_can_be_written_each_process_compiles(tmp_path):
    (tmp_path / "file").touch()
    assert [run(PACKAGE.parent, NUMBA_CACHE_DIR=tmp_path / "file" / "folder") for _ in range(2)] == [
        "compiled"
    ] * 2
