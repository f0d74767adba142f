"""The channel of a call: the most likely Bernoulli, Gilbert and Gilbert-Elliott, and which of them fits.

The likelihoods are those of channels that start in good, as the paper's does. Bayes' information criterion
(Schwarz 1978) chooses; a chi-square of bursts and gaps says whether the choice explains the call.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit, xlogy

from sercore.channel.bernoulli import Bernoulli
from sercore.channel.elliott_fit import NAMES, ElliottFit, fit_elliott
from sercore.channel.gilbert import Gilbert
from sercore.channel.gilbert_elliott import GilbertElliott
from sercore.channel.goodness import goodness_of_fit
from sercore.channel.intervals import Estimate, binomial_interval, complement, inverse
from sercore.channel.loss_model import LossModel
from sercore.channel.markov import MarkovModel
from sercore.channel.packets import SHORTEST_MS
from sercore.channel.recorded import Recorded
from sercore.trace import Statistics, Trace
from sercore.units import FRAME_MS, SAMPLE_RATE

FEWEST_BURSTS = 20  # with fewer, a mean burst is known to no better than about 40 %, and no law can be told
FITS_FROM = 0.01  # the probability from which on a channel is said to fit
_95 = 1.96


@dataclass(frozen=True)
class ModelFit:
    """The most likely channel of one loss model.

    Args:
        channel: with these parameters.
        parameters: each with its interval, by name.
        loss_rate: of the channel, with its interval.
        mean_burst: the same in packets; None where nothing is lost.
        log_likelihood: of the call, natural logarithm.
        bic: Bayes' information criterion; the lowest is chosen.
        probability: of bursts and gaps as far from the channel's; None if there are too few to tell.
        identified: whether the call tells its parameters apart.
    """

    channel: MarkovModel
    parameters: Mapping[str, Estimate]
    loss_rate: Estimate
    mean_burst: Estimate | None
    log_likelihood: float
    bic: float
    probability: float | None
    identified: bool = True

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return self.probability is None or self.probability >= FITS_FROM


@dataclass(frozen=True)
class CallFit:
    """What is known of a call's channel.

    Args:
        call: what was fitted.
        models: all that could be, from the simplest to the richest.
        chosen: the one of the lowest BIC.
    """

    call: Trace | Statistics
    models: tuple[ModelFit, ...]
    chosen: ModelFit

    @property
    def bursts(self) -> float | None:
        """How often a loss began; None if the call's source does not tell."""
        return _counts(self.call)[2]

    @property
    def channel(self) -> LossModel:
        """What stands for the call: the chosen channel, or the call itself where that one does not fit it."""
        if isinstance(self.call, Trace) and self.tells and not self.chosen.fits:
            return Recorded.of(replace(self.call, packet_ms=self.chosen.channel.packet_ms))
        return self.chosen.channel

    @property
    def loss_rate(self) -> Estimate:
        """The share of packets that were lost, with the interval that the chosen channel gives it."""
        packets, lost, _ = _counts(self.call)
        return Estimate(lost / packets, self.chosen.loss_rate.low, self.chosen.loss_rate.high)

    @property
    def mean_burst(self) -> Estimate | None:
        """The mean burst in packets; None if nothing was lost, or if the call's source does not tell."""
        _, lost, bursts = _counts(self.call)
        if not bursts or self.chosen.mean_burst is None:
            return None
        return Estimate(lost / bursts, self.chosen.mean_burst.low, self.chosen.mean_burst.high)

    @property
    def gilbert(self) -> ModelFit | None:
        """The paper's chain; None if it is not known how losses follow each other."""
        return self.model("gilbert")

    @property
    def tells(self) -> bool:
        """Whether there were enough losses to say how they follow each other."""
        return self.bursts is not None and self.bursts >= FEWEST_BURSTS

    def model(self, name: str) -> ModelFit | None:
        """The fit of a loss model by its name; None if it was not fitted."""
        return next((fit for fit in self.models if name == fit.channel.NAME), None)


def fit_call(call: Trace | Statistics) -> CallFit:
    """Fit the channels that a call's recording can tell apart.

    A trace tells all of them; counts of bursts the first two; counts of losses alone the first.

    Example:
        >>> fit = fit_call(Statistics(packets=1_000, lost=30, bursts=12, packet_ms=20))
        >>> fit.chosen.channel
        Gilbert(p_n=0.987628865979, p_l=0.6, packet_ms=20)
    """
    packets, lost, bursts = _counts(call)
    models = [_bernoulli(call, packets, lost)]
    if bursts is not None and lost > 0:
        models.append(_gilbert(call, packets, lost, bursts))
    if isinstance(call, Trace) and (bursts or 0) >= FEWEST_BURSTS and lost < packets:
        models.append(_elliott(call))
    chosen = min(models, key=lambda fit: fit.bic)
    return CallFit(call, tuple(models), chosen)


def _counts(call: Trace | Statistics) -> tuple[float, float, float | None]:
    """Packets, lost, bursts; no more bursts than losses, and a gap before each."""
    counts = call.statistics if isinstance(call, Trace) else call
    bursts = counts.bursts
    if bursts is not None:
        bursts = min(bursts, counts.lost, counts.packets - counts.lost + 1)
    return counts.packets, counts.lost, bursts


