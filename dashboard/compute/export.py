"""Losses and predictions as the text of files that a visitor takes along."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.compute.clips import Clip
from sercore.trace import Trace
from sercore.trace.text import text_of
from sercore.units import DIMENSIONS, FRAME_MS, LABEL_RATE

TRACE_MS = 20  # of the traces that packet-loss-concealment challenges use


def received_csv(received: NDArray[np.bool_], start: float = 0, packet_ms: float = FRAME_MS) -> str:
    """One row for each 200 ms frame, or packet: number, time in the track, 1 for received.

    Example:
        >>> print(received_csv(np.array([True, False])))
        frame,seconds,received
        0,0.0,1
        1,0.2,0
        <BLANKLINE>
    """
    rows = ((i, round(start + i * packet_ms / 1000, 3), int(bit)) for i, bit in enumerate(received))
    return _csv(("frame" if packet_ms == FRAME_MS else "packet", "seconds", "received"), rows)


def trace_text(received: NDArray[np.bool_], packet_ms: float = FRAME_MS) -> str:
    """A loss trace as the INTERSPEECH 2022 PLC challenge writes it: a line for each 20 ms packet, 1 for lost.

    Of packets that 20 ms do not divide it has a line for each of their own, and says how long they are.

    Example:
        >>> trace_text(np.array([True, False])).split() == ["0"] * 10 + ["1"] * 10
        True
    """
    if packet_ms % TRACE_MS:
        return text_of(Trace(received, packet_ms))
    return "".join(f"{int(lost)}\n" for lost in np.repeat(~received, int(packet_ms // TRACE_MS)))


def predictions_csv(
    clip: Clip, received: NDArray[np.bool_], predicted: Mapping[str, NDArray[np.float32]]
) -> str:
    """One row for each frame: time, whether it arrived, gold standard, and every prediction by its name.

    Cells are empty where a prediction is NaN. Shapes: received (frames,), each prediction (frames, 2).
    """
    seconds = np.round(clip.start + np.arange(clip.n_frames) / LABEL_RATE, 3)
    columns: dict[str, NDArray[Any]] = {"seconds": seconds, "received": received.astype(int)}
    courses = ({} if clip.gold is None else {"gold": clip.gold}) | dict(predicted)
    for name, course in courses.items():
        columns |= {f"{name}_{dimension}": course[:, d] for d, dimension in enumerate(DIMENSIONS)}
    return _csv(columns, (map(_cell, row) for row in zip(*columns.values(), strict=True)))


def _cell(value: Any) -> Any:
    if isinstance(value, (np.floating, float)):
        return "" if np.isnan(value) else f"{value:.6g}"
    return value


def _csv(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
