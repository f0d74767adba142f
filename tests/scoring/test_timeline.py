"""Predictions on the whole timeline, frame by frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sercore.scoring.timeline import NEUTRAL, hold


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
