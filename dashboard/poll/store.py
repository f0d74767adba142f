"""Where predictions of a class lie: one SQLite file, which outlasts the server. It holds no names.

A teacher's key opens a poll; students know the code that is made of it, and no code leads back to its key.
"""

import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHERE = "SERCORE_POLL"  # environment variable: another file
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # which nobody mistakes for one another
LENGTH_OF_CODE, LENGTH_OF_KEY = 6, 20
KEPT_DAYS = 30  # what nobody cleared goes by itself
MOST_VOTERS = 500  # of a step of one poll
MOST_POLLS = 1_000  # the oldest go first
PATIENCE = 30.0  # seconds, while others write
_TABLES = """
CREATE TABLE IF NOT EXISTS polls (code TEXT PRIMARY KEY, opened REAL NOT NULL);
CREATE TABLE IF NOT EXISTS votes (
  code TEXT NOT NULL REFERENCES polls ON DELETE CASCADE, step INTEGER NOT NULL, voter TEXT NOT NULL,
  choice INTEGER NOT NULL, PRIMARY KEY (code, step, voter)
);
"""


def new_key() -> str:
    """What a teacher has, and nobody else."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH_OF_KEY))


def code_of(key: str) -> str:
    """What students are given.

    Example:
        >>> code_of("abc") == code_of("abc") != code_of("abd"), len(code_of("abc"))
        (True, 6)
    """
    digest = hashlib.sha256(key.encode()).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH_OF_CODE])


def read_code(text: str) -> str:
    """A code that somebody wrote.

    Raises:
        ValueError: if it cannot be one.
    """
    return _of_letters(text, LENGTH_OF_CODE)


def read_key(text: str) -> str:
    """A key that somebody wrote.

    Raises:
        ValueError: if it cannot be one.
    """
    return _of_letters(text, LENGTH_OF_KEY)


def _of_letters(text: str, length: int) -> str:
    if len(text) != length or not set(text) <= set(LETTERS):
        raise ValueError(f"a code has {length} of the letters {LETTERS}, got {text!r}")
    return text


class Poll:
    """All polls of a server.

    Args:
        path: of the file; what ``SERCORE_POLL`` names, or the user's own folder for such things, if left out.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or _usual_path()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of one's own, in whatever thread: writers wait for each other, readers for none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(_TABLES)
            with connection:
                yield connection
        finally:
            connection.close()

    def begin(self, key: str) -> None:
        """Open the poll of a key; one that is open stays as it is, and old ones go."""
        now = time.time()
        with self._open() as found:
            found.execute("DELETE FROM polls WHERE opened < ?", (now - KEPT_DAYS * 86_400,))
            found.execute("INSERT OR IGNORE INTO polls VALUES (?, ?)", (code_of(key), now))
            latest = "SELECT code FROM polls ORDER BY opened DESC LIMIT ?"
            found.execute(f"DELETE FROM polls WHERE code NOT IN ({latest})", (MOST_POLLS,))  # noqa: S608

    def vote(self, code: str, step: int, voter: str, choice: int) -> bool:
        """Count a prediction, in place of the voter's earlier one; False where no such poll is open."""
        with self._open() as found:
            found.execute("BEGIN IMMEDIATE")
            if not found.execute("SELECT 1 FROM polls WHERE code = ?", (code,)).fetchone():
                return False
            others = "SELECT count(*) FROM votes WHERE code = ? AND step = ? AND voter != ?"
            if found.execute(others, (code, step, voter)).fetchone()[0] >= MOST_VOTERS:
                return False
            found.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?)", (code, step, voter, choice))
        return True

    def counts(self, key: str, step: int, n_options: int) -> list[int]:
        """How many chose each option of a step, for who holds the key."""
        asked = "SELECT choice, count(*) FROM votes WHERE code = ? AND step = ? GROUP BY choice"
        with self._open() as found:
            counted = dict(found.execute(asked, (code_of(key), step)).fetchall())
        return [counted.get(choice, 0) for choice in range(n_options)]

    def clear(self, key: str) -> None:
        """Forget what was said in all steps of a poll; it stays open."""
        with self._open() as found:
            found.execute("DELETE FROM votes WHERE code = ?", (code_of(key),))


def _usual_path() -> Path:
    own = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(os.environ.get(WHERE) or Path(own) / "sercore" / "poll.sqlite")
