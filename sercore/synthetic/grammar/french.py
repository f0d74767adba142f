"""French sentences about what to keep after a plane crash in the snow."""

# The tables below read best with one item a line, however long.
# ruff: noqa: E501

from collections.abc import Iterator

from sercore.synthetic.grammar.pairs import compared

# (noun with article, feminine, plural, what one can do with it)
ITEMS = (
    ("la couverture", True, False, ("se protéger du froid", "passer la nuit au chaud", "envelopper les blessés", "dormir un peu")),
    ("les allumettes", True, True, ("faire du feu", "allumer les branches", "faire fondre la neige", "se réchauffer ce soir")),
    ("le briquet", False, False, ("faire du feu", "allumer le journal", "sécher nos vêtements", "faire bouillir de l'eau")),
    ("la hache", True, False, ("couper du bois", "construire un abri", "casser la glace", "se défendre contre les loups")),
    ("le couteau", False, False, ("couper la corde", "préparer à manger", "tailler des branches", "ouvrir les boîtes")),
    ("la boussole", True, False, ("trouver le nord", "marcher dans la bonne direction", "retrouver le chemin du retour", "rejoindre le village")),
    ("la carte", True, False, ("savoir où nous sommes", "trouver une route", "allumer le feu", "chercher un lac")),
    ("le miroir", False, False, ("envoyer des signaux", "attirer l'attention des avions", "refléter la lumière", "se faire voir de loin")),
    ("la lampe de poche", True, False, ("voir dans le noir", "faire des signaux la nuit", "retrouver le chemin", "surveiller le camp")),
    ("le chocolat", False, False, ("garder des forces", "tenir trois jours", "remonter le moral", "manger quelque chose de sucré")),
    ("la toile", True, False, ("construire une tente", "se protéger du vent", "garder le bois au sec", "être vus du ciel")),
    ("les vêtements", False, True, ("rester au chaud", "avoir les pieds secs", "se couvrir la tête", "faire des bandages")),
    ("la radio", True, False, ("appeler les secours", "donner notre position", "écouter la météo", "parler au pilote")),
    ("les journaux", False, True, ("allumer le feu", "isoler les chaussures", "lire un peu le soir", "couvrir le sol de l'abri")),
)  # fmt: skip

FOR_A_PURPOSE = (
    "Je pense qu'il faut garder {x} pour {p}.",
    "À mon avis, {x} {sera} très {utile} pour {p}.",
    "Sans {x}, on ne pourra pas {p}.",
    "Avec {x}, on peut {p}, c'est sûr.",
    "{X}, c'est indispensable pour {p}.",
    "Moi, je mettrais {x} en première position, pour {p}.",
    "Il nous faut {x}, sinon comment est-ce qu'on va {p} ?",
    "Je suis d'accord avec toi, on garde {x} pour {p}.",
    "Attends, {x}, on peut aussi {lutiliser} pour {p}.",
    "Tu te rends compte ? Avec {x}, on va {p} !",
)
OF_TWO = (
    "{X} {est} plus {important} que {y}, tu ne crois pas ?",
    "Entre {x} et {y}, je choisis {x}.",
    "On laisse {y} et on prend {x}, ça me semble logique.",
    "Je ne vois pas pourquoi {x} {serait} moins {utile} que {y}.",
    "D'abord {x}, ensuite {y}, voilà mon classement.",
)
OF_ONE = (
    "{X}, je {le} mettrais plutôt à la fin de la liste.",
    "Franchement, {x} ne {servira} à rien dans la neige.",
    "Mais non, {x}, on n'en a pas besoin !",
    "Et {x}, tu {le} mets où ?",
    "Bon, {x}, on {le} garde, c'est décidé.",
)
FIXED = (
    "Oui, d'accord.",
    "Non, je ne crois pas.",
    "Ah oui, bien sûr !",
    "Attends une seconde.",
    "Tu as raison.",
    "Je ne sais pas trop.",
    "Et toi, qu'est-ce que tu en penses ?",
    "On continue ?",
    "Voilà, c'est exactement ça.",
    "Il fait moins vingt degrés dehors, et la nuit tombe très vite.",
    "Le village le plus proche est à trente kilomètres d'ici.",
    "À mon avis, il vaut mieux rester près de l'avion et attendre les secours.",
    "Si on marche dans la neige, on va se perdre.",
    "Le pilote est mort, et personne ne sait où nous sommes.",
    "Les secours vont peut-être arriver demain matin.",
    "On peut boire la neige, mais il faut la faire fondre.",
    "Je n'ai jamais vu autant de neige de ma vie.",
    "Il nous reste encore trois objets à classer.",
    "C'était vraiment une bonne idée, bravo !",
    "Non, c'est complètement absurde !",
    "Je commence à être fatigué de cette discussion.",
    "On a presque fini, il ne reste que la fin de la liste.",
    "Ça me fait un peu peur, cette histoire.",
    "Ne t'inquiète pas, on va s'en sortir.",
)


def _forms(x: tuple[str, bool, bool, tuple[str, ...]]) -> dict[str, str]:
    """Everything in a sentence that agrees with the gender and number of its subject."""
    noun, feminine, plural, _ = x
    ending = ("e" if feminine else "") + ("s" if plural else "")
    return {
        "x": noun,
        "X": noun[0].upper() + noun[1:],
        "est": "sont" if plural else "est",
        "sera": "seront" if plural else "sera",
        "serait": "seraient" if plural else "serait",
        "servira": "serviront" if plural else "servira",
        "important": "important" + ending,
        "utile": "utiles" if plural else "utile",
        "le": "les" if plural else "la" if feminine else "le",
        "lutiliser": "les utiliser" if plural else "l'utiliser",
    }


def compose() -> Iterator[str]:
    """Every sentence of the grammar, in a fixed order."""
    yield from FIXED
    for item in ITEMS:
        forms = _forms(item)
        yield from (template.format(**forms) for template in OF_ONE)
        yield from (template.format(p=purpose, **forms) for template in FOR_A_PURPOSE for purpose in item[3])
    for item, other in compared(ITEMS):
        yield from (template.format(y=other[0], **_forms(item)) for template in OF_TWO)
