"""What every receiver keeps to, and one that a test adds."""

import numpy as np
import pytest

from sercore.receiver import RECEIVERS, Receiver, receiver_named

LOST = np.array([True, False, False, True, True, False, True, True, False, True])


class Backwards(Receiver):
    """A lost packet plays the one before it backwards: a receiver that needs nothing but this class."""

    NAME, TITLE, MEANING = "backwards", "Backwards", "The packet before a lost one is played backwards."
    KEEPS_LENGTH, CAUSAL, DELAY_MS = True, True, 0.0

    def __call__(self, audio, received, *, packet_ms=200):
        filled = audio.reshape(len(received), -1).copy()
        for i in np.flatnonzero(~np.asarray(received)):
            filled[i] = filled[i - 1][::-1] if i else 0
        return filled.reshape(-1)


EVERY = [*RECEIVERS.values(), Backwards()]


def noise(packet_ms):
    return np.random.default_rng(0).normal(0, 0.1, len(LOST) * packet_ms * 16).astype(np.float32)


@pytest.fixture(params=EVERY, ids=lambda receiver: receiver.NAME)
def receiver(request):
    return request.param


@pytest.mark.parametrize("packet_ms", [20, 200])
def test_without_a_loss_it_changes_nothing(receiver, packet_ms):
    audio = noise(packet_ms)
    heard = receiver(audio, np.ones(len(LOST), dtype=bool), packet_ms=packet_ms)
    assert np.array_equal(heard, audio)
    assert heard.dtype == np.float32


@pytest.mark.parametrize("packet_ms", [20, 200])
def test_what_arrives_is_heard_as_it_was_sent_and_the_length_is_as_promised(receiver, packet_ms):
    audio = noise(packet_ms)
    before = audio.copy()
    heard = receiver(audio, LOST, packet_ms=packet_ms)
    sent = audio.reshape(len(LOST), -1)[LOST]
    assert len(heard) == (len(audio) if receiver.KEEPS_LENGTH else sent.size)
    packets = heard.reshape(-1, packet_ms * 16)
    altered = round(receiver.CROSSFADE_MS * 16)  # after a hole
    assert np.array_equal(
        (packets[LOST] if receiver.KEEPS_LENGTH else packets)[:, altered:], sent[:, altered:]
    )
    unbroken = LOST & np.concatenate([[True], LOST[:-1]])
    if receiver.KEEPS_LENGTH:
        assert np.array_equal(packets[unbroken], audio.reshape(len(LOST), -1)[unbroken])
    assert np.isfinite(heard).all()
    assert np.array_equal(audio, before)


def test_where_nothing_arrives_it_still_answers(receiver):
    heard = receiver(noise(200), np.zeros(len(LOST), dtype=bool))
    assert len(heard) == (32_000 if receiver.KEEPS_LENGTH else 0)
    assert np.isfinite(heard).all()


@pytest.mark.parametrize("name", RECEIVERS)
def test_audio_and_packets_that_do_not_fit_are_refused_in_one_sentence(name):
    with pytest.raises(ValueError, match="10 packets of 200 ms ask for 32000 samples"):
        RECEIVERS[name](noise(200)[:-1], LOST)
    with pytest.raises(ValueError, match=r"received must have the shape \(frames,\)"):
        RECEIVERS[name](noise(200), LOST[None])
    with pytest.raises(ValueError, match="a packet must hold whole samples"):
        RECEIVERS[name](noise(200), LOST, packet_ms=0.01)


def test_it_says_what_it_is(receiver):
    assert isinstance(receiver, Receiver)
    assert receiver.TITLE
    assert receiver.MEANING.endswith(".")


def test_names_of_before_and_of_now_are_known_and_others_refused():
    assert receiver_named("removed") is receiver_named("drop") is RECEIVERS["drop"]
    with pytest.raises(ValueError, match=r"the receiver must be one of drop, silence, .*, got 'magic'"):
        receiver_named("magic")
