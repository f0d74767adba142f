"""Italian sentences about what to keep after a plane crash in the snow."""

# The tables below read best with one item a line, however long.
# ruff: noqa: E501

from collections.abc import Iterator

from sercore.synthetic.grammar.pairs import compared

# (noun with article, feminine, plural, what one can do with it)
ITEMS = (
    ("la coperta", True, False, ("ripararci dal freddo", "passare la notte al caldo", "coprire i feriti", "dormire un po'")),
    ("i fiammiferi", False, True, ("accendere il fuoco", "bruciare i rami", "sciogliere la neve", "scaldarci stasera")),
    ("l'accendino", False, False, ("accendere il fuoco", "bruciare i giornali", "asciugare i vestiti", "far bollire l'acqua")),
    ("l'accetta", True, False, ("tagliare la legna", "costruire un riparo", "rompere il ghiaccio", "difenderci dai lupi")),
    ("il coltello", False, False, ("tagliare la corda", "preparare da mangiare", "appuntire i rami", "aprire le scatole")),
    ("la bussola", True, False, ("trovare il nord", "camminare nella direzione giusta", "ritrovare la strada di casa", "arrivare al villaggio")),
    ("la mappa", True, False, ("capire dove siamo", "trovare una strada", "accendere il fuoco", "cercare un lago")),
    ("lo specchio", False, False, ("mandare segnali", "attirare l'attenzione degli aerei", "riflettere la luce", "farci vedere da lontano")),
    ("la torcia", True, False, ("vedere al buio", "fare segnali di notte", "ritrovare il sentiero", "controllare il campo")),
    ("il cioccolato", False, False, ("avere un po' di energia", "resistere tre giorni", "tirarci su il morale", "mangiare qualcosa di dolce")),
    ("il telo", False, False, ("costruire una tenda", "ripararci dal vento", "tenere la legna all'asciutto", "farci vedere dal cielo")),
    ("i vestiti", False, True, ("restare al caldo", "avere i piedi asciutti", "coprirci la testa", "fare delle bende")),
    ("la radio", True, False, ("chiamare i soccorsi", "dare la nostra posizione", "ascoltare le previsioni", "parlare con il pilota")),
    ("le corde", True, True, ("legare la tenda", "scendere dalla montagna", "trasportare la legna", "fare una trappola")),
)  # fmt: skip

FOR_A_PURPOSE = (
    "Penso che dobbiamo tenere {x} per {p}.",
    "Secondo me, {x} {sara} molto {utile} per {p}.",
    "Senza {x} non potremo {p}.",
    "Con {x} possiamo {p}, questo è sicuro.",
    "Guarda che {x} {e} {indispensabile} per {p}.",
    "Io metterei {x} al primo posto, per {p}.",
    "Ci {serve} {x}, altrimenti come facciamo a {p}?",
    "Sono d'accordo con te, teniamo {x} per {p}.",
    "Aspetta, {x} {lo} possiamo usare anche per {p}.",
    "Ti rendi conto? Con {x} riusciremo a {p}!",
)
OF_TWO = (
    "{X} {e} più {importante} di tutto il resto, anche se {y} non si {buttay}.",
    "Tra {x} e {y}, io scelgo {x}.",
    "Lasciamo {y} e prendiamo {x}, mi sembra logico.",
    "Non capisco perché {x} non {debba} venire prima, e {y} dopo.",
    "Prima {x}, poi {y}, ecco la mia classifica.",
)
OF_ONE = (
    "{X} {lo} metterei piuttosto alla fine della lista.",
    "Francamente, {x} non {servira} a niente nella neve.",
    "Ma no, {x} non ci {serve} per niente!",
    "E {x}, dove {lo} metti?",
    "Va bene, {x} {lo} teniamo, è deciso.",
)
FIXED = (
    "Sì, d'accordo.",
    "No, non credo.",
    "Ah sì, certo!",
    "Aspetta un secondo.",
    "Hai ragione.",
    "Non lo so proprio.",
    "E tu, che cosa ne pensi?",
    "Andiamo avanti?",
    "Ecco, è proprio così.",
    "Fuori ci sono venti gradi sotto zero, e la notte arriva presto.",
    "Il villaggio più vicino è a trenta chilometri da qui.",
    "Secondo me è meglio restare vicino all'aereo e aspettare i soccorsi.",
    "Se camminiamo nella neve, ci perdiamo.",
    "Il pilota è morto, e nessuno sa dove siamo.",
    "I soccorsi arriveranno forse domani mattina.",
    "Possiamo bere la neve, ma bisogna scioglierla.",
    "Non ho mai visto tanta neve in vita mia.",
    "Ci restano ancora tre oggetti da ordinare.",
    "È stata davvero una bella idea, bravo!",
    "No, è completamente assurdo!",
    "Comincio a essere stanco di questa discussione.",
    "Abbiamo quasi finito, manca solo la fine della lista.",
    "Mi fa un po' paura, questa storia.",
    "Non ti preoccupare, ce la faremo.",
)


def _forms(x: tuple[str, bool, bool, tuple[str, ...]]) -> dict[str, str]:
    """Everything in a sentence that agrees with the gender and number of its subject."""
    noun, feminine, plural, _ = x
    pronoun = ("le" if feminine else "li") if plural else ("la" if feminine else "lo")
    return {
        "x": noun,
        "X": noun[0].upper() + noun[1:],
        "e": "sono" if plural else "è",
        "sara": "saranno" if plural else "sarà",
        "serve": "servono" if plural else "serve",
        "servira": "serviranno" if plural else "servirà",
        "debba": "debbano" if plural else "debba",
        "importante": "importanti" if plural else "importante",
        "indispensabile": "indispensabili" if plural else "indispensabile",
        "utile": "utili" if plural else "utile",
        "lo": pronoun,
    }


def compose() -> Iterator[str]:
    """Every sentence of the grammar, in a fixed order."""
    yield from FIXED
    for item in ITEMS:
        forms = _forms(item)
        yield from (template.format(**forms) for template in OF_ONE)
        for template in FOR_A_PURPOSE:
            # "a" takes its old d before another a: "ad accendere"
            yield from (template.format(p=purpose, **forms).replace(" a a", " ad a") for purpose in item[3])
    for item, other in compared(ITEMS):
        forms = _forms(item) | {"y": other[0], "buttay": "buttano" if other[2] else "butta"}
        yield from (template.format(**forms) for template in OF_TWO)
