"""Letters that look alike in the Latin, Cyrillic and Greek alphabets: a word has one form however
it was typed.

Ordinary words of one alphabet stay what they are. A word that mixes alphabets, and a code (letters
that all have a twin, with digits beside them), is written in one.
"""

import re

# Folded letters; also those that look alike only as capitals (В and B), for case is left aside.
_LATIN = "abcehkmoptxyi"
_CYRILLIC = "авсенкмортхуі"
_GREEK = "αβεζηικμνορτυχ"
_GREEK_AS_LATIN = "abezhikmnoptyx"

_TO_LATIN = str.maketrans(_CYRILLIC + _GREEK, _LATIN + _GREEK_AS_LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)

_BASIC = re.compile("[a-z]")
_RUSSIAN = re.compile("[\u0430-\u052f]")
_HELLENIC = re.compile("[\u03b1-\u03c9]")
_DIGIT = re.compile("[0-9]")
_NEVER_MIXED = re.compile("[0-9]+|[a-z]+|[а-я]+")


def one_alphabet(form: str) -> str:
    """A folded form, in one alphabet where it mixes several or is a code, as far as each letter
    has a twin there; else as it is. What could be either goes by its most letters, a code is
    Latin."""
    if _NEVER_MIXED.fullmatch(form):
        return form
    counts = {kind: len(kind.findall(form)) for kind in (_RUSSIAN, _BASIC, _HELLENIC)}
    present = [kind for kind, count in counts.items() if count]
    coded = _DIGIT.search(form) is not None
    if not present or (len(present) == 1 and not coded):
        return form
    latin = form.translate(_TO_LATIN)
    if coded:
        return latin if _is_all(_BASIC, latin) else _mixed(form, latin, counts, present)
    return _mixed(form, latin, counts, present)


def _mixed(
    form: str, latin: str, counts: dict[re.Pattern[str], int], present: list[re.Pattern[str]]
) -> str:
    """A form that mixes alphabets in the one of most of its letters, else in another."""
    if len(present) < 2:
        return form
    for kind in sorted((_RUSSIAN, _BASIC), key=lambda kind: -counts[kind]):
        found = latin if kind is _BASIC else latin.translate(_TO_CYRILLIC)
        if kind is _RUSSIAN:
            found = "".join(
                own if _RUSSIAN.match(own) else other
                for own, other in zip(form, found, strict=True)
            )
        if _is_all(kind, found):
            return found
    return form


def _is_all(kind: re.Pattern[str], form: str) -> bool:
    """Whether all letters of a form are of one alphabet."""
    return all(kind.match(char) for char in form if char.isalpha())


def twin(form: str) -> str | None:
    """Folded letters of a code in the other of the Latin and Cyrillic alphabets; None where any
    has no twin."""
    latin, cyrillic = form.translate(_TO_LATIN), form.translate(_TO_CYRILLIC)
    if latin != form:
        return latin if _is_all(_BASIC, latin) else None
    return cyrillic if cyrillic != form and _is_all(_RUSSIAN, cyrillic) else None
