"""How a setting looks and what it is called, in the README's picture, on the page and in the dashboard."""

from dataclasses import dataclass

from sercore.recogniser.learned import parts_of
from sercore.training.settings import MATCHED


@dataclass(frozen=True)
class Look:
    """One colour, symbol and dash for each setting; the last two tell lines apart for who sees no colours."""

    colour: str  # one of Okabe and Ito's (2008), which stay apart for every kind of colour vision
    symbol: str  # of a point, as plotly calls it
    dash: str  # of a line, as plotly calls it
    strokes: str  # the same dash in SVG, lengths of strokes and gaps; "" is solid

    def faint(self, opacity: float = 0.15) -> str:
        """The colour of a band under lines.

        Example:
            >>> LOOKS["matched"].faint()
            'rgba(0,158,115,0.15)'
        """
        red, green, blue = (int(self.colour[i : i + 2], 16) for i in (1, 3, 5))
        return f"rgba({red},{green},{blue},{opacity})"


LOOKS = {
    "mismatched": Look("#0072B2", "circle", "solid", ""),
    "multi_condition": Look("#CC79A7", "square", "dash", "7 3"),
    "augmentation": Look("#D55E00", "triangle-up", "dashdot", "10 3 2 3"),
    "matched": Look("#009E73", "diamond", "dot", "2 3"),
}


_CONCEALS = {"learned": "that conceals", "learned_both": "that conceals both ways"}
_NINE = {setting.name for setting in MATCHED.values()}


def title(setting: str) -> str:
    """How a setting, or a network, is called within a sentence or a table.

    Example:
        >>> title("matched_high_low"), title("multi_condition")
        ('matched, high p_N / low p_L (augmentation)', 'multi-condition')
        >>> title("mismatched_learned_both")
        'mismatched that conceals both ways'
    """
    network, learned = parts_of(setting)
    if learned:
        return f"{title(network)} {_CONCEALS[learned]}"
    if setting in _NINE:
        _, p_n, p_l = setting.split("_")
        alias = " (augmentation)" if (p_n, p_l) == ("high", "low") else ""
        return f"matched, {p_n} p_N / {p_l} p_L{alias}"
    return setting.replace("_", "-")


def setting_title(setting: str) -> str:
    """The same, short, where it stands on its own, as on a page of the dashboard.

    Example:
        >>> setting_title("multi_condition"), setting_title("matched_low_mid")
        ('Multi-condition', 'Matched low/mid')
    """
    if setting in _NINE:
        return "Matched " + setting.removeprefix("matched_").replace("_", "/")
    return title(setting).capitalize()
