"""Words that pages share, the prose of each page, and the texts of the page About."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def text_of(file: str) -> str:
    """What a file of this folder holds."""
    return (Path(__file__).parent / file).read_text(encoding="utf-8")


def on_one_line(text: str) -> str:
    """A text whose line breaks are spaces."""
    return " ".join(text.split())


def _prose(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: on_one_line(each) if isinstance(each, str) else _prose(each) for name, each in part.items()}


PROSE = _prose(tomllib.loads(text_of("prose.toml")))  # sentences by page or widget, and by name
