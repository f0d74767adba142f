"""Fitted channels: closed forms, an independent likelihood, and simulations with known parameters."""

import math
import time

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import expit, logit

from sercore.channel import Bernoulli, Gilbert, GilbertElliott, Netem
from sercore.channel.elliott_fit import _Runs, fit_elliott, log_likelihoods
from sercore.channel.fit import fit_call
from sercore.channel.fit_summary import sentence_of, summary_of
from sercore.channel.goodness import goodness_of_fit
from sercore.channel.intervals import binomial_interval
from sercore.channel.recorded import Recorded
from sercore.trace import Statistics, Trace

GILBERT = Gilbert(0.985, 0.58, packet_ms=20)
ELLIOTT = GilbertElliott(0.01, 0.1, 0.4, 0.999, packet_ms=20)


def call(channel, packets: int, seed: int) -> Trace:
    return Trace(channel.sample(packets, np.random.default_rng(seed)), 20)


def forward(received: np.ndarray, p: float, r: float, h: float, k: float) -> float:
    """The forward algorithm of the textbooks, packet by packet; good precedes the call."""
    moves, arrives = np.array([[1 - p, p], [r, 1 - r]]), np.array([k, h])
    states, total = np.array([1.0, 0.0]), 0.0
    for got in received:
        states = states @ moves * (arrives if got else 1 - arrives)
        total += math.log(states.sum())
        states /= states.sum()
    return total


def test_gilbert_is_the_count_of_transitions():
    trace = Trace(np.array([1, 1, 0, 0, 1, 1, 1, 0, 1, 1], dtype=bool))
    fit = fit_call(trace).gilbert
    steps = list(zip([True, *trace.received[:-1]], trace.received, strict=True))  # N precedes the call
    to = {(a, b): steps.count((a, b)) for a in (True, False) for b in (True, False)}
    assert fit.channel.p_l == pytest.approx(to[False, False] / (to[False, False] + to[False, True]))
    assert fit.channel.p_n == pytest.approx(to[True, True] / (to[True, True] + to[True, False]), abs=0.06)
    assert (fit.channel.p_l, fit.channel.p_n) == (pytest.approx(1 / 3), pytest.approx(5 / 7))


@pytest.mark.parametrize(("rate", "burst"), [(0.03, 2.5), (0.2, 1.5), (0.6, 4.0)])
def test_counts_of_get_stats_give_the_formulas_of_the_field(rate, burst):
    """p_L = 1 - 1/b and p_N = 1 - r (1 - p_L) / (1 - r)."""
    counts = Statistics(packets=10_000, lost=10_000 * rate, bursts=10_000 * rate / burst)
    fit = fit_call(counts).gilbert
    p_l = 1 - 1 / burst
    assert fit.channel.p_l == pytest.approx(p_l)
    assert fit.channel.p_n == pytest.approx(1 - rate * (1 - p_l) / (1 - rate))


def test_the_likelihood_is_that_of_the_forward_algorithm():
    received = ELLIOTT.sample(2_000, np.random.default_rng(1))
    channels = np.array(
        [[0.01, 0.1, 0.4, 0.999], [0.3, 0.2, 0.1, 0.9], [1e-6, 0.5, 0.4, 0.97], [0.5, 0.5, 0.5, 0.5]]
    )
    for states in (received, ~received, received[:1], received[:2], np.zeros(50, bool), np.ones(3_000, bool)):
        ours = log_likelihoods(channels, _Runs.of(states))
        np.testing.assert_allclose(ours, [forward(states, *channel) for channel in channels], rtol=1e-9)


def test_no_other_search_finds_a_likelier_channel():
    """Nelder and Mead's simplex on the forward algorithm, from the truth."""
    received = ELLIOTT.sample(3_000, np.random.default_rng(2))
    found = optimize.minimize(
        lambda odds: -forward(received, *expit(odds)),
        logit([0.01, 0.1, 0.4, 0.999]),
        method="Nelder-Mead",
        options={"maxfev": 400},
    )
    assert fit_elliott(received).log_likelihood >= -found.fun - 1e-3


def test_likelihoods_of_the_simpler_models_are_those_of_their_chains():
    trace = call(GILBERT, 3_000, 3)
    fit = fit_call(trace)
    bernoulli, gilbert, elliott = fit.models
    loss = bernoulli.channel.loss
    assert bernoulli.log_likelihood == pytest.approx(stats.bernoulli(1 - loss).logpmf(trace.received).sum())
    chain = gilbert.channel
    expected = forward(trace.received, 1 - chain.p_n, 1 - chain.p_l, 0, 1)
    assert gilbert.log_likelihood == pytest.approx(expected, abs=1)
    assert elliott.log_likelihood >= gilbert.log_likelihood - 0.1  # it holds the paper's chain


def covered(truth, estimates) -> bool:
    """Of so many intervals of 95 %, how many hold the truth: no fewer than chance leaves (1 in 10,000)."""
    hits = sum(each.low <= truth <= each.high for each in estimates)
    return hits >= stats.binom(len(estimates), 0.95).ppf(1e-4)


def test_intervals_of_gilbert_cover_the_truth():
    fits = [fit_call(call(GILBERT, 5_000, seed).statistics) for seed in range(300)]
    for name in ("p_n", "p_l"):
        assert covered(getattr(GILBERT, name), [fit.gilbert.parameters[name] for fit in fits])
    assert covered(GILBERT.loss_rate, [fit.gilbert.loss_rate for fit in fits])
    assert covered(GILBERT.mean_burst_length, [fit.gilbert.mean_burst for fit in fits])


