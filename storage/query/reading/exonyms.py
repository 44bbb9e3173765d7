"""Places that are widely known by two names: Kyiv and Kiev, Киргизия and Кыргызстан.

Only names of one word that mean the same place and hardly anything else. They are asked for, and
never left out: ``-Kiev`` hides no Kyiv.
"""

from functools import cache

from storage.query.words import forms

_NAMES = """
kyiv kiev; kharkiv kharkov; odesa odessa; lviv lvov; chernihiv chernigov; mykolaiv nikolaev;
luhansk lugansk; zaporizhzhia zaporizhia zaporozhye; donbas donbass; chornobyl chernobyl;
mumbai bombay; kolkata calcutta; beijing peking; myanmar burma; eswatini swaziland;
chisinau kishinev; belarus belorussia; kyrgyzstan kirghizia; yangon rangoon;
киргизия кыргызстан; молдавия молдова; белоруссия беларусь; туркмения туркменистан;
таллин таллинн; бахмут артемовск; мьянма бирма; кишинев кишинэу
"""


def names(form: str) -> tuple[str, ...]:
    """The names of the place that a folded word names, in any case, with that name first; empty for
    all other words."""
    if form[:3] not in _first_letters():
        return ()
    return next((_named()[one] for one in forms.readings(form) if one in _named()), ())


@cache
def _named() -> dict[str, tuple[str, ...]]:
    """The lexeme of each of these names: all names of the place, this one first."""
    rows = [row.split() for row in _NAMES.split(";")]
    return {
        lexeme: (name, *(one for one in row if one != name))
        for row in rows
        for name in row
        for lexeme in forms.readings(name)
    }


@cache
def _first_letters() -> frozenset[str]:
    """The three letters that one of them begins with: most words have others."""
    return frozenset(name[:3] for name in _NAMES.replace(";", " ").split())
