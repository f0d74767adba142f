"""Which code a result was made with: a name that changes when the code does, and not when a comment does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import sercore

_PACKAGE = Path(sercore.__file__).parent


@cache
def code_version(*modules: str) -> str:
    """Twelve hexadecimal digits for some modules and all of this package that they import.

    Comments, docstrings, layout and imports for type checkers do not count.

    Args:
        modules: by name, for instance "sercore.training".

    Raises:
        ValueError: if a module is not of this package.

    Example:
        >>> code_version("sercore.drop") == code_version("sercore.settings")
        False
    """
    for name in modules:
        if _file(name) is None:
            raise ValueError(f"{name} is no module of sercore")
    sources: dict[str, str] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is None or name in sources:
            continue
        tree = _WhatRuns().visit(ast.parse(path.read_text(encoding="utf-8")))
        sources[name] = ast.unparse(tree)
        waiting += _imports(tree)
    text = "\n".join(f"# {name}\n{sources[name]}" for name in sorted(sources))
    return sha256(text.encode()).hexdigest()[:12]


def _file(name: str) -> Path | None:
    """The source of a module; None for what is none, and for the package's own list of names."""
    package, *inner = name.split(".")
    if package != "sercore" or not inner:
        return None
    place = _PACKAGE.joinpath(*inner)
    found = [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()]
    return found[0] if found else None


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


class _WhatRuns(ast.NodeTransformer):
    """Leaves out docstrings and what only type checkers see."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if is_text else self.generic_visit(node)
