"""The laws of the chains, against closed forms of the literature, enumeration and loops over states."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from sercore.channel import Bernoulli, Gilbert, GilbertElliott, Netem, ThreeState
from sercore.channel.walk import _LONG

NETEM = [(0.01, 0.2, 0.3, 0.3, 0.01), (0.2, 0.5, 0.1, 0.9, 0.3), (0.5, 0.5, 0.5, 0.5, 0.5), (0.1, 1, 0, 1, 0)]
ELLIOTT = [(0.02, 0.25, 0.3, 0.999), (0.5, 0.1, 0.7, 0.6), (0.3, 0.3, 0.0, 1.0), (1.0, 1.0, 0.2, 0.9)]
THREE = [(0.01, 0.2, 0.3, 0.3), (0.3, 0.5, 0.5, 0.9)]
CHANNELS = [
    *(Netem(*numbers) for numbers in NETEM),
    *(GilbertElliott(*numbers) for numbers in ELLIOTT),
    *(ThreeState(*numbers) for numbers in THREE),
]


def kernel(numbers, n_packets, rng):
    """Linux's loss_4state as a loop: which packets arrive."""
    p13, p31, p32, p23, p14 = numbers
    state, received = 1, []
    for number in rng.random(n_packets):
        lost = False
        if state == 1:
            if number < p14:
                state, lost = 4, True
            elif number < p13 + p14:
                state, lost = 3, True
        elif state == 2:
            if number < p23:
                state, lost = 3, True
        elif state == 3:
            if number < p32:
                state = 2
            elif number < p31 + p32:
                state = 1
            else:
                lost = True
        else:
            state = 1
        received.append(not lost)
    return np.array(received)


def kernel_elliott(numbers, n_packets, rng):
    """Linux's loss_gilb_ell as a loop: it emits, then moves."""
    p, r, h, k = numbers
    good, received = True, []
    for move, emit in rng.random((n_packets, 2)):
        received.append(emit < (k if good else h))
        if move < (p if good else r):
            good = not good
    return np.array(received)


def patterns(received, width=5):
    """How often each pattern of packets occurs."""
    codes = np.convolve(received.astype(int), 1 << np.arange(width), mode="valid")
    return np.bincount(codes[::width], minlength=1 << width)


@pytest.mark.parametrize("numbers", NETEM)
def test_netem_is_the_kernels_state_machine(numbers):
    theirs = patterns(kernel(numbers, 400_000, np.random.default_rng(1)))
    ours = patterns(Netem(*numbers).sample(400_000, np.random.default_rng(2)))
    assert (np.abs(theirs - ours) <= 5 * np.sqrt(theirs + ours + 1)).all()


@pytest.mark.parametrize("numbers", ELLIOTT)
def test_gilbert_elliott_has_the_kernels_law_but_for_the_first_packet(numbers):
    theirs = patterns(kernel_elliott(numbers, 400_000, np.random.default_rng(1))[1:])
    ours = patterns(GilbertElliott(*numbers).sample(400_000, np.random.default_rng(2)))
    assert (np.abs(theirs - ours) <= 5 * np.sqrt(theirs + ours + 1)).all()


@pytest.mark.parametrize("numbers", NETEM)
def test_netem_loses_what_salsano_and_others_derived(numbers):
    p13, p31, p32, p23, p14 = numbers
    way_round = p13 * p32 + p23 * (p13 + p31 + p14 * p31)  # the denominator of all four stationary shares
    assert Netem(*numbers).loss_rate == pytest.approx((p13 * p23 + p14 * p23 * p31) / way_round)


@pytest.mark.parametrize("numbers", ELLIOTT)
def test_gilbert_elliott_loses_in_each_state_what_elliott_says(numbers):
    p, r, h, k = numbers
    assert GilbertElliott(*numbers).loss_rate == pytest.approx((r * (1 - k) + p * (1 - h)) / (p + r))


def test_polarity_is_that_of_netems_line():
    line = "gemodel 1% 30% 80% 0.1%"  # p, r, and probabilities of loss in the bad and in the good state
    p, r, loss_in_bad, loss_in_good = (float(word.rstrip("%")) / 100 for word in line.split()[1:])
    channel = GilbertElliott(p, r, h=1 - loss_in_bad, k=1 - loss_in_good)
    assert channel.loss_rate == pytest.approx((p * loss_in_bad + r * loss_in_good) / (p + r))
    assert GilbertElliott(p, r, 0.0, 1.0).loss_rate == pytest.approx(Gilbert(1 - p, 1 - r).loss_rate)


def stationary_by_eigenvector(transitions):
    values, vectors = np.linalg.eig(transitions.T)
    share = np.real(vectors[:, np.argmin(np.abs(values - 1))])
    return share / share.sum()


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
def test_rate_and_burst_agree_with_the_eigenvector(channel):
    transitions, arrives = channel.chain
    share = stationary_by_eigenvector(transitions)
    assert channel.loss_rate == pytest.approx(share @ (1 - arrives))
    begins = (share * arrives) @ transitions @ (1 - arrives)
    assert channel.mean_burst_length == pytest.approx((share @ (1 - arrives)) / begins)


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
@pytest.mark.parametrize("lost", [True, False])
def test_lengths_agree_with_a_sum_over_all_hidden_paths(channel, lost):
    transitions, arrives = channel.chain
    share = stationary_by_eigenvector(transitions)
    emits = 1 - arrives if lost else arrives

    def probability(pattern):  # of packets that are ``lost`` or not, from the stationary distribution on
        total = 0.0
        for path in itertools.product(range(len(share)), repeat=len(pattern)):
            chance = share[path[0]]
            for one, other in itertools.pairwise(path):
                chance *= transitions[one, other]
            for state, inside in zip(path, pattern, strict=True):
                chance *= emits[state] if inside else 1 - emits[state]
            total += chance
        return total

    law = channel.burst_lengths(3) if lost else channel.gap_lengths(3)
    starts = probability([False, True])
    by_hand = [probability([False, *[True] * n, False]) / starts for n in (1, 2, 3)]
    assert law == pytest.approx(by_hand)


