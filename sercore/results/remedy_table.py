"""What the tables of receivers have in common: their receivers exist, and no row leaves out a word."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sercore.reading import ReadingError
from sercore.reading.schema import Rule
from sercore.results.table import ResultsError, read_table
from sercore.results.ways import receiver_title


@dataclass(frozen=True)
class IsReceiver:
    """The name of a receiver, maybe behind a line, or learned."""

    def check(self, value: Any, place: str) -> None:
        """Raise ReadingError if there is no such receiver."""
        try:
            receiver_title(value)
        except ValueError as error:
            raise ReadingError(f"{place}: {error}") from None


def read_remedies(
    path: Path, columns: Mapping[str, str], kind: str, rules: Mapping[str, Rule]
) -> pd.DataFrame:
    """Read a table whose rows name a receiver; all of its words must be there.

    Raises:
        ResultsError: if it is missing, damaged or of another kind.
    """
    table = read_table(path, columns, kind, rules={**rules, "receiver": IsReceiver()})
    for name in (name for name, type_ in columns.items() if type_ == "string"):
        if gaps := int(table[name].isna().sum()):
            raise ResultsError(f"the {kind} {path} cannot be used: {gaps} of its rows have no {name}")
    return table
