"""Label files: what the releases vary is read alike, what is wrong is told, all of it."""

import numpy as np
import pytest

from sercore.corpus.label_files import read_gold, read_ratings
from sercore.corpus.labels import LabelError, lines
from tests.corpus.recola_trees import ARFF, RATERS, arff, course, rated, ratings_csv

SECONDS = 4  # 101 rows


@pytest.fixture
def gold_of(tmp_path):
    """Write a gold standard and read it."""

    def read(text: str | bytes, name: str = "dev_1.arff"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_gold(tmp_path / name)

    return read


@pytest.fixture
def ratings_of(tmp_path):
    """Write individual ratings and read them."""

    def read(text: str | bytes):
        (tmp_path / "P16.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_ratings(tmp_path / "P16.csv")

    return read


def problems(read, *arguments) -> tuple[str, ...]:
    with pytest.raises(LabelError) as caught:
        read(*arguments)
    assert str(caught.value) == "; ".join(caught.value.problems)
    return caught.value.problems


def rows(*lines: str) -> str:
    return ARFF + "".join(f"{line}\n" for line in lines)


# Gold standards.


def test_avecs_arff_is_read(gold_of):
    labels = gold_of(arff("dev_1", "arousal", SECONDS))
    assert (labels.columns, labels.instance) == (("gold",), "dev_1")
    np.testing.assert_allclose(labels.time, np.arange(101) / 25)
    np.testing.assert_allclose(labels.values[:, 0], course("dev_1", "arousal", SECONDS), atol=1e-6)


def test_the_row_at_0_is_not_among_the_steps(gold_of):
    text = arff("dev_1", "arousal", SECONDS)
    whole = gold_of(text)
    np.testing.assert_array_equal(whole.after_start, whole.values[1:])
    from_step_1 = gold_of(text.replace(text.splitlines()[9] + "\n", ""))
    assert from_step_1.time[0] == 0.04
    np.testing.assert_array_equal(from_step_1.after_start, whole.after_start)


@pytest.mark.parametrize(
    "change",
    [
        ("Instance_name", "name"),
        ("frameTime", "frametime"),
        ("frameTime", "timeStamp"),
        ("frameTime", "TimeStamp"),
        ("frameTime", "timestamp"),
        ("frameTime", "time"),
        ("GoldStandard numeric", "gold_standard numeric"),
        ("GoldStandard numeric", "class real"),
        ("@relation GOLDSTANDARD", "@relation GOLDSTANDARD_AROUSAL"),
        ("@attribute", "@ATTRIBUTE"),
        ("@data", "@DATA"),
        ("@attribute frameTime", "@attribute\t'frameTime'"),
        ("\n", "\r\n"),
        ("dev_1,", "'dev_1', "),
        (",", " , "),
        ("\n\n\n@data", "\n@data"),
        ("@data\n\n", "@data\n% a comment, with commas\n"),
    ],
)
def test_what_releases_vary_is_read_alike(gold_of, change):
    text = arff("dev_1", "arousal", SECONDS)
    varied = gold_of(text.replace(*change))
    assert varied.instance == "dev_1"
    np.testing.assert_array_equal(varied.values, gold_of(text).values)


def test_a_byte_order_mark_does_no_harm(gold_of):
    text = arff("dev_1", "arousal", SECONDS)
    np.testing.assert_array_equal(gold_of(b"\xef\xbb\xbf" + text.encode()).values, gold_of(text).values)


def test_attributes_may_come_in_another_order(gold_of):
    text = "@attribute gold_standard numeric\n@attribute time numeric\n@attribute name string\n@data\n"
    labels = gold_of(text + "0.5,0,dev_1\n-0.5,0.04,dev_1\n")
    assert labels.values[:, 0].tolist() == [0.5, -0.5]
    assert labels.instance == "dev_1"


def test_csv_without_header_is_read(gold_of):
    labels = gold_of("0.00,0.25\n0.04,-0.5\n", "P15.csv")
    assert labels.values[:, 0].tolist() == [0.25, -0.5]
    assert labels.instance == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "it is empty"),
        (b" \r\n\n", "it is empty"),
        (b"\xff\xfe@\0d\0", "it is not text in UTF-8 (byte 0)"),
        (b"@data\n\0\0\0", "it is not text: it holds NUL bytes"),
        (b"time;FM1\n0;1\n", "it is no ARFF file: it has no line @data"),
        (b"@data\n", "it needs one attribute for the time (frametime, time, timestamp), got none"),
        (ARFF.replace("GoldStandard", "mood").encode(), "it needs one attribute for the gold standard"),
        (ARFF.replace("GoldStandard", "time").encode(), "it needs one attribute for the time"),
        (ARFF.encode(), "it holds 0 rows of labels; at least 2 are needed"),
    ],
)
def test_a_file_that_is_no_gold_standard_is_refused(gold_of, text, expected):
    (problem,) = problems(gold_of, text)
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["dev_1,0,0.1"], "it holds 1 rows of labels; at least 2 are needed"),
        (["dev_1;0;0.1", "dev_1;0.04;0.1"], "2 lines (the first: 10) are not 3 values separated by ','"),
        (["dev_1,0,0.1", "dev_1,0.04"], "line 11 is not 3 values separated by ','"),
        (["dev_1,0,0.1", "dev_1,0.04,?"], "line 11 is not 3 values separated by ','"),
        (["dev_1,0,0.1", "dev_1,0,04,0,2"], "line 11 is not 3 values"),
        (["dev_1,0,nan", "dev_1,0.04,inf"], "2 values are not finite, the first in line 10"),
        (["dev_1,0,", "dev_1,0.04,1"], "1 values are not finite, the first in line 10"),
        (["dev_1,nan,0", "dev_1,0.04,1"], "1 values are not finite, the first in line 10"),
        (["dev_1,0,1", "dev_1,0.04,1", "dev_1,0.04,1"], "1 time stamps are duplicated, the first at 0.04 s"),
        (["dev_1,0,1", "dev_1,0.08,1", "dev_1,0.04,1"], "time runs backwards 1 times, first after 0.08 s"),
        (["dev_1,0,1", "dev_1,0.2,1"], "its labels are 0.2 s apart; they must be 0.04 s apart (25 Hz)"),
        (["dev_1,0,1", "dev_1,40,1"], "its labels are 40 s apart; they must be 0.04 s apart (25 Hz)"),
        (["dev_1,5,1", "dev_1,5.04,1"], "it begins at 5 s; labels must begin at 0 or 0.04 s"),
        (["dev_1,0,1e308", "dev_1,0.04,1"], "its labels reach 1e+308; ratings lie in [-1, 1]"),
        (["dev_1,0,1", "dev_2,0.04,1"], "its rows name several recordings: dev_1, dev_2"),
    ],
)
def test_rows_that_are_wrong_are_told_with_their_line(gold_of, lines, expected):
    (problem,) = problems(gold_of, rows(*lines))
    assert problem.startswith(expected)


