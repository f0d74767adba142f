"""Files that are something else than they are called: the message says what, at every door."""

import gzip
import io
import zipfile

import pytest

from sercore.corpus.clips import ClipsError, read_clips
from sercore.corpus.corpus import CorpusError, open_corpus
from sercore.reading.mistaken import mistaken_for
from sercore.results.table import ResultsError, read_table
from tests.corpus.recola_trees import write_avec

POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (POINTER, "git lfs pull"),
        (zipped(), "save it as CSV"),
        (gzip.compress(b"time;FM1", mtime=0), "unpack it"),
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML><html>", "download the file again"),
        (b"/annex/objects/SHA256E-s1--abc.wav\n", "git annex get"),
        (b"time;FM1\n", ""),
        (b"", ""),
    ],
)
def test_what_a_file_is_instead_is_told_with_what_to_do(tmp_path, content, words):
    (tmp_path / "a").write_bytes(content)
    assert mistaken_for(content) == mistaken_for(tmp_path / "a")
    assert words in mistaken_for(content)


def test_what_is_no_file_is_not_looked_into(tmp_path):
    assert mistaken_for(tmp_path) == mistaken_for(tmp_path / "gone") == ""


@pytest.mark.parametrize(
    "file",
    [
        "recordings_audio/train_1.wav",
        "ratings_gold_standard/arousal/dev_1.arff",
        "ratings_individual/valence/dev_1.csv",
        "manifest.json",
    ],
)
def test_a_pointer_in_place_of_a_file_of_a_corpus_is_told(tmp_path, file):
    write_avec(tmp_path)
    (tmp_path / file).write_bytes(POINTER)
    with pytest.raises(CorpusError, match=f"{file}.*git lfs pull"):
        open_corpus(tmp_path)


@pytest.mark.parametrize("name", ["plane.csv", "plane.parquet"])
def test_a_pointer_in_place_of_a_table_of_results_is_told(tmp_path, name):
    (tmp_path / name).write_bytes(POINTER)
    with pytest.raises(ResultsError, match="git lfs pull"):
        read_table(tmp_path / name, {"ccc": "float64"}, "results")


def test_a_pointer_in_place_of_labels_of_clips_is_told(tmp_path):
    (tmp_path / "labels.csv").write_bytes(POINTER)
    with pytest.raises(ClipsError, match=r"labels\.csv cannot be read: .*git lfs pull"):
        read_clips(tmp_path, tmp_path / "labels.csv")
