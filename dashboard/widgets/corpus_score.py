"""Beside the score of one clip, which is mostly luck: what the committed results say of the same channel."""

from dashboard import state
from dashboard.compute.clips import Clip
from dashboard.compute.findings import read_findings
from dashboard.words.scores import in_words
from sercore.channel.frames import frame_law
from sercore.receiver.drop import Drop
from sercore.report.verdict import place_of


def corpus_words(clip: Clip, setting: str, dimension: str) -> str:
    """The corpus's score without loss and in the channel in hand; "" where the results say nothing of it.

    They are of frames that are cut out, and of no visitor's own audio.
    """
    findings, score = read_findings(), state.score()
    partition = next(iter(findings.partitions), "")
    known = partition and setting in findings.settings(partition) and score in findings.scores(partition)
    if not known or clip.gold is None or state.given() != Drop.NAME:
        return ""
    place = place_of(frame_law(state.channel()))
    ends = ((1.0, 0.0), (place.p_n, place.p_l))
    clean, after = (findings.expected(partition, setting, dimension, score, end) for end in ends)
    return f"whole corpus {in_words(clean)} → {in_words(after)}"
