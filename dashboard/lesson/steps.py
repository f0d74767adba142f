"""The lesson: six steps, each a question, the student's prediction, what the results say, the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboard.compute.findings import Findings
from dashboard.lesson import evidence
from dashboard.lesson.evidence import Evidence
from sercore.channel.gilbert import Gilbert
from sercore.channel.presets import CALLS, PRESETS
from sercore.units import FRAME_MS

CALL = next(preset for preset in PRESETS if preset.name == "Poor call").channel
BURSTS = Gilbert(0.9, 0.75)


@dataclass(frozen=True)
class Step:
    """One step of the lesson.

    Args:
        title: what it is about.
        question: as Markdown.
        options: what a student may predict.
        channels: buttons that set the channel in hand, by their names; the first is set at the start.
        evidence: what the results say: (findings, partition, score) -> evidence.
        reason: what explains it, whichever way it turns out; as Markdown.
        paper: what the paper found on RECOLA; "" where it says nothing.
        picture: which picture of the results is shown with the answer; "" for none.
        hidden: what the player does not tell before the answer, as ``show_player`` calls it.
    """

    title: str
    question: str
    options: tuple[str, ...]
    channels: dict[str, Gilbert]
    evidence: Callable[[Findings, str, str], Evidence]
    reason: str
    paper: str = ""
    picture: str = ""
    hidden: tuple[str, ...] = ()


def _burst(_findings: Findings, _partition: str, _score: str) -> Evidence:
    frames = BURSTS.mean_burst_length
    words = f"1 / (1 − {BURSTS.p_l:g}) = {frames:g} frames, **{frames * FRAME_MS:.0f} ms**, on average."
    return Evidence(words, 2)


STEPS = (
    Step(
        title="What is a burst?",
        question=(
            "A frame is 200 ms of sound. After a lost frame, the next one is lost with probability "
            f"$p_L$ = {BURSTS.p_l:g}. **How long does a loss last, on average?** Listen first."
        ),
        options=("200 ms", "400 ms", "800 ms", "1.6 s"),
        channels={"This channel": BURSTS, "p_L = 0": Gilbert(0.9, 0.0), "p_L = 0.9": Gilbert(0.9, 0.9)},
        evidence=_burst,
        reason=(
            "After each lost frame a coin decides whether the loss goes on. Waiting for a coin that says "
            "*stop* with probability 1 − $p_L$ takes 1 / (1 − $p_L$) throws. So $p_L$ alone sets how long a "
            "loss lasts, and $p_N$ alone sets how long it stays away. Move $p_L$ and watch the hatched "
            "pieces grow."
        ),
        hidden=("burst",),
    ),
    Step(
        title="Same loss rate, different pain",
        question=(
            "Both channels lose **half** of the frames (Eq. 1): one in many short pieces, one in a few "
            "long ones. Listen to both. **Which one hurts a network more that was trained on clean "
            "speech?**"
        ),
        options=("Long bursts", "Short bursts", "Hardly any difference"),
        channels={"Many short bursts": Gilbert(0.2, 0.2), "Few long bursts": Gilbert(0.9, 0.9)},
        evidence=evidence.burst_length,
        reason=(
            "Two things pull in opposite ways. Each burst leaves one joint where sounds meet that never "
            "were neighbours, and many short bursts leave many joints. But a long burst takes a whole "
            "phrase, and with it the change of mood inside it. To a listener, too, a word with holes and a "
            "lost sentence differ, at one and the same loss rate."
        ),
        picture="bursts",
    ),
    Step(
        title="Mismatched against matched",
        question=(
            "One network was trained on clean speech only (mismatched). Nine others were each trained on "
            "one kind of channel and are used on that kind only (matched). **Which follows arousal better "
            "when frames are lost?**"
        ),
        options=("Matched", "Mismatched", "It depends on the channel"),
        channels={
            "Half lost": Gilbert(0.5, 0.5),
            "Nearly all lost": Gilbert(0.1, 0.9),
            "Little lost": Gilbert(0.95, 0.3),
        },
        evidence=lambda f, p, s: evidence.against(f, "matched", "mismatched", p, s),
        reason=(
            "A network expects what it was trained on. One that met joints and missing pieces in training "
            "can learn to step over them. The price: it saw less of the speech, and where hardly anything "
            "is lost that price is all there is."
        ),
        paper="Matched was best overall; under 50 % loss both were on a par.",
        picture="matched",
    ),
    Step(
        title="Loss as augmentation",
        question=(
            "Matching needs nine networks and a channel that is known beforehand. Instead, take the one "
            "trained on *light* loss (high $p_N$, low $p_L$) and use it **everywhere**. **Better than the "
            "one trained on clean speech?**"
        ),
        options=("Yes, better", "No, worse", "It depends on the channel"),
        channels={
            "Light loss": Gilbert(0.9, 0.2),
            "Half lost": Gilbert(0.5, 0.5),
            "Nearly all lost": Gilbert(0.1, 0.9),
        },
        evidence=lambda f, p, s: evidence.against(f, "augmentation", "mismatched", p, s),
        reason=(
            "Dropping pieces while training shows the same recording in ever new forms, like cropping a "
            "picture. The network cannot lean on any single stretch of sound. If the loss in training is "
            "light, little is paid for it where nothing is lost."
        ),
        paper="Augmentation kept up with matched under 50 % loss and was better than mismatched above.",
        picture="augmentation",
    ),
    Step(
        title="Which knob matters more?",
        question=(
            "$p_N$ says how seldom losses begin, $p_L$ how long they last. Turn both, from the worst to the "
            "best. **Which one moves the score of the network more?**"
        ),
        options=("$p_N$: how seldom losses begin", "$p_L$: how long they last"),
        channels={
            "Both middling": Gilbert(0.5, 0.5),
            "p_N high": Gilbert(0.95, 0.5),
            "p_L low": Gilbert(0.5, 0.05),
        },
        evidence=evidence.channel_parameters,
        reason=(
            "Both raise the loss rate (1 − $p_N$) / (2 − $p_L$ − $p_N$), in mirrored ways: a channel "
            "($p_N$, $p_L$) loses what the channel ($p_L$, $p_N$) keeps. They differ in the pieces: $p_N$ "
            "sets how long the sound stays whole between two holes, $p_L$ how large each hole is. Which of "
            "the two a network minds is a question to the data."
        ),
        picture="knobs",
    ),
    Step(
        title="What a poor call does",
        question=(
            f"Take $p_N$ = {CALL.p_n:g}, $p_L$ = {CALL.p_l:g} as an example of a poor call: 29 % of the "
            "frames are lost, 0.4 s at a time. Listen. **What does it do to the network trained on clean "
            "speech?**"
        ),
        options=("It hardly notices", "It suffers", "It breaks"),
        channels={
            preset.name: preset.channel
            for preset in sorted(PRESETS, key=lambda p: p.channel != CALL)
            if preset.group == CALLS
        },
        evidence=lambda f, p, s: evidence.real_call(f, CALL, p, s),
        reason=(
            "Emotion moves over seconds, words over tenths of a second. A listener who misses a word is "
            "lost; a network that follows the mood still has the rest of the sentence. How far that "
            "carries depends on how much is lost, and on whether a score is asked for while nothing "
            "arrives: compare the two kinds of CCC on *Where it breaks*."
        ),
        picture="calls",
    ),
)


def link(base: str, step: int, hidden: list[str], present: bool, choices: dict[str, str]) -> str:
    """The address that a teacher hands out.

    Args:
        base: where the dashboard is, "http://localhost:8501".
        step: the first step that is shown, from 1.
        hidden: controls that are not shown.
        present: whether type is large.
        choices: what else is chosen.

    Example:
        >>> link("http://lab:8501", 3, ["seed", "setting"], False, {})
        'http://lab:8501/?lesson=3&hide=seed,setting'
    """
    wanted = {"lesson": str(step), **choices}
    if hidden:
        wanted["hide"] = ",".join(hidden)
    if present:
        wanted["present"] = "1"
    return f"{base}/?{urlencode(wanted, safe=',')}"
