"""A delay and its compensation, frame by frame."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sercore.recogniser.annotation_delay import advanced, delayed


@given(st.integers(1, 20), st.integers(0, 25))
def test_a_delay_and_its_compensation_meet_where_nothing_fell_off(length, frames):
    course = np.arange(length, dtype=np.float32)[:, None]
    there_and_back = advanced(delayed(course, frames), frames)
    kept = max(length - frames, 0)
    assert np.array_equal(there_and_back[:kept], course[:kept])
    assert delayed(course, frames)[0] == course[0]
    assert advanced(course, frames)[-1] == course[-1]
