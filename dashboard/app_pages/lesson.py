"""Six short steps that a person who never read the paper can take alone."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import player, state
from dashboard.charts.heatmaps import ccc_heatmap, difference_heatmap
from dashboard.charts.plane import ring
from dashboard.compute.findings import Findings, read_findings
from dashboard.door import class_code, opening
from dashboard.lesson import evidence
from dashboard.lesson.evidence import Evidence
from dashboard.lesson.steps import STEPS, Step, link
from dashboard.lesson.trainings import DIMENSION
from dashboard.widgets import controls
from dashboard.widgets.chart import drawn, show_chart
from dashboard.widgets.turn_to import turn_to
from dashboard.words import PROSE
from dashboard.words.scores import by_setting
from sercore.channel import Gilbert
from sercore.channel.presets import CALLS, PRESETS
from sercore.report.curves import lines_by_setting
from sercore.report.looks import setting_title
from sercore.units import FRAME_MS

KEPT_IN_LINKS = ("p_n", "p_l", "score", "seed", "clip", "start", "length", "heard")


def page() -> None:
    """The step in hand: question, prediction, answer, reason."""
    number = int(st.session_state["lesson"] or 1)
    st.session_state["lesson"] = number
    step = STEPS[number - 1]
    _begin(number, step)
    with st.container(key="question"):
        st.title(step.title)
        st.progress(number / len(STEPS), f"Step {number} of {len(STEPS)}")
        st.markdown(step.question)
    predicted = _prediction(number, step)
    if predicted is not None:  # under the prediction, where one looks; the player comes after
        _reveal(number, step, predicted)
    turn_to(st.session_state["turned_to"], number)
    clip = controls.clip_in_hand()
    if clip is not None:
        _channels(step)
        untold = step.hidden if predicted is None else ()
        player.show_player(clip, hidden=("presets", "given", *untold))
        player.send_sound(clip)
    _move(number)
    _for_teachers(number)


def _begin(number: int, step: Step) -> None:
    """A step that is entered sets its first channel; a link that names a channel keeps it."""
    if st.session_state.get("lesson_begun") != number:
        linked = "lesson_begun" not in st.session_state and st.session_state["linked_channel"]
        st.session_state["lesson_begun"], st.session_state["turned_to"] = number, "question"
        if not linked:
            state.set_channel(next(iter(step.channels.values())))


def _prediction(number: int, step: Step) -> int | None:
    """What the student thinks; None until it is said."""
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        options, before = range(len(step.options)), st.session_state.get(f"predicted {number}")
        label, title = "Your prediction, before you see the answer", step.options.__getitem__
        chosen = st.radio(label, options, before, title, f"prediction {number}", horizontal=True)
        told = st.session_state.get(f"revealed {number}", False)
        look: dict[str, Any] = {"type": "primary", "icon": ":material/visibility:", "on_click": _tell}
        place = st.empty()  # a button that a run leaves out would stay to its end
        if not told:
            place.button("Reveal", key=f"reveal {number}", disabled=chosen is None, args=(number,), **look)
    if chosen is not None:
        st.session_state[f"predicted {number}"] = chosen
    return chosen if told else None


def _tell(number: int) -> None:
    st.session_state[f"revealed {number}"], st.session_state["turned_to"] = True, "verdict"


def _channels(step: Step) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, channel in step.channels.items():
            look: dict[str, Any] = {"type": "primary" if channel == state.channel() else "secondary"}
            look |= {"help": f"$p_N$ = {channel.p_n:g}, $p_L$ = {channel.p_l:g}", "key": f"channel {name}"}
            st.button(name, on_click=state.set_channel, args=(channel,), **look)


def _reveal(number: int, step: Step, predicted: int) -> None:
    """What the results say, with their picture, and why it may be so."""
    findings = read_findings()
    partition = (findings.partitions or ["test"])[0]
    told = step.evidence(findings, partition, state.score())
    with st.container(border=True):
        with st.container(key="verdict"):
            st.subheader("What the results say" if number > 1 else "The answer")
            _verdict(step, predicted, told)
        st.markdown(told.words)
        if number > 1 and findings.partitions:
            score = state.SCORES[state.score()].lower()
            source = PROSE["lesson"]["source"]
            st.caption(source.format(corpus=findings.corpus, partition=partition, score=score))
        if step.answers in PICTURES and findings.partitions:
            PICTURES[step.answers](findings, partition)
        if step.paper:
            st.markdown(f":material/article: **The paper, on RECOLA:** {step.paper}")
        st.markdown(f":material/lightbulb: **Why?** {step.reason}")


def _verdict(step: Step, predicted: int, told: Evidence) -> None:
    if told.answer is None:
        words, show, icon = "These results cannot decide it.", st.info, "help"
    elif told.answer == predicted:
        words = "These results say so, too." if told.caveat else "So it is."
        show, icon = st.success, "check_circle"
    else:
        words = f"{'These results say' if told.caveat else 'Here it is'}: {step.options[told.answer]}."
        show, icon = st.warning, "cancel"
    said = f"You said: {step.options[predicted]}. {words} {told.caveat}"
    show(said.strip(), icon=f":material/{icon}:")


def _bursts(findings: Findings, partition: str) -> None:
    tables = {}
    for setting in findings.settings(partition):
        cells = findings.cells(partition, setting, DIMENSION, state.score()).dropna(subset="ccc")
        half = cells[cells["loss_rate"].between(*evidence.HALF_LOST) & (cells["p_l"] < 1)]
        channels = (Gilbert(row.p_n, row.p_l) for row in half.itertuples())
        half = half.assign(burst=[round(c.mean_burst_length * FRAME_MS / 1000, 2) for c in channels])
        tables[setting] = half.groupby("burst", as_index=False).agg(mean=("ccc", "mean"))
    x_title = "mean burst (s), in channels that lose about half"
    figure = lines_by_setting(tables, "burst", x_title, f"CCC of {DIMENSION}", height=320)

    def in_words(table: pd.DataFrame) -> str:
        (burst, ccc), (last_burst, last_ccc) = table[["burst", "mean"]].iloc[[0, -1]].to_numpy()
        return f"from {ccc:.2f} at {burst:.1f} s to {last_ccc:.2f} at {last_burst:.1f} s"

    said = by_setting({name: table for name, table in tables.items() if len(table)}, in_words)
    show_chart(figure, "bursts", f"CCC against the length of bursts: {said}.")


def _difference(better: str, findings: Findings, partition: str) -> None:
    if not {better, "mismatched"} <= set(findings.settings(partition)):
        return
    table = findings.difference(better, "mismatched", partition, DIMENSION, state.score())
    largest = max(0.05, float(table["difference"].abs().max()))
    title = f"{DIMENSION.capitalize()}: {setting_title(better)} minus mismatched"
    make = partial(difference_heatmap, table, title=title, largest=largest)
    figure = drawn(make, findings.stamp, "lesson", better, partition, state.score())
    alt = f"{title}: {table['difference'].mean():+.2f} on average."
    show_chart(figure.and_also(*ring(state.channel())), f"lesson {better}", alt)
    purple = setting_title(better).lower()
    st.caption(f"Purple: {purple} is better. Outlined: the 95 % interval excludes zero.")


def _knobs(findings: Findings, partition: str) -> None:
    score, settings = state.score(), findings.settings(partition)
    cells = {setting: findings.cells(partition, setting, DIMENSION, score) for setting in settings}
    knobs = {"p_n": ("N", "received"), "p_l": ("L", "lost")}
    along = {name: {s: evidence.marginal(table, name) for s, table in cells.items()} for name in knobs}
    highest = max((t["mean"].max() for tables in along.values() for t in tables.values()), default=1.0)
    for column, (name, (letter, stay)) in zip(st.columns(2), knobs.items(), strict=True):
        title = f"p<sub>{letter}</sub>: probability to stay {stay}"
        figure = lines_by_setting(along[name], name, title, f"CCC of {DIMENSION}", height=320)
        figure.update_yaxes(range=[0, max(0.1, highest * 1.1)])  # one scale for both
        said = by_setting(along[name], lambda t: f"{t['mean'].min():.2f} to {t['mean'].max():.2f}")
        show_chart(figure, f"knob {name}", f"CCC against {name}: {said}.", where=column)


def _calls(findings: Findings, partition: str) -> None:
    settings = findings.settings(partition)
    setting = "mismatched" if "mismatched" in settings else settings[0]
    cells = findings.cells(partition, setting, DIMENSION, state.score())
    highest = max(0.1, float(cells["ccc"].max()))
    title = f"{DIMENSION.capitalize()}, {setting_title(setting)}; the dots are examples of calls"
    make = partial(ccc_heatmap, cells, title=title, highest=highest)
    figure = drawn(make, findings.stamp, "lesson calls", partition, state.score())
    names, channels = zip(*((p.name, p.channel) for p in PRESETS if p.group == CALLS), strict=True)
    dot = {"size": 10, "color": "#FFFFFF", "line": {"width": 2, "color": "#000000"}}
    dots = {"type": "scatter", "mode": "markers", "marker": dot, "hovertext": names, "hoverinfo": "text"}
    dots |= {"x": [c.p_n for c in channels], "y": [c.p_l for c in channels]}
    figure = figure.and_also(*ring(state.channel()), dots)
    show_chart(figure, "calls", f"{title}: CCC {cells['ccc'].min():.2f} to {highest:.2f}.")


PICTURES: dict[str, Callable[[Findings, str], None]] = {
    "bursts": _bursts,
    "matched": partial(_difference, "matched"),
    "augmentation": partial(_difference, "augmentation"),
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
        on.markdown(PROSE["lesson"]["last"])


def _go(number: int) -> None:
    st.session_state["lesson"] = number


def _for_teachers(number: int) -> None:
    state.remember()
    if "teacher" in state.hidden():
        return
    with st.expander("For teachers: a link that opens here"):
        names, title = list(state.HIDEABLE), state.HIDEABLE.__getitem__
        hidden = st.multiselect("Hide from students", names, format_func=title, key="link_hide")
        present = st.toggle("Large type for a projector", key="present")
        choices = {name: value for name, value in st.query_params.items() if name in KEPT_IN_LINKS}
        base = opening.address_of_the_class(st.context.url)
        address = link(base, number, hidden, present, choices | {"code": class_code.code_for_links()})
        st.code(address, language=None, wrap_lines=True)
        if opening.is_for_this_machine(base):
            st.caption(PROSE["lesson"]["this_machine"])
        else:
            st.image(opening.qr_code(address), PROSE["lesson"]["qr_code"], width=240)


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
