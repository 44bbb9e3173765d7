"""Whether one text of an event says otherwise than another: denies it, doubts it, says one of two
opposites. Pure.

For digests, which choose what of many posts is shown; what an alert hides is judged by more
(``handlers.stories.news``).
"""

import functools
import re
from dataclasses import dataclass

from handlers.stories import statements, tokens

READ = 350
"""So many first characters are read."""
_NEGATION_WORDS = """
не ни нет нельзя без not no never none without cannot ні немає nicht kein keine keinen keiner pas
aucun aucune non ningún ninguna değil yok لا لم لن ليس ليست بدون نه نیست نمی نشده نمي não
"""
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
_NEGATED_WITHIN = re.compile("[不没未无否]")
"""Where words are not written apart."""
_DOUBTS = re.compile(
    r"опровер|опроверг|фейк|ложн|якобы|слух|неподтвержд|уточн|исправ|поправк|ошиб|отказ|отмен|учебн"
    r"|den(?:y|ies|ied|ial)$|fake|hoax|false$|alleg|reportedly|unconfirm|rumou?r|correct|retract"
    r"|refus|cancel|withdr|спрост|скасов|falsch|angeblich|dément|annul|rectif|desmient|desmint"
    r"|supuest|yalan|iddia|iptal|düzeltme"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """``denies``: it has a negation; ``doubts``: it denies, corrects or doubts in other words;
    ``sides``: which of two opposites it says."""

    denies: bool
    doubts: bool
    sides: frozenset[tuple[int, int]]


@functools.lru_cache(maxsize=2_000)
def read(text: str) -> Stance:
    """The stance of a text."""
    keys = [token.key for token in tokens.read(text[:READ])]
    return Stance(
        denies=any(
            key in _NEGATIONS or key.endswith("n't") or _NEGATED_WITHIN.search(key) for key in keys
        ),
        doubts=any(map(_DOUBTS.match, keys)),
        sides=frozenset(side for key in keys for side in statements.sides_of(key)),
    )


def differ(one: Stance, other: Stance) -> bool:
    """Whether one says otherwise than the other."""
    pairs = {pair for pair, _ in one.sides} & {pair for pair, _ in other.sides}
    return (
        one.denies != other.denies
        or one.doubts != other.doubts
        or any(
            {side for side in one.sides if side[0] == pair}.isdisjoint(other.sides)
            for pair in pairs
        )
    )
