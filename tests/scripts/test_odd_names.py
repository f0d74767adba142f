"""A corpus, a network and a folder may be called anything: names stay text wherever they are read back."""

import shutil

import pytest

from sercore.results.table import read_results
from tests.scripts.in_process import run_script


@pytest.mark.parametrize(
    "name", ["NA", "null", "1e5", "nan", "007", "True", "a,b", 'a"b', "2026-11-26", "None"]
)
def test_a_table_that_goes_on_keeps_the_name_of_its_corpus(weights, tiny_tree, tmp_path, name):
    out = tmp_path / "plane.csv"
    shutil.copytree(tiny_tree, tmp_path / "copy" / name)
    words = ["--models", weights, "--corpus", tmp_path / "copy" / name, "--partitions", "test", "--out", out]
    run_script("evaluate", *words)
    first = out.read_bytes()
    run_script("evaluate", *words)
    assert out.read_bytes() == first
    run_script("evaluate", *words, "--p-n", "0.9", "--p-l", "0.2")
    table = read_results(out)
    assert len(table) == 4
    assert set(table["corpus"]) == {name}
