"""Recognizes regular expressions, which queries are not, and suggests the nearest query.

Their signs would silently count as punctuation, and the query would mean something else.
"""

import re
from collections.abc import Callable

from storage.errors import QueryError
from storage.query.reading.quotes import QUOTES

Instead = Callable[[re.Match[str]], str | None]

_WHOLE = re.compile(r"/(?=\S).*\S/[gimsuxy]{0,6}|/\S/[gimsuxy]{0,6}", re.DOTALL)
_SIGNED = re.compile(
    r"(?:^|(?<=[\s(]))(/(?=\S)(?=[^/]*[\\\[\]{}^$+*?|])[^/]*(?<=\S)/[gimsuxy]{0,6})(?=[\s)]|$)"
)
# A text without any of these has no expression; a quick test.
_MAYBE = re.compile(r"[\\\[{^$/]|[.)][*+]|\(\?|\w\(")
_LETTER = r"[^\W\d_]"
_TIMES = r"(?:[*+]|\{\d+(?:,\d*)?\})\??"
_ONE = rf"(?:\.|\\[wWS])(?:{_TIMES})"
_ENDS = r"(?=[\s)|]|$)"
_QUOTED = re.compile(f"[{QUOTES}]")


def _nothing(match: re.Match[str]) -> str:
    return ""


def _letters(match: re.Match[str]) -> str | None:
    """``gr[ae]y`` as ``(gray OR grey)``."""
    before, letters, after = match.groups()
    return _either([f"{before}{letter}{after}" for letter in letters])


def _alternatives(match: re.Match[str]) -> str | None:
    """``oil(s|ed)`` as ``(oils OR oiled)``."""
    before, inner, after = match.groups()
    if before.isupper():
        return None
    return _either([f"{before}{part}{after}" for part in inner.split("|")])


def _either(words: list[str]) -> str:
    return f"({' OR '.join(words)})"


def _near(match: re.Match[str]) -> str | None:
    return None if _QUOTED.search(match.string) else " NEAR/10 "


# Signs that only expressions have, and what a query can have in their place; None: nothing.
_SIGNS: tuple[tuple[re.Pattern[str], Instead | None], ...] = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\\[bB]|\(\?[imsux]+\)", _nothing),
        (rf"(?<!\S)\^(?={_LETTER})|(?<=[a-zа-яё]{{3}})\$(?!\S)", _nothing),
        (rf"(?:^|(?<=[\s(|])){_ONE}(?={_LETTER})", _nothing),
        (rf"(?<={_LETTER}{{3}}){_ONE}{_ENDS}", lambda match: "*"),
        (rf"(?<=\w){_ONE}(?=\w)", _near),
        (r"(?<=\w)\\s[*+]?(?=\w)", lambda match: " "),
        (rf"(?<!\w)({_LETTER}+)\[({_LETTER}{{2,6}})\]({_LETTER}*){_ENDS}", _letters),
        (rf"(?<!\w)({_LETTER}+)\((?:\?:)?([\w|]*\|[\w|]*)\)({_LETTER}*){_ENDS}", _alternatives),
        (r"(?<!:)\\[dDwWsSnrtAZ.+*?()\[\]{}|^$]|\(\?(?:[:=!]|<[=!]|P<)", None),
        (rf"\[\^?(?:{_LETTER}-{_LETTER})(?:\w-\w)*[_.ёЁ]*\]|[\])]{_TIMES}(?![()])", None),
        (r"\[\^?\d-\d\][+*{?]|\w\{\d+(?:,\d*)?\}", None),
        (rf"{_LETTER}\[\^?\w+\]{_LETTER}|\.[*+](?=\S)|(?<=\S)\.[*+]", None),
    )
)  # fmt: skip


def refuse(text: str) -> None:
    """Raise QueryError for a regular expression.

    A query that is only text between slashes counts as one; beside other words it must have signs
    that only such expressions have, because people write slashes too.
    """
    if not _MAYBE.search(text):
        return
    found = _WHOLE.fullmatch(text.strip())
    column = len(text) - len(text.lstrip())
    if found is None and (found := _SIGNED.search(text)) is not None:
        column = found.start(1)
    if found is not None:
        raise _error(column, None)
    signs = [(match, instead) for sign, instead in _SIGNS if (match := sign.search(text))]
    for match, instead in signs:
        words = None if instead is None else instead(match)
        if words is not None or instead is None:
            edit = None if words is None else (match.start(), match.end(), words)
            raise _error(match.start(), edit)


def _error(column: int, edit: tuple[int, int, str] | None) -> QueryError:
    return QueryError(
        "regular expressions are not understood",
        column=column,
        hint='write words, a phrase or the beginning of a word: "central bank" OR sanction*',
        edit=edit,
    )
