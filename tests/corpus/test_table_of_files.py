"""Tables of files: labels and predictions at 5 Hz, and one sentence for each that cannot be used."""

import numpy as np
import pytest

from sercore.corpus.table_of_files import Said, TableError, read_table_of_files


def table(tmp_path, text, **how):
    (tmp_path / "t.csv").write_text(text)
    return read_table_of_files(tmp_path / "t.csv", **how)


def test_columns_of_numbers_and_of_words_are_told_apart_and_empty_cells_are_unknown(tmp_path):
    found = table(tmp_path, "File,Arousal,emotion,age\na.wav,0.5,angry,31\nsub\\b.wav,,happy,\n")
    assert list(found) == ["a.wav", "sub/b.wav"]
    assert found["a.wav"].words == {"emotion": "angry"}
    assert {name: each.tolist() for name, each in found["a.wav"].numbers.items()} == {
        "arousal": [0.5],
        "age": [31.0],
    }
    assert np.isnan(found["sub/b.wav"].numbers["arousal"]).all()


def test_labels_finer_than_a_frame_are_averaged_and_coarser_ones_are_held(tmp_path):
    rows = "".join(f"a.wav,{step * 0.04:.2f},{step}\n" for step in range(10))
    fine = table(tmp_path, f"file,time,arousal\n{rows}")["a.wav"]
    assert fine.over("arousal", 3).tolist() == [2.0, 7.0, 7.0]
    coarse = Said({"a": np.array([1.0, 2.0])}, {}, np.array([0.0, 0.5]))
    assert coarse.over("a", 5).tolist() == [1.0, 1.0, 2.0, 2.0, 2.0]
    late = Said({"a": np.array([1.0])}, {}, np.array([0.5]))
    assert np.isnan(late.over("a", 4)).tolist() == [True, True, False, False]


def test_a_prediction_is_the_newest_in_the_middle_of_each_frame():
    said = Said({"a": np.array([1.0, 2.0, 3.0])}, {}, np.array([0.0, 0.3, 0.31]))
    assert said.newest("a", 4).tolist() == [1.0, 2.0, 3.0, 3.0]  # the middles are 0.1, 0.3, 0.5, 0.7 s


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is empty"),
        ("file,arousal\n", "it names no file"),
        ("name,arousal\na,1\n", "it has no column file; it has name, arousal"),
        ("file,a,A\nx,1,2\n", "its column 'a' is there twice"),
        ("file,arousal\n,1\n", "line 2 names no file"),
        ("file,arousal\na,1\nb,inf\n", "line 3 has arousal inf; numbers to 1,000,000 are meant"),
        ("file,arousal\na,1\nb,nan\n", "line 3 has arousal nan; numbers to 1,000,000 are meant"),
        (
            "file,arousal\na,1\na,2\n",
            "lines 2 and 3 are both of 'a'; several rows of a file need a column time",
        ),
        ("file,time,x\na,0.2,1\na,0.1,2\n", "time runs backwards in 'a', in line 3"),
        ("file,time,x\na,-1,1\n", "line 2 has the time '-1'; seconds from 0 on are needed"),
        ("file,time,x\na,soon,1\n", "line 2 has the time 'soon'; seconds from 0 on are needed"),
        ("file,time,x\na,0,hot\na,1,cold\n", "'a' has several words in x: cold, hot"),
        ("file,x\na,1,2\n", "line 2 has 3 cells, the header 2"),
        ("file;x\na;1\n", "its columns are separated by semicolons or tabs"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_sentence(tmp_path, text, sentence):
    with pytest.raises(TableError) as caught:
        table(tmp_path, text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file,x\na,1\nb,\n", "line 3 has x ''; a number is needed"),
        ("file,x\na,1\nb,high\n", "line 3 has x 'high'; a number is needed"),
        ('file,x\na,1\nb,"0,5"\n', "line 3 has x '0,5'; a number is needed"),
        ("file\na\n", "it has no column of numbers"),
    ],
)
def test_predictions_are_numbers_everywhere(tmp_path, text, sentence):
    with pytest.raises(TableError) as caught:
        table(tmp_path, text, only_numbers=True)
    assert sentence in str(caught.value)
