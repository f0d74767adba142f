"""Small corpora for all rooms."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.corpus.noise_tree import write_layout_1

if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has a core of its own; more threads would only spin
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("no clock", deadline=None)  # no test says how long something may take
settings.load_profile("no clock")


@pytest.fixture(scope="session")
def tiny_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two training tracks, one devel and one test track of 20 s."""
    return write_layout_1(tmp_path_factory.mktemp("tiny"), ["train_1", "train_2", "dev_1", "test_1"])


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[..., Path]:
    """Write another tree: ``make_tree(names, seconds=..., seed=...)``."""
    return lambda names, **options: write_layout_1(tmp_path / "tree", names, **options)
