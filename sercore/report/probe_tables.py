"""What a probe found, in tables."""

from collections.abc import Sequence

from sercore.report.markdown import Table
from sercore.report.probe_words import PLANE, RISING, best_at, line_title, name_of, signed, value
from sercore.results.probed import OfGroup, Probed


def summary_table(probed: Probed) -> Table:
    """Every question in a row."""
    rows = []
    for at, asked in enumerate(probed.questions):
        borne = {each.receiver: each.bears for each in probed.receivers if each.question == at}
        rising = best_at(probed, at, RISING)
        most = (
            [f"{value(rising[-1].score)} at {probed.channels[rising[-1].channel].title}"] if rising else [""]
        )
        loss = borne.get(asked.receiver)
        bears = "none" if loss is None else f"{loss:.0%} ({asked.needed or 0:.2f} is needed)"
        rows.append([name_of(asked), value(asked.clean), *most, bears, asked.receiver])
    return ["", "without loss", "with most loss", "bears a loss of", "best receiver"], rows


def channels_table(probed: Probed, question: int) -> Table:
    """Every channel that is not of the plane, with the score behind each receiver."""
    receivers = list(dict.fromkeys(each.receiver for each in probed.at_channels))
    own = probed.questions[question].score == "agreement"
    rows = []
    for number, channel in enumerate(probed.channels):
        if channel.series == PLANE:
            continue
        here = {
            each.receiver: each
            for each in probed.at_channels
            if (each.question, each.channel) == (question, number)
        }
        cells = [
            value(here[name].score) + (f", {here[name].unchanged:.0%} unchanged" if own else "")
            for name in receivers
        ]
        rows.append([channel.title, f"{channel.loss_rate:.1%}", f"{channel.packet_ms:g} ms", *cells])
    return ["channel", "lost", "packets of", *receivers], rows


def receivers_table(probed: Probed, question: int) -> Table:
    """The receivers, best first: mean, how far behind the best, and the loss that is borne."""
    mine = [each for each in probed.receivers if each.question == question]
    mine.sort(key=lambda each: -(each.mean.value if each.mean.value is not None else -9))
    rows = [
        [
            each.receiver,
            value(each.mean),
            "" if each.receiver == probed.questions[question].receiver else signed(each.behind),
            "none" if each.bears is None else f"{each.bears:.0%}",
        ]
        for each in mine
    ]
    return ["receiver", "mean over all channels", "behind the best by", "bears a loss of"], rows


def groups_table(groups: Sequence[OfGroup]) -> Table:
    """Groups of speakers, behind the best receiver."""
    rows = [
        [
            f"{each.column}: {each.group}",
            str(each.recordings),
            value(each.clean),
            signed(each.fall),
            signed(each.harder),
        ]
        for each in groups
    ]
    return ["speakers", "recordings", "without loss", "falls by", "more than the others"], rows


def lines_table(probed: Probed, question: int) -> Table:
    """The ladder of the line."""
    rows = [
        [
            line_title(each.line),
            value(each.score),
            signed(each.fall) if each.fall.value else "",
            value(each.with_loss),
        ]
        for each in probed.lines
        if each.question == question
    ]
    return ["line", "without loss", "falls by", "at 10% lost"], rows
