"""A folder of results, read back."""

from sercore.results.outcome import read_outcome
from sercore.results.table import COLUMNS, results_table, write_results


def test_rows_of_other_receivers_are_no_part_of_a_mean(tmp_path):
    row = dict.fromkeys(COLUMNS) | {"setting": "mismatched", "p_n": 0.9, "p_l": 0.5, "n_frames": 9, "seed": 0}
    rows = [row | {"ccc": ccc, "receiver": name} for ccc, name in ((0.5, "drop"), (0.1, "silence"))]
    write_results(tmp_path / "mine.parquet", results_table(rows))
    assert read_outcome(tmp_path).tables["mine.parquet"]["ccc"].tolist() == [0.5]
