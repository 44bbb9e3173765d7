"""Numbers and units, which texts write as one word or as two: ``100км`` and ``100 км``."""

import re
from collections.abc import Sequence

from storage.query.words import alphabets, analysis

# What may stand right behind a number, folded. No letter that means something else there (5G, 3D).
_UNITS = frozenset(
    {
        "км", "м", "см", "мм", "кг", "мг", "мл", "га", "т", "г", "гг", "млн", "млрд", "трлн",
        "тыс", "руб", "кв", "квт", "мвт", "гвт", "квтч", "мбит", "гбит", "мб", "гб", "тб", "мин",
        "сек", "час", "ч", "мм2", "км2", "м2", "м3", "чел", "шт", "km", "m", "cm", "mm", "kg",
        "mg", "ml", "ha", "mln", "mlrd", "bn", "trn", "tn", "mt", "mw", "kw", "gw", "kwh", "mb",
        "gb", "tb", "mhz", "ghz", "hz", "mph", "kmh", "km2", "m2", "m3", "min", "sec", "hrs",
        "lb", "lbs", "ft", "usd", "eur", "rub",
    }
)  # fmt: skip
_MEASURED = re.compile(r"(\d{1,9})([^\W\d_]+\d?)")
_NUMBER = re.compile(r"\d{1,9}")


def parted(form: str) -> tuple[str, str] | None:
    """The number and the unit of a folded form that is both; None for others."""
    found = _MEASURED.fullmatch(form)
    if found is None or not _is_unit(found[2]):
        return None
    letters = found[2]
    return found[1], letters


def other(unit: str) -> str:
    """A unit in the other alphabet, where each of its letters has a twin there and that is one."""
    twin = alphabets.twin(unit)
    return twin if twin in _UNITS else unit


def _is_unit(letters: str) -> bool:
    return letters in _UNITS or other(letters) in _UNITS


def rows(forms: Sequence[str]) -> list[tuple[str, ...]]:
    """Every way to write a number with its unit, first that which stands in the forms; none where
    these are anything else."""
    if len(forms) == 1:
        found = parted(forms[0])
    elif len(forms) == 2 and _NUMBER.fullmatch(forms[0]) and _is_unit(forms[1]):
        found = (forms[0], forms[1])
    else:
        return []
    if found is None:
        return []
    number, unit = found
    own = [(number, one) for one in sorted({unit, other(unit)} & _UNITS)]
    return [*dict.fromkeys(((*forms,), (analysis.fold(f"{number}{unit}"),), *own))]


def joined(row: tuple[str, ...]) -> tuple[str, ...]:
    """Words in a row with each number and the unit behind it as one word."""
    found: list[str] = []
    for form in row:
        if found and _NUMBER.fullmatch(found[-1]) and _is_unit(form):
            found[-1] = analysis.fold(f"{found[-1]}{form}")
        else:
            found.append(form)
    return tuple(found)