def _bernoulli(call: Trace | Statistics, packets: float, lost: float) -> ModelFit:
    loss = binomial_interval(lost, packets)
    channel = Bernoulli(loss.value, packet_ms=_packet_ms(call))
    burst = inverse(complement(loss)) if lost else None
    likelihood = float(xlogy(lost, loss.value) + xlogy(packets - lost, 1 - loss.value))
    fit = _goodness(call, channel, 1, renewing=True)
    return ModelFit(channel, {"loss": loss}, loss, burst, likelihood, _bic(likelihood, 1, packets), fit)


def _gilbert(call: Trace | Statistics, packets: float, lost: float, bursts: float) -> ModelFit:
    """Closed form: each state was left once a burst, of as many times as packets were of it.

    p_n = 1 - bursts / received, p_l = 1 - bursts / lost: of getStats, 1 - 1/b and 1 - r (1 - p_l) / (1 - r).
    """
    from_n, from_l = max(packets - lost, bursts), lost  # N precedes the call, and follows it
    leaves, returns = binomial_interval(bursts, from_n), binomial_interval(bursts, from_l)
    stays = (round(1 - each.value, 12) for each in (leaves, returns))
    channel = Gilbert(*stays, packet_ms=_packet_ms(call))
    parameters = {"p_n": complement(leaves), "p_l": complement(returns)}
    likelihood = float(
        xlogy(bursts, leaves.value)
        + xlogy(from_n - bursts, 1 - leaves.value)
        + xlogy(bursts, returns.value)
        + xlogy(from_l - bursts, 1 - returns.value)
    )
    rate = _rate(channel, leaves.value, returns.value, from_n, from_l)
    fit = _goodness(call, channel, 2, renewing=True)
    return ModelFit(
        channel, parameters, rate, inverse(returns), likelihood, _bic(likelihood, 2, packets), fit
    )


def _elliott(call: Trace) -> ModelFit:
    found = fit_elliott(call.received)
    values = {name: float(getattr(found, name)) for name in NAMES}
    channel = GilbertElliott(**values, packet_ms=_packet_ms(call))
    parameters = {name: Estimate(values[name], *found.intervals[name]) for name in NAMES}
    rate, burst = _by_delta(found, channel)
    likelihood = found.log_likelihood
    fit = _goodness(call, channel, 4)
    bic = _bic(likelihood, 4, call.packets)
    return ModelFit(channel, parameters, rate, burst, likelihood, bic, fit, found.identified)


def _by_delta(found: ElliottFit, channel: GilbertElliott) -> tuple[Estimate, Estimate]:
    """Loss rate and mean burst with intervals from those of the log odds, by the delta method."""

    def law(odds: np.ndarray) -> np.ndarray:
        near = GilbertElliott(*map(float, expit(odds)))
        return np.array([logit(near.loss_rate), math.log(max(near.mean_burst_length - 1, 1e-9))])

    step = 1e-4
    slopes = np.array([law(found.odds + step * unit) - law(found.odds - step * unit) for unit in np.eye(4)])
    with np.errstate(invalid="ignore"):
        variance = np.einsum("ij,ik,kj->j", slopes, found.covariance, slopes) / (2 * step) ** 2
    errors = np.where(np.isfinite(variance), np.sqrt(np.maximum(variance, 0)), np.inf)
    (rate, burst), spread = law(found.odds), _95 * errors
    rates = Estimate(channel.loss_rate, float(expit(rate - spread[0])), float(expit(rate + spread[0])))
    bursts = (1 + math.exp(min(burst + side * spread[1], 700)) for side in (-1, 1))
    return rates, Estimate(channel.mean_burst_length, *bursts)


def _rate(channel: Gilbert, leaves: float, returns: float, from_n: float, from_l: float) -> Estimate:
    """The loss rate of the chain, whose odds are those of leaving over returning; each varies on its own."""
    if not (0 < channel.loss_rate < 1) or from_l <= 0:
        return Estimate(channel.loss_rate, 0.0 if channel.loss_rate < 1 else channel.loss_rate, 1.0)
    spread = _95 * math.sqrt((1 - leaves) / (from_n * leaves) + (1 - returns) / (from_l * returns))
    low, high = expit(math.log(leaves / returns) + np.array([-spread, spread]))
    return Estimate(channel.loss_rate, float(low), float(high))


def _goodness(
    call: Trace | Statistics, channel: MarkovModel, count: int, *, renewing: bool = False
) -> float | None:
    if isinstance(call, Trace) and 0 < channel.loss_rate < 1:
        return goodness_of_fit(call.received, channel, count, renewing=renewing)
    return None


def _bic(log_likelihood: float, count: int, packets: float) -> float:
    return count * math.log(packets) - 2 * log_likelihood


def _packet_ms(call: Trace | Statistics) -> float:
    """The nearest length of packets that a channel may have: whole samples, 2.5 to 200 ms."""
    step = 1_000 / SAMPLE_RATE
    return min(max(round(call.packet_ms / step) * step, SHORTEST_MS), FRAME_MS)
