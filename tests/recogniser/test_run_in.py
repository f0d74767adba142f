"""An excerpt is predicted as within its recording."""

import numpy as np
import pytest

from sercore.channel.gilbert import Gilbert
from sercore.channel.packets import packets_in
from sercore.receiver import RECEIVERS
from sercore.recogniser.recogniser import Recogniser, predict_after
from sercore.recogniser.run_in import predict_after_run_in


class Memory(Recogniser):
    """Each prediction is a mean of all levels before it, so that it depends on where one begins."""

    name, key, seed = "memory", "memory-1", None

    def predict(self, audio):
        level = audio[: len(audio) // 3_200 * 3_200].reshape(-1, 3_200).std(axis=1)
        course = np.cumsum(level) / np.arange(1, len(level) + 1)
        return np.stack([course, -course], axis=1).astype(np.float32)


@pytest.mark.parametrize("packet_ms", [10, 20, 40, 60, 200])
@pytest.mark.parametrize("receiver", ["drop", "silence"])
def test_losses_in_an_excerpt_are_losses_in_its_recording(packet_ms, receiver):
    rng = np.random.default_rng(1)
    audio = (rng.normal(0, 0.1, (80, 3_200)) * rng.random((80, 1))).reshape(-1).astype(np.float32)
    whole = np.ones(packets_in(80, packet_ms), dtype=bool)
    first = 30 * 200 // packet_ms
    whole[first:] = Gilbert(0.9, 0.7).sample(len(whole) - first, rng)
    how = (RECEIVERS[receiver], packet_ms)
    expected = predict_after(Memory().predict, audio, whole, *how)[30:]
    (found,) = predict_after_run_in(
        Memory(), audio, [whole[first:]], RECEIVERS[receiver], run_in=30, packet_ms=packet_ms
    )
    np.testing.assert_array_equal(found, expected)
    alone = predict_after(Memory().predict, audio[30 * 3_200 :], whole[first:], *how)
    assert np.abs(alone - expected).max() > 0.001
