"""All that is written from results."""

import pytest

from sercore.network.card import Card
from sercore.network.loss_aware import LossAwareModel
from sercore.network.model import ModelDimensions
from sercore.network.weights import save_model
from sercore.report.publish import publish
from sercore.report.readme import MARKS
from sercore.results.outcome import whole_outcome
from sercore.results.table import ResultsError


def test_publishing_writes_all_from_results_alone(results, tmp_path):
    readme, page = tmp_path / "README.md", tmp_path / "report.html"
    readme.write_text(f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter\n")
    card = results.parent / "README.md"
    card.write_text(f"# Card\n{MARKS.begin}\n{MARKS.end}\n## Limits\n")
    network = LossAwareModel(ModelDimensions(channels=(2, 2, 2), lstm_units=2))
    about = {"seed": 2, "devel_score_of_seeds": {"1": 0.5, "2": 0.625}}
    save_model(results.parent / "loss_aware.safetensors", network, Card({"name": "loss_aware"}, **about))
    shown = publish(results, results.parent, readme=readme, html=page)
    assert "46 synthetic speakers (33 French, 8 Italian), 46 tracks" in card.read_text()
    assert "| `mismatched` | 0 |  | 0.400 |" in card.read_text()
    assert "| `mismatched` | 1 | ships | 0.500 |" in card.read_text()
    assert (
        "Beyond the paper: loss_aware: of devel scores 0.500 (seed 1), 0.625 (seed 2) that"
        in card.read_text()
    )
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
