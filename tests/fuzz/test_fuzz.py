"""Hostile inputs and command lines, some hundreds of them; ``scripts/fuzz.py`` runs as many as are wanted."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sercore.reading import ReadingError, json_of, shortened
from tests.fuzz.campaign import answer_again, run_campaign
from tests.fuzz.judge import answered, judged
from tests.fuzz.mutate import TEXT_CHANGES, altered
from tests.fuzz.programs import PROGRAMS, SCRIPTS, judged_program
from tests.fuzz.reader import Reader
from tests.fuzz.readers import READERS

SEED = 1
INPUTS, COMMAND_LINES = 24, 12


def some(reader: Reader) -> range:
    """Fewer inputs where one takes long."""
    return range(max(2, round(INPUTS * reader.weight)))


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_what_is_whole(name):
    if name != "shipped corpus":  # of which only the manifest is there
        for files in READERS[name].seeds[:3]:
            verdict = judged(READERS[name], files)
            assert verdict.answer == "taken", verdict.words


@pytest.mark.parametrize("name", READERS)
def test_a_reader_refuses_what_is_hostile_in_one_sentence(name):
    for number in some(READERS[name]):
        verdict = judged(READERS[name], READERS[name].input(SEED, number))
        assert verdict.answer != "complaint", f"{name}-{SEED}-{number}: {verdict.words}"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script_refuses_hostile_words_in_one_sentence(name):
    for number in range(COMMAND_LINES):
        files, verdict = judged_program(PROGRAMS[name], SEED, number)
        assert verdict.answer != "complaint", f"{name}-{SEED}-{number}: {files}: {verdict.words}"


DEEP = b'{"a": ' * 100_000
WITH_JSON = {
    "card": "net.json", "weights": "net.json", "scene": "settings.json", "manifest": "manifest.json",
    "shipped corpus": "manifest.json", "measurements": "a.json",
    "results folder": "trained/results/about.json",
}  # fmt: skip


@pytest.mark.parametrize("name", WITH_JSON)
def test_json_nested_a_hundred_thousand_deep_is_refused_wherever_it_lies(name):
    files = {**READERS[name].seeds[0], WITH_JSON[name]: DEEP}
    verdict = judged(READERS[name], files)
    assert verdict.answer == "refused", verdict.words
    assert "nested more than 32 deep" in verdict.words


def test_a_checkpoint_whose_notes_are_nested_as_deep_is_refused():
    content = READERS["checkpoint"].seeds[0]["checkpoint.safetensors"]
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    for name in ("progress", "description"):
        notes = header["__metadata__"] | {name: DEEP.decode()}
        text = json.dumps(header | {"__metadata__": notes}).encode()
        files = {"checkpoint.safetensors": len(text).to_bytes(8, "little") + text + content[8 + length :]}
        verdict = judged(READERS["checkpoint"], files)
        assert verdict.answer == "refused", verdict.words
        assert "nested more than 32 deep" in verdict.words


def test_every_script_is_fuzzed():
    scripts = {path.stem for path in SCRIPTS.glob("*.py") if "__main__" in path.read_text()}
    assert set(PROGRAMS) == scripts - {"fuzz"}
    assert not set(PROGRAMS) & set(READERS)


@pytest.mark.parametrize("kind", ["", *TEXT_CHANGES])
def test_the_same_seed_alters_alike(kind):
    content = json.dumps({"a": [1, {"b": "c"}], "d": None}, indent=1).encode()
    inputs = [altered(content, kind, Random(seed), [b"other"]) for seed in range(200)]
    assert inputs == [altered(content, kind, Random(seed), [b"other"]) for seed in range(200)]
    assert len(set(inputs)) > 100


def _fails(folder: Path) -> object:
    raise {"a": KeyError("a"), "b": ValueError("b" * 2_000), "c": ValueError("c\nc")}[
        (folder / "x.txt").read_text()
    ]


@pytest.mark.parametrize(
    ("text", "words"), [("a", "KeyError"), ("b", "it says 2,000 letters"), ("c", "it says several lines")]
)
def test_another_error_and_a_long_sentence_are_complaints(text, words):
    reader = Reader("fails", "tests", lambda: [{"x.txt": b"a"}], _fails, (ValueError,))
    verdict = judged(reader, {"x.txt": text.encode()})
    assert verdict.answer == "complaint"
    assert words in verdict.words


def test_what_takes_too_long_is_a_complaint(monkeypatch):
    monkeypatch.setattr("tests.fuzz.judge.MOST_SECONDS", 0.05)

    def for_ever() -> None:
        while True:
            pass

    assert answered(for_ever, (Exception,)).words == "it takes more than 0.05 s"


def test_a_campaign_counts_its_inputs_and_one_can_be_answered_again(tmp_path):
    tallies = run_campaign(["scene"], 7, 3, tmp_path, said=lambda _: None)
    assert tallies["scene"].inputs == 7
    assert not tallies["scene"].kept
    assert answer_again("scene", 3, 0).answer in ("taken", "refused")
    with pytest.raises(ValueError, match="there is no reader or program 'moon'"):
        answer_again("moon", 3, 0)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(values)
def test_any_json_is_taken_as_it_is_or_refused_in_a_short_sentence(value):
    try:
        assert json_of(json.dumps(value)) == value
    except ReadingError as error:
        assert len(str(error)) < 300  # noqa: PT017  (each value may end either way)
    assert len(shortened(value)) < 300