@pytest.mark.parametrize(("p_n", "p_l"), [(0.9, 0.6), (0.3, 0.2), (0.95, 0.0)])
def test_bursts_and_gaps_of_the_papers_chain_are_geometric(p_n, p_l):
    channel, n = Gilbert(p_n, p_l), np.arange(1, 30)
    assert channel.burst_lengths(29) == pytest.approx(stats.geom(1 - p_l).pmf(n))
    assert channel.gap_lengths(29) == pytest.approx(stats.geom(1 - p_n).pmf(n))


def test_bursts_of_independent_losses_are_geometric():
    assert Bernoulli(0.3).burst_lengths(20) == pytest.approx(stats.geom(0.7).pmf(np.arange(1, 21)))
    assert Bernoulli(0.3).gap_lengths(20) == pytest.approx(stats.geom(0.3).pmf(np.arange(1, 21)))


def test_three_states_are_netems_without_isolated_losses():
    three, four = ThreeState(0.01, 0.2, 0.3, 0.4), Netem(0.01, 0.2, 0.3, 0.4, 0.0)
    assert three.loss_rate == pytest.approx(four.loss_rate)
    assert three.burst_lengths(20) == pytest.approx(four.burst_lengths(20))
    assert three.gap_lengths(20) == pytest.approx(four.gap_lengths(20))


@pytest.mark.parametrize(
    ("channel", "rate", "burst"),
    [
        (GilbertElliott(0.0, 0.5, 0.2, 1.0), 0.0, 0.0),
        (GilbertElliott(0.1, 0.0, 0.0, 1.0), 1.0, math.inf),
        (Netem(0.1, 0.0, 0.0), 1.0, math.inf),
        (Netem(0.0, 0.5, 0.1, 0.1, 0.0), 0.0, 0.0),
        (Netem(0.5, 0.5, 0.5, 0.0, 0.0), 0.0, 0.0),
        (Netem(1.0, 1.0, 0.0), 0.5, 1.0),
        (Bernoulli(0.0), 0.0, 1.0),
        (Bernoulli(1.0), 1.0, math.inf),
        (Gilbert(1.0, 1.0), 0.0, math.inf),
    ],
    ids=repr,
)
def test_corners_are_certain(channel, rate, burst):
    assert (channel.loss_rate, channel.mean_burst_length) == pytest.approx((rate, burst), abs=1e-9)
    lost = 1 - channel.sample(3_000, np.random.default_rng(0))[1_000:].mean()
    assert lost == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
def test_a_long_walk_is_compiled_and_is_the_walk_of_before(channel):
    numbers = np.random.default_rng(3).random(_LONG + 50)
    part = channel.run(numbers[: _LONG - 1])  # in Python
    assert np.array_equal(channel.run(numbers)[: _LONG - 1], part)
    assert np.array_equal(channel.sample(_LONG - 1, np.random.default_rng(3)), part)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: Netem(0.5, 0.8, 0.3), r"p31 \+ p32 must be at most 1, got 0\.8 \+ 0\.3"),
        (lambda: Netem(0.5, 0.8, 0.1, 0.1, 0.6), r"p13 \+ p14 must be at most 1, got 0\.5 \+ 0\.6"),
        (lambda: ThreeState(0.1, 0.8, 0.3, 0.1), r"p21 \+ p23 must be at most 1, got 0\.8 \+ 0\.3"),
        (lambda: Gilbert.from_rates(0.9, 2), "a loss of 0.9 needs a mean burst of at least 9 packets, got 2"),
        (lambda: Gilbert.from_rates(0.5, math.inf), "and one that ends, got inf"),
        (lambda: Gilbert.from_rates(1.0, 5), "a loss of 1 needs a mean burst of at least inf packets, got 5"),
        (lambda: Gilbert.from_rates(1.2, 5), r"loss_rate must lie in \[0, 1\], got 1.2"),
        (lambda: Gilbert.from_rates(0.2, 0.9), "mean_burst must be at least 1 packet, got 0.9"),
        (lambda: Gilbert.from_rates(0.2, math.nan), "mean_burst must be at least 1 packet, got nan"),
        (lambda: Bernoulli.from_rates(0.2, 3), "come in bursts of 1.25, got 3"),
        (lambda: Netem.from_rates(0.2, 3), "do not determine netem, which has the parameters p13, p31"),
    ],
)
def test_what_no_chain_can_do_is_refused_in_one_sentence(make, rule):
    with pytest.raises(ValueError, match=rule) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_rates_at_the_ends_have_their_chain():
    assert Gilbert.from_rates(0.0, 1) == Gilbert(1.0, 0.0)
    assert Gilbert.from_rates(1.0, math.inf) == Gilbert(0.0, 1.0)
    assert Gilbert.from_rates(0.5, 1) == Gilbert(0.0, 0.0)
    assert Gilbert.from_rates(0.03, 4, packet_ms=20).mean_burst_length == pytest.approx(4)
