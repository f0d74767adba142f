"""The words of the field, explained where they are met."""

import re

from dashboard.words import PROSE
from dashboard.words.glossary import MEANINGS, explained

WANTED = (
    "CCC", "$p_N$", "$p_L$", "channel", "frame", "packet", "draw", "seed", "gold standard", "mismatched",
    "multi-condition", "matched", "augmentation", "Eq. 1", "RECOLA", "interval",
)  # fmt: skip


def test_every_term_has_its_meaning():
    for word in WANTED:
        assert len(MEANINGS[word.lower()]) > 15, word


def test_marking_changes_no_word():
    for text in (
        PROSE["breaks"]["intro"],
        PROSE["lesson"]["luck"],
        "p_N `frame` [seed](x) <b>draw</b> $p_N$",
    ):
        marked = explained(text)
        plain = re.sub(r'<span popover.*?</span>|</?button[^>]*>|<span class="term">|</span>', "", marked)
        assert plain == text


def test_a_term_is_a_button_that_opens_what_it_means():
    marked = explained("Matched and mismatched, $p_N$ and matched again.")
    names = re.findall(r'popovertarget="([^"]+)"[^>]*>([^<]+)</button>', marked)
    assert [word for _, word in names] == ["Matched", "mismatched", "$p_N$"]
    for name, word in names:
        assert f'id="{name}" class="meaning">{MEANINGS[word.lower()]}</span>' in marked
    assert len({name for name, _ in names}) == 3
