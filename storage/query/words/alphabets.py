"""Makes one form of words whose letters look alike in the Latin, Cyrillic and Greek alphabets.

Ordinary words of one alphabet are left alone. A word of mixed alphabets, and a code (letters that
all have a twin, with digits), is written in one alphabet.
"""

import re
import unicodedata

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
_SERBIAN_ALONE = re.compile("[ђјљњћџ]")
_SERBIAN = re.compile("[абвгдежзијклмнопрстуфхцчшђјљњћџ]+")
_LATIN_SERBIAN = re.compile("(?:lj|nj|d\u017e|[a-pr-vz\u010d\u0107\u0161\u017e\u0111])+")
_LETTERS = re.compile("lj|nj|d\u017e|.", re.DOTALL)
_TO_SERBIAN = dict(
    zip(
        re.findall("lj|nj|d\u017e|.", "abvgdđežzijklljmnnjoprstćufhcčdžš"),
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        strict=True,
    )
)
_FROM_SERBIAN = str.maketrans(
    {
        **{cyrillic: latin for latin, cyrillic in _TO_SERBIAN.items()},
        **dict(zip("ђжћчџш", ("d", "z", "c", "c", "dz", "s"), strict=True)),  # as they are folded
    }
)
_WORD = re.compile(r"[^\W\d_]+")
_NEVER_MIXED = re.compile("[0-9]+|[a-z]+|[а-я]+")


def one_alphabet(form: str) -> str:
    """A folded form in one alphabet, if it mixes several or is a code and each letter has a twin
    there; else as it is. The alphabet of most letters is chosen; a code is Latin."""
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
    """A mixed form in the alphabet of most of its letters, or else in another one."""
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
    """The folded letters of a code in the other of the Latin and Cyrillic alphabets; None if one
    has no twin."""
    latin, cyrillic = form.translate(_TO_LATIN), form.translate(_TO_CYRILLIC)
    if latin != form:
        return latin if _is_all(_BASIC, latin) else None
    return cyrillic if cyrillic != form and _is_all(_RUSSIAN, cyrillic) else None


def is_serbian(form: str) -> bool:
    """Whether a folded form has letters that Serbian alone has, and no other's."""
    return _SERBIAN_ALONE.search(form) is not None and _SERBIAN.fullmatch(form) is not None


def serbian_latin(form: str) -> tuple[str, ...]:
    """A Serbian form in Latin letters, folded: without accents, and with dj for đ."""
    plain = form.translate(_FROM_SERBIAN)
    return tuple(dict.fromkeys((plain, form.replace("ђ", "дј").translate(_FROM_SERBIAN))))


def in_serbian(text: str) -> str:
    """A text with Latin words that must be Serbian in Cyrillic (Vučić; not Škoda, which may be any
    language)."""
    if text.isascii():
        return text
    return _WORD.sub(lambda match: _in_serbian(match[0]), unicodedata.normalize("NFC", text))


def _in_serbian(word: str) -> str:
    lower = word.lower()
    if lower.isascii() or _LATIN_SERBIAN.fullmatch(lower) is None:
        return word
    found = "".join(_TO_SERBIAN[letter] for letter in _LETTERS.findall(lower))
    return found if is_serbian(found) else word
