"""A small corpus, untrained networks and made-up results for the pages; a server and a browser."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import torch

from dashboard.compute import networks
from dashboard.compute.cache import forget_everything
from dashboard.poll.store import WHERE
from dashboard.widgets import controls
from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import Corpus, Track
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.network.weights import save_model
from sercore.results.table import results_table, write_results
from tests.dashboard.browsing import CHROMIUM, FLAGS, free_port, is_foreign
from tests.dashboard.opened import ROOT


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    rng = np.random.default_rng(3)
    steps = np.arange(200)[:, None] / 5
    gold = 0.5 * np.sin(steps / np.array([4.0, 7.0])).astype(np.float32)
    audio = (0.1 * rng.normal(size=200 * 3_200)).astype(np.float32)
    tracks = [Track(f"test_{i}", audio, gold, f"speaker {i}", "French", "test") for i in (1, 2)]
    return Corpus("small", tuple(tracks))


def corpus_of(corpus: Corpus, names: list[str]) -> Corpus:
    """Some tracks of a corpus alone."""
    return Corpus(corpus.name, tuple(track for track in corpus if track.name in names))


@pytest.fixture
def trained(tmp_path, monkeypatch, corpus) -> Path:
    """An empty folder of weights and results; the pages look there."""
    monkeypatch.setattr(networks, "TRAINED", tmp_path)
    monkeypatch.setattr(controls, "open_corpus", lambda _, names: corpus_of(corpus, names))
    forget_everything()
    yield tmp_path
    forget_everything()


@pytest.fixture(scope="session")
def untrained(tmp_path_factory) -> Path:
    """Three networks that learned nothing, and their cards."""
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("untrained")
    for name in ("mismatched", "matched_high_low", "matched_high_mid"):
        save_model(folder / f"{name}.safetensors", EmotionModel(), Card({"name": name}))
    return folder


@pytest.fixture
def weights(trained, untrained) -> Path:
    """The folder with three untrained networks in it."""
    shutil.copytree(untrained, trained, dirs_exist_ok=True)
    return trained


@pytest.fixture
def results(trained) -> Path:
    same = {"n_frames": 100, "seed": 0, "partition": "test"}
    same |= {"corpus": "default", "corpus_sha256": "0", "weights_sha256": "0"}
    rows = [
        {
            **same,
            "setting": setting,
            "dimension": dimension,
            "p_n": p_n,
            "p_l": p_l,
            **dict.fromkeys(("loss_rate", "expected_loss_rate"), Gilbert(p_n, p_l).loss_rate),
            "ccc": np.nan if p_l == 1 else 0.5,
            "status": "not defined" if p_l == 1 else "defined",
        }
        for setting in ("mismatched", "augmentation")
        for dimension in ("arousal", "valence")
        for p_n in (0.0, 0.5, 1.0)
        for p_l in (0.0, 0.5, 1.0)
    ]
    write_results(trained / "results" / "small.parquet", results_table(rows))
    return trained


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """The dashboard as a visitor meets it, started from another folder than the repository."""
    port, folder = free_port(), tmp_path_factory.mktemp("elsewhere")
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    own = os.environ | {WHERE: str(folder / "poll.sqlite")}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([*command, *options], cwd=folder, stdout=log, stderr=log, env=own) as process,
    ):
        address = f"http://localhost:{port}"
        for _ in range(900):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)  # noqa: S310
                break
            except (URLError, OSError):
                time.sleep(0.2)
        else:
            pytest.fail((folder / "log").read_text())
        yield address
        process.terminate()


@pytest.fixture(scope="session")
def browsers():
    """Playwright, which a process can have but once."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
    )
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(browsers):
    """One browser for all tests of a process."""
    browser = browsers.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def visitor(chromium):
    """One visitor, whose browser loads Streamlit's own files once."""
    with chromium.new_context() as context:
        context.set_default_timeout(240_000)
        yield context


@pytest.fixture
def visit(visitor, server):
    """``visit(path, width=..., dark=...)`` opens a page and fails the test on any script error."""
    pages, troubles = [], []

    def open_page(path: str = "", *, width: int = 1280, height: int = 800, dark: bool = False):
        page = visitor.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.append(request.url) if is_foreign(request.url) else None)
        page.goto(f"{server}/{path}")
        page.wait_for_selector("h1")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not troubles
