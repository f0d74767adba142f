"""Bands that are fitted on devel and tested on test, against loops and against errors that are known."""

from dataclasses import dataclass

import numpy as np
import pytest

from sercore import Bands, read_bands
from sercore.channel import CLEAN, Gilbert
from sercore.corpus import Corpus
from sercore.experiment.confidence import channels_of, confidence_of, coverage_of, errors_of, tolerance_of
from sercore.experiment.evaluate import draw_losses
from sercore.receiver import RECEIVERS
from sercore.recogniser.confidence import known_of
from sercore.recogniser.recogniser import Recogniser
from sercore.results.confidence import read_confidence, write_confidence
from sercore.results.table import ResultsError
from tests.corpus.made_tracks import track


@dataclass(frozen=True, eq=False)
class Knows(Recogniser):
    """The gold standard, and an error that is known: of each recording's first sample."""

    gold: dict[bytes, np.ndarray]
    name, key, seed = "knows", "knows-1", None

    def predict(self, audio):
        return self.gold[audio[:9].tobytes()] + audio[0]

    def predict_heard(self, heard, receiver, *, packet_ms=200):
        return [self.predict(audio) for audio, _ in heard]  # whatever is lost


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    names = [(f"{partition}_{n}", partition) for partition in ("devel", "test") for n in range(12)]
    rng = np.random.default_rng(3)
    course = rng.normal(size=(60, 2)).cumsum(axis=0) / 10
    return Corpus("made", tuple(track(name, where, 60, gold=course, speaker=name) for name, where in names))


@pytest.fixture(scope="module")
def recogniser(corpus) -> Knows:
    return Knows({each.audio[:9].tobytes(): each.gold for each in corpus})


def test_errors_and_what_is_known_are_those_of_each_track(corpus, recogniser):
    channels = [CLEAN, Gilbert(0.7, 0.6)]
    tracks = corpus.partition("test")
    found = errors_of(recogniser, tracks, channels, RECEIVERS["noise"], seed=4)
    assert found.errors.shape == (2 * 12 * 60, 2)
    at = 0
    for number, channel in enumerate(channels):
        for each, received in zip(tracks, draw_losses(tracks, channel, 4), strict=True):
            here = slice(at, at + 60)
            assert set(found.speakers[here]) == {each.speaker}
            assert set(found.channels[here]) == {number}
            assert found.share_lost[here] == pytest.approx(known_of(received)[0])
            at += 60
    assert found.errors[:60] == pytest.approx(np.full((60, 2), tracks[0].audio[0]), abs=1e-5)


def test_a_band_is_as_wide_as_the_eleventh_of_twelve_errors_and_its_coverage_is_counted(
    corpus, recogniser, tmp_path
):
    """Twelve speakers, each with one error everywhere."""
    found = confidence_of(recogniser, corpus, "silence", grid=3, seed=0, coverage=0.8)
    errors = sorted(abs(float(each.audio[0])) for each in corpus.partition("devel"))
    expected = errors[10]  # the eleventh of thirteen: 11 / 13 is the first share above 0.8
    assert found.bands.of(0.0, 0.0) == pytest.approx([expected] * 2, abs=2e-4)
    clean = channels_of(3)[:1]
    tested = errors_of(recogniser, corpus.partition("test"), clean, RECEIVERS["silence"], seed=0)
    ninths, speakers = coverage_of(found.bands, tested, clean)
    right = [abs(float(each.audio[0])) <= expected for each in corpus.partition("test")]
    assert [(each.p_n, each.covered) for each in ninths] == [
        ("high", (pytest.approx(np.mean(right), abs=1e-4),) * 2)
    ]
    assert [speakers[each.name][0] for each in corpus.partition("test")] == right
    write_confidence(tmp_path / "confidence.json", [found])
    assert read_confidence(tmp_path / "confidence.json") == (found,)
    assert read_bands(tmp_path / "confidence.json") == {("knows-1", "silence"): found.bands}


def test_the_tolerance_is_the_loss_that_costs_a_tenth_of_its_own_score():
    channels = channels_of(6)
    rates = np.array([channel.loss_rate for channel in channels])
    scores = np.stack([0.8 - 0.159 * rates, np.full(len(rates), np.nan)], axis=1)
    arousal, valence = tolerance_of(channels, scores)
    assert arousal == max(rates[rates <= 0.5])
    assert valence is None


def test_it_covers_nothing_where_it_abstains():
    bands = Bands(((((0.5,) * 12,) * 4),) * 2, (0.3, None))
    corpus = Corpus("one", (track("a", "test", 60, gold=np.zeros((60, 2))),))
    one = Knows({corpus.tracks[0].audio[:9].tobytes(): corpus.tracks[0].gold})
    channels = [CLEAN, Gilbert(0.0, 0.999)]
    (ninths, _) = coverage_of(bands, errors_of(one, corpus.tracks, channels, RECEIVERS["noise"], 0), channels)
    low, high = sorted(ninths, key=lambda each: each.p_n == "high")
    assert (low.covered, low.answered) == ((None, None), (0.0, 0.0))
    assert high.answered == (1.0, 0.0)


def test_another_file_is_refused(tmp_path):
    (tmp_path / "c.json").write_text('{"networks": [{"name": "a"}]}')
    with pytest.raises(ResultsError, match=r"c\.json cannot be read: .* lacks key"):
        read_bands(tmp_path / "c.json")
