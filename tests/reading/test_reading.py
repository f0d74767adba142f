"""Small files of strangers: what is refused, in one short sentence, before it costs time or memory."""

import os
from dataclasses import dataclass, field

import pytest

from sercore.reading import (
    Count,
    ReadingError,
    Share,
    json_of,
    made,
    read_bytes,
    read_csv,
    read_json,
    shortened,
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 100_000, "nested more than 32 deep"),
        ("[" * 100 + "]" * 100, "nested more than 32 deep"),
        ('{"a": ' * 50 + "1" + "}" * 50, "nested more than 32 deep"),
        ('{"seed": 1, "seed": 2}', "it gives 'seed' twice"),
        ('{"ccc": NaN}', "it holds NaN"),
        ('{"ccc": -Infinity}', "it holds -Infinity"),
        ('{"ccc": 1e999}', "it holds the number inf"),
        ('{"seed": 1' + "0" * 30 + "}", "it holds the number 10000"),
        ('{"seed": 1' + "0" * 5_000 + "}", "no JSON"),
        ('"\\ud800"', "text that is none"),
        ("{", r"no JSON \(Expecting property name"),
        ("", "no JSON"),
    ],
)
def test_json_that_could_do_harm_is_refused(text, sentence):
    with pytest.raises(ReadingError, match=sentence) as refused:
        json_of(text)
    assert len(str(refused.value)) < 300


def test_a_pipe_a_folder_and_a_device_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "absent", tmp_path / ("x" * 300)):
        with pytest.raises(ReadingError, match=r"no ordinary file|not there|too long"):
            read_json(path)
    (tmp_path / "large").write_bytes(bytes(1_001))
    with pytest.raises(ReadingError, match="more than 1,000 bytes"):
        read_bytes(tmp_path / "large", 1_000)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is empty"),
        ("a,b\n1,2\n3\n", "line 3 has 1 cells, the header 2"),
        ("a,a\n1,2\n", "'a' is there twice"),
        ('a,b\n1,"2\n3,4\n', "is no CSV"),
        ('a,b\n1,"2\n3"\n', "holds a line break"),
        ("a,b\n1,\x00\n", "NUL"),
        ("a\n" + "x" * 200_000, "is no CSV"),
    ],
)
def test_csv_is_one_row_a_line(text, sentence, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ReadingError, match=sentence):
        read_csv(tmp_path / "a.csv")


def test_csv_keeps_names_as_they_are_written(tmp_path):
    (tmp_path / "a.csv").write_text('\ufefffile,name\r\n1,NA\r\n\r\n2,"1e5, ""null"""\r\n')
    assert read_csv(tmp_path / "a.csv") == (["file", "name"], [(2, ["1", "NA"]), (4, ["2", '1e5, "null"'])])


@dataclass(frozen=True)
class Inner:
    name: str
    odd: int = 1

    def __post_init__(self):
        if self.odd % 2 == 0:
            raise ValueError(f"odd must be odd, got {self.odd}")


@dataclass(frozen=True)
class Outer:
    inner: Inner
    count: Count = 0
    share: Share | None = None
    several: tuple[Inner, ...] = ()
    by_name: dict[str, float] = field(default_factory=dict)


def test_a_dataclass_is_the_schema_of_its_json():
    found = {"inner": {"name": "a", "mood": 1}, "several": [{"name": "b", "odd": 3}], "share": None}
    assert made(Outer, found, "it") == Outer(Inner("a"), several=(Inner("b", 3),))
    for changed, sentence in (
        ({"inner": None}, "inner must be a table of names and values, got NoneType"),
        ({"inner": {}}, "inner lacks name"),
        ({"count": 1.0}, "count must be a whole number, got 1.0"),
        ({"count": True}, "count must be a whole number, got True"),
        ({"share": 1.5}, r"share must lie in \[0, 1\], got 1.5"),
        ({"several": {"name": "b"}}, "several must be a list"),
        ({"several": [{"name": "b", "odd": 2}]}, "odd must be odd, got 2"),
        ({"by_name": {"x\n" * 999: "y"}}, "by_name.*must be a number, got 'y'"),
    ):
        with pytest.raises(ReadingError, match=sentence) as refused:
            made(Outer, found | changed, "it")
        assert len(str(refused.value)) < 300
        assert "\n" not in str(refused.value)


def test_a_value_in_a_sentence_is_short_and_in_one_line():
    for value in ("x\n" * 10**6, [list(range(10**6))] * 100, {"a\nb": "c" * 10**6}, 10**4_000, b"\n" * 10**6):
        assert len(shortened(value)) < 300
        assert "\n" not in shortened(value)
