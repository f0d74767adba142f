"""Tables and sections of Markdown."""

import pytest

from sercore.report.markdown import replace_section
from sercore.report.readme import MARKS
from sercore.report.templates import TEMPLATES


def test_tables_hide_no_markup():
    table = TEMPLATES.get_template("table.html").module.table
    assert table(["*x*"], [["<script>"]]) == (
        "<table><tr><th><em>x</em></th></tr><tr><td>&lt;script&gt;</td></tr></table>"
    )


def test_a_section_is_replaced_between_its_marks_and_nothing_else():
    text = f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter\n"
    assert replace_section(text, "new", MARKS) == f"before\n{MARKS.begin}\nnew\n{MARKS.end}\nafter\n"
    with pytest.raises(ValueError, match="needs the marks"):
        replace_section("no marks", "new", MARKS)
    with pytest.raises(ValueError, match=r"and, after it, "):
        replace_section(f"{MARKS.end}\n{MARKS.begin}\n", "new", MARKS)
