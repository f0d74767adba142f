"""What does a network make of my voice, while I speak?"""

import streamlit as st

from dashboard import live, state
from dashboard.door.hosts import visitor_sits_here
from dashboard.live.route import settings_to_choose
from dashboard.words import PROSE
from sercore.live.sound_card import has_microphone

SAY = PROSE["live"]


def page() -> None:
    """Speak, lose packets, and watch what becomes of it."""
    st.title("What becomes of your voice?")
    st.markdown(SAY["intro"])
    settings = settings_to_choose()
    if not settings:
        st.info(PROSE["controls"]["no_network"], icon=":material/model_training:")
        return
    state.keep_known("setting", list(settings))
    _follow(settings, machine=visitor_sits_here() and has_microphone())
    st.caption(SAY["kept"])


@st.fragment
def _follow(settings: dict[str, str], *, machine: bool) -> None:
    """What is chosen in the browser runs this alone."""
    live.show_live(settings, machine=machine)
    state.remember()


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
