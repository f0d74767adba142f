"""What is this, where does it come from, and what can it not do?"""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import streamlit as st

import sercore
from dashboard.compute import networks
from dashboard.words import PROSE, text_of
from sercore.report.looks import setting_title
from sercore.results.four_settings import all_weights_of

CORPUS_CARD = Path(sercore.__file__).parent / "synthetic" / "CARD.md"


def page() -> None:
    """The study, the data, the limits, how to cite, versions."""
    st.title("About")
    study, data = st.columns(2, gap="large")
    study.markdown(text_of("study.md"))
    data.markdown(text_of("data.md").replace("{KEPT}", PROSE["own_audio"]["kept"]))
    with data:
        st.markdown("**Cite the paper**")
        st.code(text_of("paper.bib").strip(), language="bibtex", wrap_lines=True)
    _models()
    st.subheader("The default corpus and RECOLA")
    with st.expander("How the default corpus is made, and what it cannot tell"):
        st.markdown(CORPUS_CARD.read_text(encoding="utf-8").split("\n", 1)[1].replace("\n## ", "\n#### "))
    with st.expander("With RECOLA"):
        st.markdown(text_of("recola.md"))
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
                if card := networks.card_of(weights):
                    st.json(card, expanded=1)
                else:
                    st.warning(f"There is no card for {weights}.")


@cache
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
