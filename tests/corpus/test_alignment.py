"""Audio and labels of different lengths."""

import numpy as np
import pytest

from sercore.corpus.alignment import fit_audio
from sercore.corpus.corpus import open_corpus
from tests.corpus.recola_trees import write_audio, write_avec


@pytest.mark.parametrize("samples", [6400, 6401, 9600])
def test_audio_up_to_a_frame_too_long_is_cut(samples):
    audio = np.arange(samples, dtype=np.float32)
    np.testing.assert_array_equal(fit_audio(audio, 2), audio[:6400])


@pytest.mark.parametrize("samples", [3200, 6399])
def test_audio_up_to_a_frame_too_short_is_filled_with_zeros(samples):
    fitted = fit_audio(np.ones(samples, np.float32), 2)
    assert fitted.tolist() == [1.0] * samples + [0.0] * (6400 - samples)
    assert fitted.dtype == np.float32


@pytest.mark.parametrize(("samples", "which"), [(3199, "is the audio"), (9601, "are the labels")])
def test_more_than_a_frame_of_difference_is_refused(samples, which):
    with pytest.raises(ValueError, match=rf"lasts \d\.\d\d s, its labels 0\.40 s: {which} truncated\?"):
        fit_audio(np.ones(samples, np.float32), 2)


def test_what_follows_recolas_five_rated_minutes_is_cut():
    assert len(fit_audio(np.zeros(310 * 16_000, np.float32), 1500)) == 300 * 16_000


def test_audio_that_goes_on_after_five_minutes_is_noted(tmp_path):
    write_avec(tmp_path, ("train_1", "train_2"), 300, raters="")
    write_audio(tmp_path / "recordings_audio" / "train_2.wav", 301)
    corpus = open_corpus(tmp_path)
    assert {one.seconds for one in corpus} == {300.0}
    assert corpus.notes == ("train_2: the audio goes on after the last label and is cut there",)
