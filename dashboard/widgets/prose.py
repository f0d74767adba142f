"""Prose whose terms explain themselves."""

from typing import Any

import streamlit as st

from dashboard.words.glossary import explained


def say(text: str, where: Any = st) -> None:
    """Show Markdown of our own, its terms marked; never what a visitor or a file said."""
    where.markdown(explained(text), unsafe_allow_html=True)
