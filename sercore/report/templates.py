"""The texts that results are put into, as Jinja2 templates in the folder of this name."""

import re
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from sercore.report import advice, sentences, tables
from sercore.report.markdown import markdown_table


def render(name: str, **values: Any) -> str:
    """A template, a file in templates/, with its values filled in; they are escaped in .html and .svg."""
    return TEMPLATES.get_template(name).render(**values)


def inline(text: str) -> Markup:
    """A line of Markdown as HTML, as far as it is bold or italic.

    Example:
        >>> str(inline("**<b>** and *so*"))
        '<strong>&lt;b&gt;</strong> and <em>so</em>'
    """
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
    return Markup(re.sub(r"\*(.+?)\*", r"<em>\1</em>", bold))  # noqa: S704  (escaped above)


TEMPLATES = Environment(
    loader=PackageLoader("sercore.report"),
    autoescape=select_autoescape(["html", "svg"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
TEMPLATES.globals |= {
    "table": markdown_table,
    "without_loss": tables.WITHOUT_LOSS,
    "bearable": tables.BEARABLE,
}
TEMPLATES.filters |= {
    "inline": inline,
    "advice_table": advice.advice_table,
    "receiver_claims_table": advice.receiver_claims_table,
    "provenance": sentences.provenance_sentence,
    "trainings": sentences.trainings_sentence,
    "beyond": sentences.beyond_sentence,
    "luck": sentences.luck_sentence,
    "value": sentences.value_sentence,
    "table_2": tables.table_2_of,
    "loss_table": tables.loss_table_of,
    "strips_table": tables.strips_table_of,
    "pairs_table": tables.pairs_table,
    "claims_table": tables.claims_table,
    "findings_table": tables.findings_table,
    "networks_table": tables.networks_table,
}
