"""What a probe found, in sentences."""

from collections.abc import Sequence

from sercore.line import LINES, line_named
from sercore.line.registry import names_line
from sercore.results.probed import SCORES, Asked, AtChannel, Interval, OfGroup, OnLine, Probed

RISING, PLANE = "rising loss", "plane"


def sentences(probed: Probed) -> list[str]:
    """What was probed, and what was found."""
    minutes = probed.seconds / 60
    first = f"{probed.model} on {probed.recordings}: {probed.count} recordings, {minutes:.3g} minutes."
    return [first, *(each for at in range(len(probed.questions)) for each in findings(probed, at))]


def findings(probed: Probed, at: int) -> list[str]:
    """What was found on one question, one sentence each."""
    if probed.questions[at].clean.value is None:
        return [_falls(probed, at)]
    found = [_falls(probed, at), _bears(probed, at), _best(probed, at), *_harder(probed, at)]
    found.append(_of_lines([each for each in probed.lines if each.question == at]))
    return [each for each in found if each]


def name_of(asked: Asked) -> str:
    """A question's name.

    Example:
        >>> name_of(Asked("CCC", "arousal", 0.0, 4, Interval(0.7), 0.63, "drop"))
        'CCC of arousal'
    """
    if asked.score == "agreement":
        return f"Agreement of {asked.of} with itself"
    return f"{asked.score} of {asked.of}"


def value(found: Interval) -> str:
    """A score with its interval.

    Example:
        >>> value(Interval(0.7, 0.61, 0.78)), value(Interval(0.7)), value(Interval())
        ('0.70 [0.61, 0.78]', '0.70', 'not defined')
    """
    if found.value is None:
        return "not defined"
    return f"{found.value:.2f}" + ("" if found.low is None else f" [{found.low:.2f}, {found.high:.2f}]")


def signed(found: Interval) -> str:
    """A difference with its interval.

    Example:
        >>> signed(Interval(0.1, -0.02, 0.2))
        '+0.10 [-0.02, +0.20]'
    """
    if found.value is None:
        return "not defined"
    ends = "" if found.low is None else f" [{found.low:+.2f}, {found.high:+.2f}]"
    return f"{found.value:+.2f}{ends}"


def best_at(probed: Probed, question: int, series: str) -> list[AtChannel]:
    """The best receiver's scores of one question over a series of channels."""
    receiver = probed.questions[question].receiver
    return [
        each
        for each in probed.at_channels
        if each.question == question
        and each.receiver == receiver
        and probed.channels[each.channel].series == series
    ]


def _falls(probed: Probed, at: int) -> str:
    asked = probed.questions[at]
    if asked.clean.value is None:
        return f"{name_of(asked)} is not defined on {asked.recordings} recordings."
    rising = best_at(probed, at, RISING)
    some = {round(place * (len(rising) - 1)) for place in (0.5, 1)} if rising else ()
    later = [
        f"{_score(rising[place])} at {probed.channels[rising[place].channel].title}" for place in sorted(some)
    ]
    behind = f" (receiver {asked.receiver})" if later else ""
    return f"{'; '.join([f'{name_of(asked)}: {value(asked.clean)} without loss', *later])}{behind}."


def _score(found: AtChannel) -> str:
    same = "" if found.unchanged is None else f" ({found.unchanged:.0%} of it unchanged)"
    return f"{value(found.score)}{same}"


def _bears(probed: Probed, at: int) -> str:
    asked = probed.questions[at]
    if asked.needed is None or not any(each.series in (RISING, PLANE) for each in probed.channels):
        return ""
    borne = {each.receiver: each.bears for each in probed.receivers if each.question == at}
    loss = borne.get(asked.receiver)
    words = "not even the least loss that was tried" if loss is None else f"a loss of {loss:.0%}"
    return f"It bears {words}, if {asked.needed:.2f} is needed: nine tenths of what it has above chance."


def _best(probed: Probed, at: int) -> str:
    mine = [each for each in probed.receivers if each.question == at]
    others = [
        each
        for each in mine
        if each.receiver != probed.questions[at].receiver and each.behind.value is not None
    ]
    if not others:
        return ""
    near = min(others, key=lambda each: each.behind.value or 0.0)
    told = "ahead of" if near.behind.is_above else "but chance may explain its lead over"
    best = probed.questions[at].receiver
    return f"Its best receiver is {best}, {told} {near.receiver} ({signed(near.behind)})."


def _harder(probed: Probed, at: int) -> list[str]:
    mine = [each for each in probed.groups if each.question == at]
    hit = [each for each in mine if each.harder.is_above]
    if hit or not mine:
        return [_hit(each) for each in hit]
    columns = ", ".join(dict.fromkeys(each.column for each in mine))
    if all(each.harder.low is None for each in mine):
        return [f"Whether loss hits a group of speakers ({columns}) harder, so few recordings cannot tell."]
    return [f"No group of speakers ({columns}) is hit harder than chance explains."]


def _hit(group: OfGroup) -> str:
    more = f"it falls by {signed(group.harder)} more than for the others"
    return f"Loss hits {group.column} {group.group} harder: {more}."


def _of_lines(lines: Sequence[OnLine]) -> str:
    taken = [f"{line_title(each.line)} {signed(each.fall)}" for each in lines if each.fall.is_above]
    if taken:
        return f"Before any packet is lost, the line alone takes: {'; '.join(taken)}."
    return "No line that was tried takes more than chance explains, before a packet is lost." if lines else ""


def line_title(receiver: str) -> str:
    """What a rung's line is called.

    Example:
        >>> line_title("g711+pitch"), line_title("opus-8"), line_title("pitch")
        ('G.711, μ-law', 'Opus, 8 kbit/s', 'Full band')
    """
    line, plus, _ = receiver.partition("+")
    return line_named(line).TITLE if plus or names_line(line) else LINES["full"].TITLE


def how_scored(probed: Probed) -> list[str]:
    """What the numbers rest on."""
    kinds = dict.fromkeys(each.score for each in probed.questions)
    own = (
        "Unchanged is the share of frames within .05 on a scale from -1 to 1. "
        if "agreement" in kinds
        else ""
    )
    draws = f"{probed.loss_seeds} draw{'s' * (probed.loss_seeds > 1)} of the losses a channel"
    few = f" {probed.count} recordings say little of others." if probed.count < 10 else ""
    return [
        "Scores: " + "; ".join(SCORES[each] for each in kinds) + ".",
        f"{own}Courses are scored at every moment; where packets are cut out, the last prediction holds.",
        f"{draws}; in brackets 95 % intervals from a bootstrap over recordings.{few}",
        "The loss that is borne: the largest up to which 19 of 20 channels, of those that lose as much or up "
        "to ten points less, keep nine tenths of what the model has above chance without loss.",
        probed.scale,
    ]
