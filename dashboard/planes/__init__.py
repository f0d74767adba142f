"""Pictures of the plane of channels, drawn in the browser: a cell that is chosen plays its channel at once.

Python sends what was measured, once for all visitors who look at the same; walking about, the view of little
loss, and sound need no server. Python hears which channel was chosen.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import ArrayLike, NDArray
from plotly.colors import sample_colorscale

from dashboard import state
from dashboard.charts.plane import outlines
from dashboard.compute.clips import Clip
from dashboard.compute.little_loss import LONGEST_STAY, LOSSES, MOST, STAYS, little_loss
from dashboard.player import read_scripts
from dashboard.widgets.chart import colours
from dashboard.words import PROSE
from sercore.channel import Gilbert
from sercore.channel.coupled import uniform_bits
from sercore.channel.plane import loss_rates
from sercore.units import FRAME_MS

HERE = Path(__file__).resolve().parent
SAY = PROSE["planes"]
NOT_DEFINED = -32_768  # among the 16-bit integers that are sent, each a ten thousandth
SHADES = 48


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


_planes = st.components.v2.component(
    "sercore_planes",
    html=_read("planes.html"),
    css=_read("planes.css"),
    js="\n".join([read_scripts("chain.js", "sound.js"), _read("paint.js"), _read("planes.js")]),
)


@dataclass(frozen=True)
class Scale:
    """Which numbers get which colours; what lies beyond an end has the colour of that end.

    Args:
        low: number at the one end.
        high: at the other.
        ticks: what stands below, evenly from end to end.
        name: of plotly's colour scale.
    """

    low: float
    high: float
    ticks: tuple[str, ...]
    name: str

    def sent(self) -> dict[str, Any]:
        """As the browser takes it."""
        shades = sample_colorscale(self.name, SHADES, colortype="rgb")
        return {"low": self.low, "high": self.high, "ticks": self.ticks, "colours": shades}


@dataclass(frozen=True)
class Picture:
    """One plane.

    Args:
        title: above it.
        alt: what it shows, for who cannot see it.
        cells: a row for each channel with p_n, p_l, low, high and the column that is shown.
        column: "ccc" or "difference".
        sentence: below the title.
    """

    title: str
    alt: str
    cells: pd.DataFrame
    column: str
    sentence: str = ""

    def sent(self) -> dict[str, Any]:
        """As the browser takes it."""
        numbers = {"value": self.column, "low": "low", "high": "high"}
        whole = {name: _packed(_grid(self.cells, column)) for name, column in numbers.items()}
        little = {name: _packed(little_loss(self.cells, column)) for name, column in numbers.items()}
        differs = self.column == "difference"
        x, y = outlines(self.cells) if differs else ([], [])
        lines = [[x[i], y[i], x[i + 1], y[i + 1]] for i in range(0, len(x), 3)]
        what = "difference" if differs else "CCC"
        words = {"title": self.title, "alt": self.alt, "sentence": self.sentence, "what": what}
        return {**words, "signed": differs, "whole": whole, "little": little, "outlines": lines}


@dataclass(frozen=True)
class Row:
    """Pictures side by side that share a scale of colours.

    Args:
        title: before them.
        scale: of all.
        pictures: from left to right.
        least: how narrow a picture may become, as CSS has it, before it goes on in the next line.
    """

    title: str
    scale: Scale
    pictures: Sequence[Picture]
    least: str = "15rem"

    def sent(self) -> dict[str, Any]:
        """As the browser takes it."""
        pictures = [picture.sent() for picture in self.pictures]
        return {"title": self.title, "scale": self.scale.sent(), "least": self.least, "pictures": pictures}


@dataclass(frozen=True)
class Board:
    """All rows as they are sent, made once for all visitors.

    Args:
        shown: tells it from every other.
        rows: as the browser takes them.
        views: axes of the whole plane and of little loss.
    """

    shown: str
    rows: list[dict[str, Any]]
    views: dict[str, Any] = field(default_factory=dict)


def board(shown: str, rows: Sequence[Row]) -> Board:
    """Make rows of planes with the same channels ready to be sent; ``shown`` tells them from all others."""
    cells = rows[0].pictures[0].cells
    return Board(shown, [row.sent() for row in rows], {"whole": _whole(cells), "little": _little(cells)})


def show_planes(what: Board, clip: Clip | None, key: str) -> None:
    """Mount the pictures; the clip is what a chosen cell plays, where there is one."""
    channel = Gilbert.like(state.channel())
    n_frames = clip.n_frames if clip is not None else 0
    data = {
        "shown": what.shown,
        "rows": what.rows,
        "views": what.views,
        "chosen": {"p_n": channel.p_n, "p_l": channel.p_l},
        "clip": clip.sha256 if clip is not None else "",
        "bits": base64.b64encode(uniform_bits(state.seed(), n_frames).astype("<u4").tobytes()).decode(),
        "colours": colours().for_browser(),
        "type": state.type_scale(),
        "keys": SAY["keys"],
    }
    _planes(key=key, data=data, on_chosen_change=lambda: _take(key))


def _take(key: str) -> None:
    """Make a cell's channel the one in hand."""
    channel = read_channel(getattr(st.session_state.get(key), "chosen", None))
    if channel is not None:
        state.set_channel(channel)
        st.session_state["p_n"] = channel.p_n  # little loss lies between what its slider can say


