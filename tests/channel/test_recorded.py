"""A recorded call is played from a random place, again and again, and is never taken for another."""

import re

import numpy as np
import pytest

from sercore.channel import Recorded, channel_key, channel_of
from sercore.channel.call import read_call
from sercore.channel.registry import models_of_numbers
from sercore.experiment.replay import Scene, SceneError, read_scene, scene_json
from sercore.trace import Trace

LOST = "0001100001000000111"


@pytest.fixture
def call(tmp_path):
    """A recording of 19 packets."""
    path = tmp_path / "my call, 1 + 1 %.txt"
    path.write_text("\n".join(LOST) + "\n")
    return path


def lost_text(received):
    return "".join(str(int(not each)) for each in received)


def test_it_plays_the_recording_from_each_place_and_again_from_its_beginning(call):
    channel, starts = Recorded(str(call)), set()
    for seed in range(200):
        played = lost_text(channel.sample(60, np.random.default_rng(seed)))
        start = (LOST * 2).index(played[:19])
        assert played == (LOST * 5)[start : start + 60]
        starts.add(start)
    assert len(starts) == 19
    assert lost_text(channel.run([0.5, 0.9, 0.1])) == LOST[9:12]


def test_its_law_is_that_of_the_ring(call):
    channel = Recorded(str(call))
    runs = re.findall("0+|1+", LOST[3:] + LOST[:3])  # a ring, opened where a loss begins
    bursts = sorted(len(run) for run in runs if run[0] == "1")
    gaps = sorted(len(run) for run in runs if run[0] == "0")
    assert channel.loss_rate == pytest.approx(6 / 19)
    assert channel.mean_burst_length == np.mean(bursts) == 2
    assert channel.burst_lengths(4).tolist() == [bursts.count(n) / 3 for n in (1, 2, 3, 4)]
    assert channel.gap_lengths(8).tolist() == [gaps.count(n) / 3 for n in range(1, 9)]


@pytest.mark.parametrize(("lost", "rate", "burst"), [("000", 0.0, 0.0), ("111", 1.0, np.inf)])
def test_calls_without_loss_and_without_sound_have_a_law(lost, rate, burst):
    channel = Recorded.of(Trace([each == "0" for each in lost], packet_ms=20))
    assert (channel.loss_rate, channel.mean_burst_length) == (rate, burst)
    assert not channel.burst_lengths(5).any()
    assert not channel.gap_lengths(5).any()


def test_a_key_of_any_path_comes_back(call):
    channel = Recorded(str(call))
    key = channel_key(channel)
    assert channel_of(key) == channel
    assert re.fullmatch(r"recorded:file=.*#[0-9a-f]{12},packet_ms=20", key)
    assert channel_of(f"recorded:file={str(call).replace('%', '%25').replace(',', '%2C')}") == channel


def test_another_recording_of_the_same_name_is_refused(call):
    key = channel_key(Recorded(str(call)))
    call.write_text("0\n1\n0\n")
    with pytest.raises(ValueError, match=r"is another recording: its hash is [0-9a-f]{12}, got [0-9a-f]{12}"):
        channel_of(key)


def test_packets_are_those_of_the_recording(call):
    assert Recorded(str(call)).packet_ms == 20  # which text does not tell
    assert Recorded(str(call), packet_ms=60).packet_ms == 60
    call.write_text("seq,time\n" + "".join(f"{n},{n * 0.04}\n" for n in range(9)))
    assert Recorded(str(call)).packet_ms == 40


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "it is not there"),
        ("0\n2\n", "line 2"),
        ("# packet_ms: 400\n0\n1\n", "a packet must last 2.5 to 200 ms"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_sentence(content, sentence, tmp_path):
    path = tmp_path / "call.txt"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=sentence) as caught:
        channel_of(f"recorded:file={path}")
    assert "\n" not in str(caught.value)


def test_a_scene_opens_no_recording(call, tmp_path):
    """The pages offer none, so that settings from anybody name no file."""
    scene = Scene(Recorded(str(call)), 3, "silence", None, 0, 100, "0" * 64)
    (tmp_path / "settings.json").write_text(scene_json(scene, []))
    with pytest.raises(SceneError, match=r"loss_model must be one of .*, got 'recorded'"):
        read_scene(tmp_path / "settings.json")


def test_words_of_a_stranger_open_no_recording():
    with pytest.raises(ValueError, match=r"is no file and describes no call"):
        read_call("recorded:file=/etc/hostname")
    assert "recorded" not in models_of_numbers()
