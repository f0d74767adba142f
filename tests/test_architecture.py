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
    "units",
    "arrays",
    "files",
    "reading",
    "provenance",
    "engines",
    "audio",
    "trace",
    "channel",
    "receiver",
    "line",
    "scoring",
    "network",
    "corpus",
    "recogniser",
    "synthetic",
    "training",
    "results",
    "experiment",
    "report",
    "live",
    "scripts",
    "dashboard",
]
ORDER_IN_THE_DASHBOARD = [
    "words",
    "compute",
    "door",
    "poll",
    "lesson",
    "state",
    "charts",
    "widgets",
    "player",
    "planes",
    "explore",
    "live",
    "app_pages",
    "visit",
    "app",
]
INSIDES_OF_THE_NETWORK = {"lstm", "dense", "norm", "blocks", "running_var"}


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, at its top, later, or for type checkers alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str | None:
    """The room that a dotted name lies in; None outside the house."""
    first, *inner = module.split(".")
    if first == "sercore":
        return inner[0] if inner and inner[0] in ORDER else None
    return {"benchmarks": "scripts", "command_line": "scripts"}.get(first, first if first in ORDER else None)


ROOT = PACKAGE.parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
EVERYTHING = [
    *MODULES,
    *sorted((ROOT / "scripts").rglob("*.py")),
    *sorted((ROOT / "dashboard").rglob("*.py")),
]


def own_room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "sercore" else parts[0]


def test_each_room_has_its_place_in_the_order():
    assert {own_room(path) for path in EVERYTHING} <= set(ORDER)


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda p: str(p.relative_to(ROOT)))
def test_left_never_imports_right(path):
    own = own_room(path)
    for name in imports_of(path):
        room = room_of(name)
        if room is not None and room != own:
            assert ORDER.index(room) < ORDER.index(own), f"{own} imports {name}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_left_never_imports_right_in_the_dashboard(path):
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    if parts == ("__init__",):
        return
    own = ORDER_IN_THE_DASHBOARD.index(parts[0])
    for name in imports_of(path):
        first, *inner = name.split(".")
        if first == "dashboard" and inner and inner[0] != parts[0]:
            assert ORDER_IN_THE_DASHBOARD.index(inner[0]) < own, f"{parts[0]} imports {name}"


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda p: str(p.relative_to(ROOT)))
def test_nobody_reaches_into_the_network(path):
    if own_room(path) == "network":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) != "self":
            assert node.attr not in INSIDES_OF_THE_NETWORK, f"line {node.lineno}: .{node.attr}"


def test_streamlit_is_imported_in_the_dashboard_alone():
    for path in [*MODULES, *(ROOT / "scripts").rglob("*.py")]:
        # The load test speaks Streamlit's wire format, as a browser does.
        names = {name for name in imports_of(path) if not name.startswith("streamlit.proto")}
        assert not any(name.split(".")[0] == "streamlit" for name in names), path


def test_importing_sercore_loads_nothing_heavy():
    code = (
        "import json, sys, sercore, sercore.channel, sercore.receiver; print(json.dumps(list(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not LIGHT & set(json.loads(answer.stdout))


def test_every_public_name_is_there():
    for name in sercore.__all__:
        assert getattr(sercore, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sercore.nonsense


LONGEST_MODULE, LONGEST_FUNCTION = 250, 40
# A file whose parts cannot stand alone: numba compiles a kernel whole, with what it inlines.
LONG = {"sercore/network/kernels/compiled.py"}


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_and_no_function_is_long(path):
    """Lines of a function are counted without its docstring; argument parsers may be any length."""
    if path.relative_to(ROOT).as_posix() in LONG:
        return
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name != "parse":
            words = ast.get_docstring(node, clean=False)
            lines = node.end_lineno - node.lineno + 1 - (len(words.splitlines()) if words else 0)
            assert lines <= LONGEST_FUNCTION, node.name
