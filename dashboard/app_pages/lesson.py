"""Short steps that a person who never read the paper can take alone."""

from typing import Any

import streamlit as st

from dashboard import player, state
from dashboard.compute import networks
from dashboard.compute.clips import Clip
from dashboard.compute.findings import read_findings
from dashboard.door import class_code, opening
from dashboard.lesson.answers import evidence_of
from dashboard.lesson.evidence import Evidence
from dashboard.lesson.handout import handout
from dashboard.lesson.steps import Step, link, steps_there
from dashboard.widgets import controls, poll
from dashboard.widgets.ask import ask
from dashboard.widgets.lesson_pictures import show_picture
from dashboard.widgets.prose import say
from dashboard.widgets.turn_to import turn_to
from dashboard.words import PROSE
from dashboard.words.scores import in_words, spread_in_words
from sercore.report.looks import setting_title
from sercore.units import LABEL_RATE

KEPT_IN_LINKS = ("p_n", "p_l", "score", "seed", "clip", "start", "length", "heard")


def page() -> None:
    """The step in hand: question, prediction, answer, reason, on one screen; then what there is to hear."""
    if st.session_state["handout"]:
        _hand_out()
        return
    number = int(st.session_state["lesson"] or 1)
    st.session_state["lesson"] = number
    steps = steps_there()
    step = steps[number - 1]
    _begin(number, step)
    predicted = st.session_state.get(f"predicted {number}")
    is_told = predicted is not None and bool(st.session_state.get(f"revealed {number}"))
    said = ""
    with st.container(key="lesson", gap="small"):
        with st.container(key="question", gap="small"):
            st.title(step.title)
            st.caption(f"Step {number} of {len(steps)}")
            if not is_told:
                say(step.setup)
            say(f"**{step.question}**")
        if predicted is not None and is_told:
            said = _answer(number, step, predicted)
        else:
            _prediction(number, step)
    turn_to(st.session_state["turned_to"], number, top="question", say=said)
    clip = controls.clip_in_hand()
    if clip is not None:
        _channels(step)
        usual = ("presets", *(() if step.receivers else ("given",)))
        player.show_player(clip, hidden=(*usual, *(() if is_told else step.hidden)))
        player.send_sound(clip)
        if step.receivers:
            player.send_concealed(clip)
        if is_told and step.answers == "calls":
            _luck_of(clip)
    if not is_told:
        _move(number)
    _for_teachers(number)


def _begin(number: int, step: Step) -> None:
    """A step that is entered sets its first channel; a link that names a channel keeps it."""
    if st.session_state.get("lesson_begun") != number:
        linked = "lesson_begun" not in st.session_state and st.session_state["linked_channel"]
        st.session_state["lesson_begun"], st.session_state["turned_to"] = number, "question"
        if not linked:
            state.set_channel(next(iter(step.channels.values())))


def _prediction(number: int, step: Step) -> None:
    """What the student thinks, and a button that asks for the answer."""
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        options, before = range(len(step.options)), st.session_state.get(f"predicted {number}")
        label, title = "Your prediction, before you see the answer", step.options.__getitem__
        chosen = st.radio(label, options, before, title, f"prediction {number}", horizontal=True)
        look: dict[str, Any] = {"type": "primary", "icon": ":material/visibility:", "on_click": _tell}
        st.button("Reveal", key=f"reveal {number}", disabled=chosen is None, args=(number,), **look)
    if chosen is not None:
        st.session_state[f"predicted {number}"] = chosen
        poll.count(number, chosen)
    poll.show_poll(number, step.options)


def _tell(number: int) -> None:
    st.session_state[f"revealed {number}"], st.session_state["turned_to"] = True, "verdict"


def _channels(step: Step) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, channel in step.channels.items():
            look: dict[str, Any] = {"type": "primary" if channel == state.channel() else "secondary"}
            look |= {"help": f"$p_N$ = {channel.p_n:g}, $p_L$ = {channel.p_l:g}", "key": f"channel {name}"}
            st.button(name, on_click=state.set_channel, args=(channel,), **look)


