"""How much of what a post stated was changed by an edit. Pure."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from handlers.stories import misprints, statements, tokens
from handlers.stories.tokens import Token

LEAST = 3
"""An edit of less weight is no other statement."""
FIGURE, NAME, NEGATION = 5, 3, 5
MOST_WORDS = 6
MOST_COMPARED = 1_000_000
"""The most pairs of words that are compared; beyond, only which words are gone is looked at."""


def weigh_change(old: str, new: str, is_word: Callable[[str], bool]) -> int:
    """What the words weigh that were taken back: figures, negations and names above others. What
    was only added weighs nothing, nor do misprints. ``is_word``: see ``misprints``."""
    before, after = tokens.read(old), tokens.read(new)
    if len(before) * len(after) > MOST_COMPARED:
        kept = {token.key for token in after}
        return _weigh([token for token in before if token.key not in kept])
    matcher = SequenceMatcher(
        None, [one.key for one in before], [one.key for one in after], autojunk=False
    )
    weight = 0
    for kind, a, b, c, d in matcher.get_opcodes():
        lost, gained = before[a:b], after[c:d]
        if kind == "equal" or _are_misprints(lost, gained, is_word):
            continue
        negated = _count_negations(lost) != _count_negations(gained)
        weight += _weigh(lost) + NEGATION * negated
    return weight


def _weigh(lost: Sequence[Token]) -> int:
    figures = sum(token.is_figure or statements.is_number(token.key) for token in lost)
    names = sum(token.is_name and not token.is_figure for token in lost)
    words = [token for token in lost if token.key.isalpha()]
    return FIGURE * figures + NAME * names + min(MOST_WORDS, len(words))


def _count_negations(found: Sequence[Token]) -> int:
    return sum(statements.is_negation(token.key) for token in found)


def _are_misprints(
    lost: Sequence[Token], gained: Sequence[Token], is_word: Callable[[str], bool]
) -> bool:
    return len(lost) == len(gained) and all(
        misprints.is_misprint(one, other, is_word) for one, other in zip(lost, gained, strict=True)
    )
