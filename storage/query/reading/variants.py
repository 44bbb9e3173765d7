"""Words that are written in two ways: British and American, names out of other alphabets, months
and large numbers in short.

Only ways that mean the same and hardly anything else. They are asked for, and never left out:
``-colour`` hides no color.
"""

import re
from functools import cache

from storage.query.words import forms

_ROWS = """
february feb; april apr; august aug; september sept sep; october oct; november nov; december dec;
billion bn; percent pct; centre center; theatre theater; metre meter; kilometre kilometer;
litre liter; fibre fiber; calibre caliber; defence defense; offence offense; licence license;
pretence pretense; programme program; sceptic skeptic; aluminium aluminum; jewellery jewelry;
manoeuvre maneuver; grey gray; plough plow; paediatric pediatric; leukaemia leukemia;
quran koran; taliban taleban; tehran teheran; netanyahu netanjahu;
hezbollah hizbollah hizbullah hezbullah hizballah; gaddafi qaddafi gadhafi kadhafi qadhafi;
февраль февр фев; апрель апр; август авг; сентябрь сент; октябрь окт; ноябрь нояб; декабрь дек;
миллион млн; миллиард млрд; триллион трлн; тысяча тыс; рубль руб; 
хезболла хизболла хезбола хизбалла; нетаньяху нетаниягу
"""
_ZED = re.compile(
    "(.{2,}(?:al|an|ar|er|rn|or|il|ol|un|on|en|at|it|ot|im|ic|gn|ib)i|(?:anal|paral|catal)y)([sz])"
    "(e[sd]?|ers?|ing|ations?)"
)
_OUR = re.compile(
    "((?:l|h)ab|harb|neighb|fav|hon|behavi|rum|hum|arm|col|vap|endeav|flav|od|savi|tum|val|vig|rig"
    "|cand|clam)(ou?)(r(?:s|ed|ing|ers?|hoods?|ites?|able|ful)?)"
)
# Ukrainian and Russian surnames.
_SKY = re.compile("(.{3,}sk)(?:y|yy|iy|yi)")
_MAYBE = re.compile("[iy][sz](?:[ei]|at)|[bdghlmnpv]i?ou?r|ski?y")
"""What all of these have; a quick test."""
_NO_NAMES = frozenset({"whisky", "frisky"})
# Abbreviations in the plural, as in Spanish: EE. UU., FF. AA.
_DOUBLED = re.compile(r"([a-z])\1 ?([a-z])\2")


def ways(form: str) -> tuple[str, ...]:
    """The ways to write a folded word, itself or its lemma first; empty for all other words."""
    if form[:3] in _first_letters():
        found = next((_named()[one] for one in forms.readings(form) if one in _named()), ())
        if found:
            return found
    return _by_rule(form) if _MAYBE.search(form) else ()


def _by_rule(form: str) -> tuple[str, ...]:
    if (zed := _ZED.fullmatch(form)) is not None:
        return (form, f"{zed[1]}{'z' if zed[2] == 's' else 's'}{zed[3]}")
    if (our := _OUR.fullmatch(form)) is not None:
        return (form, f"{our[1]}{'o' if our[2] == 'ou' else 'ou'}{our[3]}")
    if (sky := _SKY.fullmatch(form)) is not None and form not in _NO_NAMES:
        every = [f"{sky[1]}{ending}" for ending in ("y", "yy", "iy", "yi")]
        return tuple(dict.fromkeys((form, *every)))
    return ()


def doubled(row: tuple[str, ...]) -> tuple[str, ...] | None:
    """The other way to write an abbreviation in the plural: ``eeuu`` as two words, and two as one;
    None for all other words."""
    if len(row[0]) > 4 or len(row) > 2:
        return None
    found = _DOUBLED.fullmatch(" ".join(row))
    if found is None:
        return None
    one, other = found[1] * 2, found[2] * 2
    return (one, other) if len(row) == 1 else (f"{one}{other}",)


@cache
def _named() -> dict[str, tuple[str, ...]]:
    """The lexeme of each of these words: all ways to write it, this one first."""
    rows = [row.split() for row in _ROWS.split(";")]
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        for word in row:
            for lexeme in forms.readings(word):
                found[lexeme] = tuple(dict.fromkeys((word, *row, *found.get(lexeme, ()))))
    return found


@cache
def _first_letters() -> frozenset[str]:
    """The three letters that one of them begins with: most words have others."""
    return frozenset(word[:3] for word in _ROWS.replace(";", " ").split())
