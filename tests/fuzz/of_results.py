"""Tables of results and sheets, the notes beside them, and all that a report is written from."""

import datetime
import io
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sercore.channel import Gilbert
from sercore.experiment.plan import Experiment
from sercore.experiment.receivers import calls
from sercore.experiment.replay import Scene, SceneError, read_scene, scene_json
from sercore.experiment.tables import evaluation_hours
from sercore.report.advice import advice_table, in_a_sentence
from sercore.report.publish import publish
from sercore.report.readme import MARKS
from sercore.report.speed import MARKS as SPEED_MARKS
from sercore.report.speed import median_report, read_report, speed_table
from sercore.results.advice import advice_for, advise, read_advice
from sercore.results.cell_table import moments_of, read_sheet, sheet
from sercore.results.confidence import CONFIDENCE, read_bands
from sercore.results.differences import differences
from sercore.results.examine import examine_claims
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.means import mean_scores
from sercore.results.outcome import write_about, write_findings
from sercore.results.summaries import figure_3, table_2
from sercore.results.table import SCORES, ResultsError, read_results, results_table
from sercore.results.voices import read_voices, sounds_and_reads
from tests.fuzz.mutate import NASTY_TEXTS
from tests.fuzz.reader import Files, Reader
from tests.report.made_about import ABOUT
from tests.results.made_rows import AS_IN_THE_PAPER, PAPER_AROUSAL, clean, plane
from tests.results.made_ways import made_ways
from tests.results.test_voices import table as voices_table

_TRAINED = Path(__file__).parents[2] / "trained"
_SCENE = Scene(Gilbert(0.9, 0.5), 3, "drop", "test_1", 10, 100, "0" * 64, {"mismatched": "1" * 64})
_SCORES = [{"setting": "mismatched", "dimension": "arousal", "ccc_clean": 0.5, "ccc": None}]
_VALUES = (
    *(None, float("nan"), float("inf"), -float("inf"), 1e308, -1e308, -1, 0, 2, 0.5, True, 2**62),
    *(datetime.datetime(2026, 1, 1), datetime.date(1, 1, 1), b"\xff", "high", *NASTY_TEXTS, [1.0], []),
)


def parquet_of(table: pd.DataFrame) -> bytes:
    """The table as a file."""
    content = io.BytesIO()
    table.to_parquet(content, index=False, compression="zstd")
    return content.getvalue()


def altered_parquet(content: bytes, rng: Random) -> bytes:
    """Another type or value in a column or in some of its cells, or columns and rows moved, twice or gone."""
    table = pq.read_table(io.BytesIO(content)).replace_schema_metadata(None).to_pandas()
    if not len(table.columns):
        return content
    name, value = rng.choice(list(table.columns)), rng.choice(_VALUES)
    what = rng.randrange(7)
    if what == 0:
        table = table.drop(columns=name)
    elif what == 1:
        table = table.rename(columns={name: rng.choice(list(table.columns))})
    elif what == 2:
        table = rng.choice((table[:0], table[:1], table[::-1], pd.concat([table] * 2)))
    elif what == 3:
        table[name] = [value] * len(table)
    else:
        cells = list(table[name])
        for _ in range(rng.choice((1, 3, len(cells))) if cells else 0):
            cells[rng.randrange(len(cells))] = value
        table[name] = cells
    target = io.BytesIO()
    try:
        pq.write_table(pa.table([pa.array(table.iloc[:, i], from_pandas=True) for i in range(table.shape[1])],
                                names=[str(column) for column in table.columns]), target)  # fmt: skip
    except (pa.ArrowException, TypeError, ValueError, OverflowError, UnicodeError):
        return content  # what Arrow cannot write no file can hold
    return target.getvalue()


def _rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    return plane(AS_IN_THE_PAPER, seeds=(0, 1)), clean(PAPER_AROUSAL)


def _tables() -> list[Files]:
    table = results_table(_rows()[0])
    other = table.assign(receiver="silence").astype({"receiver": "string"})
    return [
        {"rows.parquet": parquet_of(table)},
        {"rows.csv": table[:60].to_csv(index=False).encode()},
        {"rows.csv": other[:60].to_csv(index=False).encode()},
    ]


def _read_rows(folder: Path) -> object:
    (path,) = folder.iterdir()
    table = read_results(path)
    return results_table(table.to_dict("records"))


def _sheets() -> list[Files]:
    return [{"rows.parquet": parquet_of(each[:60])} for each in _rows()]


def _read_sheet(folder: Path) -> object:
    """What is taken must have moments that all comparisons can be made of."""
    table = read_sheet(folder / "rows.parquet")
    if len(table):
        moments_of(table, "ccc")
        mean_scores(sheet(table), "ccc")
    return table


