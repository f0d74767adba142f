"""German sentences about what to keep after a plane crash in the snow."""

# The tables below read best with one item a line, however long.
# ruff: noqa: E501

from collections.abc import Iterator

from sercore.synthetic.grammar.pairs import compared

# (noun; article in the nominative, accusative, dative; plural; what one can do with it)
ITEMS = (
    ("Decke", "die", "die", "der", False, ("uns warm halten", "die Nacht überstehen", "die Verletzten zudecken", "ein wenig schlafen")),
    ("Streichhölzer", "die", "die", "den", True, ("Feuer machen", "die Äste anzünden", "den Schnee schmelzen", "uns heute Abend wärmen")),
    ("Feuerzeug", "das", "das", "dem", False, ("Feuer machen", "die Zeitungen anzünden", "unsere Kleider trocknen", "Wasser kochen")),
    ("Axt", "die", "die", "der", False, ("Holz hacken", "eine Hütte bauen", "das Eis aufbrechen", "uns gegen Wölfe wehren")),
    ("Messer", "das", "das", "dem", False, ("das Seil zerschneiden", "etwas zu essen machen", "Äste anspitzen", "die Dosen öffnen")),
    ("Kompass", "der", "den", "dem", False, ("Norden finden", "in die richtige Richtung gehen", "den Weg nach Süden suchen", "das Dorf erreichen")),
    ("Karte", "die", "die", "der", False, ("unsere Lage bestimmen", "eine Straße finden", "ein Feuer anzünden", "einen See suchen")),
    ("Spiegel", "der", "den", "dem", False, ("Zeichen geben", "die Flugzeuge auf uns aufmerksam machen", "das Licht zurückwerfen", "von weitem auffallen")),
    ("Taschenlampe", "die", "die", "der", False, ("im Dunkeln sehen", "nachts Zeichen geben", "den Weg wiederfinden", "das Lager bewachen")),
    ("Schokolade", "die", "die", "der", False, ("bei Kräften bleiben", "drei Tage durchhalten", "die Stimmung heben", "etwas Süßes essen")),
    ("Plane", "die", "die", "der", False, ("ein Zelt bauen", "uns vor dem Wind schützen", "das Holz trocken halten", "den Boden abdecken")),
    ("Seil", "das", "das", "dem", False, ("das Zelt festbinden", "den Hang hinunterklettern", "das Holz ziehen", "eine Falle bauen")),
    ("Funkgerät", "das", "das", "dem", False, ("Hilfe rufen", "unsere Position melden", "den Wetterbericht hören", "mit der Rettung sprechen")),
    ("Kleider", "die", "die", "den", True, ("uns wärmen", "die Füße trocken halten", "den Kopf bedecken", "Verbände machen")),
)  # fmt: skip

FOR_A_PURPOSE = (
    "Ich denke, wir sollten {akk} behalten, damit wir {p} können.",
    "Meiner Meinung nach {ist} {nom} sehr nützlich, weil wir damit {p} können.",
    "Wie wollen wir ohne {akk} {p}?",
    "Mit {dat} können wir {p}, das ist sicher.",
    "{Nom} {ist} unverzichtbar, wenn wir {p} wollen.",
    "Ich würde {akk} an die erste Stelle setzen, damit wir {p} können.",
    "Wir brauchen {akk}, wie sollen wir sonst {p}?",
    "Ich bin ganz deiner Meinung, mit {dat} wollen wir {p}.",
    "Warte mal, mit {dat} geht das doch: {p_man}!",
    "Stell dir vor, mit {dat} werden wir {p}!",
)
OF_TWO = (
    "{Nom} {ist} wichtiger als {nom2}, findest du nicht?",
    "Wenn ich wählen muss, nehme ich {akk} und nicht {akk2}.",
    "Wir lassen {akk2} liegen und nehmen {akk}, das klingt doch logisch.",
    "Ich verstehe nicht, warum {nom} weniger nützlich sein {soll} als {nom2}.",
    "Zuerst {nom}, dann {nom2}, das ist meine Reihenfolge.",
)
OF_ONE = (
    "{Akk} würde ich eher ans Ende der Liste setzen.",
    "Ehrlich gesagt, im Schnee {nuetzt} uns {nom} gar nichts.",
    "Nein, {akk} brauchen wir wirklich nicht!",
    "Und {akk}, wohin setzt du {ihn}?",
    "Gut, {akk} behalten wir, das ist beschlossen.",
)
FIXED = (
    "Ja, einverstanden.",
    "Nein, das glaube ich nicht.",
    "Ach ja, natürlich!",
    "Warte einen Moment.",
    "Du hast recht.",
    "Ich weiß nicht so genau.",
    "Und du, was meinst du dazu?",
    "Machen wir weiter?",
    "Ja, genau so ist es.",
    "Draußen sind es zwanzig Grad unter null, und es wird früh dunkel.",
    "Das nächste Dorf ist dreißig Kilometer von hier entfernt.",
    "Ich finde, wir bleiben besser beim Flugzeug und warten auf Hilfe.",
    "Wenn wir durch den Schnee laufen, verirren wir uns.",
    "Der Pilot ist tot, und niemand weiß, wo wir sind.",
    "Vielleicht kommt die Rettung schon morgen früh.",
    "Den Schnee kann man trinken, aber man muss ihn schmelzen.",
    "So viel Schnee habe ich in meinem Leben noch nicht gesehen.",
    "Wir müssen noch drei Dinge einordnen.",
    "Das war wirklich eine gute Idee, toll!",
    "Nein, das ist doch völlig verrückt!",
    "Diese Diskussion macht mich langsam müde.",
    "Wir sind fast fertig, es fehlt nur noch das Ende der Liste.",
    "Diese Geschichte macht mir ein bisschen Angst.",
    "Mach dir keine Sorgen, wir schaffen das.",
)


def _forms(x: tuple[str, str, str, str, bool, tuple[str, ...]]) -> dict[str, str]:
    """Everything in a sentence that agrees with the case, gender and number of its noun."""
    noun, nominative, accusative, dative, plural, _ = x
    # A plural noun takes -n in the dative unless it ends in -n or -s already.
    in_dative = noun + "n" if plural and noun[-1] not in "ns" else noun
    return {
        "nom": f"{nominative} {noun}",
        "Nom": f"{nominative.capitalize()} {noun}",
        "akk": f"{accusative} {noun}",
        "Akk": f"{accusative.capitalize()} {noun}",
        "dat": f"{dative} {in_dative}",
        "ihn": {"der": "ihn", "die": "sie", "das": "es"}[nominative],
        "ist": "sind" if plural else "ist",
        "soll": "sollen" if plural else "soll",
        "nuetzt": "nützen" if plural else "nützt",
    }


def _impersonal(purpose: str) -> str:
    """The purpose with *man* as its subject: reflexive and possessive pronouns change."""
    for ours, ones in (("auf uns aufmerksam", "auf sich aufmerksam"), ("uns ", "sich "), ("unsere ", "die ")):
        purpose = purpose.replace(ours, ones)
    return purpose


def compose() -> Iterator[str]:
    """Every sentence of the grammar, in a fixed order."""
    yield from FIXED
    for item in ITEMS:
        forms = _forms(item)
        yield from (template.format(**forms) for template in OF_ONE)
        yield from (
            template.format(p=purpose, p_man=_impersonal(purpose), **forms)
            for template in FOR_A_PURPOSE
            for purpose in item[5]
        )
    for item, other in compared(ITEMS):
        second = _forms(other)
        yield from (
            template.format(nom2=second["nom"], akk2=second["akk"], **_forms(item)) for template in OF_TWO
        )
