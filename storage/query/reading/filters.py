"""The filters of the query language: ``name:value`` → what it asks for."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from storage.errors import QueryError
from storage.languages.vocabulary import Vocabulary
from storage.query.reading import filter_words
from storage.query.reading.lexer import Token
from storage.query.reading.quotes import QUOTES
from storage.query.tree import Filter
from storage.query.words import analysis, forms, name_keys, sites
from storage.query.words.analysis import mark
from storage.structs import replace

HAS = tuple(filter_words.HAS.english)
IS = tuple(filter_words.IS.english)
LANG = tuple(filter_words.LANG.english)
"""The languages that posts are identified in."""
DATES = frozenset({"before", "after", "on"})
WORDS = frozenset({"title"})
WHERE = "in"
"""``in:text`` applies to everything beside it."""

MOST_OF_NAME = 6
"""The most words of a speaker's name."""

_LINK = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(?:s/|c/)?([^/?#]+).*", re.IGNORECASE)
_ID = re.compile(r"-100(\d+)")
_NAME = re.compile(r"@?(\w+)")
_QUOTE = re.compile(f"[{QUOTES}]")


class Value(Struct, frozen=True):
    """The value of a filter: from ``at`` up to ``end`` of the query; its name begins at ``column``.
    ``quoted``: it is in quotation marks."""

    name: str
    text: str
    column: int
    at: int
    end: int
    quoted: bool

    def error(self, what: str, hint: str = "", instead: str = "", name: str = "") -> QueryError:
        """The error about this value; ``instead``: a value that works, with another filter's
        ``name`` if given."""
        edit = (self.at, self.end, instead) if instead else None
        if name:
            edit = (self.column, self.end, f"{name}:{instead}")
        return QueryError(what, column=self.column, hint=hint, edit=edit)


def _owner(value: Value) -> Filter:
    asked = value.text
    if link := _LINK.fullmatch(asked):
        asked = link[1]
    if value.quoted:
        folded = analysis.label(asked)
    else:
        asked = asked.rstrip(".,;:!?")
        named = _ID.fullmatch(asked) or _NAME.fullmatch(asked)
        if named is None and (link is not None or " " in analysis.label(asked)):
            raise _no_name(value, "" if link else f'"{asked}"')
        folded = analysis.fold_name(named[1]) if named else analysis.label(asked)
    if not folded:
        raise _no_name(value, "")
    return Filter(value.name, folded, (frozenset((mark(value.name, folded),)),))


def _no_name(value: Value, instead: str) -> QueryError:
    who = "author" if value.name == "by" else "channel"
    return value.error(f"{value.name}: names no {who}", f"write {value.name}:username", instead)


def _lang(value: Value) -> Filter:
    code = filter_words.LANG.meanings().get(value.text.lower(), value.text.lower())
    if code not in LANG:
        meant = filter_words.LANGUAGES_MEANT.meanings().get(code, "")
        if meant or not re.fullmatch("[a-z]{2,3}", code):
            raise value.error(
                f"{value.text!r} is no language code", "write lang:ru or lang:en", meant
            )
        raise value.error(
            f"no post is known to be in {value.text!r}", f"choose of {', '.join(LANG)}"
        )
    return Filter(value.name, code, (frozenset((mark(value.name, code),)),))


def _place(value: Value) -> Filter:
    words = analysis.words(value.text)
    if not words:
        raise value.error("place: names no place", "write place:Moscow")
    asked = [frozenset(mark("place", one) for one in forms.lexemes(word.form)) for word in words]
    return Filter("place", " ".join(word.form for word in words), tuple(dict.fromkeys(asked)))


def _speaker(value: Value) -> Filter:
    words = [word.form for word in analysis.words(value.text)]
    if not any(map(str.isalpha, words)) or len(words) > MOST_OF_NAME:
        raise value.error("who: names no speaker", "write who:Lavrov")
    groups = tuple(
        frozenset(mark("who", key) for key in group) for group in name_keys.asked_of(words)
    )
    return Filter("who", " ".join(words), tuple(dict.fromkeys(groups)))


def _site(value: Value) -> Filter:
    asked = value.text if value.quoted else value.text.rstrip(".,;:!?")
    site = sites.read(asked.removeprefix("*."))
    if site is None or _QUOTE.search(site.rest):
        raise value.error("link: names no site", "write link:example.org")
    marks = (frozenset((mark("link", site.host),)),)
    return Filter(value.name, str(site), marks, site if site.rest else None)


def check_where(value: Value) -> None:
    """Refuse a place to look in other than ``text``. Raises QueryError."""
    where = value.text.lower()
    if where in filter_words.WHERE.meanings():
        return
    if where in filter_words.TITLE_MEANT.meanings():
        raise value.error("in: takes text alone", "write title:word")
    raise value.error("in: takes text alone", "", value.text, "channel")


def _choice(words: Vocabulary) -> "Reader":
    choices = tuple(words.english)

    def read(value: Value) -> Filter:
        chosen = value.text.lower()
        chosen = words.meanings().get(chosen, chosen)
        if chosen not in choices:
            if value.name != (other := "is" if chosen in IS else "has") and chosen in (*IS, *HAS):
                raise value.error(f"{value.name}: knows no {value.text!r}", "", chosen, other)
            near = difflib.get_close_matches(chosen, choices, 1)
            meant = filter_words.VALUES_MEANT.meanings().get(chosen, near[0] if near else "")
            raise value.error(
                f"{value.name}: knows no {value.text!r}",
                f"choose of {', '.join(choices)}",
                meant if meant in choices else "",
            )
        return Filter(value.name, chosen, (frozenset((mark(value.name, chosen),)),))

    return read


Reader = Callable[[Value], Filter]

READERS: Mapping[str, Reader] = {
    "channel": _owner,
    "from": _owner,
    "by": _owner,
    "lang": _lang,
    "place": _place,
    "who": _speaker,
    "link": _site,
    "has": _choice(filter_words.HAS),
    "is": _choice(filter_words.IS),
}
LISTS = frozenset(READERS) - {"place"}
"""Filters that take several values, one of which must match: ``has:photo,video``."""

NAMES = frozenset(READERS) | DATES | WORDS | {WHERE}


def spellings() -> Mapping[str, str]:
    """The names of filters as they may be written, each with its English name."""
    return filter_words.NAMES.meanings()


def listed(token: Token) -> Iterator[Token]:
    """The tokens of a filter with several values, one for each: ``photo,video`` or ``photo|video``.
    The first keeps the name's column."""
    start = token.end - len(token.text)
    signs = ",|" if token.filter in LISTS else "|"
    for match in re.finditer(f"[^{signs}]+", token.text):
        column = token.column if not match.start() else start + match.start()
        yield replace(token, text=match[0], column=column, end=start + match.end())
