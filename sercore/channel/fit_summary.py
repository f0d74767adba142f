"""What a fit says, in one sentence for people and as numbers for programs."""

import math
from typing import Any

from sercore.channel.fit import FEWEST_BURSTS, CallFit, ModelFit
from sercore.channel.gilbert import Gilbert
from sercore.channel.intervals import Estimate, binomial_interval, complement
from sercore.channel.loss_model import LossModel
from sercore.channel.registry import CLEAN, channel_key
from sercore.channel.repair import outlook
from sercore.trace import Trace

TITLES = {"bernoulli": "Bernoulli", "gilbert": "Gilbert", "gilbert_elliott": "Gilbert-Elliott"}


def sentence_of(call: CallFit | LossModel) -> str:
    """How much was lost, in what bursts, and which model explains it.

    Example:
        >>> from sercore.channel.fit import fit_call
        >>> from sercore.trace import Statistics
        >>> sentence_of(fit_call(Statistics(packets=10_000, lost=310, bursts=129)))
        '3.1 % of the packets were lost (95 %: 2.5 to 3.8 %), in bursts of 2.4 (48 ms); Gilbert is likeliest.'
        >>> sentence_of(Gilbert(0.99, 0.75, packet_ms=20))
        '3.8 % of the packets are lost, in bursts of 4.0 (80 ms).'
    """
    if not isinstance(call, CallFit):
        return f"{_share(call.loss_rate)} of the packets are lost{_bursts(call.mean_burst_length, call)}."
    rate, burst = call.loss_rate, call.mean_burst
    lost = f"{_share(rate.value)} of the packets were lost ({_interval(rate)})"
    if not rate.value:
        none = f"None of {call.call.packets:,.0f} packets was lost"
        return f"{none}; the loss rate is at most {_share(rate.high)}."
    if burst is None:
        return f"{lost}; how losses follow each other is not known."
    if not call.tells:
        few = f"{call.bursts:.0f} bursts are too few to tell how losses follow each other"
        return f"{lost}; {few} ({FEWEST_BURSTS} are needed)."
    return f"{lost}{_bursts(burst.value, call.chosen.channel)}; {_which(call)}."


def summary_of(call: CallFit | LossModel) -> dict[str, Any]:
    """The same as numbers: what JSON can hold, None where something is not known.

    ``p_n`` and ``p_l`` are those of the paper's chain of packets; ``intervals`` are of 95 %.
    """
    if not isinstance(call, CallFit):
        return _record(call, _chain(call)) | {"packets": None, "lost": None, "bursts": None, "intervals": {}}
    chain = call.gilbert
    intervals = {"loss_rate": call.loss_rate, "mean_burst": call.mean_burst}
    intervals |= chain.parameters if chain else {}
    place = chain.channel if chain else None
    if not call.call.lost:  # the chain never left N, and nothing is known of L
        place, intervals["p_n"] = CLEAN, complement(binomial_interval(0, call.call.packets))
    return _record(call.chosen.channel, place) | {
        "packets": call.call.packets,
        "lost": call.call.lost,
        "bursts": call.bursts,
        "loss_rate": call.loss_rate.value,
        "mean_burst": call.mean_burst.value if call.mean_burst else None,
        "intervals": {
            name: [_finite(each.low), _finite(each.high)] for name, each in intervals.items() if each
        },
        "tells": call.tells,
        "fits": call.chosen.fits if call.tells else None,
        "models": [_model(fit) for fit in call.models],
        "remarks": list(call.call.remarks),
    }


def table_of(fit: CallFit) -> str:
    """All models in aligned lines: parameters with their intervals, BIC, and the probability of the fit."""
    rows = [("model", "parameters [95 %]", "BIC", "fit")]
    for each in fit.models:
        told = [
            f"{n} {_digits(e.value)} [{_digits(e.low)}, {_digits(e.high)}]"
            for n, e in each.parameters.items()
        ]
        test = _probability(each.probability) if each.probability is not None else "-"
        test += "" if each.identified else "; this call does not tell its numbers apart"
        rows.append((TITLES[each.channel.NAME], ", ".join(told), f"{each.bic:,.1f}", test))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in padded)


