"""Spanish sentences about what to keep after a plane crash in the snow."""

# The tables below read best with one item a line, however long.
# ruff: noqa: E501

from collections.abc import Iterator

from sercore.synthetic.grammar.pairs import compared

# (noun with article, feminine by agreement, plural, what one can do with it)
ITEMS = (
    ("la manta", True, False, ("protegernos del frío", "pasar la noche", "tapar a los heridos", "dormir un poco")),
    ("las cerillas", True, True, ("hacer fuego", "encender las ramas", "derretir la nieve", "calentarnos esta noche")),
    ("el mechero", False, False, ("hacer fuego", "quemar los periódicos", "secar la ropa", "hervir el agua")),
    ("el hacha", True, False, ("cortar leña", "construir un refugio", "romper el hielo", "defendernos de los lobos")),
    ("el cuchillo", False, False, ("cortar la cuerda", "preparar la comida", "afilar las ramas", "abrir las latas")),
    ("la brújula", True, False, ("encontrar el norte", "caminar en la buena dirección", "volver por el mismo camino", "llegar al pueblo")),
    ("el mapa", False, False, ("saber dónde estamos", "encontrar una carretera", "encender el fuego", "buscar un lago")),
    ("el espejo", False, False, ("enviar señales", "llamar la atención de los aviones", "reflejar la luz", "hacernos ver de lejos")),
    ("la linterna", True, False, ("ver en la oscuridad", "hacer señales de noche", "encontrar el camino", "vigilar el campamento")),
    ("el chocolate", False, False, ("tener energía", "aguantar tres días", "subir el ánimo", "comer algo dulce")),
    ("la lona", True, False, ("montar una tienda", "protegernos del viento", "mantener la leña seca", "cubrir el suelo")),
    ("las cuerdas", True, True, ("atar la tienda", "bajar de la montaña", "arrastrar la leña", "hacer una trampa")),
    ("la radio", True, False, ("llamar a los equipos de rescate", "dar nuestra posición", "escuchar el tiempo", "hablar con la torre")),
    ("los abrigos", False, True, ("pasar la noche fuera", "tener la espalda caliente", "cubrirnos la cabeza", "hacer vendas")),
)  # fmt: skip

FOR_A_PURPOSE = (
    "Creo que hay que guardar {x} para {p}.",
    "En mi opinión, {x} {sera} muy {util} para {p}.",
    "Sin {x} no podremos {p}.",
    "Con {x} podemos {p}, eso seguro.",
    "{X} {es} {necesario} para {p}.",
    "Yo pondría {x} en primer lugar, para {p}.",
    "Nos {hace} falta {x}, si no, ¿cómo vamos a {p}?",
    "Estoy de acuerdo contigo, guardamos {x} para {p}.",
    "Espera, {x} también {lo} podemos usar para {p}.",
    "¿Te das cuenta? ¡Con {x} vamos a {p}!",
)
OF_TWO = (
    "{X} {es} más {importante} que {y}, ¿no crees?",
    "Entre {x} y {y}, yo elijo {x}.",
    "Dejamos {y} y cogemos {x}, me parece lógico.",
    "No veo por qué {x} {va} a ser menos {util} que {y}.",
    "Primero {x}, después {y}, esa es mi lista.",
)
OF_ONE = (
    "{X} {lo} pondría más bien al final de la lista.",
    "Sinceramente, {x} no {servira} de nada en la nieve.",
    "¡Que no, que {x} no nos {hace} falta!",
    "Y {x}, ¿dónde {lo} pones?",
    "Bueno, {x} {lo} guardamos, está decidido.",
)
FIXED = (
    "Sí, de acuerdo.",
    "No, no lo creo.",
    "¡Ah sí, claro!",
    "Espera un segundo.",
    "Tienes razón.",
    "No lo sé muy bien.",
    "Y tú, ¿qué piensas?",
    "¿Seguimos?",
    "Eso es, exactamente.",
    "Fuera hay veinte grados bajo cero, y se hace de noche muy pronto.",
    "El pueblo más cercano está a treinta kilómetros de aquí.",
    "Creo que es mejor quedarse cerca del avión y esperar.",
    "Si caminamos por la nieve, nos vamos a perder.",
    "El piloto ha muerto, y nadie sabe dónde estamos.",
    "A lo mejor nos rescatan mañana por la mañana.",
    "La nieve se puede beber, pero hay que derretirla.",
    "Nunca en mi vida he visto tanta nieve.",
    "Todavía nos quedan tres objetos por ordenar.",
    "¡Ha sido una idea muy buena!",
    "¡No, eso es completamente absurdo!",
    "Ya estoy cansado de esta discusión.",
    "Casi hemos terminado, solo falta el final de la lista.",
    "Me da un poco de miedo, esta historia.",
    "No te preocupes, vamos a salir de esta.",
)


def _forms(x: tuple[str, bool, bool, tuple[str, ...]]) -> dict[str, str]:
    """Everything in a sentence that agrees with the gender and number of its subject."""
    noun, feminine, plural, _ = x
    ending = ("a" if feminine else "o") + ("s" if plural else "")
    return {
        "x": noun,
        "X": noun[0].upper() + noun[1:],
        "es": "son" if plural else "es",
        "va": "van" if plural else "va",
        "sera": "serán" if plural else "será",
        "hace": "hacen" if plural else "hace",
        "servira": "servirán" if plural else "servirá",
        "importante": "importantes" if plural else "importante",
        "util": "útiles" if plural else "útil",
        "necesario": "necesari" + ending,
        "lo": "l" + ending,
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
