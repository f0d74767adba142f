"""README: its map of the rooms, and the programs that it tells to start."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import ORDER, ORDER_IN_THE_DASHBOARD

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
MAP = re.findall(r"^- (`.+?): (.+)$", TEXT.partition("## Read the code")[2].partition("\n## ")[0], flags=re.M)


def names_in(text: str) -> list[str]:
    return re.findall(r"`([^`]+?)/?`", text)


def folders_of(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/*.py")}


def test_the_map_names_every_room_of_sercore_once_and_in_order():
    named = [name for names, _ in MAP for name in names_in(names) if name not in ("scripts", "dashboard")]
    grounds = {path.stem for path in (ROOT / "sercore").glob("*.py")} - {"__init__"}
    assert sorted(named) == sorted(folders_of("sercore") | grounds)
    places = [ORDER.index(name) for name in named]
    assert places == sorted(places)


@pytest.mark.parametrize("folder", ["scripts", "dashboard"])
def test_the_map_names_the_folders_of_what_is_built_on_sercore(folder):
    (said,) = [words for names, words in MAP if names_in(names) == [folder]]
    assert set(names_in(said)) >= folders_of(folder)


def test_the_map_of_the_dashboard_is_in_the_order_of_its_imports():
    (said,) = [words for names, words in MAP if names_in(names) == ["dashboard"]]
    places = [ORDER_IN_THE_DASHBOARD.index(name) for name in names_in(said)]
    assert places == sorted(places)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python (scripts/\w+\.py[^`\n]*)", TEXT))))
def test_a_command_names_a_script_and_options_that_there_are(command):
    script, *words = command.split()
    sources = [ROOT / script, *(ROOT / "scripts").glob("*.py")]
    assert sources[0].is_file()
    written = "".join(path.read_text(encoding="utf-8") for path in sources)
    for word in words:
        if word.startswith("--"):
            assert f'"{word}"' in written, word
