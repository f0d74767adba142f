"""What helps against a loss: a receiver, a training, a codec?"""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts import helps as charts
from dashboard.compute.remedies import Remedies, read_remedies
from dashboard.widgets import controls
from dashboard.widgets.chart import drawn, show_chart
from dashboard.widgets.prose import say
from dashboard.words import PROSE
from sercore.receiver import RECEIVERS
from sercore.report.advice import advice_table, receiver_claims_table
from sercore.report.looks import setting_title
from sercore.results.voices import sounds_and_reads
from sercore.results.ways import receiver_title
from sercore.units import DIMENSIONS

SAY = PROSE["helps"]


def page() -> None:
    """Advice, receivers against the loss, the ladder of the line, sound against emotion, and verdicts."""
    st.title("What helps?")
    say(SAY["intro"])
    found = read_remedies()
    for problem in found.problems:
        st.warning(problem, icon=":material/warning:")
    if found.trainings:
        _advice(found)
        training, burst = _choose(found)
        _receivers(found, training, burst)
        _frames(found, training)
        _ladder(found, training, burst)
    else:
        st.info(SAY["nothing"], icon=":material/hourglass_empty:")
        st.code(SAY["command"], language="bash", wrap_lines=True)
    _voices(found)
    _claims(found)


def _advice(found: Remedies) -> None:
    if len(found.advice):
        st.subheader("What to do about a call")
        header, rows = advice_table(found.advice)
        with st.container(key="wide"):
            st.table(pd.DataFrame(rows, columns=header), border="horizontal", hide_index=True)
        st.caption(SAY["advice"])


def _choose(found: Remedies) -> tuple[str, str]:
    with st.container(horizontal=True, gap="medium"):
        titles = {name: setting_title(name) for name in found.trainings}
        training = state.keep_known("helps_training", list(titles))
        controls.one_of("How the network was trained", titles, "helps_training", SAY["training"])
        controls.one_of("Losses come", SAY["bursts"], "helps_burst", SAY["burst"])
    return training, str(st.session_state["helps_burst"])


def _receivers(found: Remedies, training: str, burst: str) -> None:
    st.subheader("Which receiver, in a call?")
    for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
        tables = found.against_loss(training, burst, dimension)
        titled = {receiver_title(name): table for name, table in tables.items()}
        make = partial(charts.against_loss, titled, dimension)
        figure = drawn(make, found.stamp, "receivers", training, burst, dimension)
        alt = f"CCC of {dimension} from the least loss to the most: {by_words(titled)}."
        show_chart(figure, f"receivers {dimension}", alt, where=column)
    st.caption(SAY["receivers"])


def by_words(tables: dict[str, pd.DataFrame]) -> str:
    """The first and the last score of each line, for who cannot see them."""
    ends = {name: list(table["ccc"]) for name, table in tables.items() if len(table)}
    return "; ".join(f"{name} {each[0]:.2f} to {each[-1]:.2f}" for name, each in ends.items())


def _frames(found: Remedies, training: str) -> None:
    tables = {dimension: found.named(training, dimension) for dimension in DIMENSIONS}
    if not any(map(len, tables.values())):
        return
    st.subheader("And where whole frames of 200 ms are lost?")
    for column, (dimension, table) in zip(st.columns(2), tables.items(), strict=True):
        titles = [receiver_title(name) for name in table.index]
        figure = drawn(partial(charts.grid, table, titles), found.stamp, "frames", training, dimension)
        best = {name: receiver_title(str(table[name].idxmax())) for name in table.dropna(axis=1)}
        said = "; ".join(f"{channel}: {title}" for channel, title in best.items())
        column.markdown(f"**{dimension.capitalize()}**")
        show_chart(figure, f"frames {dimension}", f"The best for {dimension}: {said}.", where=column)
    st.caption(SAY["frames"])


def _ladder(found: Remedies, training: str, burst: str) -> None:
    tables = {dimension: found.ladder(training, burst, dimension) for dimension in DIMENSIONS}
    if not any(tables.values()):
        return
    st.subheader("What does each step of the line cost?")
    for column, (dimension, table) in zip(st.columns(2), tables.items(), strict=True):
        make = partial(charts.ladder, table, dimension)
        figure = drawn(make, found.stamp, "ladder", training, burst, dimension)
        alt = f"CCC of {dimension} from full band to a fifth lost: {by_words(table)}."
        show_chart(figure, f"ladder {dimension}", alt, where=column)
    st.caption(SAY["ladder"])


def _voices(found: Remedies) -> None:
    st.subheader("Better sound, better emotion?")
    if not len(found.voices):
        st.info(SAY["no_voices"], icon=":material/hourglass_empty:")
        return
    means = sounds_and_reads(found.voices)
    names = [*RECEIVERS, *sorted(set(means["receiver"]) - set(RECEIVERS))]
    titles = {name: receiver_title(name) for name in names if name in set(means["receiver"])}
    for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
        some = means[means["dimension"] == dimension]
        make = partial(charts.sound_against_emotion, some, titles)
        figure = drawn(make, found.stamp, "voices", dimension)
        said = "; ".join(f"{titles[row.receiver]} {row.unchanged:.0%} unchanged" for row in some.itertuples())
        column.markdown(f"**{dimension.capitalize()}**")
        show_chart(figure, f"voices {dimension}", f"What sounds best first: {said}.", where=column)
    st.caption(SAY["voices"].format(clips=int(found.voices["clips"].max())))


def _claims(found: Remedies) -> None:
    if found.claims:
        st.subheader("Four claims, tested")
        header, rows = receiver_claims_table(found.claims)
        plain = [[cell.replace("**", "") for cell in row] for row in rows]
        st.table(pd.DataFrame(plain, columns=header), border="horizontal", hide_index=True)
        st.caption(SAY["claims"])


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
