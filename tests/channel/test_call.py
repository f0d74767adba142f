"""One door for calls: words, lines of netem and keys beside recordings."""

import io

import numpy as np
import pytest

from sercore.channel import Bernoulli, Gilbert, GilbertElliott, Netem, ThreeState
from sercore.channel.call import read_call
from sercore.channel.tc_line import channel_of_line, line_of_channel
from sercore.trace import Trace, TraceError
from tests.trace import made_calls as made


@pytest.mark.parametrize(
    ("words", "rate", "burst_ms"),
    [
        ("3 %, in bursts of 80 ms", 0.03, 80),
        ("loss 3% burst 80ms", 0.03, 80),
        ("80 ms bursts, 3,5 %", 0.035, 80),
        ("0.5 per cent, 240 milliseconds", 0.005, 240),
    ],
)
def test_two_numbers_are_the_chain_that_loses_so_often_and_so_long(words, rate, burst_ms):
    channel = read_call(words)
    assert isinstance(channel, Gilbert)
    assert channel.loss_rate == pytest.approx(rate)
    assert channel.mean_burst_length * channel.packet_ms == pytest.approx(burst_ms)


def test_a_loss_alone_comes_one_by_one():
    assert read_call("3 %") == Bernoulli(0.03, packet_ms=20)
    assert read_call("3 %", packet_ms=60) == Bernoulli(0.03, packet_ms=60)


# Defaults: man tc-netem and iproute2's q_netem.c.
LINES = {
    "loss 3%": Bernoulli(0.03),
    "tc qdisc add dev eth0 root netem delay 100ms 10ms loss random 0.5% rate 1mbit": Bernoulli(0.005),
    "netem loss gemodel 1%": Bernoulli(0.01),
    "netem loss gemodel 1% 25%": Gilbert(0.99, 0.75),
    "netem loss gemodel 1 25 100 0": Gilbert(0.99, 0.75),
    "netem loss gemodel 1% 25% 70%": GilbertElliott(0.01, 0.25, 0.3, 1.0),
    "netem loss gemodel 1% 25% 70% 0.1% ecn": GilbertElliott(0.01, 0.25, 0.3, 0.999),
    "netem loss state 2%": Netem(0.02, 0.98, 0, 1, 0),
    "netem loss state 1% 20% 30% 40% 5%": Netem(0.01, 0.2, 0.3, 0.4, 0.05),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_netem_is_its_channel_with_its_defaults(line):
    assert channel_of_line(line) == LINES[line]


@pytest.mark.parametrize("channel", LINES.values(), ids=str)
def test_a_channel_comes_back_from_its_line(channel):
    assert channel_of_line(line_of_channel(channel)) == channel


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("netem delay 10ms", "a line of netem names one loss"),
        ("netem loss 1% loss 2%", "a line of netem names one loss"),
        ("netem loss gemodel", "netem knows no loss of the kind 'gemodel'"),
        ("netem loss often 3%", "netem knows no loss of the kind 'often 3%'"),
        ("netem loss", "netem knows no loss of the kind ''"),
        ("netem loss 120%", "netem counts in per cent, 0 to 100, got '120%'"),
        ("netem loss 3% 25%", "the correlation '25%' of loss random has no law"),
        ("netem loss gemodel 1 2 3 4 5", "loss gemodel takes at most 4 numbers, got 5"),
        ("netem loss state 60% 60% 60%", "p31 + p32 must be at most 1"),
    ],
)
def test_a_line_that_netem_would_not_take_is_refused(line, sentence):
    with pytest.raises(TraceError) as caught:
        read_call(line)
    assert sentence in str(caught.value)


def test_a_model_that_netem_does_not_have_is_refused():
    with pytest.raises(
        ValueError, match="netem has no model 'three_state'; it has those of bernoulli, gilbert"
    ):
        line_of_channel(ThreeState(0.01, 0.2, 0.3, 0.3))


def test_a_channels_key_is_a_call():
    assert read_call("gilbert:p_n=0.99,p_l=0.5,packet_ms=20") == Gilbert(0.99, 0.5, packet_ms=20)
    assert read_call("gilbert:p_n=0.99,p_l=0.5", packet_ms=40) == Gilbert(0.99, 0.5, packet_ms=40)
    assert read_call(b"gilbert:p_n=0.99,p_l=0.5\n") == Gilbert(0.99, 0.5)


def test_recordings_go_through_the_same_door(tmp_path):
    content = made.pcap(made.call([0, 1, 2, 5, 6, 7, 8, 9, 10]))
    path = tmp_path / "call 3 %"
    path.write_bytes(content)
    for source in (content, io.BytesIO(content), path, str(path)):
        assert read_call(source).lost == 2


def test_pasted_text_is_read_as_a_file_of_it_would_be():
    call = read_call("# 3 % were lost, in bursts of 80 ms\n0\n1\n0\n")
    assert isinstance(call, Trace)
    np.testing.assert_array_equal(call.received, [True, False, True])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("120 %", "a loss must lie in 0 to 100 %, got 120 %"),
        ("3 %, bursts of 5 ms", "a burst lasts at least one packet of 20 ms, got 5 ms"),
        ("3 % and 4 %", "one loss in per cent and one burst in ms are needed"),
        ("99 %, bursts of 20 ms", "a loss of 0.99 needs a mean burst of at least 99 packets"),
        ("gilbert:p_n=2,p_l=0", "p_n must lie in [0, 1], got 2"),
        ("gilbert:p_n=1", "gilbert takes p_n, p_l"),
        (
            "no such file.pcap",
            "'no such file.pcap' is no file and describes no call; write for instance '3 %",
        ),
        ("", "the text is empty"),
    ],
)
def test_words_that_describe_no_call_are_refused_in_one_sentence(words, sentence):
    with pytest.raises(TraceError) as caught:
        read_call(words)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
