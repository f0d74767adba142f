"""What is this, where does it come from, and what can it not do?"""

import platform
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import streamlit as st

import sercore
from dashboard.compute import networks
from dashboard.words import PROSE, text_of
from sercore.report.looks import setting_title
from sercore.results.four_settings import all_weights_of
from sercore.units import DIMENSIONS

SAY = PROSE["about"]

CORPUS_CARD = Path(sercore.__file__).parent / "synthetic" / "CARD.md"


def page() -> None:
    """The study, the data, the limits, how to cite, versions."""
    st.title("About")
    study, data = st.columns(2, gap="large")
    study.markdown(text_of("study.md"))
    data.markdown(text_of("data.md").replace("{KEPT}", PROSE["own_audio"]["kept"]))
    with data:
        st.markdown(SAY["software"])
        st.markdown("**Cite the paper** ([arXiv:2005.07757](https://arxiv.org/abs/2005.07757))")
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
    cards = dict(_cards())
    if not cards:
        st.info("None is trained yet.")
        return
    with st.container(key="wide"):
        st.table([{"network": title} | _facts(card) for title, card in cards.items()], border="horizontal")
    st.caption(SAY["networks"])
    with st.expander(SAY["cards"]):
        title = st.selectbox("Card of", list(cards), key="about_card")
        if card := cards[title]:
            st.json(card, expanded=1)
        else:
            st.warning(f"There is no card for {title}.")


def _cards() -> Iterator[tuple[str, dict[str, Any]]]:
    """What each network is called, and its card."""
    for setting in networks.trained_settings():
        for weights in filter(networks.is_trained, all_weights_of(setting)):
            title = setting_title(weights)
            if setting == "augmentation":
                title = f"{setting_title(setting)}: {title.lower()}"
            yield title, networks.card_of(weights)


def _facts(card: Mapping[str, Any]) -> dict[str, str]:
    """The few that most visitors ask for; a dash where a card does not say."""
    corpus, scores = card.get("corpus"), card.get("scores")
    minutes = corpus.get("training_minutes") if isinstance(corpus, dict) else None
    clean = scores.get("devel_clean") if isinstance(scores, dict) else None
    ccc = clean if isinstance(clean, dict) else {}
    said = {
        "speech": None if minutes is None else f"{minutes:g} min",
        "epochs": card.get("epochs"),
        "seed": card.get("seed"),
        **{name: f"{ccc[name]:.2f}" if isinstance(ccc.get(name), float) else None for name in DIMENSIONS},
        "SHA-256": str(card.get("sha256", ""))[:12],
    }
    return {name: "–" if value in (None, "") else str(value) for name, value in said.items()}


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
