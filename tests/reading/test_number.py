"""Numbers in files are written as everybody writes them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sercore.reading.number import number


@given(st.floats())
def test_what_python_writes_is_read_back(value):
    assert number(repr(value)) == value or math.isnan(value)


@pytest.mark.parametrize("text", ["0.1_2", "1_0", "٠.١", "0,1", "", " ", "0x1", "1e", ".", "1.5.2", "−1"])
def test_what_only_python_would_take_is_no_number(text):
    with pytest.raises(ValueError, match="is no number"):
        number(text)