def _answer(number: int, step: Step, predicted: int) -> str:
    """What the results say, why, and their picture, on a projector below. Gives the verdict in words."""
    findings = read_findings()
    partition = (findings.partitions or ["test"])[0]
    told = evidence_of(step, findings, partition, state.score())
    text, picture = (st.container(gap="small"), st.container())
    if not st.session_state["present"]:
        text, picture = st.columns([6, 5], gap="medium")
    with text:
        with st.container(key="verdict"):
            said = _verdict(step, predicted, told)
        st.markdown(told.words)
        with st.container(key="reason"):
            say(f":material/lightbulb: **Why?** {step.reason}")
        _move(number)
    with picture:
        show_picture(step.answers, findings, partition)
        if step.paper:
            st.markdown(f":material/article: **The paper, on RECOLA:** {step.paper}")
        if told.source:
            st.caption(told.source)
        elif number > 1 and findings.partitions:
            score = state.SCORES[state.score()].lower()
            source = PROSE["lesson"]["source"]
            st.caption(source.format(corpus=findings.corpus, partition=partition, score=score))
    return said


def _luck_of(clip: Clip) -> None:
    """How far apart draws of one channel lie in a clip as short as the one in hand."""
    setting = networks.trained_settings()[:1]
    draws = ask(clip, setting[0]) if setting else None
    if draws is None:
        return
    scores = draws.scores(clip.gold, state.score())
    clean, spread = scores.clean[0], scores.spread[0]
    if clean is not None and spread is not None:
        words = {"seconds": round(clip.n_frames / LABEL_RATE), "setting": setting_title(setting[0]).lower()}
        words |= {"clean": in_words(clean), "spread": spread_in_words(spread), "draws": scores.n_draws}
        say(PROSE["lesson"]["luck"].format_map(words))


def _verdict(step: Step, predicted: int, told: Evidence) -> str:
    """Whether the prediction was right, as it is shown."""
    if told.answer is None:
        words, show, icon = "These results cannot decide it.", st.info, "help"
    elif told.answer == predicted:
        words = "These results say so, too." if told.caveat else "So it is."
        show, icon = st.success, "check_circle"
    else:
        words = f"{'These results say' if told.caveat else 'Here it is'}: {step.options[told.answer]}."
        show, icon = st.warning, "cancel"
    said = f"You said: {step.options[predicted]}. {words} {told.caveat}".strip()
    show(said, icon=f":material/{icon}:")
    return said


def _move(number: int) -> None:
    back, on = st.columns(2)
    if number > 1:
        back.button("Back", icon=":material/arrow_back:", on_click=_go, args=(number - 1,), key="step back")
    steps = steps_there()
    if number < len(steps):
        label = f"Next: {steps[number].title}"
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
        poll.begin_or_clear()
        hidden = st.multiselect("Hide from students", names, format_func=title, key="link_hide")
        if code := poll.code_for_students():
            hidden = [*(name for name in hidden if name != "teacher"), "teacher"]
        present = st.toggle("Large type for a projector", key="present")
        said = st.query_params.items()
        choices = {name: value for name, value in said if name in KEPT_IN_LINKS and value != state.OWN}
        secrets = {"poll": code, "code": class_code.code_for_links()}
        base = opening.address_of_the_class(st.context.url)
        address = link(base, number, hidden, present, choices | secrets)
        st.code(address, language=None, wrap_lines=True)
        if opening.is_for_this_machine(base):
            st.caption(PROSE["lesson"]["this_machine"])
        else:
            st.image(opening.qr_code(address), PROSE["lesson"]["qr_code"], width=240)
        st.button("Handout to print", icon=":material/print:", on_click=_show_handout, args=(1,))


def _hand_out() -> None:
    """The lesson on one sheet; the browser's own print command prints nothing but it."""
    st.title(PROSE["lesson"]["handout"])
    with st.container(key="not_printed"):
        st.markdown(PROSE["lesson"]["print"])
        st.button("Back to the lesson", icon=":material/arrow_back:", on_click=_show_handout, args=(0,))
    st.html(handout(steps_there(), PROSE["lesson"]["sheet"], PROSE["lesson"]["foot"]))


def _show_handout(shown: int) -> None:
    st.session_state["handout"] = shown


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
