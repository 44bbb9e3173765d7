"""What is left out hides only texts that surely say it.

A word that is asked for finds every form that may be its own: that is one post too many where it is
another word's. Refused in the same way, it would hide what says something else.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from functools import lru_cache

from msgspec import Struct

from storage.query import places, same_term, tree
from storage.query.tree import Exact, Near, Node, Words
from storage.query.words import analysis, folding, forms
from storage.query.words.analysis import Column


class Unlike(Struct, frozen=True):
    """What makes it doubtful whether a document that has the terms of a leaf matches it: forms
    indexed under the same terms; ``also``: what words also say, which stands behind the text."""

    forms: tuple[str, ...] = ()
    also: bool = False


NOTHING = Unlike()


def is_narrower(word: Words) -> bool:
    """Whether a refused word or phrase hides less than the same, asked for, finds."""
    asked = forms.expand if len(word.forms) > 1 else forms.expand_alone
    return any(
        bool(forms.list_meant(form)) or forms.surely(form) != asked(form) for form in word.forms
    )


def in_forms(word: Words) -> Node:
    """A single word that is surely there (``sure``) by the forms that mean the same, where others
    of its lexeme do not (``train``, not ``training``); anything else as it is."""
    single = word.sure and not word.title and len(word.forms) == 1
    meant = forms.list_meant(word.forms[0]) if single else ()
    return tree.either([Exact(form) for form in meant]) if meant else word


def is_told_by_forms(word: Words) -> bool:
    """Whether forms at certain places tell that a word or phrase is surely there. No index knows
    the places of forms, nor those of titles from others: see ``Unlike``."""
    return word.sure and any(map(forms.list_meant, word.forms))


def terms(form: str) -> frozenset[str]:
    """The terms of the forms that surely are a word."""
    asked, meant = forms.lexemes(form), forms.list_meant(form)
    told = {forms.normal_form(one) for one in meant if not asked.isdisjoint(forms.readings(one))}
    return frozenset(told) if meant else forms.surely(form)


def unlike(leaf: Node, *, refused: bool, own: bool) -> Unlike | None:
    """See ``Unlike``; None where not all such forms are known."""
    match leaf:
        case Exact(form) if own:
            return _unlike(_list_others([forms.normal_form(form)], {form}), also=False)
        case Words() if is_told_by_forms(leaf):
            return _unlike(_others(leaf), also=False)
        case Near(left, right):
            one, other = _others(left), _others(right)
            both = None if one is None or other is None else one | other
            return _unlike(both, also=refused)
    return NOTHING


def _unlike(others: frozenset[str] | None, *, also: bool) -> Unlike | None:
    return None if others is None else Unlike(tuple(sorted(others)), also)


def _others(wanted: Words) -> frozenset[str] | None:
    """The forms that are indexed as the words of a phrase are, and do not mean the same."""
    told = [form for form in wanted.forms if wanted.sure and forms.list_meant(form)]
    found = [_list_others(terms(form), forms.list_meant(form)) for form in told]
    return None if None in found else frozenset[str]().union(*filter(None, found))


def _list_others(terms: Iterable[str], meant: Collection[str]) -> frozenset[str] | None:
    found = [same_term.list_forms(term) for term in terms]
    held = None if None in found else frozenset[str]().union(*filter(None, found))
    return None if held is None else held.difference(meant)


def place_marks(place: str) -> tuple[frozenset[str], ...]:
    """The marks of a dateline's place, its words in any form, that is left out."""
    groups = []
    for word in place.split(" "):
        asked = forms.lexemes(word)
        sure = (asked & forms.surely(word)) or asked
        groups.append(frozenset([analysis.mark("place", one) for one in sure]))
    return tuple(dict.fromkeys(groups))


def occurs(column: Column, wanted: Words) -> bool:
    """Whether a text surely has a word or phrase (``sure``)."""
    if len(wanted.forms) == 1 and not is_told_by_forms(wanted):
        return not forms.surely(wanted.forms[0]).isdisjoint(column.terms)
    return any(True for _ in _starts(column, wanted))


def near(column: Column, wanted: Near) -> bool:
    """Whether a text surely has both sides of NEAR, near each other."""
    left, right = _starts(column, wanted.left), _starts(column, wanted.right)
    before = wanted.distance + len(wanted.right.forms)
    after = wanted.distance + len(wanted.left.forms)
    return any(bisect_left(right, at - before) < bisect_right(right, at + after) for at in left)


def _starts(column: Column, wanted: Words) -> list[int]:
    """The positions at which a phrase begins; ``sure``: surely, each of its words."""
    found = places.indexes(places.row(column.terms).starts(wanted.forms)) if column.terms else ()
    if not wanted.sure:
        return [*found]
    return [
        at
        for at in found
        if all(_stands(form, column, at + ahead) for ahead, form in enumerate(wanted.forms))
    ]


def _stands(form: str, column: Column, at: int) -> bool:
    """Whether the word at a position surely is this one."""
    meant = _meant(form)
    return column.forms[at] in meant if meant else column.terms[at] in forms.surely(form)


@lru_cache(maxsize=500)
def _meant(form: str) -> frozenset[str]:
    meant = forms.list_meant(form)
    return frozenset([held for one in meant for held in folding.as_held(one)])
