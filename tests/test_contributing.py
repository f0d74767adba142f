"""CONTRIBUTING.md's recipes, followed to the letter in a copy of the repository."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^### (.+?)\n(.+?)(?=^### |\Z)", TEXT, flags=re.M | re.S))
PAGE = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("dashboard/visit.py", default_timeout=600)
app.query_params.update({address!r})
app.session_state["open luck"] = True
app.run().switch_page("app_pages/{page}.py").run()
assert not app.exception and not app.error, app
print(app)
"""


def read_file(recipe: str) -> tuple[Path, str] | None:
    """The file that a recipe shows: its first line says where it goes."""
    found = re.search(r"```python\n# (\S+)\n(.+?)```", recipe, flags=re.S)
    return (Path(found[1]), found[2]) if found else None


def change(recipe: str, repository: Path) -> None:
    """Do what the recipe's words say to the file that they name."""
    words = " ".join(recipe.rpartition("```")[2].split())
    path = repository / re.search(r"In `([^`]+)`", words)[1]
    text = path.read_text(encoding="utf-8")
    steps = [
        *((old, f"{old}\n{new}") for old, new in re.findall(r"below `([^`]+)`, add `([^`]+)`", words)),
        *re.findall(r"`([^`]+)` becomes `([^`]+)`", words),
    ]
    assert steps
    for old, new in steps:
        assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def run(repository: Path, *command: str) -> str:
    """What a program of the copy says."""
    answer = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
        env=os.environ | {"PYTHONPATH": str(repository), "OMP_NUM_THREADS": "1"},
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def tried(recipe: str, repository: Path) -> str:
    """What the command under "Try it" says."""
    words = " ".join(recipe.split())
    return run(repository, *shlex.split(re.search(r"Try it: `python ([^`]+)`", words)[1]))


@pytest.fixture
def follow(tmp_path):
    """``follow(name)`` makes a copy of the repository in which a recipe was followed."""

    def follow_recipe(name: str) -> Path:
        ignored = shutil.ignore_patterns("*.png", "matched_*")
        for folder in ("sercore", "dashboard", "scripts", "trained"):
            shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
        shutil.copy(ROOT / "README.md", tmp_path)
        if (file := read_file(RECIPES[name])) is not None:
            path, content = file
            (tmp_path / path).write_text(content, encoding="utf-8")
        change(RECIPES[name], tmp_path)
        return tmp_path

    return follow_recipe


def test_there_is_a_recipe_for_each_way_to_grow():
    assert [*RECIPES] == ["A loss model", "A receiver", "A line", "A recogniser", "A page", "A claim"]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_short(name):
    code = (read_file(RECIPES[name]) or (None, ""))[1]
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    assert len(RECIPES[name].rpartition("```")[2].strip().splitlines()) <= 4


def test_a_new_loss_model_is_scored_and_listed(follow):
    repository = follow("A loss model")
    assert "every_nth" in run(repository, "scripts/evaluate.py", "--help")
    assert "every_nth:n=5.0" in tried(RECIPES["A loss model"], repository)


def test_a_new_loss_model_is_offered_in_the_dashboard(follow):
    repository = follow("A loss model")
    page = PAGE.format(address={"loss_model": "every_nth"}, page="explore")
    assert "Slider(key='n', label='n · lost'" in run(repository, "-c", page)


def test_a_new_receiver_is_scored_listed_and_offered(follow):
    repository = follow("A receiver")
    assert "backwards" in run(repository, "scripts/evaluate.py", "--help")
    assert "backwards" in tried(RECIPES["A receiver"], repository)
    assert "Backwards" in run(repository, "-c", PAGE.format(address={}, page="call"))


def test_a_new_line_is_scored_and_listed(follow):
    repository = follow("A line")
    assert "overdriven" in run(repository, "scripts/evaluate.py", "--help")
    assert "overdriven+silence" in tried(RECIPES["A line"], repository)


def test_a_new_recogniser_is_scored(follow):
    repository = follow("A recogniser")
    assert "loudness" in tried(RECIPES["A recogniser"], repository)
    assert ".loudness" in run(repository, "scripts/evaluate.py", "--help")


def test_a_new_recogniser_is_offered_in_the_dashboard(follow):
    repository = follow("A recogniser")
    (repository / "trained" / "my_ears.loudness").touch()
    said = run(repository, "-c", PAGE.format(address={"setting": "my_ears"}, page="explore"))
    assert "My-ears" in said
    assert "CCC, after loss" in said


def test_a_new_page_opens(follow):
    page = PAGE.format(address={"p_n": "0.8", "p_l": "0.8"}, page="share")
    said = run(follow("A page"), "-c", page)
    assert "How much is lost?" in said
    assert "50%" in said


def test_a_new_claim_is_examined_and_reported(follow):
    repository = follow("A claim")
    run(repository, "scripts/report.py")
    assert "Augmentation beats multi-condition." in (repository / "README.md").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "tests", repository / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "from sercore.results.examine import examine_claims; "
        "from tests.results.made_rows import AS_IN_THE_PAPER, PAPER_AROUSAL, clean, plane; "
        "found = examine_claims(plane(AS_IN_THE_PAPER), clean(PAPER_AROUSAL), 'ccc'); "
        "print({each.verdict for each in found if each.claim == 12})"
    )
    assert run(repository, "-c", code).strip() == "{'holds'}"
