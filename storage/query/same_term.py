"""The forms that an index does not tell apart: those of one term.

Only of English is that known, whose lexemes are made by rule: the rules are undone. A form that is
given may be no word, and in no text; but none is missing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from storage.query.words import english, forms

_LATIN = re.compile(r"[a-z]+(?:\|[a-z]+)*")


@lru_cache(maxsize=500)
def list_forms(term: str) -> frozenset[str] | None:
    """Every form that is indexed under a term (``forms.normal_form``); None where that is not
    known."""
    if not _LATIN.fullmatch(term):
        return None
    lexemes = forms.readings_in(term)
    asked = {form for lexeme in lexemes for form in (*english.list_forms(lexeme), *_made(lexeme))}
    return frozenset([form for form in asked if forms.normal_form(form) == term])


def _made(lexeme: str) -> Iterator[str]:
    """What the rules of ``english.stem`` may make the lexeme of, and more."""
    bases = {lexeme, f"{lexeme}e", f"{lexeme}{lexeme[-1]}"}
    bases |= {f"{lexeme[:-1]}{end}" for end in ("y", "ie", "") if lexeme[-1] in "ie"}
    stems = bases | {f"{base}{base[-1]}" for base in bases if base}
    for one in stems:
        for past in ("", "d", "ed", "ing"):
            for plural in ("", "s", "es"):
                yield f"{one}{past}{plural}"
