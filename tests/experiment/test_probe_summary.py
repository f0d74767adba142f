"""What is made of a probe's numbers: answers that are known in advance have known verdicts."""

from dataclasses import dataclass

import numpy as np
import pytest

from sercore.channel import CLEAN
from sercore.corpus.labelled import LabelledRecording, LabelledRecordings
from sercore.corpus.table_of_files import Said
from sercore.experiment.probe.conditions import RUNG_LOSS, Condition, rising_loss
from sercore.experiment.probe.questions import questions_of
from sercore.experiment.probe.run import Probe
from sercore.experiment.probe.scale import declared
from sercore.experiment.probe.summary import summarised
from sercore.report.probe_page import probe_page
from sercore.report.probe_words import findings, how_scored, sentences
from sercore.results.probed import read_probed, write_probed

RISING = rising_loss([0.1, 0.3, 0.5])
FRAMES = 50


def gold_of(number):
    return np.random.default_rng(number).uniform(-1, 1, FRAMES)


@dataclass
class Known:
    """Answers the gold standard, and the more is lost the more noise, most of it of men and without pitch."""

    name = key = "known"
    outputs = ("arousal",)
    scale = (-1.0, 1.0)
    fair: bool = False

    def clean(self, recording):
        return gold_of(int(recording.name))[:, None]

    def courses(self, recording, conditions, scale):
        for each in conditions:
            share = each.channel.loss_rate * (1.0 if each.receiver == "pitch" else 3.0)
            share *= 1.0 if self.fair or recording.said.words["sex"] == "female" else 4.0
            share += 0.5 * each.receiver.startswith("g711")
            noise = np.random.default_rng([int(recording.name), each.seed]).uniform(-1, 1, FRAMES)
            yield (gold_of(int(recording.name)) + share * noise)[:, None]


def probe_in(folder, answers, count=12):
    conditions = tuple(Condition(each.channel, name) for each in RISING for name in ("silence", "pitch"))
    rungs = tuple(
        Condition(channel, name) for channel in (CLEAN, RUNG_LOSS) for name in ("g711+pitch", "pitch")
    )
    items = tuple(
        LabelledRecording(
            str(number),
            lambda: pytest.fail("no sound is needed"),
            Said(
                {"arousal": gold_of(number)}, {"sex": ["female", "male"][number % 2]}, np.arange(FRAMES) / 5
            ),
            lambda: "",
        )
        for number in range(count)
    )
    recordings = LabelledRecordings("twelve", items, ("arousal",), ("sex",))
    probe = Probe(
        answers, recordings, questions_of(("arousal",), recordings), conditions, rungs[:1] + rungs[2:], folder
    )
    for recording in items:
        for _ in probe.measure(recording, declared(-1, 1, 1)):
            pass
    return summarised(probe, declared(-1, 1, 1), RISING)


def test_the_best_receiver_the_loss_it_bears_and_who_is_hit_harder_are_told(tmp_path):
    found = probe_in(tmp_path, Known())
    (asked,) = found.questions
    assert (asked.clean.value, asked.needed) == (pytest.approx(1.0), pytest.approx(0.9))
    assert asked.receiver == "pitch"
    by_name = {each.receiver: each for each in found.receivers}
    assert by_name["silence"].behind.is_above
    at = {(each.channel, each.receiver): each.score.value for each in found.at_channels}
    borne = [0.1, 0.3, 0.5][sum(at[number, "pitch"] >= 0.9 for number in range(3)) - 1]
    assert by_name["pitch"].bears == pytest.approx(borne)
    groups = {each.group: each for each in found.groups}
    assert groups["male"].harder.is_above
    assert not groups["female"].harder.is_above
    fall = np.mean([groups["male"].fall.value, groups["female"].fall.value])
    assert groups["male"].fall.value > fall > groups["female"].fall.value
    (full, g711) = found.lines
    assert (full.line, full.fall.value, g711.line) == ("pitch", 0.0, "g711+pitch")
    assert g711.fall.is_above
    said = " ".join(findings(found, 0))
    for words in (
        "Its best receiver is pitch, ahead of silence",
        "Loss hits sex male harder",
        "G.711, μ-law +0.",
    ):
        assert words in said


def test_where_all_are_hit_alike_no_group_is_named(tmp_path):
    said = " ".join(findings(probe_in(tmp_path, Known(fair=True)), 0))
    assert "No group of speakers (sex) is hit harder than chance explains." in said


def test_of_few_recordings_no_group_is_said_to_be_hit_harder(tmp_path):
    found = probe_in(tmp_path, Known(), count=8)
    assert all(each.harder.low is None for each in found.groups)
    assert "(sex) harder, so few recordings cannot tell." in " ".join(findings(found, 0))


def test_a_probe_is_read_back_from_its_file_as_it_was_and_its_page_says_all_of_it(tmp_path):
    found = probe_in(tmp_path, Known())
    write_probed(tmp_path / "probe.json", found)
    assert read_probed(tmp_path / "probe.json") == found
    page = probe_page(found)
    for sentence in (*sentences(found)[1:], *how_scored(found)):
        assert sentence in page.replace("&#39;", "'").replace("&gt;", ">")
