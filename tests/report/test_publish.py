"""All that is written from results."""

import pytest

from sercore.report.publish import publish
from sercore.report.readme import MARKS
from sercore.results.about import About
from sercore.results.outcome import whole_outcome
from sercore.results.table import ResultsError

ABOUT = About.from_json({
    "corpus": {
        "name": "default", "sha256": "0123456789abcdef", "synthetic": True,
        "partition": ["The partition: 16, 15, 15."], "notes": [], "speakers": 46,
        "languages": {"French": 33, "Italian": 8}, "tracks": {"train": 16, "devel": 15, "test": 15},
    },
    "partition": "test", "grid": 2, "loss_seeds": 1, "epochs": 200, "annotation_delay_seconds": 0,
    "post_processing": False, "missing": [], "shipped_seed": {"mismatched": 1}, "training_hours": 1.5,
    "evaluation_hours": 0.5,
    "networks": [
        {"setting": "mismatched", "seed": seed, "devel_score": 0.4 + seed / 10, "chosen": "averaged",
         "training_hours": 0.5, "machine": {"processor": "another chip"}}
        for seed in (1, 0)
    ],
    "machine": {"processor": "one <chip>", "cores": 2}, "git_commit": "abc", "versions": {"torch": "2"},
})  # fmt: skip


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
