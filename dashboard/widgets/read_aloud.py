"""Names that can be read aloud."""

import re


def read_aloud(title: str) -> str:
    """A title without its formulas, which screen readers spell: dollar, p, underscore.

    Example:
        >>> read_aloud("$p_N$ · stay received"), read_aloud("$p_{13}$"), read_aloud("$h$ · arrives in bad")
        ('p N · stay received', 'p 13', 'h · arrives in bad')
    """
    return re.sub(r"\$(\w)(?:_\{?(\w+?)\}?)?\$", lambda part: " ".join(filter(None, part.groups())), title)
