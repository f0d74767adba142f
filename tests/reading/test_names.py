"""Names as other systems spell them lead to the file that is meant, and to no other."""

import unicodedata

import pytest

from sercore.reading.names import composed, on_disk

COMPOSED, PARTED = unicodedata.normalize("NFC", "Jörg"), unicodedata.normalize("NFD", "Jörg")


@pytest.mark.parametrize(("there", "asked"), [(COMPOSED, PARTED), (PARTED, COMPOSED)])
def test_umlauts_of_a_mac_and_of_others_are_the_same(tmp_path, there, asked):
    assert COMPOSED != PARTED
    file = tmp_path / there / f"{there}.wav"
    file.parent.mkdir()
    file.touch()
    assert on_disk(tmp_path / asked / f"{asked}.wav") == file


def test_backslashes_part_folders_and_capitals_make_no_difference(tmp_path):
    (tmp_path / "speech").mkdir()
    file = tmp_path / "speech" / "a.wav"
    file.touch()
    assert on_disk(tmp_path / "speech\\A.WAV") == file
    assert on_disk(tmp_path / ".\\speech\\a.wav") == file


def test_what_is_there_is_what_is_meant(tmp_path):
    for name in ("a.wav", "A.wav", "b\\a.wav"):
        (tmp_path / name).touch()
        assert on_disk(tmp_path / name) == tmp_path / name


def test_of_two_that_are_alike_neither_is_taken(tmp_path):
    for name in ("A.wav", "a.WAV"):
        (tmp_path / name).touch()
    assert on_disk(tmp_path / "a.wav") == tmp_path / "a.wav"
    assert not on_disk(tmp_path / "a.wav").exists()


def test_what_is_not_there_is_named_as_it_was_asked_for(tmp_path):
    assert on_disk(tmp_path / "gone" / "a.wav") == tmp_path / "gone" / "a.wav"
    assert on_disk("\0") is not None


def test_a_file_that_comes_later_is_found(tmp_path):
    assert not on_disk(tmp_path / "A.wav").exists()
    (tmp_path / "a.wav").touch()
    assert on_disk(tmp_path / "A.wav").name == "a.wav"


def test_one_person_has_one_name():
    assert composed(f" {PARTED}") == COMPOSED
    assert composed("a") != composed("A")
