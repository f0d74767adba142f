"""A track: what fits together, and stays as it is."""

import numpy as np
import pytest

from tests.corpus.made_tracks import track


def test_a_track_knows_its_lengths_and_rates():
    one = track(frames=7)
    assert (one.n_frames, one.seconds, one.audio_rate, one.label_rate) == (7, 1.4, 16_000, 5)
    assert one.audio.dtype == one.gold.dtype == np.float32
    assert len(one.audio) == one.seconds * one.audio_rate


def test_a_track_cannot_be_changed_and_leaves_the_callers_arrays_alone():
    audio, gold = np.zeros(6400, np.float32), np.zeros((2, 2), np.float32)
    one = track(audio=audio, gold=gold)
    with pytest.raises(ValueError, match="read-only"):
        one.audio[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        one.gold[0] = 1
    with pytest.raises(AttributeError):
        one.name = "b"  # type: ignore[misc]
    audio[0] = 1  # still the caller's


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "a track needs a name"),
        ({"partition": "dev"}, "partition must be one of train, devel, test, got 'dev'"),
        ({"audio": np.zeros(9601)}, r"3 frames need 9,600 samples \(3,200 each\), got 9,601"),
        ({"audio": np.zeros(0)}, r"audio must have the shape \(samples,\) and not be empty, got \(0,\)"),
        ({"audio": np.zeros((9600, 1))}, r"audio must have the shape \(samples,\)"),
        ({"audio": np.full(9600, 2_000.0)}, "a: audio reaches 2,000 times full scale"),
        (
            {"audio": np.ma.masked_array(np.zeros(9600), mask=True)},
            "audio must not be masked, got 9,600 masked",
        ),
        (
            {"gold": np.ma.masked_array(np.zeros((3, 2)), mask=[[0, 1]] * 3)},
            "gold must not be masked, got 3 masked",
        ),
        ({"audio": np.full(9600, np.nan)}, "audio must be finite, 9,600 values are not"),
        (
            {"gold": np.zeros((3, 3))},
            r"gold must have the shape \(frames, 2\) and not be empty, got \(3, 3\)",
        ),
        ({"gold": np.zeros(3)}, r"gold must have the shape \(frames, 2\)"),
        ({"gold": np.zeros((0, 2))}, r"gold must have the shape \(frames, 2\)"),
        ({"gold": np.full((3, 2), np.inf)}, "gold must be finite, 6 values are not"),
        ({"ratings": {"FM1": np.zeros((4, 2))}}, "ratings of FM1 must have 3 frames .* got 4"),
        ({"ratings": {"FM1": np.full((3, 2), np.nan)}}, "ratings of FM1 must be finite"),
    ],
)
def test_a_track_that_does_not_fit_together_is_refused_with_the_numbers(changes, message):
    with pytest.raises(ValueError, match=message):
        track(**changes)