def test_rows_missing_in_the_middle_are_told_with_their_time(gold_of):
    lines = arff("dev_1", "arousal", SECONDS).splitlines(keepends=True)
    assert problems(gold_of, "".join(lines[:40] + lines[43:])) == (
        "rows are missing in 1 places, the first after 1.20 s",
    )


def test_a_clock_that_drifts_is_refused(gold_of):
    drifting = rows(*(f"dev_1,{0.0403 * step:.4f},0" for step in range(101)))
    assert problems(gold_of, drifting) == (
        "its time stamps stray from steps of 0.04 s by more than half a step",
    )


def test_everything_that_is_wrong_is_told_at_once(gold_of):
    lines = ["dev_1,0,nan", "dev_2,0.04,0", "dev_1,0.08", "dev_1,0.04,0"]
    assert len(problems(gold_of, rows(*lines))) == 3
    twice_and_infinite = ["dev_1,0,inf", "dev_1,0.04,0", "dev_1,0.04,0"]
    assert len(problems(gold_of, rows(*twice_and_infinite))) == 2


def test_a_folder_with_the_name_of_a_file_is_refused(tmp_path):
    assert problems(read_gold, tmp_path) == ("it is not a file",)


def test_a_file_far_too_large_is_not_read(tmp_path):
    with (tmp_path / "dev_1.arff").open("wb") as file:
        file.truncate(64_000_001)
    assert problems(read_gold, tmp_path / "dev_1.arff")[0].startswith("it has 64,000,001 bytes")


