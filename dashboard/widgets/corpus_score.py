"""Beside the score of one clip, which is mostly luck: what the committed results say of the same channel."""

from dashboard import state
from dashboard.compute import warm_up
from dashboard.compute.clips import Clip
from dashboard.words.scores import in_words
from sercore.channel import Gilbert
from sercore.channel.frames import frame_law
from sercore.receiver.drop import Drop


def corpus_words(clip: Clip, setting: str, dimension: str) -> str:
    """The corpus's score without loss and in the channel in hand; "" where the results say nothing of it.

    They are of frames that are cut out, and of no visitor's own audio. As a server starts they are read
    after the first prediction; till then nothing is said.
    """
    if clip.gold is None or state.given() != Drop.NAME or not warm_up.RESULTS.is_set():
        return ""
    from dashboard.compute.findings import read_findings  # noqa: PLC0415 (with pandas, which takes a while)

    findings, score = read_findings(), state.score()
    partition = next(iter(findings.partitions), "")
    known = partition and setting in findings.settings(partition) and score in findings.scores(partition)
    if not known:
        return ""
    place = Gilbert.of_frames(frame_law(state.channel()))
    ends = ((1.0, 0.0), (place.p_n, place.p_l))
    clean, after = (findings.expected(partition, setting, dimension, score, end) for end in ends)
    return f"whole corpus {in_words(clean)} → {in_words(after)}"
