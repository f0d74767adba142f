"""Two traces, losses and level in a terminal; where it is none, a line a second."""

from collections import deque
from dataclasses import dataclass
from math import log10
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rich.console import Console, Group
from rich.live import Live as RichLive
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sercore.live.engine import Prediction
from sercore.units import LABEL_RATE

ROWS = 9  # of a trace, from 1 to -1, each with an upper and a lower half
KEPT = 600  # predictions: as many as the widest terminal has columns
HEARD, CLEAN = "▀▄", "˙."  # upper and lower half
LOST = " ░▒▓█"  # by the share of a frame
QUIETEST = -60.0  # dB below full scale, where the level's bar begins


@dataclass(frozen=True)
class Shown:
    """One moment: what is predicted after loss and without, and how loud it is."""

    heard: Prediction
    clean: Prediction | None
    level: float  # dB below full scale


class Screen:
    """Draws each moment; ``with`` clears up behind it.

    Args:
        title: what is heard through what.
        console: where to; the terminal.
    """

    def __init__(self, title: str, console: Console | None = None) -> None:
        self.console = console or Console()
        self._title, self._shown = title, deque[Shown](maxlen=KEPT)
        self._drawing = (
            RichLive(console=self.console, auto_refresh=False) if self.console.is_terminal else None
        )

    def __enter__(self) -> Self:
        if self._drawing is None:
            self.console.print(self._title, soft_wrap=True, highlight=False)
        else:
            self._drawing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawing is not None:
            self._drawing.stop()

    def show(self, moment: Shown, counts: str) -> None:
        """One moment more, and what there is to count so far."""
        self._shown.append(moment)
        if self._drawing is not None:
            self._drawing.update(self.picture(counts), refresh=True)
        elif round(moment.heard.seconds * LABEL_RATE) % LABEL_RATE == 0:
            self.console.print(line(moment), soft_wrap=True, highlight=False)

    def picture(self, counts: str) -> Panel:
        """What the terminal shows now."""
        wide = self.console.width >= 100
        names = list(self._shown[-1].heard.values)
        columns = max(10, self.console.width // (2 if wide else 1) - 12)
        traces = [self._trace(name, columns) for name in names[:2]]
        table = Table.grid(padding=(0, 2))
        for row in [traces] if wide else [[each] for each in traces]:
            table.add_row(*row)
        newest = self._shown[-1]
        level = Text("level ").append("█" * round((newest.level - QUIETEST) / -QUIETEST * 20), "green")
        level.append(f" {newest.level:.0f} dB")
        inside = Group(table, level, Text(counts, "dim"))
        legend = Text(f"{HEARD[0]} as received, {CLEAN[1]} as sent")
        return Panel(inside, title=Text(self._title), title_align="left", subtitle=legend)

    def _trace(self, name: str, columns: int) -> Text:
        """One dimension: what is predicted, and below it what was lost."""
        shown = list(self._shown)[-columns:]
        newest = shown[-1]
        words = f"{name} {newest.heard.values[name]:+.2f}"
        if newest.heard.band and name in newest.heard.band:
            words += " ({:+.2f} to {:+.2f})".format(*newest.heard.band[name])
        words += f", as sent {newest.clean.values[name]:+.2f}" if newest.clean else ""
        drawn = Text(words + "\n", "bold")
        for number, cells in enumerate(cells_of(shown, name)):
            scale = {0: "+1", ROWS // 2: " 0", ROWS - 1: "-1"}.get(number, "  ")
            drawn.append(f"{scale} ", "dim").append("".join(cells) + "\n", "cyan")
        lost = "".join(LOST[round(each.heard.lost * (len(LOST) - 1))] for each in shown)
        return drawn.append("lost ", "dim").append(lost, "red")


def cells_of(shown: list[Shown], name: str) -> list[list[str]]:
    """Letters of a trace; what is heard covers what was sent. Shape: (moments,) -> (rows, moments)."""
    cells = [[" "] * len(shown) for _ in range(ROWS)]
    for column, moment in enumerate(shown):
        for found, letters in ((moment.clean, CLEAN), (moment.heard, HEARD)):
            if found is not None:
                row, half = divmod(_half_row(found.values[name]), 2)
                cells[row][column] = letters[half]
    return cells


def line(moment: Shown) -> str:
    """One moment in words."""
    found = moment.heard
    clean = moment.clean.values if moment.clean else {}
    said = (
        f"{name} {value:+.3f}" + (f" (as sent {clean[name]:+.3f})" if name in clean else "")
        for name, value in found.values.items()
    )
    return f"{found.seconds:7.1f} s  {'  '.join(said)}  lost {found.share_lost:.0%}  {moment.level:.0f} dB"


def level_of(sound: NDArray[np.float32]) -> float:
    """Root mean square in dB below full scale. Shape: (samples,).

    Example:
        >>> level_of(np.full(100, 0.1, dtype=np.float32))
        -20.0
    """
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return round(10 * log10(power), 3) if power > 10 ** (QUIETEST / 10) else QUIETEST


def _half_row(value: float) -> int:
    return round((1 - min(max(value, -1.0), 1.0)) / 2 * (2 * ROWS - 1))
