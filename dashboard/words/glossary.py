"""The words of the field: each is explained where it is met, from one text (glossary.md)."""

import hashlib
import re

from dashboard.words import on_one_line, text_of


def _meanings() -> dict[str, str]:
    """What each spelling of a term means; an entry is a paragraph that begins with its spellings in bold."""
    found = {}
    for paragraph in text_of("glossary.md").split("\n\n"):
        names, _, meaning = paragraph.removeprefix("**").partition(".** ")
        for name in names.split(", "):
            found[name.lower()] = on_one_line(meaning)
    return found


MEANINGS = _meanings()
_LONGEST_FIRST = sorted(MEANINGS, key=len, reverse=True)
# What stands as it is: code, links, HTML, and formulas that are more than a term.
_LEFT_ALONE = r"`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>|:[a-z]+/?[a-z_]*:"
_WORDS = "|".join(re.escape(name) if "$" in name else rf"\b{re.escape(name)}\b" for name in _LONGEST_FIRST)
_PATTERN = re.compile(rf"(?P<alone>{_LEFT_ALONE})|(?P<term>{_WORDS})", re.IGNORECASE)


def explained(text: str) -> str:
    """Prose in which the first of each term is a button that opens its meaning, as Markdown with HTML.

    The browser's own popover: by tap, Enter or Space, closed by Escape; page.css shows it to a pointer, too.

    Example:
        >>> explained("A frame, two frames, a frame.").count("<button")
        1
        >>> explained("`frame`")
        '`frame`'
    """
    seen: set[str] = set()
    of = hashlib.sha256(text.encode()).hexdigest()[:8]

    def mark(match: re.Match[str]) -> str:
        term = match["term"]
        if term is None or MEANINGS[term.lower()] in seen:
            return match[0]
        meaning = MEANINGS[term.lower()]
        seen.add(meaning)
        name = f"term-{of}-{len(seen)}"
        aloud = f' aria-label="{re.sub(r"[$_]", "", term)}"' if "$" in term else ""  # a formula has no text
        button = f'<button type="button" popovertarget="{name}"{aloud}>{term}</button>'
        told = f'<span popover="auto" id="{name}" class="meaning">{meaning}</span>'
        return f'<span class="term">{button}{told}</span>'

    return _PATTERN.sub(mark, text)
