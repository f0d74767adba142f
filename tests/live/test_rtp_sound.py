"""Sound out of RTP packets as they come."""

import random

import numpy as np
import pytest
from rtpkit import RtpBuilder, random_bytes

from sercore.live.rtp_sound import LONGEST_GAP_SECONDS, WAITS, RtpSound
from sercore.reading import ReadingError


def packet(number: int, **more) -> bytes:
    """A packet of 20 ms, each sample of which is its number, made by rtpkit."""
    payload = np.full(320, number % 1_000, dtype=">i2").tobytes()
    made = RtpBuilder().with_payload_type(96).with_sequence_number(number % 65_536)
    made = made.with_timestamp(number * 320 % 2**32).with_ssrc(7).with_payload(payload)
    for name, value in more.items():
        made = getattr(made, f"with_{name}")(*value)
    return made.build()


def told(packets) -> str:
    """What becomes of packets: one letter each, 1 = received; the sound is held against the numbers."""
    sound, letters = RtpSound(20), ""
    for each in packets:
        audio, received = sound.push(each)
        assert len(audio) == 320 * len(received)
        letters += "".join(str(int(state)) for state in received)
    return letters


def test_sound_comes_out_as_it_went_in_whatever_else_a_packet_holds():
    headers = [
        {},
        {"csrc": ([1, 2, 3],)},
        {"extension": (0xBEDE, bytes(8))},
        {"padding": (4,)},
        {"marker": ()},
    ]
    sound = RtpSound(20)
    for number, more in enumerate(headers, start=65_533):  # across the last of 16 bits
        audio, received = sound.push(packet(number, **more))
        assert received.tolist() == [True]
        np.testing.assert_array_equal(audio * 32_768, np.full(320, number % 1_000))


@pytest.mark.parametrize(
    ("numbers", "letters"),
    [
        ([1, 2, 4, 5, 6, 7], "1101111"),
        ([65_534, 65_535, 1, 2, 3, 4], "1101111"),
        ([1, 3, 2, 4], "1111"),  # overtaken
        ([1, 2, 2, 3, 1], "111"),  # twice
        ([1, 3, 4, 5, 2], "10111"),  # too late
        ([1, 2, 3, 40_000, 40_001], "11111"),  # a new start
        ([1, 3, 40_000], "1011"),
    ],
)
def test_gaps_are_losses_and_disorder_is_none(numbers, letters):
    assert told(map(packet, numbers)) == letters


def test_an_outage_is_told_as_no_more_than_fits_the_context():
    letters = told(map(packet, [1, 2_900]))
    assert letters == "1" + "0" * round(LONGEST_GAP_SECONDS * 50) + "1"


def test_every_packet_of_a_disorder_of_less_than_three_arrives_once():
    numbers = np.arange(60_000, 60_400)
    swapped = numbers.reshape(-1, WAITS - 1)[:, ::-1].reshape(-1)
    assert told(map(packet, swapped)) == "1" * (len(numbers) - 1)  # the first of all came after the second


@pytest.mark.parametrize("sound", [b"", bytes(700), packet(1)[:-2], packet(1) + bytes(2)])
def test_what_is_no_such_packet_is_one_sentence(sound):
    with pytest.raises(ReadingError, match=r"^a packet must"):
        RtpSound(20).push(sound)


def test_random_bytes_give_sound_or_a_sentence():
    chance, sound = random.Random(1), RtpSound(20)
    for size in range(2_000):
        try:
            sound.push(bytes([0x80 | chance.randrange(64)]) + random_bytes(chance, size % 700))
        except ReadingError:
            continue
