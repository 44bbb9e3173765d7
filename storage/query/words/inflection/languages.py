"""The languages that a Latin word may be of, told by its letters: a folded word has no accents.

``letters.tsv`` has three letters a line (``^`` and ``$`` for the ends of a word), a tab, and a
digit for each of ``LANGUAGES``: how usual they are in its frequent words, in logarithms, the
greatest 9.
"""

from functools import cache
from pathlib import Path

LANGUAGES = tuple("en pl cs sh tr de nl sv es fr it pt ro hu fi".split())  # noqa: SIM905
"""The languages, in the order of the digits; ``sh``: Serbian, Croatian and Bosnian."""

FILE = Path(__file__).with_name("letters.tsv")
_MOST = 5
_REACH = 0.26
"""How far behind the likeliest language another is taken for possible, as a share of its sum."""
_ENGLISH = 0.93
"""From which share of that on a word is taken for an English one."""


def guess(form: str) -> tuple[str, ...]:
    """The languages that a folded Latin word is likely of, the likeliest first; none for what looks
    English."""
    table = _letters()
    within = f"^{form}$"
    rows = [table[three] for at in range(len(form)) if (three := within[at : at + 3]) in table]
    if not rows:
        return ()
    sums = [*map(sum, zip(*rows, strict=True))]
    most = max(sums)
    if sums[0] >= most * _ENGLISH:
        return ()
    likely = [at for at, found in enumerate(sums) if at and found >= most * (1 - _REACH)]
    likely.sort(key=lambda at: (-sums[at], at))
    return tuple([LANGUAGES[at] for at in likely[:_MOST]])


@cache
def _letters() -> dict[str, tuple[int, ...]]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {three: tuple(map(int, digits)) for three, digits in (one.split("\t") for one in lines)}
