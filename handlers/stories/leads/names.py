"""Which words of a text are names, and when two of them are the same name.

Pure but for the dictionary.
"""

import functools

from handlers.stories import shapes
from handlers.stories.tokens import Token
from storage.query.words import russian

# A line for each thing: its names.
_ALIASES = {
    name: line.split()[0]
    for line in """
        россия рф
        евросоюз ес
        сша америка
        великобритания британия
        китай кнр
        us u.s usa america
        uk u.k britain
        eu e.u
    """.strip().splitlines()
    for name in line.split()
}
_TELLERS = frozenset(
    (
        "тасс",
        "риа",
        "новости",
        "интерфакс",
        "мск",
        "upd",
        "tass",
        "interfax",
        "reuters",
        "bloomberg",
    )
)
"""Words that only say who reports, or when."""
_ENDINGS = frozenset(("", "s", "n", "ns", "an", "ans", "ian", "ians", "i", "is", "ese"))
_COMMON_WORDS = """
a about above according across after again against ahead all also although amid among an and
another any anyone are around as at authorities away back be because been before being below
between both breaking but by can children city clashes could country crews crowds day days dead
deaths despite did do does doctors during each earlier early eight emergency every everyone
eyewitnesses few fighting fire firefighters five following for four from further had has have he
her here his how however i if in injured inside into investigators is it its just last late later
many may medics meanwhile men might more most much neither new news next nine no nobody none nor
not nothing now of off officers officials on once one only opposition or other others our out over
part people police protesters reports rescue rescuers residents security seven several she shots
since six so soldiers some someone soon still such ten than that the their them then there these
they this those though three through thus to today together tomorrow tonight troops two under
until up update updated urgent very victims video was we week were what when where whether which
while who whole why will with witnesses women would yesterday yet you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""English words that often begin sentences and are not names."""
_OF_MANY = frozenset(
    {
        "children", "clashes", "crews", "crowds", "doctors", "fighting", "firefighters", "medics",
        "men", "officers", "police", "protesters", "rescuers", "residents", "soldiers", "troops",
    }
)  # fmt: skip
_OFFICE_WORDS = """
agency ambassador army bank chairman chancellor commission committee congress council court defence
defense department deputy director embassy federal finance foreign general government governor house
interior mayor minister ministry navy office parliament party police premier president prime
republic secretary senate senator speaker spokesman spokesperson spokeswoman state union vice
"""
_OFFICES = frozenset(_OFFICE_WORDS.split())
"""English words that are often capitalized and are not names."""


def are_akin(one: str, other: str) -> bool:
    """Whether two folded words are one name in two grammatical cases; in English also a country and
    its people, or a possessive."""
    if not (one.isascii() or other.isascii()):
        return not _lexemes(one).isdisjoint(_lexemes(other))
    if _ALIASES.get(one, one) == _ALIASES.get(other, other):
        return True
    short, long = sorted((one, other), key=len)
    bases = {short, short.rstrip("aey")}
    return any(
        len(base) >= 4 and long.startswith(base) and long[len(base) :] in _ENDINGS for base in bases
    )


def is_name(token: Token, shape: shapes.Shape) -> bool:
    """Whether a word may be a name: by its capital letter, or, where every word has one, by the
    lists and the dictionary."""
    if not token.is_name or len(token.key) < 2 or shape == "lower":
        return False
    key = token.key
    if key in _TELLERS:
        return False
    if key.isascii():
        return key not in _OFFICES and (shape != "any" or key not in _COMMON)
    is_sure = shape == "upper" or (shape == "title" and not shapes.is_office(key))
    return is_sure or russian.may_be_name(key)


def is_of_many(key: str) -> bool:
    """Whether a word that often begins English sentences says of whom something is told, or what
    happened, where it stands within one: children, soldiers, clashes."""
    return key in _OF_MANY


def is_small(key: str) -> bool:
    """Whether a folded English word only joins others in titles: of, the, and."""
    return key in _COMMON and key not in _OFFICES


def is_common(key: str) -> bool:
    """Whether a folded word is neither a name nor says what happened: a common first word of
    English sentences, an office, an agency."""
    return key in _COMMON or key in _OFFICES or key in _TELLERS


@functools.lru_cache(maxsize=4_000)
def _lexemes(key: str) -> frozenset[str]:
    return frozenset(_ALIASES.get(lexeme, lexeme) for lexeme in russian.readings(key))
