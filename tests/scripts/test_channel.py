"""scripts/channel.py: what it fits, draws and converts, and what it refuses."""

import json

import numpy as np
import pytest

from sercore.channel import Gilbert, channel_of
from sercore.channel.tc_line import channel_of_line
from sercore.trace import read_trace
from sercore.trace.examples import EXAMPLES
from tests.scripts.in_process import run_script
from tests.trace import made_calls as made

CHANNEL = "gilbert:p_n=0.98,p_l=0.6,packet_ms=20"


def fitted(*words) -> dict:
    return json.loads(run_script("channel", "fit", *words, "--json").stdout)


def test_a_fit_tells_what_programs_need(tmp_path):
    path = tmp_path / "call.txt"
    path.write_text(
        "\n".join("01"[not got] for got in channel_of(CHANNEL).sample(20_000, np.random.default_rng(1)))
    )
    told = fitted(path)
    trace = read_trace(path)
    assert (told["packets"], told["lost"], told["packet_ms"]) == (20_000, trace.lost, 20)
    assert told["loss_rate"] == trace.loss_rate
    assert told["mean_burst"] == pytest.approx(trace.burst_lengths.mean())
    for name, truth in (("p_n", 0.98), ("p_l", 0.6)):
        low, high = told["intervals"][name]
        assert low < truth < high
        assert low < told[name] < high
    assert (told["model"], told["fits"]) == ("gilbert", True)
    assert told["verdict"].endswith(".")
    assert told["netem"].startswith("loss gemodel ")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file)
def test_an_example_is_fitted_and_its_verdict_comes_first(example):
    first, *rest = run_script("channel", "fit", example.path).stdout.splitlines()
    assert "of the 20 ms packets are lost" in first
    assert any(line.startswith("Rehearse it: tc qdisc add dev DEVICE root netem loss") for line in rest)


def test_the_deadline_decides_what_late_packets_are():
    capture = EXAMPLES[0].path
    lost = [fitted(capture, "--deadline", wait)["lost"] for wait in ("100", "200", "1000", "inf")]
    assert lost[0] > lost[1] > lost[2] == lost[3]
    assert fitted(capture)["lost"] == lost[1]
    ears, emotion = fitted(capture)["outlook"]
    assert (ears["deadline_ms"], emotion["deadline_ms"]) == (200, 1_000)
    assert ears["missing"] * 3_000 == pytest.approx(lost[1])
    assert emotion["missing"] * 3_000 == pytest.approx(lost[2])
    assert ears["with_red"] < ears["missing"]


def test_numbers_and_lines_are_fitted_without_counts():
    told = fitted("3 %, bursts of 80 ms")
    assert (told["model"], told["packets"], told["mean_burst"]) == ("gilbert", None, 4)
    assert told["loss_rate"] == pytest.approx(0.03)
    told = fitted("netem loss gemodel 1% 25% 70% 0.1%", "--packet-ms", "60")
    assert (told["model"], told["packet_ms"]) == ("gilbert_elliott", 60)


def test_a_draw_is_that_of_the_channel_at_the_seed(tmp_path):
    text = run_script("channel", "sample", CHANNEL, "--packets", 500, "--seed", 7).stdout
    expected = channel_of(CHANNEL).sample(500, np.random.default_rng(7))
    np.testing.assert_array_equal(read_trace(text.encode()).received, expected)
    told = json.loads(
        run_script("channel", "sample", CHANNEL, "--packets", 500, "--seed", 7, "--json").stdout
    )
    assert told["trace"] == "".join("01"[not got] for got in expected)
    for ending in (".txt", ".csv"):
        path = tmp_path / f"call{ending}"
        assert not run_script(
            "channel", "sample", CHANNEL, "--packets", 500, "--seed", 7, "--out", path
        ).stdout
        found = read_trace(path)
        np.testing.assert_array_equal(found.received, expected)
        assert found.packet_ms == 20


def test_a_capture_is_converted_to_every_form(tmp_path):
    lost = {n for n in range(3_000) if n % 61 in (0, 1) and 0 < n < 2_990}
    path = tmp_path / "call.pcap"
    path.write_bytes(made.pcap(made.call([n for n in range(3_000) if n not in lost])))
    for form in ("text", "csv"):
        written = run_script("channel", "convert", path, "--to", form).stdout
        assert set(np.flatnonzero(~read_trace(written.encode()).received).tolist()) == lost
        told = json.loads(run_script("channel", "convert", path, "--to", form, "--json").stdout)
        assert (told["packets"], told["lost"]) == (3_000, len(lost))
    key = run_script("channel", "convert", path, "--to", "gilbert").stdout.strip()
    assert channel_of(key).mean_burst_length == pytest.approx(2, rel=0.05)
    line = json.loads(run_script("channel", "convert", path, "--to", "netem", "--json").stdout)["netem"]
    assert channel_of_line(line).loss_rate == pytest.approx(len(lost) / 3_000, rel=0.05)


def test_words_are_converted_too():
    assert (
        run_script("channel", "convert", "gilbert:p_n=0.99,p_l=0.75", "--to", "netem").stdout
        == "loss gemodel 1% 25%\n"
    )
    key = run_script("channel", "convert", "netem loss gemodel 1% 25%", "--to", "gilbert").stdout.strip()
    assert channel_of(key) == Gilbert(0.99, 0.75, packet_ms=20)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["fit", "gone.pcap"], "error: 'gone.pcap' is no file and describes no call"),
        (["fit", "README.md"], "error: README.md, line 3: 0 or 1 is needed, or a table"),
        (["fit", "tests"], "error: tests is no recording of a call: it is no ordinary file"),
        (
            ["fit", EXAMPLES[0].path, "--stream", "9"],
            "error: wifi.pcap has no stream '9'; it has 1: 0x5e12c0de",
        ),
        (["fit", EXAMPLES[0].path, "--deadline", "-1"], "error: a deadline must be at least 0 ms, got -1"),
        (["fit", EXAMPLES[2].path, "--packet-ms", "0"], "packet_ms must lie in (0, 1000], got 0"),
        (["sample", "gilbert", "--packets", "5"], "error: gilbert takes p_n, p_l"),
        (["sample", CHANNEL, "--packets", "0"], "--packets: must be a whole number of at least 1"),
        (["sample", CHANNEL, "--packets", "5", "--out", "call.wav"], "error: --out must end in .txt or .csv"),
        (["convert", EXAMPLES[1].path, "--to", "csv"], "browser.json tells no single packets; convert it to"),
        (["convert", "three_state:p12=0.1,p21=0.5,p23=0.1,p32=0.5", "--to", "netem"], "netem has no model"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words, sentence):
    answer = run_script("channel", *words, expect=2)
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
