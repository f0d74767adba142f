"""From committed results to all that people read: claims, tables, picture, README, cards, page."""

import os
from pathlib import Path

from sercore.files import write_file
from sercore.network.weights import read_card, write_card
from sercore.reading import ReadingError, read_text, told_as
from sercore.report.figure_3 import figure_3_svg
from sercore.report.markdown import markdown_table, replace_section
from sercore.report.model_card import card_section, with_plane
from sercore.report.page import html_page
from sercore.report.readme import MARKS, claims_markdown, readme_section
from sercore.report.real_voices import with_real_voices
from sercore.report.speed import with_speed
from sercore.report.tables import table_2_of
from sercore.results.outcome import whole_outcome


def publish(results: Path, trained: Path, *, readme: Path | None, html: Path | None) -> str:
    """Write everything that is made from results alone.

    Args:
        results: the folder that ``scripts/reproduce.py`` wrote; claims.md, tables.md, figure_3.svg go there.
        trained: folder of weights and cards; each card takes in its network's plane, and its README.md, if
            there is one, the scores between its marks, and those of real voices between two more.
        readme: a text with the two marks, or None; what scripts/bench.py measured (in the folder bench beside
            it) goes between two more, if it has them.
        html: where the page goes, or None.

    Returns:
        Table 2 with the paper's beside it, in Markdown.

    Raises:
        ResultsError: if a file of results is missing or damaged.
        WeightsError: if a card is.
        ValueError: if a text has no marks, or cannot be read.
    """
    outcome = whole_outcome(results)
    about = outcome.about
    picture = figure_3_svg(outcome.figure_3, f"{about.corpus.name} corpus")
    write_file(results / "figure_3.svg", picture)
    write_file(results / "claims.md", claims_markdown(outcome.findings, about))
    write_file(results / "tables.md", readme_section(outcome, "") + "\n")
    cards = {path: read_card(path) for path in sorted(trained.glob("*.safetensors"))}
    for path, card in cards.items():
        write_card(path, with_plane(card, outcome.plane, about.partition))
    model_card = trained / "README.md"
    if model_card.is_file():
        text = replace_section(_text(model_card), card_section(outcome, cards.values()), MARKS)
        shown = [str(card.sha256) for path, card in cards.items() if path.stem == "mismatched"]
        write_file(model_card, with_real_voices(text, results, shown))
    if readme is not None:
        text = _text(readme)
        section = readme_section(outcome, f"{Path(os.path.relpath(results, readme.parent)).as_posix()}/")
        text = with_speed(replace_section(text, section, MARKS), readme.parent / "bench")
        write_file(readme, text)
    if html is not None:
        write_file(html, html_page(outcome))
    return markdown_table(*table_2_of(outcome.table_2))


def _text(path: Path) -> str:
    """A text with marks, its line ends as they are."""
    with told_as(ReadingError, f"the text {path} cannot be read"):
        return read_text(path)
