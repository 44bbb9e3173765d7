"""The spellings in which texts may have what a query asks for: a number with or without groups, a
code with or without a hyphen, in either alphabet, letters with or without full stops."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TypeAlias

from storage.query import surely, tree
from storage.query.reading import chinese, compounds, exonyms, umlauts, units, variants
from storage.query.tree import And, Cased, Exact, Filter, Near, Node, Or, Own, Words
from storage.query.words import alphabets, also, analysis, beside, folding
from storage.structs import replace

_CODE = re.compile(r"([^\W\d_]{1,5})(\d{1,4}(?:[^\W\d_]{1,2}\d?)?)")
_NUMBER = re.compile(r"[1-9]\d{3,14}")
_YEAR = re.compile(r"19\d\d|20(?!00)\d\d")
Side: TypeAlias = tuple[Words, tuple[Node, ...]]

_FIRST_GROUP = re.compile("[1-9][0-9]{0,2}")
_GROUP = re.compile("[0-9]{3}")
_MOST_ROWS = 12
_STOPS = ".,;:!?"
_VARIES = re.compile(rf"[\d.{beside.RAISED}]")
_UNSTOPPED = re.compile(r"(?:[a-z]\.)+[a-z]")
_HYPHENED = re.compile(r"([^\W\d_]+)[-\u2010\u2011]([^\W\d_]+)")
_FEWEST_LETTERS = 5  # of a word with a hyphen that may be written without
_PARTICLES = re.compile("[а-яё]{1,2}", re.IGNORECASE)
# A number and what is written right behind it: 5-й, 5й; 20-летний, 20летний.
_COUNTED = re.compile(r"(\d{1,9})([^\W\d_]+)")
_ENDINGS = frozenset(["й", "го", "му", "м", "х", "е", "я", "ю", "ой", "ый", "ая", "ое", "ых", "ми"])
_FEWEST_COUNTED = 3
# A code of one or two letters; and words before a number that are no code.
_LETTERS, _DIGITS = re.compile(r"[a-zа-яієґ]{1,2}"), re.compile(r"\d{1,4}")
_NO_CODE = frozenset(
    {
        "в", "во", "на", "по", "до", "от", "за", "из", "со", "об", "о", "к", "ко", "у", "и", "но",
        "не", "ни", "же", "бы", "at", "in", "of", "on", "to", "by", "is", "no", "up", "an", "as",
        "or", "if", "we", "it", "he", "my", "so", "do", "go", "be",
    }
)  # fmt: skip
# Letters that are also words, in either alphabet: С300 is not looked for as "с 300".
_WORDS_OF_A_LETTER = frozenset("авикосуяabckoyiu")
_HEBREW = re.compile("[\u05d0-\u05ea]{2,6}")
_JOINER = "\u200c"  # Persian writes parts of a word with it, with a space, or as one
_OPENED = re.compile(r"(?<=[^\W\d_])\.(?=\w)")
PRONOUNS = frozenset({"US", "IT", "WHO"})
"""Abbreviations that are also pronouns: somebody who asks for the US does not want every "us"."""


WIDEST = 2
"""How ``wide`` spellings are: with words that are also written as two, and single ones of capitals;
1: without these, 0: without any rarer ones. A query is read as widely as its limits allow."""


def words(text: str, *, title: bool = False, wide: int = WIDEST) -> Node | None:
    """The tree for a word or phrase in all its spellings, without the rarer ones if not ``wide``;
    None if there is no word."""
    whole = alphabets.in_serbian(text.strip())
    every = umlauts.ways(whole, wide=wide) or (wide == WIDEST and chinese.ways(whole)) or (whole,)
    found = [_words(one, title, wide=wide) for one in every]
    return tree.either([one for one in found if one is not None]) if any(found) else None


def _words(whole: str, title: bool, *, wide: int) -> Node | None:
    found = analysis.words(whole)
    if not found:
        return None
    if wide and (whole_word := _unhyphened(whole)) is not None:
        row = tuple([word.form for word in found])
        return tree.either([Words(row, title=title), Words((whole_word,), title=title)])
    row = tuple([word.form for word in found])
    if wide == WIDEST and len(row) == 1 and (parts := compounds.parted(row[0])) is not None:
        return tree.either([Words(row, title=title), Words(parts, title=title)])
    if wide == WIDEST and (others := _other_rows(whole, row)):
        return tree.either([Words(one, title=title) for one in others])
    if wide == WIDEST and (capitals := also.plural_of(whole)) is not None:
        alone = Words((analysis.fold(capitals[0]),), title=title)
        one = cased(capitals[0]) if capitals[0].isupper() and not title else alone
        return tree.either([Words(row, title=title), one])
    if (whole_row := _abbreviated(row)) != row:
        return tree.either([Words(whole_row, title=title), Words(row, title=title)])
    if rows_of_unit := units.rows([word.form for word in found]):
        return tree.either([Words(row, title=title) for row in rows_of_unit])
    if whole.strip(_STOPS) in PRONOUNS and not title:
        return cased(whole)
    if not may_vary(whole):
        return Words(tuple([word.form for word in found]), title=title)
    if _UNSTOPPED.fullmatch(whole) and not title:  # a.m: the texts have a.m.
        return tree.either([cased(f"{whole}."), Words(tuple(word.form for word in found))])
    dotted = [cased(surface) for surface in folding.find_dotted(whole)]
    if len(found) == len(dotted) == 1 and not title:
        return dotted[0]
    rows = [Words(row, title=title) for row in _rows(whole, wide=wide)]
    apart = [Words(row, title=title) for row in _rows(_apart(whole), wide=wide)]
    if not dotted:
        return tree.either([*rows, *apart])
    return tree.either([tree.both([tree.either([*rows]), *dotted]), *apart])


def _unhyphened(text: str) -> str | None:
    """The form without its hyphen of a word that may be written so (cease-fire); None for
    others."""
    found = _HYPHENED.fullmatch(text)
    if found is None or len(found[1] + found[2]) < _FEWEST_LETTERS:
        return None
    if any(map(_PARTICLES.fullmatch, found.groups())):  # кто-то, по-русски
        return None
    form = analysis.fold(found[1] + found[2])
    return form if [word.form for word in analysis.words(form)] == [form] else None


def _other_rows(whole: str, row: tuple[str, ...]) -> list[tuple[str, ...]]:
    """All ways to write words that have other names, or are written apart and as one."""
    if len(row) == 1 and (named := exonyms.names(row[0]) or variants.ways(row[0])):
        return [(one,) for one in named]
    if (other := variants.doubled(row)) is not None:
        return [row, other]
    apart = tuple([word.form for word in analysis.words(whole.replace(_JOINER, " "))])
    return [row, apart] if _JOINER in whole and apart != row else []


def _abbreviated(row: tuple[str, ...]) -> tuple[str, ...]:
    """The words, with each single Hebrew letter joined to the word before it: how an abbreviation
    (``צה״ל``) was split when its sign separated words."""
    found: list[str] = []
    for form in row:
        if found and _HEBREW.fullmatch(f"{found[-1]}{form}") and len(form) == 1:
            found[-1] += form
        else:
            found.append(form)
    return tuple(found)


def may_vary(text: str) -> bool:
    """Whether a text may have spellings that differ by more than capitals: it has digits or full
    stops."""
    return _VARIES.search(text) is not None


def typed(asked: Node) -> Node:
    """The tree for a word or phrase as typed, without other spellings."""
    match asked:
        case Or(parts):
            return typed(parts[0])
        case And(parts):
            return tree.both([*map(typed, parts)])
    return asked


def certain(refused: Node, *, again: bool = False) -> Node:
    """The tree of what is left out: each word, also in phrases and beside NEAR, hides only texts
    that surely have it. ``сталь`` finds ``стали`` ("they became"), one post too many; refused, it
    hides none. What is left out of that (``again``) brings texts back, and stays as it is."""
    match refused:
        case _ if again:
            return refused
        case Words():
            return _sure(refused)
        case Near(left, right):
            return replace(refused, left=_sure(left), right=_sure(right))
        case Filter("place", value):
            return replace(refused, marks=surely.place_marks(value))
        case Or(parts):
            return tree.either([*map(certain, parts)])
        case And(parts):
            return tree.both([*map(certain, parts)])
        case Own(part):
            return tree.own(certain(part))
    return refused


def _sure(refused: Words) -> Words:
    return replace(refused, sure=True) if surely.is_narrower(refused) else refused


def cased(surface: str) -> Cased | Exact:
    """A word in its very capitals; letters with full stops mean capitals however written."""
    text = folding.cased(surface.upper() if "." in surface else surface)
    form = analysis.fold(text or surface)
    return Cased(text, form, folding.capital_form(text)) if text else Exact(form)


def join_numbers(parts: Sequence[Node], *, wide: int) -> list[Node]:
    """The parts of a query in which neighbouring groups of digits also stand for the whole number:
    ``15 000`` may be written 15000."""
    joined: list[Node] = []
    at = 0
    while at < len(parts):
        run = _number_run(parts[at:])
        if len(run) > 1 and (number := _number(_form(parts[at - 1]) if at else "", run)):
            apart = tree.both([*parts[at : at + 2]]) if len(run) == 2 else Words(tuple(run))
            joined.append(tree.either([apart, Words((number,))]))
            at += len(run)
        elif rows := _rows_of_two([*map(_form, parts[at : at + 2])], wide=wide):
            together = [Words(row) for row in rows]
            joined.append(tree.either([tree.both([*parts[at : at + 2]]), *together]))
            at += 2
        else:
            joined.append(parts[at])
            at += 1
    return joined


def _rows_of_two(forms: Sequence[str], *, wide: int) -> list[tuple[str, ...]]:
    """The ways to write two words that are a number with its unit, or a code: ``F 16``."""
    if len(forms) < 2 or (rows := units.rows(forms)):
        return rows if len(forms) == 2 else []
    row = _coded((*forms,)) if wide else ()
    return _rows(row[0], wide=wide) if len(row) == 1 else []


def _coded(row: tuple[str, ...]) -> tuple[str, ...]:
    """Words in a row with each letter or two and the number behind them (``F 16``), and each number
    and its ending (``5 й``), as one word."""
    found: list[str] = []
    for form in row:
        before = found[-1] if found else ""
        code = _LETTERS.fullmatch(before) and _DIGITS.fullmatch(form) and before not in _NO_CODE
        if code or (form in _ENDINGS and _DIGITS.fullmatch(before)):
            found[-1] = analysis.fold(f"{before}{form}")
        else:
            found.append(form)
    return tuple(found)


def _number_run(parts: Sequence[Node]) -> list[str]:
    """The groups of digits that the parts begin with."""
    if not parts or not _FIRST_GROUP.fullmatch(_form(parts[0])):
        return []
    groups = takewhile(_GROUP.fullmatch, map(_form, parts[1:]))
    return [_form(parts[0]), *groups]


def _number(before: str, run: Sequence[str]) -> str | None:
    text = " ".join([before, *run]).strip()
    return next((form for _, end, form in beside.numbers(text) if end == len(text)), None)


def _form(part: Node) -> str:
    """The form of a part that is a single word, anywhere in a text, with its other spellings or
    without; else empty."""
    if isinstance(part, Or) and isinstance(first := part.parts[0], Words):
        every = tuple([Words((one,)) for one in variants.ways(first.forms[0])])
        part = first if every == part.parts else part
    plain = isinstance(part, Words) and len(part.forms) == 1 and not part.title
    return part.forms[0] if isinstance(part, Words) and plain else ""


def near(left: Sequence[Side], right: Sequence[Side], distance: int) -> Node:
    """The tree for NEAR: each spelling of one side near each spelling of the other, with whatever
    they require besides."""
    found: dict[tuple[Node, ...], list[Node]] = {}
    for one, more in left:
        for other, even_more in right:
            found.setdefault((*more, *even_more), []).append(Near(one, other, distance))
    return tree.either([tree.both([tree.either(rows), *more]) for more, rows in found.items()])


def near_sides(node: Node | None, *, spelled: bool = True) -> list[Side] | None:
    """The words, or alternatives, on one side of NEAR, each with what it requires besides (its
    capitals); ``spelled``: in all spellings. None if there is anything else."""
    sides: list[Side] = []
    for part in node.parts if isinstance(node, Or) else (node,):
        match part:
            case Words(row, title=False):
                rows = _with_split(row) if spelled else [row]
                sides += [(Words(one), ()) for one in rows]
            case Cased(form=form):
                sides.append((Words((form,)), (part,)))
            case And((first, *capitals)) if all(isinstance(one, Cased) for one in capitals):
                inner = (
                    near_sides(first, spelled=spelled) if isinstance(first, Words | Or) else None
                )
                if inner is None:
                    return None
                sides += [(one, (*more, *capitals)) for one, more in inner]
            case _:
                return None
    return sides


def joined(text: str) -> str | None:
    """The form of a number in groups, or a code; None for other texts."""
    found = (form for *span, form in analysis.find_joined(text) if span == [0, len(text)])
    return next(found, None)


def _rows(text: str, *, wide: int) -> list[tuple[str, ...]]:
    """The words with numbers and codes as one word; as separate words; and as they stand. Each of
    these spellings, typed as a query, has the others among its own, so that a canonical text asks
    for the same."""
    stands = tuple([word.form for word in analysis.words(text)])
    rows = dict.fromkeys((_joined(text, stands), stands, units.joined(stands)))
    if wide and len(stands) > 1:
        rows[_coded(stands)] = None
    if wide and len(stands) == len(rows) == 1:
        return [stands, *_apart_alone(stands)]
    if len(stands) > 1 and len(next(iter(rows))) == 1:
        return [stands, *(row for row in rows if row != stands)]
    waiting = [*rows]
    ordered: dict[tuple[str, ...], None] = {}
    while waiting and len(ordered) < _MOST_ROWS:
        row = waiting.pop(0)
        if row not in ordered:
            ordered[row] = None
            more = [*(_with_split(row) if len(row) > 1 else ()), _joined(" ".join(row), row)]
            more += [units.joined(row), *([_coded(row)] if wide else ())]
            waiting[0:0] = more
    return [*ordered]


def _with_split(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows = [row, *(tuple(_split(row, other=other)) for other in (False, True))]
    return [*dict.fromkeys(rows)]


def _apart_alone(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ways to split a single word that is a code, or a number with a unit."""
    code = _CODE.fullmatch(row[0])
    if code is not None and any(
        letters in _NO_CODE or letters in _WORDS_OF_A_LETTER
        for letters in (code[1], alphabets.twin(code[1]))
    ):
        return []
    if code is None and _counted(row[0], other=False) is None:
        return []
    return [one for one in _with_split(row) if one != row]