def read_channel(sent: Any) -> Gilbert | None:
    """Check what a browser sent, which may be anything; None for what makes no channel.

    Example:
        >>> read_channel({"p_n": 0.99123456, "p_l": 0.5}), read_channel({"p_n": 2, "p_l": 0.5})
        (Gilbert(p_n=0.9912, p_l=0.5), None)
    """
    try:
        return Gilbert(round(float(sent["p_n"]), 4), round(float(sent["p_l"]), 2))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _grid(cells: pd.DataFrame, column: str) -> NDArray[np.float64]:
    table = cells.pivot_table(index="p_n", columns="p_l", values=column, dropna=False)
    return np.asarray(table, dtype=float)


def _packed(numbers: ArrayLike) -> str:
    """Numbers between -3 and 3 as 16-bit integers in base 64."""
    values = np.asarray(numbers, dtype=float)
    whole = np.where(np.isnan(values), NOT_DEFINED, np.rint(np.nan_to_num(values) * 10_000))
    return base64.b64encode(whole.astype("<i2").tobytes()).decode()


def _whole(cells: pd.DataFrame) -> dict[str, Any]:
    quarters = [(share, f"{share:g}") for share in (0, 0.25, 0.5, 0.75, 1)]
    return {
        "name": "whole",
        "columns": cells["p_n"].nunique(),
        "rows": cells["p_l"].nunique(),
        "x": {"title": "p_N: probability to stay received", "ticks": quarters},
        "y": {"title": "p_L: probability to stay lost", "ticks": quarters},
        "measured": [],
        "sentence": "",
    }


def _little(cells: pd.DataFrame) -> dict[str, Any]:
    """The view of little loss: its axes, and where a channel was measured rather than read off."""
    places = cells[["p_n", "p_l"]].drop_duplicates()
    places = places.assign(loss=np.asarray(loss_rates(places["p_n"], places["p_l"])))
    there = places[(places["loss"] <= MOST + 1e-9) & (places["p_l"] <= LONGEST_STAY + 1e-9)]
    loses = int((there["p_n"] < 1).sum())
    bursts = {frames: (1 - 1 / frames) / LONGEST_STAY for frames in (1, 1.5, 2, 3, 5)}
    return {
        "name": "little",
        "columns": len(LOSSES),
        "rows": len(STAYS),
        "x": {
            "title": "share of frames lost",
            "most": MOST,
            "ticks": [(i / 5, f"{2 * i} %") for i in range(6)],
        },
        "y": {
            "title": "mean burst (ms)",
            "most": LONGEST_STAY,
            "ticks": [(share, f"{frames * FRAME_MS:g}") for frames, share in bursts.items()],
        },
        "measured": [
            (loss / MOST, p_l / LONGEST_STAY) for loss, p_l in zip(there["loss"], there["p_l"], strict=True)
        ],
        "sentence": SAY["little"].format(loses),
    }
