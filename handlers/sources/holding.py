"""The channels that a query is held to: ``grain channel:harbour,100`` is ``grain``, held to one.

They stand in the query itself, so that alerts, searches and ``/why`` mean the same by them. Pure.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from handlers.queries import narrowing
from storage.errors import QueryError
from storage.query import tree
from storage.query.reading import filters, syntax
from storage.query.reading.syntax import Query
from storage.query.tree import And, Filter, Node, Or
from storage.query.words import analysis
from storage.records import Channel

_WRITTEN = re.compile(r"(?<!\S)(\w+):(?:\"[^\"]*\"|[^\s()\"]+)(?!\S)")


class Held(Struct, frozen=True):
    """A query without its channels, as its author typed it (empty: all their posts); and the names
    of these channels in it, none if it is limited to none."""

    asked: str
    values: tuple[str, ...] = ()

    def rows(self, channels: Iterable[Channel]) -> tuple[int, ...]:
        """Which of the channels that are known it is held to, by row."""
        return tuple(one.id for one in channels if not _values(one).isdisjoint(self.values))

    def strangers(self, channels: Iterable[Channel]) -> tuple[str, ...]:
        """The channels that it is held to and that nobody knows, as they are called in it."""
        return self.beside(names_of(channels))

    def beside(self, known: frozenset[str]) -> tuple[str, ...]:
        """The same, of channels that queries call by the names that are ``known``."""
        return tuple(value for value in self.values if value not in known)


def names_of(channels: Iterable[Channel]) -> frozenset[str]:
    """What queries may call any of these channels."""
    return frozenset[str]().union(*map(_values, channels))


def read_held(query: Query) -> Held:
    """Part a query into what it asks and the channels that it is held to."""
    found = [part for part in _parts(query.root) if _names(part)]
    if len(found) != 1:  # None; or several, which together ask something else.
        return Held(query.written)
    rest = [part for part in _parts(query.root) if part is not found[0]]
    root = tree.both(rest) if rest else None
    if root is None and not query.dates:
        return Held("", _names(found[0]))
    return Held(_written(query, root), _names(found[0]))


def held_of(written: str) -> Held:
    """The same of a query that is kept; all of it where it can't be read any more."""
    query = _parse(written)
    return Held(written) if query is None else read_held(query)


def hold(asked: str, channels: Sequence[Channel], strangers: Sequence[str] = ()) -> Query | None:
    """What is asked, held to these channels and to ``strangers``, as a query calls them; of none:
    to all. None where it would be too long, or ask nothing."""
    for names in (_both_names, _numbers):
        values = [*(value for one in channels for value in names(one)), *strangers]
        query = _join(asked, _condition(values))
        if query is not None:
            return query
    return None


def _condition(values: Sequence[str]) -> str:
    if all(map(narrowing.NAME.fullmatch, values)):
        return f"channel:{','.join(values)}" if values else ""
    named = [str(Filter("channel", value, ())) for value in values]
    return f"({' OR '.join(named)})" if len(named) > 1 else named[0]


def _join(asked: str, condition: str) -> Query | None:
    plain = _parse(asked) if asked else None
    only = _parse(condition) if condition else None
    if plain is None or only is None or plain.root is None or only.root is None:
        return _parse(" ".join(part for part in (asked, condition) if part))
    root = tree.both([plain.root, only.root])
    for text in (f"{asked} {condition}", f"({asked}) {condition}", f"({plain.text}) {condition}"):
        query = _parse(text)
        if query is not None and query.root == root:
            return query
    return None


def _written(query: Query, root: Node | None) -> str:
    """What is asked without the channels: as it was written, where that can be cut out."""
    text = tree.canonical(root, query.dates)

    def cut(match: re.Match[str]) -> str:
        is_channel = filters.spellings().get(match[1].lower()) == "channel"
        return "" if is_channel else match[0]

    written = " ".join(_WRITTEN.sub(cut, query.written).split())
    for candidate in (written.removeprefix("(").removesuffix(")"), written):
        found = _parse(candidate)
        if found is not None and (found.root, found.dates) == (root, query.dates):
            return candidate
    return text


def _parts(root: Node | None) -> tuple[Node, ...]:
    if root is None:
        return ()
    return root.parts if isinstance(root, And) else (root,)


def _names(part: Node) -> tuple[str, ...]:
    """What the channels are called that a part of a query asks for, and nothing else."""
    leaves = part.parts if isinstance(part, Or) else (part,)
    names = [leaf.value for leaf in leaves if isinstance(leaf, Filter) and leaf.name == "channel"]
    return tuple(names) if len(names) == len(leaves) else ()


def _both_names(channel: Channel) -> list[str]:
    """By name, to be read, and by number, for it goes on under another name."""
    name = channel.username if narrowing.NAME.fullmatch(channel.username or "") else None
    return [*dict.fromkeys(value.lower() for value in (name, *_numbers(channel)) if value)]


def _numbers(channel: Channel) -> list[str]:
    if channel.channel_id is not None:
        return [str(channel.channel_id)]
    return [channel.username.lower()] if channel.username else []


def _values(channel: Channel) -> frozenset[str]:
    """What a query may call a channel."""
    number = str(channel.channel_id) if channel.channel_id is not None else None
    name = analysis.fold_name(channel.username) if channel.username else None
    title = analysis.label(channel.title) if channel.title else None
    return frozenset(one for one in (number, name, title) if one)


def _parse(text: str) -> Query | None:
    try:
        return syntax.parse(text)
    except QueryError:
        return None
