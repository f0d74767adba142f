"""All that is written from results."""

import pytest

from sercore.report.publish import publish
from sercore.report.readme import MARKS
from sercore.results.outcome import whole_outcome
from sercore.results.table import ResultsError


def test_publishing_writes_all_from_results_alone(results, tmp_path):
    readme, page = tmp_path / "README.md", tmp_path / "report.html"
    readme.write_text(f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter\n")
    card = results.parent / "README.md"
    card.write_text(f"# Card\n{MARKS.begin}\n{MARKS.end}\n## Limits\n")
    shown = publish(results, results.parent, readme=readme, html=page)
    assert "46 synthetic speakers (33 French, 8 Italian), 46 tracks" in card.read_text()
    assert "| `mismatched` | 0 |  | 0.400 |" in card.read_text()
    assert "| `mismatched` | 1 | ships | 0.500 |" in card.read_text()
    assert card.read_text().endswith("## Limits\n")
    assert shown in readme.read_text()
    assert "(trained/results/claims.md)" in readme.read_text()
    assert readme.read_text().startswith("before\n")
    assert "(claims.md)" in (results / "tables.md").read_text()
    html = page.read_text()
    assert "one &lt;chip&gt;" in html
    assert 'src="http' not in html
    assert sum(path.stat().st_size for path in results.iterdir()) < 500_000


def test_missing_or_damaged_results_are_named(results):
    (results / "claims.json").write_text("{")
    with pytest.raises(ResultsError, match="cannot be read"):
        whole_outcome(results)
    (results / "claims.json").unlink()
    with pytest.raises(ResultsError, match=r"lack claims\.json: run python scripts/reproduce\.py"):
        whole_outcome(results)
