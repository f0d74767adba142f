"""Should one worry about this call?"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.charts.call import bursts_against_law, expected_dots, losses_over_time
from dashboard.compute.call import Call, burst_law, burst_shares, example_call, heard, loss_over_time
from dashboard.widgets import controls
from dashboard.widgets.ask import in_turn
from dashboard.widgets.chart import colours, show_chart
from dashboard.widgets.downloads import download
from dashboard.widgets.prose import say
from dashboard.widgets.strips import show_strips
from dashboard.words import PROSE
from sercore.audio import wav_bytes
from sercore.channel import Gilbert, LossModel
from sercore.channel.call import read_call
from sercore.channel.fit_summary import TITLES, sentence_of
from sercore.channel.registry import channel_key
from sercore.channel.tc_line import line_of_channel
from sercore.receiver import RECEIVERS
from sercore.report.looks import setting_title
from sercore.report.verdict import per_cent
from sercore.trace import Trace
from sercore.trace.examples import EXAMPLES
from sercore.trace.read import streams_of
from sercore.units import DIMENSIONS

SAY = PROSE["call"]
PACKETS = (10, 20, 40, 60, 200)


def page() -> None:
    """Take a call's losses from a file, from text or as two numbers; say what they do."""
    st.title("Your call: should you worry?")
    say(SAY["intro"])
    verdict = st.container()
    source = controls.one_of("Where its losses come from", SAY["sources"], "call_from", SAY["from"])
    try:
        call = SOURCES[source]()
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return
    if call is None:
        verdict.info(SAY["none_yet"], icon=":material/upload:")
        return
    with verdict:
        _verdict(call)
    _pictures(call)
    _numbers(call)
    _outlook(call)
    _hear(call)


def _example() -> Call | None:
    calls = {Path(each.file).stem: each for each in EXAMPLES}
    chosen = state.keep_known("call_example", list(calls))
    titles = {name: each.title for name, each in calls.items()}
    st.selectbox(
        "Example", list(calls), format_func=titles.__getitem__, key="call_example", help=SAY["example"]
    )
    st.caption(calls[chosen].meaning)
    return example_call(calls[chosen].path)


def _file() -> Call | None:
    uploaded = st.file_uploader("File", key="call_file", help=SAY["file"])
    return None if uploaded is None else _read(uploaded.getvalue(), uploaded.name)


def _paste() -> Call | None:
    text = st.text_area("Statistics, a trace, or numbers", key="call_text", height=140, help=SAY["paste"])
    return _read(text.encode(), "the pasted text") if text.strip() else None


def _read(content: bytes, name: str) -> Call:
    with in_turn(SAY["reading"]):
        streams = streams_of(content, name)
    stream = None
    if len(streams) > 1:
        titles = {str(number): title for number, title in enumerate(streams, 1)}
        stream = st.selectbox("Stream", list(titles), format_func=titles.__getitem__, help=SAY["stream"])
    with in_turn(SAY["reading"]):
        return Call(read_call(content, stream=stream, name=name))


def _numbers_typed() -> Call | None:
    lost, burst, packet = st.columns(3)
    rate = lost.number_input("Packets lost (%)", 0.0, 100.0, step=0.5, key="call_loss", help=SAY["loss"])
    length = burst.number_input(
        "Mean burst (ms)", 1.0, 60_000.0, step=10.0, key="call_burst", help=SAY["burst"]
    )
    size = packet.selectbox("Packet (ms)", PACKETS, key="call_packet", help=SAY["packet"])
    return Call(Gilbert.from_rates(rate / 100, max(1.0, length / size), packet_ms=size))


SOURCES: dict[str, Callable[[], Call | None]] = {
    "example": _example,
    "file": _file,
    "paste": _paste,
    "numbers": _numbers_typed,
}


def _verdict(call: Call) -> None:
    verdict = call.verdict
    known = [each for each in verdict.expected if each.setting == verdict.training]
    show = st.warning
    if known and all(each.enough for each in known):
        show = st.success if verdict.training == "mismatched" else st.info
    show(f"**{verdict.sentence}**")
    if call.fit is not None and not call.fit.tells:
        st.caption(f":material/info: {SAY['too_short']}")
    if verdict.advice:
        st.markdown(f":material/healing: {verdict.advice}")
    if verdict.limits:
        st.caption(f":material/info: {verdict.limits}")


