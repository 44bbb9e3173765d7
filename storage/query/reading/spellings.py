"""The ways in which texts write what a query asks for in a row: a number in groups or in one, a
code with a hyphen or without, in either alphabet, letters with full stops or without."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TypeAlias

from storage.query import tree
from storage.query.reading import units
from storage.query.tree import And, Cased, Exact, Near, Node, Or, Words
from storage.query.words import alphabets, analysis, beside, folding

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
_UMLAUT = re.compile("[äöü]", re.IGNORECASE)
_UMLAUT_WORD = re.compile(r"\w*[äöü]\w*", re.IGNORECASE)
# What a word with its umlauts written out would be in another language: "he sued" is no Süd.
_ORDINARY = frozenset(
    {
        "blue", "clue", "clues", "cruel", "cue", "does", "doe", "due", "duel", "duell", "duet",
        "flue", "foe", "foes", "fuel", "glue", "goes", "hoe", "hue", "poet", "rue", "shoe", "sue",
        "sued", "suet", "toe", "toes", "true", "tue", "tuer", "woe",
    }
)  # fmt: skip
_OPENED = re.compile(r"(?<=[^\W\d_])\.(?=\w)")
PRONOUNS = frozenset({"US", "IT", "WHO"})
"""What is written in capitals and no pronoun: whoever asks for the US does not want every "us"."""


def words(text: str, *, title: bool = False) -> Node | None:
    """What a word or words in a row ask for, in each spelling; None where there is no word."""
    whole = alphabets.in_serbian(text.strip())
    found = analysis.words(whole)
    if not found:
        return None
    if (plain := _without_umlauts(whole)) is not None:
        both = [words(one, title=title) for one in plain]
        return tree.either([one for one in both if one is not None])
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
    rows = [Words(row, title=title) for row in _rows(whole)]
    apart = [Words(row, title=title) for row in _rows(_apart(whole))]
    if not dotted:
        return tree.either([*rows, *apart])
    return tree.either([tree.both([tree.either([*rows]), *dotted]), *apart])


def _without_umlauts(text: str) -> tuple[str, str] | None:
    """A text with umlauts without their dots, and as it is written where there are none: Muenchen;
    None for other texts, and where that is another word."""
    if text.isascii():
        return None
    composed = unicodedata.normalize("NFC", text)
    if _UMLAUT.search(composed) is None:
        return None
    bare = _UMLAUT.sub(lambda match: _plain(match[0]), composed)
    written = _UMLAUT_WORD.sub(lambda match: _write_out(match[0]), composed)
    return None if written == bare else (bare, written)


def _plain(umlaut: str) -> str:
    return unicodedata.normalize("NFD", umlaut)[0]


def _write_out(word: str) -> str:
    """A word with ``ue`` for ``ü``; without its dots where that is an ordinary word."""
    written = _UMLAUT.sub(lambda match: f"{_plain(match[0])}e", word)
    if written.lower() in _ORDINARY:
        return _UMLAUT.sub(lambda match: _plain(match[0]), word)
    return written


def may_vary(text: str) -> bool:
    """Whether there may be another spelling of a text than in capitals: it takes digits or full
    stops."""
    return _VARIES.search(text) is not None


def typed(asked: Node) -> Node:
    """What a word or words in a row ask for as they are written, in no other spelling."""
    match asked:
        case Or(parts):
            return typed(parts[0])
        case And(parts):
            return tree.both([*map(typed, parts)])
    return asked


def cased(surface: str) -> Cased | Exact:
    """A word in its very capitals; letters with full stops mean capitals however written."""
    text = folding.cased(surface.upper() if "." in surface else surface)
    form = analysis.fold(text or surface)
    return Cased(text, form, folding.capital_form(text)) if text else Exact(form)


def join_numbers(parts: Sequence[Node]) -> list[Node]:
    """The parts of a query, where words that stand beside each other are a number in groups also
    that number: ``15 000`` may be written 15000."""
    joined: list[Node] = []
    at = 0
    while at < len(parts):
        run = _number_run(parts[at:])
        if len(run) > 1 and (number := _number(_form(parts[at - 1]) if at else "", run)):
            apart = tree.both([*parts[at : at + 2]]) if len(run) == 2 else Words(tuple(run))
            joined.append(tree.either([apart, Words((number,))]))
            at += len(run)
        elif rows := units.rows(forms := [*map(_form, parts[at : at + 2])]):
            together = [Words(row) for row in rows]
            joined.append(tree.either([tree.both([*parts[at : at + 2]]), *together]))
            at += len(forms)
        else:
            joined.append(parts[at])
            at += 1
    return joined


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
    """The form of a part that is one word, anywhere; else nothing."""
    plain = isinstance(part, Words) and len(part.forms) == 1 and not part.title
    return part.forms[0] if isinstance(part, Words) and plain else ""


def near(left: Sequence[Side], right: Sequence[Side], distance: int) -> Node:
    """What NEAR asks for: each way to write one side near each of the other, and, for each, what
    must be there besides."""
    found: dict[tuple[Node, ...], list[Node]] = {}
    for one, more in left:
        for other, even_more in right:
            found.setdefault((*more, *even_more), []).append(Near(one, other, distance))
    return tree.either([tree.both([tree.either(rows), *more]) for more, rows in found.items()])


def near_sides(node: Node | None, *, spelled: bool = True) -> list[Side] | None:
    """The words, or alternatives, on one side of NEAR, each with what must be there besides (its
    capitals), ``spelled`` in every way; None where there is anything else."""
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
    """The form of a number in groups, or a code, that a text is; None where it is none."""
    found = (form for *span, form in analysis.find_joined(text) if span == [0, len(text)])
    return next(found, None)


def _rows(text: str) -> list[tuple[str, ...]]:
    """The words with numbers and codes as one word; in a row of several, apart; as they stand.

    What any of these rows is when it is written itself is among them, so that a query's text asks
    what the query does.
    """
    stands = tuple([word.form for word in analysis.words(text)])
    rows = dict.fromkeys((_joined(text, stands), stands, units.joined(stands)))
    if len(stands) > 1 and len(next(iter(rows))) == 1:
        return [stands, *(row for row in rows if row != stands)]
    waiting = [*rows]
    ordered: dict[tuple[str, ...], None] = {}
    while waiting and len(ordered) < _MOST_ROWS:
        row = waiting.pop(0)
        if row not in ordered:
            ordered[row] = None
            more = [*(_with_split(row) if len(row) > 1 else ()), _joined(" ".join(row), row)]
            more.append(units.joined(row))
            waiting[0:0] = more
    return [*ordered]


def _with_split(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows = [row, *(tuple(_split(row, other=other)) for other in (False, True))]
    return [*dict.fromkeys(rows)]


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
    """A row with numbers in groups and codes in two; their letters in the other alphabet."""
    for form in row:
        code = _CODE.fullmatch(form)
        if (measured := units.parted(form)) is not None:
            yield from (measured[0], units.other(measured[1]) if other else measured[1])
        elif code is not None:
            letters = alphabets.twin(code[1]) if other else None
            yield letters or code[1]
            yield code[2]
        elif _NUMBER.fullmatch(form) and not _YEAR.fullmatch(form):
            head = len(form) % 3
            yield from filter(None, (form[:head], *re.findall("...", form[head:])))
        else:
            yield form


def _apart(text: str) -> str:
    """The words of a text, letters with full stops each a word."""
    return " ".join(word.form for word in analysis.words(_OPENED.sub(". ", text)))
