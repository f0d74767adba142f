"""Which loss can be borne, as more than one page shows it."""

from collections.abc import Iterable, Mapping

import streamlit as st

from dashboard.charts.strips import strips_table
from dashboard.words import PROSE


def show_strips(
    strips: Mapping[str, Iterable[float]],
    dimension: str,
    needed: float,
    clean: float,
    here: float | None = None,
) -> None:
    """The strip of each setting for one dimension, under what is needed of what is there without loss."""
    words = {"dimension": dimension.capitalize(), "needed": needed, "clean": clean}
    st.html(strips_table(strips, PROSE["breaks"]["tolerance_of"].format_map(words), here))
