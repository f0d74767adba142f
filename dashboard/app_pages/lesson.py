"""Six short steps that a person who never read the paper can take alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from dashboard import player, state
from dashboard.charts.heatmaps import ccc_heatmap, difference_heatmap
from dashboard.charts.palette import palette_for
from dashboard.compute.findings import read_findings
from dashboard.lesson.evidence import DIMENSION
from dashboard.lesson.steps import STEPS, Step, evidence, link
from dashboard.widgets import controls
from dashboard.widgets.chart import show_chart
from sercore.channel.presets import CALLS, PRESETS
from sercore.report.curves import lines_by_setting
from sercore.report.looks import setting_title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.compute.clips import Clip
    from dashboard.compute.findings import Findings
    from dashboard.lesson.evidence import Evidence


def page() -> None:
    """The step in hand: question, prediction, answer, reason."""
    number = int(st.session_state["lesson"] or 1)
    st.session_state["lesson"] = number
    step = STEPS[number - 1]
    _begin(number, step)
    st.title(step.title)
    st.progress(number / len(STEPS), f"Step {number} of {len(STEPS)}")
    st.markdown(step.question)
    predicted = _prediction(number, step)
    clip = controls.clip_in_hand()
    if clip is not None:
        _channels(step)
        _listen(clip, () if predicted is not None else step.hidden)
        player.send_sound(clip)
    if predicted is not None:
        _reveal(number, step, predicted)
    _move(number)
    _for_teachers(number)


def _begin(number: int, step: Step) -> None:
    """A step that is entered sets its first channel; a link that names a channel keeps it."""
    if st.session_state.get("lesson_begun") != number:
        linked = "lesson_begun" not in st.session_state and st.session_state["linked_channel"]
        st.session_state["lesson_begun"] = number
        if not linked:
            first = next(iter(step.channels.values()))
            state.set_channel(first.p_n, first.p_l)


def _prediction(number: int, step: Step) -> int | None:
    """What the student thinks; None until it is said."""
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        chosen = st.radio(
            "Your prediction, before you see the answer", range(len(step.options)),
            index=st.session_state.get(f"predicted {number}"),
            format_func=step.options.__getitem__, key=f"prediction {number}", horizontal=True,
        )  # fmt: skip
        told = st.session_state.get(f"revealed {number}", False)
        if not told and st.button(
            "Reveal",
            type="primary",
            disabled=chosen is None,
            icon=":material/visibility:",
            key=f"reveal {number}",
        ):
            st.session_state[f"revealed {number}"] = told = True
    if chosen is not None:
        st.session_state[f"predicted {number}"] = chosen
    return chosen if told else None


def _channels(step: Step) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, channel in step.channels.items():
            chosen = channel == state.channel()
            st.button(
                name, key=f"channel {name}", on_click=state.set_channel, args=(channel.p_n, channel.p_l),
                type="primary" if chosen else "secondary",
                help=f"p_N = {channel.p_n:g}, p_L = {channel.p_l:g}",
            )  # fmt: skip


def _listen(clip: Clip, untold: Iterable[str]) -> None:
    hidden = {*st.session_state["hide"].split(","), "presets", "given", *untold}
    player.show_player(
        clip, state.channel(), palette_for(st.context.theme.type), seed=int(st.session_state["seed"]),
        heard=st.session_state["heard"], given=st.session_state["given"], on_choice=player.take_choice,
        hidden=sorted(hidden),
    )  # fmt: skip


def _reveal(number: int, step: Step, predicted: int) -> None:
    """What the results say, with their picture, and why it may be so."""
    findings = read_findings()
    partition = (findings.partitions or ["test"])[0]
    told = step.evidence(findings, partition, st.session_state["score"])
    with st.container(border=True):
        st.subheader("What the results say" if number > 1 else "The answer")
        _verdict(step, predicted, told)
        st.markdown(told.words)
        if number > 1 and findings.partitions:
            st.caption(
                f"Computed from the results in this repository: {findings.corpus} corpus, {partition} "
                f"partition, CCC over {state.SCORES[st.session_state['score']].lower()}."
            )
        if step.picture and findings.partitions:
            PICTURES[step.picture](findings, partition)
        if step.paper:
            st.markdown(f":material/article: **The paper, on RECOLA:** {step.paper}")
        st.markdown(f":material/lightbulb: **Why?** {step.reason}")


def _verdict(step: Step, predicted: int, told: Evidence) -> None:
    said = step.options[predicted]
    if told.answer is None:
        words, show, icon = "These results cannot decide it.", st.info, ":material/help:"
    elif told.answer == predicted:
        words = "These results say so, too." if told.caveat else "So it is."
        show, icon = st.success, ":material/check_circle:"
    else:
        words = f"{'These results say' if told.caveat else 'Here it is'}: {step.options[told.answer]}."
        show, icon = st.warning, ":material/cancel:"
    show(f"You said: {said}. {words} {told.caveat}".strip(), icon=icon)


def _bursts(findings: Findings, partition: str) -> None:
    score = st.session_state["score"]
    tables = {}
    for setting in findings.settings(partition):
        cells = findings.cells(partition, setting, DIMENSION, score).dropna(subset="ccc")
        half = cells[cells["loss_rate"].between(*evidence.HALF_LOST) & (cells["p_l"] < 1)]
        half = half.assign(burst=(0.2 / (1 - half["p_l"])).round(2))
        tables[setting] = half.groupby("burst", as_index=False).agg(mean=("ccc", "mean"))
    figure = lines_by_setting(
        tables, "burst", "mean burst (s), in channels that lose about half", f"CCC of {DIMENSION}", height=320
    )
    said = [
        f"{setting_title(s)} from {t['mean'].iloc[0]:.2f} at {t['burst'].iloc[0]:.1f} s to "
        f"{t['mean'].iloc[-1]:.2f} at {t['burst'].iloc[-1]:.1f} s"
        for s, t in tables.items()
        if len(t)
    ]
    show_chart(figure, "bursts", f"CCC against the length of bursts: {'; '.join(said)}.")


def _difference(better: str) -> None:
    def draw(findings: Findings, partition: str) -> None:
        if better not in findings.settings(partition) or "mismatched" not in findings.settings(partition):
            return
        table = findings.difference(better, "mismatched", partition, DIMENSION, st.session_state["score"])
        largest = max(0.05, float(table["difference"].abs().max()))
        title = f"{DIMENSION.capitalize()}: {setting_title(better)} minus mismatched"
        colours = palette_for(st.context.theme.type)
        figure = difference_heatmap(table, state.channel(), colours, title=title, largest=largest)
        show_chart(figure, f"lesson {better}", f"{title}: {table['difference'].mean():+.2f} on average.")
        st.caption(
            f"Purple: {setting_title(better).lower()} is better. Outlined: the 95 % interval excludes zero."
        )

    return draw


def _knobs(findings: Findings, partition: str) -> None:
    score = st.session_state["score"]
    titles = {
        "p_n": "p<sub>N</sub>: probability to stay received",
        "p_l": "p<sub>L</sub>: probability to stay lost",
    }
    along = {
        name: {
            setting: evidence.marginal(findings.cells(partition, setting, DIMENSION, score), name)
            for setting in findings.settings(partition)
        }
        for name in titles
    }
    highest = max((t["mean"].max() for tables in along.values() for t in tables.values()), default=1.0)
    for column, (name, title) in zip(st.columns(2), titles.items(), strict=True):
        figure = lines_by_setting(along[name], name, title, f"CCC of {DIMENSION}", height=320)
        figure.update_yaxes(range=[0, max(0.1, highest * 1.1)])  # one scale for both
        said = [
            f"{setting_title(s)} {t['mean'].min():.2f} to {t['mean'].max():.2f}"
            for s, t in along[name].items()
        ]
        show_chart(figure, f"knob {name}", f"CCC against {name}: {'; '.join(said)}.", where=column)


def _calls(findings: Findings, partition: str) -> None:
    setting = (
        "mismatched" if "mismatched" in findings.settings(partition) else findings.settings(partition)[0]
    )
    cells = findings.cells(partition, setting, DIMENSION, st.session_state["score"])
    highest = max(0.1, float(cells["ccc"].max()))
    title = f"{DIMENSION.capitalize()}, {setting_title(setting)}; the dots are examples of calls"
    figure = ccc_heatmap(
        cells, state.channel(), palette_for(st.context.theme.type), title=title, highest=highest
    )
    calls = [preset for preset in PRESETS if preset.group == CALLS]
    figure.add_scatter(
        x=[c.channel.p_n for c in calls], y=[c.channel.p_l for c in calls], mode="markers", hoverinfo="text",
        hovertext=[c.name for c in calls],
        marker={"size": 10, "color": "#FFFFFF", "line": {"width": 2, "color": "#000000"}},
    )  # fmt: skip
    show_chart(figure, "calls", f"{title}: CCC {cells['ccc'].min():.2f} to {highest:.2f}.")


PICTURES = {
    "bursts": _bursts,
    "matched": _difference("matched"),
    "augmentation": _difference("augmentation"),
    "knobs": _knobs,
    "calls": _calls,
}


def _move(number: int) -> None:
    back, on = st.columns(2)
    if number > 1:
        back.button("Back", icon=":material/arrow_back:", on_click=_go, args=(number - 1,), key="step back")
    if number < len(STEPS):
        label = f"Next: {STEPS[number].title}"
        on.button(label, icon=":material/arrow_forward:", on_click=_go, args=(number + 1,), key="step on")
    else:
        on.markdown("That was the lesson. *Your plane* does it all for a recording of your own voice.")


def _go(number: int) -> None:
    st.session_state["lesson"] = number


def _for_teachers(number: int) -> None:
    state.remember()
    with st.expander("For teachers: a link that opens here"):
        hidden = st.multiselect(
            "Hide from students",
            list(state.HIDEABLE),
            format_func=state.HIDEABLE.__getitem__,
            key="link_hide",
        )
        present = st.toggle("Large type for a projector", key="present")
        parts = urlsplit(st.context.url or "http://localhost:8501")
        keep = ("p_n", "p_l", "score", "seed", "clip", "start", "length", "heard")
        choices = {name: value for name, value in st.query_params.items() if name in keep}
        st.code(link(f"{parts.scheme}://{parts.netloc}", number, hidden, present, choices), language=None)


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
