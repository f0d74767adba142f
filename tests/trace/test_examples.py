"""The calls that ship: made again byte for byte, small, and each of them tells something."""

import pytest

from sercore.channel.call import read_call
from sercore.channel.fit import fit_call
from sercore.channel.fit_summary import sentence_of
from sercore.trace.examples import EXAMPLES
from tests.trace.made_examples import MAKERS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file)
def test_an_example_is_made_again_byte_for_byte(example):
    assert example.path.read_bytes() == MAKERS[example.file]()


def test_every_example_is_listed_and_small():
    folder = EXAMPLES[0].path.parent
    files = {path.name for path in folder.iterdir() if path.suffix != ".py" and path.is_file()}
    assert files == {example.file for example in EXAMPLES} == set(MAKERS)
    assert sum(example.path.stat().st_size for example in EXAMPLES) < 400_000


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("wifi.pcap", "Gilbert does not fit (p < 0.001), Gilbert-Elliott does."),
        ("browser.json", "Gilbert is likeliest."),
        ("handover.txt", "no model fits"),
    ],
)
def test_each_example_shows_another_case(file, sentence):
    (path,) = [example.path for example in EXAMPLES if example.file == file]
    assert sentence in sentence_of(fit_call(read_call(path)))


def test_the_capture_shows_that_late_is_not_lost():
    (path,) = [example.path for example in EXAMPLES if example.file == "wifi.pcap"]
    trace = read_call(path)
    assert trace.late(1_000) == 0
    assert 20 <= trace.late(200) <= 40  # five times what was sent in the first 100 of 300 ms
    assert "2 packets came twice; that is no loss" in trace.remarks
