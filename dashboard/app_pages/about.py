"""What is this, where does it come from, and what can it not do?"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import streamlit as st

import sercore
from dashboard.compute import networks
from dashboard.widgets.own_audio import KEPT
from sercore.report.looks import setting_title
from sercore.results.four_settings import all_weights_of

WHAT = """
This dashboard replays a study of Mostafa M. Mohamed and Björn W. Schuller: *"I have vxxx bxx connexxn!":
Facing Packet Loss in Deep Speech Emotion Recognition*. A network that follows emotion in speech meets a
channel that loses pieces. Does it break, and does it help to train with loss?

**How loss is made.** A frame is 200 ms of sound. A channel is in one of two states: *N*, frames arrive, or
*L*, frames are lost. With probability $p_N$ it stays in N, with probability $p_L$ it stays in L. Lost frames
are removed from the sound and from the labels, so that what the network hears is shorter. In a real call a
packet holds about 20 ms; ten lost packets in a row make one lost frame here.

**What is predicted.** Arousal (calm to excited) and valence (unpleasant to pleasant), from −1 to 1, five
times a second. The *gold standard* is what raters agree on. Agreement is measured by CCC, the concordance
correlation coefficient: 1 is perfect, 0 is none.

**The network.** As in the paper: three convolution blocks on raw speech at 16 kHz, a bidirectional LSTM,
two outputs; 265,476 parameters.
"""
DATA = f"""
**Recordings and labels.** The paper used RECOLA, which needs a licence and is not here. The project renders
its own corpus of synthetic speech whose emotion is known because it was put in. The four recordings on
these pages come from its test partition, which no network was trained on.

**Limits.** Synthetic voices are not people. Numbers on this corpus say how loss and training interact, not
how well anybody's feelings can be read; levels cannot be compared with the paper's. Do not use this to
judge people.

**Your audio** is processed on the machine that runs this page and goes nowhere else. {KEPT}
"""
RECOLA = """
Who holds RECOLA's licence gives its folder; three layouts on disk are read. The first command says what is
there, the second trains, scores and compares everything, and can be stopped and started at any time.

    python scripts/check_corpus.py /data/RECOLA
    python scripts/reproduce.py --corpus /data/RECOLA --html runs/RECOLA/report.html

It ends with the paper's tables beside yours and a page to explore them. All of it lies in `runs/`, which is
never committed: weights trained on RECOLA fall under its licence. `trained/RECOLA.md` leads through it.
"""
CORPUS_CARD = Path(sercore.__file__).parent / "synthetic" / "CARD.md"
CITE = """@inproceedings{mohamed20_interspeech,
  author    = {Mostafa M. Mohamed and Bj{\\"o}rn W. Schuller},
  title     = {{"I have vxxx bxx connexxn!": Facing Packet Loss in Deep Speech Emotion Recognition}},
  booktitle = {Proc. Interspeech 2020},
  year      = {2020}
}"""


def page() -> None:
    """The study, the data, the limits, how to cite, versions."""
    st.title("About")
    study, data = st.columns(2, gap="large")
    study.markdown(WHAT)
    data.markdown(DATA)
    with data:
        st.markdown("**Cite the paper**")
        st.code(CITE, language="bibtex", wrap_lines=True)
    _models()
    _corpus()
    st.caption(_versions())


def _models() -> None:
    st.subheader("The networks on these pages")
    settings = networks.trained_settings()
    if not settings:
        st.info("None is trained yet.")
    for setting in settings:
        for weights in filter(networks.is_trained, all_weights_of(setting)):
            title = setting_title(weights)
            if setting == "augmentation":
                title = f"{setting_title(setting)}: {title.lower()}"
            with st.expander(title):
                card = networks.card_of(weights)
                if card:
                    st.json(card, expanded=1)
                else:
                    st.warning(f"There is no card for {weights}.")


def _corpus() -> None:
    st.subheader("The default corpus and RECOLA")
    with st.expander("How the default corpus is made, and what it cannot tell"):
        st.markdown(CORPUS_CARD.read_text(encoding="utf-8").split("\n", 1)[1].replace("\n## ", "\n#### "))
    with st.expander("With RECOLA"):
        st.markdown(RECOLA)


def _versions() -> str:
    """The versions that a bug report needs.

    Example:
        >>> "Python" in _versions()
        True
    """
    found = []
    for name in ("sercore", "torch", "numpy", "streamlit", "plotly", "soundfile"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} (not installed)")
    return f"Python {platform.python_version()}, " + ", ".join(found)


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
