"""A figure as it is sent: built once, shown to many, and changed by nobody."""

from typing import Any

import plotly.graph_objects as go
import plotly.io


class Drawn(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure that is finished.

    Args:
        sent: what ``to_dict`` of a figure gives.
    """

    def __init__(self, sent: dict[str, Any]) -> None:
        super().__init__()
        self._sent = sent

    def to_dict(self) -> dict[str, Any]:
        """What it was made of; plotly asks a figure for it, to write it as JSON."""
        return self._sent

    def and_also(self, *traces: dict[str, Any]) -> "Drawn":
        """The same with more traces on top of it."""
        return Drawn({**self._sent, "data": [*self._sent["data"], *traces]})

    @property
    def n_bytes(self) -> int:
        """How many bytes are sent."""
        return len(plotly.io.to_json(self._sent, validate=False))