@cache
def results_folder() -> Files:
    """The files of results like the paper's, as ``scripts/reproduce.py`` writes them."""
    rows, without_loss = plane(AS_IN_THE_PAPER, seeds=(0,)), clean(PAPER_AROUSAL)
    scores = [mean_scores(rows, score) for score in SCORES]
    tables = {
        "plane.parquet": parquet_of(results_table(rows)),
        "differences.parquet": parquet_of(pd.concat([differences(each, FOUR_SETTINGS) for each in scores])),
        "figure_3.csv": pd.concat([figure_3(each) for each in scores]).to_csv(index=False).encode(),
        "table_2.csv": table_2(without_loss).to_csv(index=False).encode(),
        "bench.json": (_TRAINED.parent / "bench" / "amd_epyc_avx2.json").read_bytes(),
    }
    with tempfile.TemporaryDirectory() as folder:
        write_about(Path(folder), ABOUT)
        write_findings(Path(folder), [f for s in SCORES for f in examine_claims(rows, without_loss, s)])
        tables |= {path.name: path.read_bytes() for path in Path(folder).glob("*.json")}
    return tables


def report_texts() -> Files:
    """Two texts with the marks between which a report writes."""
    marks = "\n".join(word for of in (MARKS, SPEED_MARKS) for word in (of.begin, of.end))
    return {name: f"# Title\n{marks}\n".encode() for name in ("README.md", "trained/README.md")}


def _reports() -> list[Files]:
    results = {f"trained/results/{name}": each for name, each in results_folder().items()}
    measured = {"bench/amd_epyc_avx2.json": results.pop("trained/results/bench.json")}
    return [{**results, **measured, **report_texts()}]


def _publish(folder: Path) -> object:
    trained = folder / "trained"
    return publish(trained / "results", trained, readme=folder / "README.md", html=folder / "page.html")


def _remedies() -> list[Files]:
    ways = made_ways({("mismatched", "pitch"): 0.6, ("multi_condition", "drop"): 0.5}, calls((0.05, 0.1)))
    advised = advise(ways, ways, ["pitch"])
    sounds = voices_table({"pitch": 4.0, "g711+silence": 3.0, "opus-24": 4.1})
    tables = {"advice.csv": advised, "voices.csv": sounds}
    return [{name: table.to_csv(index=False).encode()} for name, table in tables.items()]


def _read_remedies(folder: Path) -> object:
    """What is taken can be told."""
    (path,) = folder.iterdir()
    if path.stem == "voices":
        return sounds_and_reads(read_voices(path))
    table = read_advice(path)
    return advice_table(table), [in_a_sentence(advice_for(table, rate)) for rate in (0.01, 0.2)]


def _measurements() -> list[Files]:
    return [{"a.json": (_TRAINED.parent / "bench" / "amd_epyc_avx2.json").read_bytes()}]


def _read_measurements(folder: Path) -> object:
    report = read_report(folder / "a.json")
    return speed_table([report]), median_report([report, read_report(folder / "a.json")])


def _notes() -> list[Files]:
    return [{"sheets/0-test.json": json.dumps({"seconds": 12.5}).encode()}]


def _read_note(folder: Path) -> object:
    hours = evaluation_hours(Experiment(runs=folder), ["0"])
    assert np.isfinite(hours)
    return hours


def scene_text() -> bytes:
    """A scene of a shipped track."""
    return scene_json(_SCENE, _SCORES).encode()


def _scenes() -> list[Files]:
    own = Scene(Gilbert(0.5, 0.5), 3, "silence", None, 0, 100, "0" * 64)
    return [{"settings.json": scene_json(each, _SCORES).encode()} for each in (_SCENE, own)]


def _read_scene(folder: Path) -> object:
    scene, scores = read_scene(folder / "settings.json")
    shutil.copyfile(folder / "settings.json", folder / "before.json")
    (folder / "settings.json").write_text(scene_json(scene, scores))
    assert read_scene(folder / "settings.json") == (scene, scores)
    return scene


_PARQUET = {".parquet": altered_parquet}


def _bands() -> list[Files]:
    found = json.loads((_TRAINED / "results" / CONFIDENCE).read_text())
    return [{CONFIDENCE: json.dumps({"networks": found["networks"][:1]}).encode()}]


def _read_bands(folder: Path) -> object:
    return [each.of(0.3, 0.2) for each in read_bands(folder / CONFIDENCE).values()]


READERS = (
    Reader("results", "results", _tables, _read_rows, (ResultsError,), _PARQUET),
    Reader("sheet", "results", _sheets, _read_sheet, (ResultsError,), _PARQUET),
    Reader("results folder", "report", _reports, _publish, (ValueError,), _PARQUET, weight=0.2),
    Reader("remedies", "results", _remedies, _read_remedies, (ResultsError,)),
    Reader("bands", "results", _bands, _read_bands, (ResultsError,)),
    Reader("measurements", "report", _measurements, _read_measurements, (ValueError,)),
    Reader("time of a sheet", "experiment", _notes, _read_note, (ResultsError,)),
    Reader("scene", "experiment", _scenes, _read_scene, (SceneError,)),
)
