"""The rooms of the house: what may import what, and what import costs."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import sercore

PACKAGE = Path(sercore.__file__).parent
LIGHT = {"torch", "numba", "pandas", "streamlit", "plotly", "sounddevice"}
# Left never imports right.
ORDER = [
    {
        "audio_header",
        "audio",
        "concordance",
        "loss_models",
        "command_line",
        "provenance",
        "results",
        "float8",
        "allocation",
        "dropout",
        "code_version",
        "engines",
        "speed_report",
        "moments",
        "timeline",
        "paper",
        "claims",
        "tabulation",
    },
    {"frame_bits", "clip_scores"},
    {
        "gold_standard",
        "drop",
        "settings",
        "pooled_conv_kernels",
        "pooled_conv_cpu",
        "pooled_conv_gpu",
        "recola",
        "manifest",
        "lines",
        "transmission",
    },
    {
        "pooled_conv",
        "model",
        "track",
        "labels",
        "gold_file",
        "ratings_file",
        "survey",
        "fitting",
        "sheets",
        "severity",
    },
    {"loading", "comparison"},
    {"summaries", "examination", "claims_report", "bearable"},
    {"folder"},
    {"corpus"},
    {
        "inventory",
        "synthetic",
        "segments",
        "checkpoints",
        "prediction",
        "clean_features",
        "plain_model",
        "junctions",
        "partitions",
        "post_processing",
    },
    {"training", "evaluation", "clips", "contrasts", "scene"},
    {"training_runs", "training_report", "sweeps", "report", "experiment", "svg_figure"},
    {"networks", "experiment_tables", "html_report", "plane_bench"},
    {"sweep_jobs", "shipped"},
    {"account"},
    {"publication"},
]


def imports_of(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    checked_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    nodes = tree.body if top_level_only else ast.walk(tree)
    found = set()
    for node in nodes:
        if id(node) in checked_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def rank(module: str) -> int:
    return next(i for i, names in enumerate(ORDER) if module in names)


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_left_never_imports_right(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in imports_of(path, top_level_only=True):
        if name.startswith("sercore."):
            assert rank(name.split(".")[1]) <= rank(own), f"{own} imports {name}"


def test_streamlit_is_imported_in_the_dashboard_alone():
    for path in [*MODULES, *(PACKAGE.parent / "scripts").glob("*.py")]:
        # The load test speaks Streamlit's wire format, as a browser does.
        names = {name for name in imports_of(path) if not name.startswith("streamlit.proto")}
        assert not any(name.split(".")[0] == "streamlit" for name in names), path


def test_importing_sercore_loads_nothing_heavy():
    code = (
        "import json, sys, sercore, sercore.loss_models, sercore.drop; print(json.dumps(list(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not LIGHT & set(json.loads(answer.stdout))


def test_every_public_name_is_there():
    for name in sercore.__all__:
        assert getattr(sercore, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sercore.nonsense
