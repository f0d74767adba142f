"""Colours that stay apart for every kind of colour vision (Okabe and Ito 2008), for light and dark pages."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Palette:
    """One colour for each thing that is drawn, on light pages as it is built.

    Hatching and dashes say the same a second time.
    """

    sound: str = "#56708F"  # the waveform
    lost: str = "#D55E00"  # the hatching of lost frames
    lost_shade: str = "rgba(213,94,0,0.14)"  # what lies under the hatching
    gold: str = "#757575"  # the gold standard
    clean: str = "#0072B2"  # the prediction from the clean audio
    received: str = "#D55E00"  # the prediction from what arrived
    ribbon: str = "rgba(204,121,167,0.38)"  # where the predictions of many draws lie
    median: str = "#A8477F"  # their middle
    ink: str = "#1B2430"  # lines and text of a chart
    undefined: str = "#C9CED6"  # a cell without a score
    paper: str = "#FFFFFF"  # the background of the page

    def for_browser(self) -> dict[str, str]:
        """The colours as the player's canvas takes them; the veil pales the sound that is lost."""
        return {**asdict(self), "paperVeil": self.paper + "99"}


LIGHT = Palette()
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