# Individual ratings.


def test_recolas_ratings_are_read_despite_trailing_blanks_in_the_header(ratings_of):
    labels = ratings_of(ratings_csv("P16", "valence", SECONDS))
    assert labels.columns == RATERS
    assert labels.notes == ()
    np.testing.assert_array_equal(labels.values, rated("P16", "valence", SECONDS))


def test_line_endings_and_byte_order_marks_do_no_harm(ratings_of):
    text = ratings_csv("P16", "valence", SECONDS)
    varied = ratings_of(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    np.testing.assert_array_equal(varied.values, ratings_of(text).values)


def test_a_rater_may_be_absent(ratings_of):
    text = "\n".join(line.rsplit(";", 1)[0] for line in ratings_csv("P16", "valence", SECONDS).splitlines())
    labels = ratings_of(text)
    assert labels.columns == RATERS[:5]
    np.testing.assert_array_equal(labels.values, rated("P16", "valence", SECONDS)[:, :5])


@pytest.mark.parametrize("semicolon", ["", ";"])
def test_rows_that_miss_the_last_rater_hold_the_value_before(ratings_of, semicolon):
    lines = ratings_csv("P16", "valence", SECONDS).splitlines()
    for place in (1, 50, 51):
        lines[place] = lines[place].rsplit(";", 1)[0] + semicolon
    labels = ratings_of("\n".join(lines))
    expected = rated("P16", "valence", SECONDS)
    expected[0, 5], expected[49:51, 5] = expected[1, 5], expected[48, 5]
    np.testing.assert_array_equal(labels.values, expected)
    assert labels.notes == ("FF3 misses 3 of 101 rows, where the last value is held",)


def test_a_rater_who_misses_much_is_left_out_with_a_note(ratings_of):
    lines = ratings_csv("P16", "valence", SECONDS).splitlines()
    lines[1:50] = [line.rsplit(";", 1)[0] for line in lines[1:50]]
    labels = ratings_of("\n".join(lines))
    assert labels.columns == RATERS[:5]
    assert labels.notes == ("FF3 misses 49 of 101 rows and is left out",)


def test_a_file_in_which_nobody_rated_is_refused(ratings_of):
    text = "time;FM1;FM2\n" + "".join(f"{step / 25:.2f};;\n" for step in range(101))
    assert problems(ratings_of, text) == ("none of its raters has rated enough of the rows",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("time,FM1,FM2\n0,0,0\n", "its header must be time;FM1;FM2;FM3;FF1;FF2;FF3 separated by ';', got"),
        ("0.00;0.1;0.2\n0.04;0.1;0.2\n", "its header must be time;"),
        ("time\n0\n", "its header must be time;"),
        (
            "time;FM1;Anna\n",
            "its raters must be among FM1, FM2, FM3, FF1, FF2, FF3, each once; got FM1, Anna",
        ),
        ("time;FM1;FM1\n", "its raters must be among FM1, FM2, FM3, FF1, FF2, FF3, each once; got FM1, FM1"),
        ("time;FM1;FM2\n", "it holds 0 rows of labels"),
        ("time;FM1;FM2\n0;0;0\n0,04;0;0\n", "line 3 is not 3 values separated by ';'"),
        ("time;FM1;FM2\n0;0;0\n0.04;0;0;0\n", "line 3 is not 3 values separated by ';'"),
        ("time;FM1;FM2;FM3\n0;0;0;0\n0.04;0\n", "line 3 is not 4 values separated by ';'"),
        ("time;FM1\n0;0\n0.04\n", "line 3 is not 2 values separated by ';'"),
        ("time;FM1;FM2\n0;0;nan\n0.04;0;0\n", "1 values are not finite, the first in line 2"),
        ("time;FM1;FM2\n;0;0\n0.04;0;0\n", "1 values are not finite, the first in line 2"),
    ],
)
def test_ratings_that_are_wrong_are_told(ratings_of, text, expected):
    (problem,) = problems(ratings_of, text)
    assert problem.startswith(expected)


def test_a_file_of_line_ends_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "P16.csv"
    path.write_text("time;FM1\n" + "\n" * 1_000_001)
    with pytest.raises(LabelError, match=r"it has 1,000,002 lines; at most 1,000,000 are allowed"):
        lines(path)
