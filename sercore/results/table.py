"""The tidy table of results: one row for each network, channel, loss seed and dimension.

``ccc`` is the paper's score, on the frames that arrive; ``ccc_timeline`` is that on all frames of all tracks,
each lost frame holding the last prediction (0 before the first frame arrives), which is what a user of a live
system sees. ``_low`` and ``_high`` end 95 % bootstrap intervals over tracks, whose resamples are the same for
all rows. ``ccc`` is not defined under ``MIN_FRAMES_FOR_CCC`` received frames (``status`` says so);
``ccc_timeline`` is NaN only where nothing at all arrives. Neither is defined where the gold standard never
moves. ``model_seed`` is the seed of the training, as the card says; missing where the card does not.

A table of another receiver than the paper's has one more column, ``receiver``; where it is absent, lost
frames are dropped. A table of other packets than the paper's has two more, ``packet_ms`` and
``packet_loss_rate`` of the draw; losses are of frames of 200 ms in all other columns, lost where more than
half of one is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from sercore.channel import Gilbert, channel_key
from sercore.channel.registry import PACKET_MS
from sercore.files import replacing
from sercore.reading import told_as
from sercore.reading.schema import Rule
from sercore.receiver.drop import Drop
from sercore.results.columns import DEFINED, NOT_DEFINED, RULES, SCORES, check_columns
from sercore.results.errors import ResultsError
from sercore.results.table_file import read_columns
from sercore.units import FRAME_MS

__all__ = [
    "CHANNEL",
    "COLUMNS",
    "DEFINED",
    "NOT_DEFINED",
    "PACKET_LOSS",
    "RECEIVER",
    "SCORES",
    "ResultsError",
    "at",
    "read_results",
    "read_table",
    "results_table",
    "with_channel",
    "write_results",
]

COLUMNS = {
    "setting": "string",
    "model_seed": "Int64",  # of the training
    "channel": "string",  # as sercore.channel.registry names it
    "p_n": "float64",  # NaN where the channel is not of the paper's chain
    "p_l": "float64",
    "expected_loss_rate": "float64",  # of frames; Eq. 1
    "loss_rate": "float64",  # of frames, in this draw
    "dimension": "string",
    "ccc": "float64",  # population moments, pooled over tracks; NaN where not defined
    "ccc_low": "float64",
    "ccc_high": "float64",
    "ccc_timeline": "float64",
    "ccc_timeline_low": "float64",
    "ccc_timeline_high": "float64",
    "status": "string",  # of ccc: DEFINED or NOT_DEFINED
    "n_frames": "int64",  # frames received, over all tracks
    "seed": "int64",  # of the losses
    "partition": "string",
    "corpus": "string",
    "corpus_sha256": "string",
    "weights_sha256": "string",
}
RECEIVER = "receiver"  # a column only where frames are not dropped, so that older tables stay whole
PACKET_LOSS = "packet_loss_rate"  # of this draw; with PACKET_MS a column only where a packet is not a frame
MORE = {RECEIVER: "string", PACKET_MS: "float64", PACKET_LOSS: "float64"}
CHANNEL = ("p_n", "p_l", "channel")  # in this order a table of the plane reads row by row


def results_table(rows: pd.DataFrame | Iterable[Mapping[str, Any]], keep: Sequence[str] = ()) -> pd.DataFrame:
    """Rows as a table with the columns and types of ``COLUMNS``, in a fixed order of rows.

    Of what ``evaluate_cell`` yields, or a table of it; what is no column, and not to ``keep``, is left out.
    """
    rows = rows if isinstance(rows, pd.DataFrame) else list(rows)
    table = with_channel(pd.DataFrame(rows, columns=[*COLUMNS, *MORE, *keep])).astype(COLUMNS | MORE)
    for column, usual in ((RECEIVER, Drop.NAME), (PACKET_MS, FRAME_MS), (PACKET_LOSS, table["loss_rate"])):
        table[column] = table[column].fillna(usual)
    order = ["partition", "setting", "model_seed", "weights_sha256", "seed", *CHANNEL, RECEIVER, "dimension"]
    if (table[PACKET_MS] == FRAME_MS).all():
        table = table.drop(columns=[PACKET_MS, PACKET_LOSS])
    if (table[RECEIVER] == Drop.NAME).all():
        table, order = table.drop(columns=RECEIVER), [name for name in order if name != RECEIVER]
    return table.sort_values(order, kind="stable", ignore_index=True)


def at(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """The rows with these values, for instance ``setting="matched"``."""
    for column, value in wanted.items():
        table = table[(table[column] == value).to_numpy(dtype=bool, na_value=False)]
    return table


def with_channel(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a key for each channel; a row without one is of the paper's chain, from before."""
    places = zip(table["p_n"], table["p_l"], table.get("channel", [None] * len(table)), strict=True)
    return table.assign(
        channel=[key if isinstance(key, str) else _chain(p_n, p_l) for p_n, p_l, key in places]
    )


@cache
def _chain(p_n: float, p_l: float) -> str:
    return channel_key(Gilbert(p_n, p_l))


def write_results(path: str | Path, table: pd.DataFrame) -> None:
    """Write the table as .parquet or .csv, as its name ends (else ``ResultsError``), never half of it."""
    path = _checked(path)
    with replacing(path) as temporary, temporary.open("wb") as file:  # its name need not be text
        if path.suffix == ".csv":
            table.to_csv(file, index=False)
        else:
            table.to_parquet(file, index=False, compression="zstd")


def read_results(path: str | Path, needed: Collection[str] = COLUMNS) -> pd.DataFrame:
    """``read_table`` of what ``write_results`` wrote; an older table may lack what is not ``needed``."""
    return read_table(_checked(path), COLUMNS | MORE, "results", needed)


def read_table(
    path: Path,
    columns: Mapping[str, str],
    kind: str,
    needed: Collection[str] | None = None,
    rules: Mapping[str, Rule] = RULES,
) -> pd.DataFrame:
    """Read the columns of a .parquet or .csv table with their types, held against what they may hold.

    Args:
        path: where it lies.
        columns: the columns to read, and their types.
        kind: what it is a table of, in the plural.
        needed: those that it must have; all, if nothing is said.
        rules: of some columns, where they differ from those of every table.

    Raises:
        ResultsError: if the file is missing, cannot be read, lacks a column, or holds what cannot be.
    """
    if not path.exists():
        raise ResultsError(f"there is no table of {kind} at {path}")
    with told_as(ResultsError, f"the {kind} {path} cannot be read"):
        table = read_columns(path, columns)
    there = {*table.columns, "channel"}  # which tables of before lack
    if missing := [name for name in (columns if needed is None else needed) if name not in there]:
        raise ResultsError(
            f"the {kind} {path} lack the columns {', '.join(missing)}: they are of an older version or of "
            "another kind; evaluate again"
        )
    with told_as(ResultsError, f"the {kind} {path} cannot be used"):
        check_columns(table, rules)
        if "channel" in columns:
            table = with_channel(table).astype({"channel": columns["channel"]})
    return table[[name for name in columns if name in table.columns]]


def _checked(path: str | Path) -> Path:
    path = Path(path)
    if path.suffix not in (".parquet", ".csv"):
        raise ResultsError(f"results are .parquet or .csv files, got {path}")
    return path
