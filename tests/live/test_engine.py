"""A recogniser that follows a voice, against one pass over each window, whatever the blocks are."""

from dataclasses import replace

import numpy as np
import pytest

from sercore.channel.gilbert import Gilbert
from sercore.channel.packets import samples_arrived
from sercore.live import Live
from sercore.live.losses import Losses
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.weights import load_model
from sercore.receiver import RECEIVERS
from sercore.recogniser.confidence import Bands, fit_bands, known_of
from sercore.recogniser.paper_network import PaperNetwork
from sercore.recogniser.post_processing import Chain, describe
from sercore.recogniser.registry import load_recogniser
from sercore.recogniser.sliding import SlidingAudio
from sercore.scoring.timeline import hold
from tests.live.level import Level

SECONDS, CONTEXT = 7, 20  # frames of context


def in_blocks(live, audio, received, seed=2):
    """All predictions of audio that is pushed in blocks of random lengths, none among them."""
    rng, found, told = np.random.default_rng(seed), [], 0
    while len(audio):
        block, audio = np.split(audio, [int(rng.integers(0, 9_000))])
        packets = live.packets_in(len(block))
        found += live.push(block, received[told : told + packets])
        told += packets
    assert told == len(received)
    return found


def values(found):
    return np.array([list(each.values.values()) for each in found])


@pytest.fixture(scope="module")
def network():
    return load_model("trained/mismatched.safetensors")


@pytest.fixture(scope="module")
def voice():
    time = np.arange(SECONDS * 16_000) / 16_000
    noise = np.random.default_rng(3).standard_normal(len(time))
    return (0.1 * np.sin(700 * time) * np.sin(2 * time) + 0.05 * noise * np.sin(time)).astype(np.float32)