def _pictures(call: Call) -> None:
    if not isinstance(call.recorded, Trace) or not call.recorded.lost:
        return
    trace = call.recorded
    st.subheader("When it was lost")
    seconds, share = loss_over_time(trace)
    length = trace.packets * trace.packet_ms / 1000
    alt = f"Share of packets lost over {length:.0f} s: at most {share.max():.0%}."
    show_chart(losses_over_time(seconds, share, colours()), "call over time", alt)
    left, right = st.columns(2)
    with left:
        st.subheader("How many in a row")
        found = burst_shares(trace.burst_lengths)
        fits = call.fit.models if call.fit else ()
        laws = {TITLES[fit.channel.NAME]: burst_law(fit.channel) for fit in fits}
        alt = f"Bursts of one packet: {found[0]:.0%}; by the fit {burst_law(call.channel)[0]:.0%}."
        show_chart(bursts_against_law(found, laws, trace.packet_ms, colours()), "call bursts", alt)
    with right:
        st.subheader("What was found")
        st.markdown("\n".join(f"- {remark}" for remark in (*_fit_words(call), *trace.remarks)))


def _fit_words(call: Call) -> list[str]:
    if call.fit is None:
        return []
    words = [sentence_of(call.fit)]
    for fit in call.fit.models:
        name = TITLES[fit.channel.NAME]
        chance = "too few bursts to tell" if fit.probability is None else f"p = {fit.probability:.2g}"
        chosen = " **(chosen)**" if fit is call.fit.chosen else ""
        words.append(
            f"{name}{chosen}: {'fits' if fit.fits else 'does not fit'} ({chance}), BIC {fit.bic:,.0f}"
        )
    return words


def _numbers(call: Call) -> None:
    verdict = call.verdict
    st.subheader("What that means")
    facts: dict[str, Any] = {
        "Packets lost": per_cent(verdict.channel.loss_rate),
        "Mean burst": f"{verdict.burst_ms:,.0f} ms",
        "Frames spoiled": per_cent(verdict.frames.loss_rate),
        "The paper calls it": verdict.place.environment,
        "Training to choose": setting_title(verdict.training) if verdict.training else "not known",
        "Channels that bear it": "not known" if verdict.borne_by is None else per_cent(verdict.borne_by),
    }
    for column, (title, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.metric(title, value, help=SAY["facts"][title])
    if verdict.expected:
        for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
            found = [each for each in verdict.expected if each.dimension == dimension]
            said = ", ".join(f"{setting_title(each.setting)} {each.ccc:.2f}" for each in found)
            alt = f"Expected CCC of {dimension}: {said}."
            figure = expected_dots(verdict.expected, dimension, colours())
            show_chart(figure, f"call {dimension}", alt, where=column)
        st.caption(SAY["expected"])
        _strips(call)
    st.markdown(SAY["rehearse"])
    st.code("\n".join(_rehearsals(call.channel)), language=None, wrap_lines=True)


def _strips(call: Call) -> None:
    """How much loss each training bears, as on Where it breaks; such a loss as the call's is framed."""
    st.markdown(SAY["strips"])
    for dimension in DIMENSIONS:
        found = [each for each in call.verdict.expected if each.dimension == dimension]
        strips, (first, *_) = {each.setting: each.strip for each in found}, found
        show_strips(strips, dimension, first.needed, first.clean, call.verdict.frames.loss_rate)


def _rehearsals(channel: LossModel) -> list[str]:
    """How the scripts and how Linux name the channel; the latter does not have every model."""
    names = [f"--channel {channel_key(channel)}"]
    with contextlib.suppress(ValueError):
        names.append(f"tc qdisc add dev DEVICE root netem {line_of_channel(channel)}")
    return names


def _outlook(call: Call) -> None:
    """Late is not lost: what waiting longer or sending more would bring."""
    if not isinstance(call.recorded, Trace) or not call.recorded.lost:
        return
    st.subheader("What would bring it back")
    st.markdown(SAY["outlook"])
    trip = st.number_input("Round trip (ms)", 0, 2_000, step=10, key="call_trip", help=SAY["trip"], width=160)
    ways = SAY["ways"]
    rows = [
        {ways["deadline"]: f"{each.deadline_ms:,.0f} ms"}
        | {ways[name]: per_cent(getattr(each, name)) for name in list(ways)[1:]}
        for each in call.outlook(trip)
    ]
    st.table(rows, border="horizontal")


@st.fragment
def _hear(call: Call) -> None:
    st.subheader("Hear it")
    clip = controls.clip_in_hand()
    if clip is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [name for name, each in RECEIVERS.items() if each.KEEPS_LENGTH]
        receiver = state.keep_known("call_receiver", names)
        titles = {name: RECEIVERS[name].TITLE for name in names}
        controls.one_of("What is put into the holes", titles, "call_receiver", SAY["receiver"])
        controls.seed_control()
    sent, arrived = st.columns(2)
    received = wav_bytes(heard(call, clip, receiver, state.seed()))
    with sent:
        st.markdown("**A · what was said**")
        st.audio(wav_bytes(clip.audio), format="audio/wav")
    with arrived:
        st.markdown("**B · what arrived**")
        st.audio(received, format="audio/wav")
        download("WAV", received, "call.wav", "audio/wav")
    state.remember()


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
