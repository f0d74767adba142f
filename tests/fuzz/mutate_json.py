"""JSON altered as what it is: other types, huge and missing values, nesting, names twice, NaN, Unicode."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

NASTY_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 0.5, 1e30, 1e308, -1e308, float("nan"), float("inf"), 2**31, 2**63, 2**64),
    *(10**30, 10**4_000, -(2**63), 5e-324, "", [], {}, [[]], {"": None}, [None] * 50, "2026-11-26T00:00:00"),
    *("x" * 5_000, {"name": 3}, {"arousal": [1]}, "\ud800", ["a", 1, None], [0, 2], list(range(200))),
)


def json_altered(content: bytes, rng: Random, _others: Sequence[bytes] = ()) -> bytes:
    """One value, name or list of a JSON text changed, or raw text that a decoder stumbles over."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return content
    if rng.random() < 0.1:
        return _raw_json(content, rng)
    places = list(_places(found)) if isinstance(found, dict | list) else []
    if not places:
        return json.dumps(rng.choice(NASTY_VALUES)).encode()
    holder, key = rng.choice(places)
    _change_value(holder, key, rng)
    text = json.dumps(found, indent=rng.choice((None, 1)))
    return text.encode()


def _places(found: Any) -> Any:
    """Each table or list within with each of its names or numbers; far fewer of long lists."""
    left = [found]
    while left:
        holder = left.pop()
        keys = list(holder) if isinstance(holder, dict) else list(range(min(len(holder), 5)))
        for key in keys:
            yield holder, key
            if isinstance(holder[key], dict | list):
                left.append(holder[key])


def _change_value(holder: Any, key: Any, rng: Random) -> None:
    value = holder[key]
    what = rng.randrange(7)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, dict):
        holder[rng.choice((f"{key} ", key.upper(), "x" * 300, "\n", "name", "seed"))] = holder.pop(key)
    elif what == 2:
        holder[key] = [value] if rng.random() < 0.5 else {"name": value}
    elif what == 3 and isinstance(value, int | float | str):
        holder[key] = str(value) if not isinstance(value, str) else len(value)
    elif what == 4 and isinstance(value, int | float) and not isinstance(value, bool):
        half, many = (float(value) + 0.5, float(value) * 1e6) if abs(value) < 1e300 else (0.5, 1e306)
        holder[key] = rng.choice((-value, half, many, value * 10**20))
    elif what == 5 and isinstance(value, list):
        holder[key] = value * rng.choice((0, 2, 50))
    else:
        holder[key] = rng.choice(NASTY_VALUES)


def _raw_json(content: bytes, rng: Random) -> bytes:
    depth = rng.choice((40, 1_000, 100_000))
    whole = rng.choice(
        (b"[" * depth, b"[" * depth + b"]" * depth, b'{"a":' * depth, b"1" * depth, b'"' + b"\\u0000" * 9)
    )
    if rng.random() < 0.5:
        return whole
    at = content.find(b":", rng.randrange(len(content)))
    return content if at < 0 else content[: at + 1] + whole + b"," + content[at + 1 :]
