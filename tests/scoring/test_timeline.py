"""Predictions on the whole timeline, frame by frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sercore.scoring.timeline import NEUTRAL, advanced, delayed, hold


@given(arrays(bool, st.integers(0, 40)))
def test_each_moment_shows_the_newest_prediction_that_has_arrived(received):
    predicted = np.arange(1, received.sum() + 1, dtype=np.float32)[:, None].repeat(2, axis=1)
    shown, arrived = NEUTRAL, 0
    for frame, value in zip(received, hold(predicted, received), strict=True):
        if frame:
            arrived += 1
            shown = arrived
        assert value.tolist() == [shown, shown]


def test_predictions_and_received_frames_must_be_as_many():
    with pytest.raises(ValueError, match="1 frames, 2 predictions"):
        hold(np.zeros((2, 2), np.float32), np.array([True, False]))


@given(st.integers(1, 20), st.integers(0, 25))
def test_a_delay_and_its_compensation_meet_where_nothing_fell_off(length, frames):
    course = np.arange(length, dtype=np.float32)[:, None]
    there_and_back = advanced(delayed(course, frames), frames)
    kept = max(length - frames, 0)
    assert np.array_equal(there_and_back[:kept], course[:kept])
    assert delayed(course, frames)[0] == course[0]
    assert advanced(course, frames)[-1] == course[-1]