def _joined(text: str, stands: tuple[str, ...]) -> tuple[str, ...]:
    forms: list[str] = []
    done = 0
    for start, end, form in sorted(analysis.find_joined(text)):
        if start >= done:
            forms += [word.form for word in analysis.words(text[done:start])]
            forms.append(form)
            done = end
    return (*forms, *(word.form for word in analysis.words(text[done:]))) if done else stands


def _split(row: tuple[str, ...], *, other: bool) -> Iterator[str]:
    """The words with numbers in groups and codes in two parts; ``other``: letters in the other
    alphabet."""
    for form in row:
        code = _CODE.fullmatch(form)
        if (measured := units.parted(form)) is not None:
            yield from (measured[0], units.other(measured[1]) if other else measured[1])
        elif code is not None:
            letters = alphabets.twin(code[1]) if other else None
            yield letters or code[1]
            yield code[2]
        elif (counted := _counted(form, other=other)) is not None:
            yield from counted
        elif _NUMBER.fullmatch(form) and not _YEAR.fullmatch(form):
            head = len(form) % 3
            yield from filter(None, (form[:head], *re.findall("...", form[head:])))
        else:
            yield form


def _counted(form: str, *, other: bool) -> tuple[str, str] | None:
    """The number and the word of a form like ``20летний`` or ``5й``; None for others."""
    found = _COUNTED.fullmatch(form)
    if found is None:
        return None
    letters = found[2]
    twin = alphabets.twin(letters)
    if len(letters) < _FEWEST_COUNTED and _ENDINGS.isdisjoint((letters, twin)):
        return None
    return found[1], twin if other and twin else letters


def _apart(text: str) -> str:
    """The words of a text, with each letter that has a full stop as a word."""
    return " ".join(word.form for word in analysis.words(_OPENED.sub(". ", text)))
