"""The lesson, step by step: each a question, the student's prediction, what the results say, the reason."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dashboard.words import on_one_line
from sercore.channel import Gilbert
from sercore.channel.packets import CALL_MS
from sercore.channel.presets import PRESETS

NAMED = {preset.name: preset.channel for preset in PRESETS}
CALL = NAMED["Poor call"]


@dataclass(frozen=True)
class Step:
    """One step of the lesson.

    Args:
        title: what it is about.
        setup: what the question needs, said before it; as Markdown.
        question: in a sentence; as Markdown.
        options: what a student may predict.
        channels: buttons that set the channel in hand, by their names; the first is set at the start.
        answers: which of ``EVIDENCE`` answers it, and which picture of the results is shown with the answer.
        reason: what explains it, whichever way it turns out; as Markdown.
        paper: what the paper found on RECOLA; "" where it says nothing.
        hidden: what the player does not tell before the answer, as ``show_player`` calls it.
        receivers: whether the receiver that the network gets can be chosen.
    """

    title: str
    setup: str
    question: str
    options: tuple[str, ...]
    channels: Mapping[str, Gilbert]
    answers: str
    reason: str
    paper: str = ""
    hidden: tuple[str, ...] = ()
    receivers: bool = False

    @property
    def packet_ms(self) -> int:
        """What is lost at a time."""
        return int(next(iter(self.channels.values())).packet_ms)


def _step(row: Mapping[str, Any]) -> Step:
    """One of ``steps.toml``."""
    texts = ("setup", "question", "reason", "paper")
    parts: dict[str, Any] = {name: on_one_line(row.get(name, "")) for name in texts}
    channels = {name: Gilbert(*pair) for name, pair in row.get("channels", {}).items()}
    channels |= {name: NAMED[name] for name in row.get("presets", ())}
    channels |= {name: Gilbert(*pair, packet_ms=CALL_MS) for name, pair in row.get("calls", {}).items()}
    parts["setup"] = parts["setup"].format(first=next(iter(channels.values())))
    parts |= {name: tuple(row.get(name, ())) for name in ("options", "hidden")}
    parts["receivers"] = row.get("receivers", False)
    return Step(title=row["title"], answers=row["answers"], channels=channels, **parts)


_TEXT = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
STEPS = tuple(map(_step, tomllib.loads(_TEXT)["step"]))
BURSTS: Gilbert = next(iter(STEPS[0].channels.values()))


def steps_there() -> tuple[Step, ...]:
    """The steps that can be taken: the last one once receivers were scored."""
    from dashboard.compute.remedies import read_remedies  # noqa: PLC0415 (with pandas, which takes a while)

    return STEPS if len(read_remedies().advice) else tuple(s for s in STEPS if s.answers != "remedy")


def link(base: str, step: int, hidden: list[str], present: bool, choices: dict[str, str]) -> str:
    """The address that a teacher hands out: which step opens (from 1), what is hidden, whether type is large.

    Example:
        >>> link("http://lab:8501", 3, ["seed", "setting"], False, {})
        'http://lab:8501/?lesson=3&hide=seed,setting'
    """
    wanted = {"lesson": step, **choices, "hide": ",".join(hidden), "present": "1" if present else ""}
    return f"{base}/?{urlencode({name: value for name, value in wanted.items() if value}, safe=',')}"
