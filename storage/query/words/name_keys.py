"""Keys for names, the same for all spellings: Лаврова, Лавровым and Lavrov are one name.

A word of a name has a *key* for each lexeme that it may belong to: the lexeme in Latin letters,
without what differs between transliterations (Zelenskyy, Zelensky; Yevgeny, Evgeny) and without
vowels at its end. Names that Russian writes by ear rather than by letters are in a list.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations, product

from storage.query.words import forms

PARTICLES = frozenset(
    "фон дер ди де ван бен аль эль von van der de di da bin al el".split()  # noqa: SIM905
)
"""Words that may stand between the words of a name."""

_LETTERS = "а a б b в v г g д d е e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f " \
    "х kh ц ts ч ch ш sh щ shch ы i ь - ъ - э e ю iu я ia і i ї i є e ґ g ў u ј i"  # fmt: skip
_TO_LATIN = {
    ord(letter): "" if latin == "-" else latin
    for letter, latin in zip(_LETTERS.split()[::2], _LETTERS.split()[1::2], strict=True)
}

_BY_EAR = """
    байден biden|трамп trump|маск musk|вэнс vance|венс vance|шольц scholz|рютте rutte|хегсет hegseth
    обама obama|буш bush|келлог kellogg|уолтц waltz|рубио rubio|уиткофф witkoff|салливан sullivan
    миллер miller|кирби kirby|джонсон johnson|трюдо trudeau|карни carney|мишель michel|дуда duda
    гутерриш guterres|гутерреш guterres|боррель borrell|берляйен leyen|ляйен leyen|кошта costa
    бербок baerbock|вейдель weidel|меркель merkel|мерц merz|лукашенко lukashenka|ван wang|чжан zhang
    цзиньпин jinping|цян qiang|сийярто szijjarto|сиярто szijjarto|науседа nauseda|цахкна tsahkna
    джеймс james|джон john|джо joe|джордж george|майкл michael|майк mike|стив steve|дэвид david
    александр alexander|петр peter|павел paul|уильям william|чарльз charles|роберт robert
    питер peter|пит pete|кит keith|джейк jake|энтони antony|илон elon|урсула ursula|жозеп josep
"""
_SAME = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("zh", "j"), ("dj", "j"), ("tz", "ts"),
    ("cz", "ch"), ("ck", "k"), ("ph", "f"), ("gh", "g"), ("x", "ks"), ("q", "k"), ("w", "v"),
    ("y", "i"), ("j", "i"), ("ii", "i"), ("ie", "e"), ("io", "e"), ("oo", "u"), ("ou", "u"),
    ("ee", "i"),
)  # fmt: skip
_SOFT_C, _HARD_C = re.compile("c(?=[ei])"), re.compile("c(?!h)")
_TWICE = re.compile(r"(.)\1+")
_LAST = re.compile(r"(?<=...)[aeiou]+$")


@lru_cache(maxsize=20_000)
def held(form: str) -> tuple[str, ...]:
    """The keys under which a folded word of a name in a text is indexed."""
    return _keys(forms.readings(form) if _is_russian(form) else (form,))


@lru_cache(maxsize=4_000)
def asked(form: str) -> tuple[str, ...]:
    """The keys that a folded word of a name in a query may mean."""
    return _keys(forms.lexemes(form) if _is_russian(form) else (form,))


def held_of(words: Sequence[str]) -> frozenset[str]:
    """The keys under which a name with these folded words is indexed: each word, and each pair of
    words."""
    return frozenset(_joined(map(held, _telling(words))))


def asked_of(words: Sequence[str]) -> tuple[frozenset[str], ...]:
    """Groups of keys, of each of which a name must have one."""
    keys = [asked(word) for word in _telling(words)]
    if len(keys) == 1:
        return (frozenset(keys[0]),)
    return tuple(frozenset(_pairs(one, other)) for one, other in combinations(keys, 2))


def _telling(words: Sequence[str]) -> list[str]:
    """The words of a name without initials and particles, each once."""
    told = [word for word in words if len(word) > 1 and word not in PARTICLES]
    return list(dict.fromkeys(told or words))


def _joined(keys: Iterable[Sequence[str]]) -> Iterable[str]:
    each = list(keys)
    for one in each:
        yield from one
    for one, other in combinations(each, 2):
        yield from _pairs(one, other)


def _pairs(some: Sequence[str], others: Sequence[str]) -> Iterable[str]:
    return (" ".join(sorted(pair)) for pair in product(some, others))


def _is_russian(form: str) -> bool:
    return "а" <= form[:1] <= "я"


def _keys(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({_key(name) for name in names}))


def _key(name: str) -> str:
    """A lexeme as a key: never empty."""
    latin = _alike(name.translate(_TO_LATIN)) or name
    return _heard().get(latin, latin)


def _alike(latin: str) -> str:
    for written, kept in _SAME[:13]:
        latin = latin.replace(written, kept)
    latin = _HARD_C.sub("k", _SOFT_C.sub("s", latin))
    for written, kept in _SAME[13:]:
        latin = latin.replace(written, kept)
    return _LAST.sub("", _TWICE.sub(r"\1", latin))


@lru_cache(maxsize=1)
def _heard() -> dict[str, str]:
    pairs = [
        pair.split() for line in _BY_EAR.split("\n") for pair in line.split("|") if pair.strip()
    ]
    return {_alike(russian.translate(_TO_LATIN)): _alike(latin) for russian, latin in pairs}
