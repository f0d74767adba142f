"""The lesson goes through channels of its own: who leaves it finds the one from before on the other pages."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

BEFORE = "channel before the lesson"


def keep_apart(
    session: MutableMapping[Any, Any], page: str, remembered: Mapping[str, Any], names: Iterable[str]
) -> None:
    """Put the channel aside when the lesson opens, and take it up again when it is left.

    Args:
        session: whose ``page`` is still the one from before.
        page: that opens now.
        remembered: all choices as the page before left them.
        names: of those that make the channel.

    Example:
        >>> session = {"page": "", "p_n": 0.3}
        >>> keep_apart(session, "lesson", {"p_n": 0.3}, ["p_n"])
        >>> session |= {"page": "lesson", "p_n": 0.9}
        >>> keep_apart(session, "breaks", {"p_n": 0.9}, ["p_n"])
        >>> session["p_n"]
        0.3
    """
    before = session.get("page")
    if page == "lesson" and before not in (None, "lesson"):
        session[BEFORE] = {name: remembered[name] for name in names if name in remembered}
    elif page != "lesson" and before == "lesson":
        session.update(session.pop(BEFORE, {}))
