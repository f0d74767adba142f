"""What visitors and a folder of results hand to the dashboard: it shows what it can and never ends."""

import json
import warnings
from pathlib import Path
from random import Random

from dashboard import state
from dashboard.charts.heatmaps import ccc_heatmap, difference_heatmap
from dashboard.charts.strips import strips_table
from dashboard.compute import networks
from dashboard.compute.clips import own_clip
from dashboard.compute.findings import read_findings
from dashboard.lesson.answers import evidence_of
from dashboard.lesson.steps import STEPS
from dashboard.planes.boards import difference_of, scores_of
from sercore.audio import AudioError
from sercore.report.curves import lines_by_setting
from sercore.units import DIMENSIONS
from tests.fuzz.mutate import NASTY_TEXTS
from tests.fuzz.of_audio import sounds
from tests.fuzz.of_results import altered_parquet, results_folder
from tests.fuzz.reader import Files, Reader

_COLOURS = type("Colours", (), {"__getattr__": lambda *_: "#888888"})()


def _addresses() -> list[Files]:
    whole = {
        name: str(default if default is not None else "test")
        for name, (default, _) in state.choices().items()
    }
    return [{"address.json": json.dumps(each).encode()} for each in (whole, {"p_n": "0.3", "seed": "5"})]


def _altered_address(content: bytes, rng: Random) -> bytes:
    """An address holds text alone, by names that need not be known."""
    chosen = json.loads(content)
    for name in rng.sample(sorted(chosen), min(len(chosen), 4)):
        chosen[name] = rng.choice(
            (*NASTY_TEXTS, "1e9", "-1", "2", "0.12345678", "own", "all", chosen[name] * 2)
        )
    return json.dumps(chosen).encode()


def _read_address(folder: Path) -> object:
    """Each choice of the address as ``state.restore`` reads it: refused by these two errors, or usable."""
    try:
        chosen = json.loads((folder / "address.json").read_bytes())
    except (ValueError, RecursionError):
        return None
    values = {}
    for name, (_, read) in state.choices().items():
        if isinstance(chosen, dict) and isinstance(text := chosen.get(name), str):
            try:
                values[name] = read(text)
            except (ValueError, OverflowError):
                continue
            read(str(values[name]))  # what is shown goes back into the address
    return values


def _findings() -> list[Files]:
    card = {"sha256": "0", "setting": {"name": "mismatched"}, "dimensions": {}}
    files = {f"results/{name}": content for name, content in results_folder().items() if name != "bench.json"}
    return [{**files, "mismatched.json": json.dumps(card).encode()}]


def _show(folder: Path) -> object:
    """All that the pages ask of a folder of results: problems are sentences, and the rest is drawn."""
    before, networks.TRAINED = networks.TRAINED, folder
    try:
        found = read_findings()
        for problem in found.problems:
            assert len(problem) <= 1_000, f"{len(problem):,} letters"
            assert "\n" not in problem, problem
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for partition in found.partitions:
                _show_partition(found, partition)
        return found
    finally:
        networks.TRAINED = before


def _show_partition(found, partition) -> None:
    settings = found.settings(partition)
    found.clean(partition)
    for score, dimension in zip(found.scores(partition) or ["ccc"], DIMENSIONS, strict=False):
        scores_of(found, partition, score)
        for name in settings:
            ccc_heatmap(found.cells(partition, name, dimension, score), _COLOURS, title=name, highest=1.0)
            strips_table({name: found.strip(partition, name, dimension, score, 0.5)}, name)
            found.coverage(partition, name), found.trainings(partition, name)
        lines = {name: found.by_loss(partition, name, dimension, score) for name in settings}
        lines_by_setting(lines, "loss_rate", "lost", "CCC", percent=True).to_json()
        for other in settings[1:]:
            table = found.difference(settings[0], other, partition, dimension, score)
            difference_heatmap(table, _COLOURS, title="", largest=1.0)
            difference_of(found, partition, score, (settings[0], other))
        for step in STEPS:
            evidence_of(step, found, partition, score)


def _upload(folder: Path) -> object:
    with next(folder.iterdir()).open("rb") as file:
        return own_clip("yours", file)


READERS = (
    Reader("address", "dashboard", _addresses, _read_address, (), {".json": _altered_address}),
    Reader("findings", "dashboard", _findings, _show, (), {".parquet": altered_parquet}, weight=0.1),
    Reader("own audio", "audio", sounds, _upload, (AudioError,)),
)
