"""What a program hands over as audio is floating point at full scale 1, and all there."""

import numpy as np
import pytest

from sercore.audio import wav_bytes
from sercore.audio.samples import checked_samples

TONE = 0.25 * np.sin(np.arange(6_400))


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "g"])
def test_floating_point_of_any_precision_is_taken(kind):
    audio = checked_samples(TONE.astype(kind))
    assert audio.dtype == np.float32
    np.testing.assert_allclose(audio, TONE, atol=2e-4)


def test_samples_of_the_right_kind_are_not_copied():
    tone = TONE.astype(np.float32)
    assert np.shares_memory(checked_samples(tone), tone)


MASKED = np.ma.masked_array(TONE, mask=np.arange(6_400) < 5)
BAD = {
    "16-bit integers": ((32_767 * TONE).astype("i2"), r"audio must be floating point .*, got int16: divide"),
    "8-bit integers": ((TONE * 127 + 128).astype("u1"), r"got uint8: divide by full scale"),
    "integers stored as floats": (32_767 * TONE, r"audio reaches 8,192 times full scale"),
    "complex numbers": (TONE + 0j, r"got complex128"),
    "Booleans": (TONE > 0, r"got bool"),
    "texts": (np.array(["a", "b"]), r"must be floating point"),
    "objects": (np.array([None, 1.0]), r"got object"),
    "two channels": (np.stack([TONE, TONE], axis=1), r"shape \(samples,\), got \(6400, 2\)"),
    "NaN": (np.where(TONE > 0.2, np.nan, TONE), r"audio must be finite, got [\d,]+ bad samples"),
    "a mask": (MASKED, r"audio must not be masked, got 5 masked values"),
}


@pytest.mark.parametrize(("audio", "message"), BAD.values(), ids=BAD)
def test_anything_else_is_refused_in_one_sentence(audio, message):
    with pytest.raises(ValueError, match=message):
        checked_samples(audio)


def test_a_mask_that_masks_nothing_is_none():
    np.testing.assert_array_equal(checked_samples(np.ma.masked_array(TONE)), TONE.astype(np.float32))


@pytest.mark.parametrize("what", ["16-bit integers", "integers stored as floats", "a mask", "two channels"])
def test_a_file_is_not_written_of_what_would_be_noise(what):
    with pytest.raises(ValueError, match=BAD[what][1]):
        wav_bytes(BAD[what][0])
