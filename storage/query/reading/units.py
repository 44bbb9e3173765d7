"""Numbers and units, which texts write as one word or as two: ``100км`` and ``100 км``."""

import re
from collections.abc import Sequence

from storage.query.words import alphabets, also, analysis

_MEASURED = re.compile(r"(\d{1,9})([^\W\d_]+\d?)")
_NUMBER = re.compile(r"\d{1,9}")


def parted(form: str) -> tuple[str, str] | None:
    """The number and the unit of a folded form with both; None for others."""
    found = _MEASURED.fullmatch(form)
    if found is None or not _is_unit(found[2]):
        return None
    letters = found[2]
    return found[1], letters


def other(unit: str) -> str:
    """The unit in the other alphabet, if each letter has a twin and that is a unit; else empty."""
    twin = alphabets.twin(unit)
    return twin if twin in also.UNITS else unit


def _is_unit(letters: str) -> bool:
    return letters in also.UNITS or other(letters) in also.UNITS


def rows(forms: Sequence[str]) -> list[tuple[str, ...]]:
    """Every way to write a number with its unit, first as in the forms; none if these are something
    else."""
    if len(forms) == 1:
        found = parted(forms[0])
    elif len(forms) == 2 and _NUMBER.fullmatch(forms[0]) and _is_unit(forms[1]):
        found = (forms[0], forms[1])
    else:
        return []
    if found is None:
        return []
    number, unit = found
    own = [(number, one) for one in sorted({unit, other(unit)} & also.UNITS)]
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
