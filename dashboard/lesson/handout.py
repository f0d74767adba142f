"""The lesson on one sheet of paper: what is asked, boxes to tick, and room for what was found."""

import re
from collections.abc import Sequence
from html import escape

from dashboard.lesson.steps import Step


def handout(steps: Sequence[Step], title: str, foot: str) -> str:
    """All steps as HTML that prints on one page; answers are not on it."""
    parts = "".join(_part(number, step) for number, step in enumerate(steps, 1))
    return f"<section class=handout><h2>{escape(title)}</h2><div>{parts}</div><p>{escape(foot)}</p></section>"


def _part(number: int, step: Step) -> str:
    boxes = "".join(f"<li>{plain(option)}</li>" for option in step.options)
    asked = f"<p>{plain(step.setup)}</p><p><b>{plain(step.question)}</b></p><ul>{boxes}</ul>"
    return f"<article><h3>{number}. {plain(step.title)}</h3>{asked}<dl><dt>Found:<dt>Why:</dl></article>"


def plain(markdown: str) -> str:
    """Markdown of the lesson as HTML: indices, italics and bold.

    Example:
        >>> plain("$p_N$ is *high*, **very** & 1 < 2")
        'p<sub>N</sub> is <i>high</i>, <b>very</b> &amp; 1 &lt; 2'
    """
    text = re.sub(r"\$p_(\w)\$", r"p<sub>\1</sub>", escape(markdown, quote=False))
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
