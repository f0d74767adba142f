"""What an installed sercore holds: every file of the package, code or not."""

import ast
import tomllib
from pathlib import Path

import sercore

PACKAGE = Path(sercore.__file__).parent


def test_every_file_of_the_package_that_is_no_code_is_installed():
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["sercore"]
    installed = {path for pattern in patterns for path in PACKAGE.glob(pattern) if path.is_file()}
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path for path in files if path.suffix != ".py"} == installed


def test_every_folder_of_code_is_a_package():
    for module in PACKAGE.rglob("*.py"):
        assert (module.parent / "__init__.py").is_file(), module


def test_one_version_is_told_everywhere():
    root, said = PACKAGE.parent, sercore.__version__
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["version"] == said
    assert f"\nversion: {said}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    newest = next(each for each in changes if not each.startswith("Unreleased\n"))
    assert newest.startswith(f"{said} (")


def test_type_checkers_are_told_of_the_same_names_at_the_same_homes():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    told = {alias.asname: node.module for node in block.body for alias in node.names}
    assert told == sercore._HOME
