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


def test_what_a_killed_program_left_is_no_result(tmp_path):
    write_results(tmp_path / "plane.parquet", results_table([row("mismatched", 0.5)]))
    stale = results_table([row("mismatched", 0.5) | {"ccc": 0.9}])
    write_results(tmp_path / ".plane.123.tmp.parquet", stale)  # as version 0.1 named what it was writing
    outcome = read_outcome(tmp_path)
    assert list(outcome.tables) == ["plane.parquet"]
    assert not outcome.problems