def outlook_words(trace: Trace) -> list[str]:
    """What ears miss, and a trace of emotion, which waits longer; and what would bring it back."""
    return [
        f"Who waits {each.deadline_ms:g} ms misses {_share(each.missing)}; with a copy in the next packet "
        f"(FEC, RED) {_share(each.with_red)}, in the next two {_share(each.with_two_copies)}, with one "
        f"retransmission (100 ms later) {_share(each.with_retransmission)}."
        for each in outlook(trace.received, trace.delay_ms, packet_ms=trace.packet_ms)
    ]


def gilbert_of(call: CallFit | LossModel) -> Gilbert:
    """The paper's chain of packets for a call.

    Raises:
        ValueError: if there is none, or it is not known how losses follow each other.
    """
    found = call.gilbert.channel if isinstance(call, CallFit) and call.gilbert else None
    if not isinstance(call, CallFit):
        found = _chain(call)
    elif not call.call.lost:
        found = Gilbert(1.0, 0.0, packet_ms=call.chosen.channel.packet_ms)
    if not isinstance(found, Gilbert):
        raise ValueError(
            "the paper's chain needs a loss rate and a mean burst, and the call does not tell both"
        )
    return found


def _which(call: CallFit) -> str:
    """Which model explains the call, and which do not."""
    best, gilbert = call.chosen, call.gilbert
    title = TITLES[best.channel.NAME]
    if best.probability is None:
        return f"{title} is likeliest"
    if not best.fits:
        off = f"{title} is likeliest, but bursts and gaps are not its ({_probability(best.probability)})"
        return f"no model fits: {off}; play the call itself"
    if best.channel.NAME == "gilbert_elliott" and gilbert and not gilbert.fits:
        return f"Gilbert does not fit ({_probability(gilbert.probability)}), {title} does"
    return f"{title} fits"


def _record(channel: LossModel, chain: LossModel | None) -> dict[str, Any]:
    place = chain if isinstance(chain, Gilbert) else None
    return {
        "channel": channel_key(channel),
        "model": channel.NAME,
        "packet_ms": channel.packet_ms,
        "loss_rate": channel.loss_rate,
        "mean_burst": _finite(channel.mean_burst_length) if channel.loss_rate else None,
        "p_n": place.p_n if place else None,
        "p_l": place.p_l if place and channel.loss_rate else None,
    }


def _model(fit: ModelFit) -> dict[str, Any]:
    return {
        "channel": channel_key(fit.channel),
        "model": fit.channel.NAME,
        "parameters": {name: [each.value, each.low, each.high] for name, each in fit.parameters.items()},
        "log_likelihood": fit.log_likelihood,
        "bic": fit.bic,
        "probability": fit.probability,
        "identified": fit.identified,
    }


def _chain(channel: LossModel) -> Gilbert | None:
    """The paper's chain of packets that loses as often and as long; None where there is none."""
    try:
        return Gilbert.from_rates(channel.loss_rate, max(channel.mean_burst_length, 1), channel.packet_ms)
    except ValueError:
        return None


def _bursts(burst: float, channel: LossModel) -> str:
    if not channel.loss_rate:
        return ""
    if math.isinf(burst):
        return ", in a burst that does not end"
    return f", in bursts of {burst:.1f} ({burst * channel.packet_ms:.0f} ms)"


def _interval(share: Estimate) -> str:
    return f"95 %: {_share(share.low).removesuffix(' %')} to {_share(share.high)}"


def _share(value: float) -> str:
    """Per cent with two digits that count.

    Example:
        >>> _share(0.0312), _share(0.00041), _share(0.5)
        ('3.1 %', '0.041 %', '50 %')
    """
    per_cent = 100 * value
    if not 0 < per_cent < 100:
        return f"{per_cent:.0f} %"
    digits = max(0, 1 - math.floor(math.log10(min(per_cent, 100 - per_cent))))
    return f"{per_cent:.{min(digits, 6)}f} %"


def _probability(value: float | None) -> str:
    return "p < 0.001" if value is None or value < 0.001 else f"p = {value:.3f}"


def _digits(value: float) -> str:
    return f"{value:.3g}" if value < 0.99 else f"{value:.5g}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