def test_intervals_of_gilbert_are_no_wider_than_need_be():
    """Nineteen of twenty, not all of them."""
    fits = [fit_call(call(GILBERT, 5_000, seed).statistics).gilbert for seed in range(300)]
    for truth, found in (
        (GILBERT.p_n, [fit.parameters["p_n"] for fit in fits]),
        (GILBERT.loss_rate, [fit.loss_rate for fit in fits]),
    ):
        hits = sum(each.low <= truth <= each.high for each in found)
        assert hits <= stats.binom(len(found), 0.95).ppf(1 - 1e-4)


def test_intervals_of_gilbert_elliott_cover_the_truth():
    fits = [fit_call(call(ELLIOTT, 20_000, seed)).model("gilbert_elliott") for seed in range(40)]
    for name in ("p", "r", "h", "k"):
        assert covered(getattr(ELLIOTT, name), [fit.parameters[name] for fit in fits])
    assert covered(ELLIOTT.loss_rate, [fit.loss_rate for fit in fits])
    assert covered(ELLIOTT.mean_burst_length, [fit.mean_burst for fit in fits])


def test_exact_intervals_of_shares_are_scipys():
    for found, of in ((0, 10), (3, 10), (10, 10), (129, 310)):
        ours = binomial_interval(found, of)
        theirs = stats.binomtest(found, of).proportion_ci(method="exact")
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


@pytest.mark.parametrize("channel", [Bernoulli(0.03), Bernoulli(0.3), GILBERT, Gilbert(0.9, 0.8), ELLIOTT])
def test_the_model_that_drew_a_call_is_chosen_and_fits(channel):
    fits = [fit_call(call(channel, 30_000, seed)) for seed in range(6)]
    assert [fit.chosen.channel.NAME for fit in fits] == [channel.NAME] * 6
    assert sum(fit.chosen.fits for fit in fits) >= 5


def test_a_true_channel_is_seldom_said_not_to_fit():
    fits = [goodness_of_fit(GILBERT.sample(30_000, np.random.default_rng(s)), GILBERT, 0) for s in range(200)]
    assert sum(each < 0.05 for each in fits) <= stats.binom(200, 0.05).ppf(1 - 1e-4)


def test_two_states_are_said_not_to_fit_where_three_are_needed():
    fit = fit_call(call(ELLIOTT, 100_000, 1))
    assert not fit.gilbert.fits
    assert "Gilbert does not fit (p < 0.001)" in sentence_of(fit) or "no model fits" in sentence_of(fit)
    assert fit.channel == (fit.chosen.channel if fit.chosen.fits else Recorded.of(fit.call))
    three = Netem(p13=0.002, p31=0.02, p32=0.3, p23=0.05, p14=0.01)
    assert not fit_call(call(three, 100_000, 1)).gilbert.fits


def test_four_numbers_are_not_told_apart_where_losses_come_one_by_one():
    one = fit_call(call(Bernoulli(0.05), 30_000, 1)).model("gilbert_elliott")
    two = fit_call(call(ELLIOTT, 30_000, 1)).model("gilbert_elliott")
    assert (one.identified, two.identified) == (False, True)


def test_a_call_with_few_bursts_is_too_short_to_tell():
    states = np.ones(1_000, dtype=bool)
    states[50:1_000:100] = False
    fit = fit_call(Trace(states))
    assert not fit.tells
    assert "10 bursts are too few to tell how losses follow each other (20 are needed)" in sentence_of(fit)
    assert summary_of(fit)["fits"] is None


def test_a_call_without_loss_bounds_the_loss_rate():
    """The rule of three: 3.7 / n at 95 %, both sides."""
    fit = fit_call(Trace(np.ones(1_000, dtype=bool)))
    assert sentence_of(fit) == "None of 1,000 packets was lost; the loss rate is at most 0.37 %."
    summary = summary_of(fit)
    assert (summary["p_n"], summary["p_l"], summary["mean_burst"]) == (1, None, None)
    assert summary["intervals"]["p_n"] == [pytest.approx(1 - 0.00368, abs=1e-5), 1]


def test_counts_without_bursts_tell_the_rate_alone():
    fit = fit_call(Statistics(packets=1_000, lost=30))
    assert fit.gilbert is None
    assert "how losses follow each other is not known" in sentence_of(fit)
    assert summary_of(fit)["p_l"] is None


def test_the_summary_is_what_was_counted():
    trace = call(GILBERT, 20_000, 5)
    summary = summary_of(fit_call(trace))
    assert summary["packets"] == 20_000
    assert summary["lost"] == trace.lost
    assert summary["loss_rate"] == trace.loss_rate
    assert summary["mean_burst"] == pytest.approx(trace.burst_lengths.mean())
    assert summary["packet_ms"] == 20
    for name in ("p_n", "p_l", "loss_rate", "mean_burst"):
        low, high = summary["intervals"][name]
        assert low < summary[name] < high


@pytest.mark.parametrize(
    "states", ["1", "0", "11111", "00000", "10", "01", "0001", "1000", "0101" * 20, "0011" * 30]
)
def test_any_call_can_be_fitted_however_short(states):
    fit = fit_call(Trace([each == "1" for each in states]))
    assert 0 <= fit.loss_rate.low <= fit.loss_rate.value <= fit.loss_rate.high <= 1
    assert sentence_of(fit).endswith(".")
    for model in fit.models:
        for each in model.parameters.values():
            assert 0 <= each.low <= each.value + 1e-9
            assert each.value - 1e-9 <= each.high <= 1


@pytest.mark.parametrize("channel", [GILBERT, ELLIOTT, Bernoulli(0.5)])
def test_a_hundred_thousand_packets_are_fitted_within_seconds(channel):
    """Under one second on an idle core; here others may be at work."""
    trace = call(channel, 100_000, 1)
    start = time.process_time()
    fit_call(trace)
    assert time.process_time() - start < 3
