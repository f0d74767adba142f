"""A folder of results, read back."""

from sercore.results.outcome import read_outcome
from sercore.results.table import results_table, write_results
from tests.results.made_rows import row


def test_rows_of_other_receivers_are_no_part_of_a_mean(tmp_path):
    rows = [
        row("mismatched", 0.5) | {"ccc": ccc, "receiver": name}
        for ccc, name in ((0.5, "drop"), (0.1, "silence"))
    ]
    write_results(tmp_path / "mine.parquet", results_table(rows))
    assert read_outcome(tmp_path).tables["mine.parquet"]["ccc"].tolist() == [0.5]