def channel(packet_ms, n=SECONDS):
    return Gilbert(0.9, 0.7).sample(int(n * 1000 // packet_ms), np.random.default_rng(1))


def finished(network, raters=0.0, median=1):
    """The network with a card that wants its output finished."""
    chain = Chain(median_frames=median, scale=1.0 + 0.1 * (median > 1))
    other = EmotionModel(network.dimensions).eval()
    other.load_state_dict(network.state_dict())
    other.card = replace(
        network.card, annotation_delay_seconds=raters, post_processing=describe((chain, chain))
    )
    return PaperNetwork(other)


@pytest.mark.parametrize(("receiver", "packet_ms"), [("silence", 200), ("pitch", 20), ("linear", 40)])
@pytest.mark.parametrize("causal", [True, False])
def test_each_prediction_is_that_of_its_window_alone(network, voice, receiver, packet_ms, causal):
    """To the bit, for each row is computed by the same operations on the same numbers."""
    received = channel(packet_ms)
    live = Live(PaperNetwork(network), receiver, packet_ms=packet_ms, context_seconds=4, causal=causal)
    found = values(in_blocks(live, voice, received))
    heard = RECEIVERS[receiver](voice, received, packet_ms=packet_ms)
    frames, later = len(heard) // 3_200, 0 if causal else 1
    wanted = []
    for end in range(1 + later, frames + 1):
        window = heard[max(0, end - CONTEXT) * 3_200 : end * 3_200]
        wanted.append(PaperNetwork(network).predict(window)[-1 - later])
    late = 5 if receiver == "linear" else 0  # it waits for a second
    np.testing.assert_array_equal(found, wanted[: frames - later - late])
    assert live.latency_seconds == pytest.approx(0.2 + 0.2 * later + 0.2 * late)


@pytest.mark.parametrize("packet_ms", [20, 60, 200])
def test_where_lost_packets_are_cut_out_predictions_hold_as_on_the_timeline(network, voice, packet_ms):
    received = channel(packet_ms)
    live = Live(PaperNetwork(network), "drop", packet_ms=packet_ms, context_seconds=4)
    found = values(in_blocks(live, voice[: len(received) * packet_ms * 16], received))
    arrived = samples_arrived(received, packet_ms)
    left = RECEIVERS["drop"](voice[: len(received) * packet_ms * 16], received, packet_ms=packet_ms)
    for frame, prediction in enumerate(found):
        so_far = received[: -(-(frame + 2) * 200 // packet_ms)].copy()
        n = arrived[frame + 1] // 3_200
        window = left[max(0, n - CONTEXT) * 3_200 : n * 3_200]
        course = np.zeros((n, 2), np.float32)
        if n:
            course[-CONTEXT:] = PaperNetwork(network).predict(window)
        so_far = np.append(so_far, False)[: len(so_far)]
        sent = int(samples_arrived(so_far, packet_ms)[-1]) // 3_200
        course = np.concatenate([course, np.zeros((sent - n, 2), np.float32)])
        np.testing.assert_array_equal(prediction, hold(course, so_far, packet_ms)[frame])


@pytest.mark.parametrize(("raters", "median"), [(0.0, 5), (1.0, 1), (0.2, 5)])
def test_post_processing_and_the_raters_delay_are_those_of_the_window(network, voice, raters, median):
    whole = finished(network, raters, median)
    live = Live(whole, "silence", context_seconds=4)
    assert live.lookahead_frames == (0 if raters else 1)  # a delay leaves more than that to hear on
    found = values(in_blocks(live, voice, np.ones(SECONDS * 50, dtype=bool)))
    later = live.lookahead_frames
    for frame, prediction in enumerate(found):
        end = frame + 1 + later
        course = whole.predict(voice[max(0, end - CONTEXT) * 3_200 : end * 3_200])
        np.testing.assert_array_equal(prediction, course[-1 - later])


@pytest.mark.parametrize(("receiver", "packet_ms"), [("drop", 200), ("pitch", 60)])
def test_one_that_is_told_of_losses_is_asked_of_the_window_of_the_call(voice, receiver, packet_ms):
    told = load_recogniser("trained/concealers/mismatched_learned.safetensors")
    received, audio = channel(packet_ms), voice[: int(SECONDS * 1000 // packet_ms) * packet_ms * 16]
    live = Live(told, receiver, packet_ms=packet_ms, context_seconds=2.4, causal=True)
    found = values(in_blocks(live, audio, received))
    assert len(found) == len(audio) // 3_200
    for end in (5, 12, 21, 33):  # the first two before the window is full
        begins = max(0, end - 12) // 3 * 3 if packet_ms == 60 else max(0, end - 12)
        packets = slice(begins * 200 // packet_ms, -(-end * 200 // packet_ms))
        heard = told.hear(audio[begins * 3_200 : end * 3_200])
        wanted = told.predict_heard([(heard, received[packets])], RECEIVERS[receiver], packet_ms=packet_ms)
        np.testing.assert_array_equal(found[end - 1], wanted[0][-1])


def test_the_slow_way_gives_the_same_as_kept_features(network, voice):
    class Slow(PaperNetwork):
        def slide(self, frames):
            return SlidingAudio(self.predict, frames)

    fast, slow = (
        values(in_blocks(Live(each(network), "noise", context_seconds=4), voice, channel(20)))
        for each in (PaperNetwork, Slow)
    )
    np.testing.assert_array_equal(fast, slow)


def test_a_network_of_other_proportions_slides_too(voice):
    dimensions = ModelDimensions((9, 5, 4), (8, 8, 8), (64, 10, 5), 8)
    network = PaperNetwork(EmotionModel(dimensions).eval())
    found = values(in_blocks(Live(network, context_seconds=1), voice, np.ones(SECONDS * 50, dtype=bool)))
    np.testing.assert_allclose(found[30], network.predict(voice[27 * 3_200 : 32 * 3_200])[-2], atol=1e-6)


@pytest.mark.parametrize("receiver", [name for name, each in RECEIVERS.items() if each.CAUSAL])
def test_a_causal_prediction_hears_nothing_of_what_comes_later(network, voice, receiver):
    other = voice.copy()
    other[4 * 16_000 :] = np.random.default_rng(9).standard_normal(len(other) - 4 * 16_000) * 0.3
    told = channel(20)
    one, two = (
        values(in_blocks(Live(PaperNetwork(network), receiver, causal=True), audio, told))
        for audio in (voice, other)
    )
    np.testing.assert_array_equal(one[:20], two[:20])
    assert not np.array_equal(one[20:], two[20:])


@pytest.mark.parametrize("packet_ms", [20, 60, 200])
def test_what_is_told_of_losses_is_what_is_known_of_the_call(packet_ms):
    received = Gilbert(0.9, 0.9).sample(int(40_000 // packet_ms), np.random.default_rng(1))
    live = Live(Level(), packet_ms=packet_ms, causal=True)
    found = in_blocks(live, np.zeros(len(received) * packet_ms * 16, np.float32), received)
    share, since = known_of(received, packet_ms)
    np.testing.assert_allclose([each.share_lost for each in found], share, atol=1e-9)
    np.testing.assert_allclose([each.since_received for each in found], since, atol=1e-9)


def test_bands_are_those_of_the_prediction_and_what_was_lost(voice):
    errors = np.linspace(0, 1, 400)[:, None].repeat(2, axis=1)
    bands: Bands = fit_bands(errors, np.zeros(400), np.zeros(400), tolerance=(1.0, None))
    received = np.ones(SECONDS * 50, dtype=bool)
    found = in_blocks(Live(Level(), confidence=bands), voice, received)
    half = float(bands.of(0.0, 0.0)[0])
    for each in found:
        assert set(each.band) == {"arousal"}  # of valence too little is known
        assert each.band["arousal"] == pytest.approx(
            (each.values["arousal"] - half, each.values["arousal"] + half)
        )


def test_nothing_grows_once_the_window_is_full():
    live, rng = Live(Level(), "pitch", context_seconds=4), np.random.default_rng(0)
    losses, sizes = Losses(Gilbert(0.95, 0.8, packet_ms=20), rng), []
    block = (0.1 * rng.standard_normal(3 * 16_000)).astype(np.float32)
    for _ in range(30):
        live.push(block, losses.draw(live.packets_in(len(block))))
        sizes.append(live.nbytes)
    second = 16_000 * 4  # bytes
    assert (
        max(sizes) < (4 + 3) * second
    )  # the window, and what the receiver hears again or has not filled yet


def test_after_a_reset_another_call_begins(network, voice):
    live, told = Live(PaperNetwork(network), "pitch"), channel(20)
    first = in_blocks(live, voice, told)
    live.reset()
    assert in_blocks(live, voice, told, seed=8) == first


def test_what_cannot_be_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"context_seconds must be more than 0.2 s, .* got 0.2"):
        Live(Level(), context_seconds=0.2)
    with pytest.raises(ValueError, match="one state for each packet that ends in the block, 2, got 1"):
        Live(Level()).push(np.zeros(700, np.float32), [True])
    with pytest.raises(ValueError, match="divide by full scale"):
        Live(Level()).push(np.zeros(700, np.int16))
