"""What other programs make of label files: read alike where that is safe, else told with how to mend it."""

import re

import numpy as np
import pytest

from sercore.corpus.check import check_corpus
from sercore.corpus.corpus import CorpusError, open_corpus
from sercore.corpus.label_files import read_gold, read_ratings
from sercore.corpus.labels import LabelError, lines
from tests.corpus.recola_trees import (
    ARFF,
    arff,
    course,
    ratings_csv,
    write_avec,
    write_consortium,
    write_public,
    write_text,
)

RATINGS = ratings_csv("P16", "arousal", 4)
GOLD = arff("dev_1", "arousal", 4)
PLAIN = "".join(f"{step / 25:.2f},{value:.6f}\n" for step, value in enumerate(course("P15", "arousal", 4)))
COMMAS = "decimal comma.*save the table with decimal points"


def told(tmp_path, text: str | bytes, name: str) -> str:
    """The only problem of a file of labels."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(LabelError) as caught:
        (read_ratings if name == "ratings.csv" else read_gold)(path)
    (problem,) = caught.value.problems
    assert len(problem) < 400
    return problem


@pytest.mark.parametrize(
    ("name", "text", "cause"),
    [
        ("ratings.csv", RATINGS.replace(".", ","), COMMAS),
        ("ratings.csv", RATINGS.replace(";", ","), "separated by commas, as spreadsheets save them"),
        ("ratings.csv", RATINGS.replace(";", "\t"), "separated by tabs"),
        ("ratings.csv", "sep=;\n" + RATINGS, "that line is a spreadsheet's own: remove it"),
        ("ratings.csv", '"time";"FM1"\n"0.00";"0.1"\n', "its cells are in quotes"),
        ("ratings.csv", 'time;FM1\n"0.00";"0.1"\n"0.04";"0.1"\n', "is in quotes"),
        ("ratings.csv", RATINGS.encode("utf-16"), 'it is UTF-16, as spreadsheets save "Unicode text"'),
        ("ratings.csv", "time;FM1\n0;0.1\n0.04;0.1_2\n", "'0.1_2' is no number"),
        ("ratings.csv", "time;FM1\n0;0.1\n0.04;NA\n", "'NA' stands for a missing value"),
        ("gold.arff", GOLD.replace(",", ";").replace(".", ","), COMMAS + ".* and commas between columns"),
        ("gold.arff", GOLD.replace(",", ";"), "separated by semicolons"),
        ("gold.arff", ARFF + GOLD[len(ARFF) :].replace(".", ","), "perhaps its numbers have decimal commas"),
        ("gold.arff", GOLD.replace("GoldStandard", "mood"), "rename the one that holds it"),
        ("gold.arff", ARFF + "dev_1,0,0.1\ndev_1,0.04,?\n", "'[?]' stands for a missing value"),
        ("gold.csv", PLAIN.replace(",", ";").replace(".", ","), COMMAS),
        ("gold.csv", PLAIN.replace(",", ";"), "separated by semicolons"),
        ("gold.csv", PLAIN.replace(".", ","), "perhaps its numbers have decimal commas"),
        ("gold.csv", PLAIN.encode("utf-16-le"), "NUL bytes: it is UTF-16"),
        ("gold.csv", ("%\u00fc" * 9 + PLAIN).encode("cp1252"), "is it Windows-1252.*Save it as UTF-8"),
        ("gold.arff", ARFF + "dev_1,0,0.1\ndev_1,0.04,\n", "not finite, the first in line 11: an empty cell"),
        ("gold.arff", ARFF + "dev_1,0,0.1\ndev_1,0.04,nan\n", "the first in line 11: 'nan'"),
        ("gold.csv", "time,gold\n" + PLAIN, "its first line is a header"),
        ("gold.csv", "0,0.1\n40,0.2\n80,0.3\n", "its time is in milliseconds"),
    ],
)
def test_what_a_spreadsheet_made_of_labels_is_told_with_how_to_mend_it(tmp_path, name, text, cause):
    problem = told(tmp_path, text, name)
    assert re.search(cause, problem), problem


# A number that stands for a missing one.


@pytest.mark.parametrize("code", ["-99", "-999.0", "9999"])
@pytest.mark.parametrize("write", [write_avec, write_public, write_consortium])
def test_a_number_that_stands_for_missing_labels_is_told_of_raters_and_gold_alike(tmp_path, write, code):
    write(tmp_path)
    path = max(path for path in tmp_path.rglob("valence/*") if "individual" not in str(path))
    rows = path.read_text().splitlines(keepends=True)
    sign = ";" if ";" in rows[-1] else ","
    for place in (-1, -2):
        cells = rows[place].rstrip("\n").split(sign)
        rows[place] = sign.join([*cells[:-1], code]) + "\n"
    path.write_text("".join(rows))
    with pytest.raises(CorpusError) as caught:
        open_corpus(tmp_path)
    (problem,) = caught.value.problems
    assert f"{float(code):g} is 2 times among its labels, the first in line {len(rows) - 1}" in problem
    assert "if it stands for a missing label, " in problem


def test_a_scale_of_its_own_is_no_missing_label(tmp_path):
    write_avec(tmp_path, ("train_1",), raters="")
    rows = "".join(f"train_1,{step / 25:g},{step}\n" for step in range(101))  # 99 is among them
    write_text(tmp_path / "ratings_gold_standard" / "arousal" / "train_1.arff", ARFF + rows)
    assert len(open_corpus(tmp_path)) == 1


def test_labels_and_ratings_beyond_the_scale_are_both_noted(tmp_path):
    write_avec(tmp_path, ("train_1",))
    path = tmp_path / "ratings_individual" / "arousal" / "train_1.csv"
    path.write_text(path.read_text().replace("\n2.00;0", "\n2.00;7").replace("\n2.00;-0", "\n2.00;-7"))
    assert "train_1 arousal: ratings exceed [-1, 1], which no prediction can" in open_corpus(tmp_path).notes


# Times.


def test_labels_stamped_at_the_start_of_their_step_are_told_so(tmp_path):
    write_avec(tmp_path, raters="")
    for path in tmp_path.rglob("*.arff"):
        path.write_text(path.read_text().rsplit("\n", 2)[0] + "\n")  # 0 ... 3.96 s
    hint = (
        "its label files begin at 0 s, and do not have the row at 4.00 s; if each label is stamped where its "
        "0.04 s start, add 0.04 s to every time"
    )
    with pytest.raises(CorpusError, match="are they truncated") as caught:
        open_corpus(tmp_path)
    assert f"train_1, dev_1, test_1: {hint}" in str(caught.value)
    assert f"train_1, dev_1, test_1: {hint}" in check_corpus(tmp_path).notes


# The column of the gold standard.


def test_a_column_called_by_the_dimension_of_its_folder_is_the_gold_standard(tmp_path):
    plain = open_corpus(write_avec(tmp_path / "plain", raters="")).sha256
    write_avec(tmp_path / "called", raters="")
    for path in (tmp_path / "called").rglob("*.arff"):
        path.write_text(path.read_text().replace("GoldStandard", path.parent.name.title()))
    assert open_corpus(tmp_path / "called").sha256 == plain


def test_of_both_dimensions_in_one_file_that_of_the_folder_is_taken(tmp_path):
    text = "@attribute name string\n@attribute time numeric\n@attribute arousal numeric\n"
    text += "@attribute valence numeric\n@data\na,0,0.1,0.5\na,0.04,0.2,0.6\n"
    write_text(tmp_path / "valence" / "a.arff", text)
    assert read_gold(tmp_path / "valence" / "a.arff").values[:, 0].tolist() == [0.5, 0.6]


def test_a_column_called_by_the_other_dimension_is_refused(tmp_path):
    write_text(tmp_path / "arousal" / "a.arff", GOLD.replace("GoldStandard", "valence"))
    with pytest.raises(LabelError, match="its column is called valence, and it lies in arousal/"):
        read_gold(tmp_path / "arousal" / "a.arff")


# Lines and letters.


@pytest.mark.parametrize("sign", ["\v", "\f", "\x1c", "\x1e", "\x85", "\u2028"])
def test_only_line_ends_end_lines(tmp_path, sign):
    path = tmp_path / "P16.csv"
    path.write_text(f"time;FM1\n0;0{sign}\r0.04;0\r\n", newline="", encoding="utf-8")
    assert [line for _, line in lines(path)] == ["time;FM1", f"0;0{sign}", "0.04;0", ""]


def test_a_file_of_vertical_tabs_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "P16.csv"
    path.write_text("time;FM1\n0" + "\v" * 2_000_000)
    with pytest.raises(LabelError, match=r"it has a line of 2,000,001 letters; at most 10,000 are allowed"):
        lines(path)


@pytest.mark.parametrize(
    "text",
    [
        "time;" + ";".join(f"rater{n}" for n in range(1_000)) + "\n",
        "time;" + "x" * 8_000 + "\n",
        "".join(f"@attribute a{n} numeric\n" for n in range(2_000)) + "@data\n",
        f"@attribute time numeric\n@attribute {'y' * 8_000} numeric\n@data\n",
        ARFF + f"{'a' * 8_000},0,1\nb,0.04,2\n",
        "time;FM1\n0;" + "1" * 8_000 + "x\n0.04;0\n",
    ],
)
def test_no_message_is_long(tmp_path, text):
    for read in (read_gold, read_ratings):
        path = tmp_path / "a.arff"
        path.write_text(text)
        with pytest.raises(LabelError) as caught:
            read(path)
        assert len(str(caught.value)) < 500


def test_numbers_are_read_alike_whether_a_row_is_wrong_or_not(tmp_path):
    """The fast parser and that row by row: a blank cell makes the second one read the file."""
    path = tmp_path / "P16.csv"
    path.write_text(RATINGS)
    fast = read_ratings(path).values
    rows = RATINGS.splitlines()
    rows[50] = rows[50].rsplit(";", 1)[0]
    path.write_text("\n".join(rows))
    slow = read_ratings(path).values
    np.testing.assert_array_equal(np.delete(fast, 49, axis=0), np.delete(slow, 49, axis=0))
