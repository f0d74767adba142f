"""Charts as every page shows them: words for who cannot see them, files to keep, type for a projector."""

from collections.abc import Callable, Hashable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard import state
from dashboard.charts.drawn import Drawn
from dashboard.charts.palette import Palette, palette_for
from dashboard.charts.plane import BLACK, ring
from dashboard.compute.cache import Cache
from sercore.channel import Gilbert

TYPE_SIZE = 13  # px, at scale 1


def colours() -> Palette:
    """The palette of the visitor's theme."""
    return palette_for(st.context.theme.type)


_DRAWN: Cache[Drawn] = Cache(32_000_000, lambda drawn: drawn.n_bytes)


def drawn(make: Callable[[Palette], go.Figure], *of: Hashable) -> Drawn:
    """A figure in the visitor's colours and size of type, built once for all who see the same.

    Args:
        make: builds it.
        of: what it shows, and what tells it from every other figure.
    """
    palette, scale = colours(), state.type_scale()
    return _DRAWN.find((*of, palette, scale), lambda: _finished(make(palette), scale, palette))


def show_chart(
    figure: go.Figure, key: str, alt: str, *, on_select: Callable[[], None] | None = None, where: Any = st
) -> None:
    """Show a figure, described by ``alt``; its menu saves it as a file named by ``key``."""
    options: dict[str, Any] = {"on_select": on_select, "selection_mode": "points"} if on_select else {}
    picture = {"format": st.session_state["picture"], "filename": key.replace(" ", "_"), "scale": 3}
    config = {
        "modeBarButtons": [["toImage"]],  # one button, which saves the chart in the browser
        "displaylogo": False,
        "toImageButtonOptions": picture,
        "scrollZoom": False,
    }
    if not isinstance(figure, Drawn):
        figure = _finished(figure, state.type_scale(), colours())
    where.plotly_chart(figure, key=key, alt=alt, width="stretch", config=config, **options)


def show_plane(figure: Drawn, key: str, alt: str, where: Any = st) -> None:
    """Show a picture of the plane of channels, ringed the one in hand; a click takes a square's."""

    def take() -> None:
        points = st.session_state[key].selection.points
        if points:
            p_n, p_l = points[0]["x"], points[0]["y"]
            state.set_channel(Gilbert(p_n, p_l))
            st.session_state["clicked"] = key
            st.toast(f"Channel set: $p_N$ = {p_n:.2f}, $p_L$ = {p_l:.2f}", icon=":material/hearing:")

    show_chart(figure.and_also(*ring(state.channel())), key, alt, on_select=take, where=where)
    if st.session_state.get("clicked") == key and "pages" not in state.hidden():
        where.page_link("app_pages/explore.py", label="Hear it", icon=":material/hearing:")


def _finished(figure: go.Figure, scale: float, palette: Palette) -> Drawn:
    return Drawn(for_projector(figure.to_dict(), scale, palette.ink))


def for_projector(sent: dict[str, Any], scale: float, ink: str = BLACK) -> dict[str, Any]:
    """What ``to_dict`` of a figure gives, changed: type, lines and marks so many times as large.

    Streamlit's theme sets fonts from the outside, too pale to be read by all, unless each axis has its own.

    Example:
        >>> for_projector({"data": [], "layout": {"height": 100}}, 1.5)["layout"]["height"]
        150
    """
    font, layout = {"size": round(TYPE_SIZE * scale), "color": ink}, sent["layout"]
    for axis in (layout[name] for name in layout if name.startswith(("xaxis", "yaxis"))):
        axis.setdefault("tickfont", {}).update(font)
        axis.setdefault("title", {}).setdefault("font", {}).update(font)
    layout.setdefault("legend", {}).setdefault("font", {}).update(font)
    if scale != 1:
        layout["margin"] = {side: round(size * scale) for side, size in layout.get("margin", {}).items()}
        layout["height"] = round(layout.get("height", 400) * scale)
        for trace in sent["data"]:
            if trace["type"] == "scatter" and trace.get("line", {}).get("width"):
                trace["line"]["width"] *= scale
    return sent
