"""Colours that stay apart for every kind of colour vision (Okabe and Ito 2008), for light and dark pages."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Palette:
    """One colour for each thing that is drawn; hatching and dashes say the same a second time.

    Args:
        sound: the waveform.
        lost: the hatching of lost frames.
        lost_shade: what lies under the hatching.
        gold: the gold standard.
        clean: the prediction from the clean audio.
        received: the prediction from what arrived.
        ribbon: where the predictions of many draws lie.
        median: their middle.
        ink: lines and text of a chart.
        undefined: a cell without a score.
        paper: the background of the page.
    """

    sound: str
    lost: str
    lost_shade: str
    gold: str
    clean: str
    received: str
    ribbon: str
    median: str
    ink: str
    undefined: str
    paper: str

    def for_browser(self) -> dict[str, str]:
        """The colours as the player's canvas takes them; the veil pales the sound that is lost."""
        return {**asdict(self), "paperVeil": self.paper + "99"}


LIGHT = Palette(
    sound="#56708F",
    lost="#D55E00",
    lost_shade="rgba(213,94,0,0.14)",
    gold="#757575",
    clean="#0072B2",
    received="#D55E00",
    ribbon="rgba(204,121,167,0.38)",
    median="#A8477F",
    ink="#1B2430",
    undefined="#C9CED6",
    paper="#FFFFFF",
)
DARK = Palette(
    sound="#8FA9C7",
    lost="#E69F00",
    lost_shade="rgba(230,159,0,0.16)",
    gold="#A9A9A9",
    clean="#56B4E9",
    received="#E69F00",
    ribbon="rgba(204,121,167,0.42)",
    median="#E5A9CB",
    ink="#E8EDF2",
    undefined="#4A5462",
    paper="#11161D",
)


def palette_for(theme: str | None) -> Palette:
    """The palette for Streamlit's theme type, "light" or "dark"; light where the browser has not said yet.

    Example:
        >>> palette_for("dark").clean
        '#56B4E9'
    """
    return DARK if theme == "dark" else LIGHT
