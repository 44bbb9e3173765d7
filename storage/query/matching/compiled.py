"""What saved queries ask for, compiled, as bytes: so that the next start need not parse them again.

A compiled query is found by its text alone. So whatever becomes of saved queries meanwhile, a query
that is found means what its text means, as long as the program that reads it is the same one.
Queries that are decided on the document are not among them: they are parsed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from storage.query.matching.conditions import Condition, Key

Path = Sequence[Key]
"""The keys that lead to a node, in their order."""


class CompiledRule(NamedTuple):
    """A rule: its name, the paths of its nodes, and the keys that must be absent."""

    name: str
    paths: Sequence[Path]
    refused: Sequence[Key]


class CompiledWide(NamedTuple):
    """A query in the grid: its name, its groups of keys, the keys that must be absent, and the
    choices that the grid does not decide completely."""

    name: str
    groups: Sequence[Sequence[Key]]
    refused: Sequence[Key]
    checks: Sequence[Sequence[Condition]]


Compiled = Path | CompiledRule | CompiledWide

_Numbers = list[int]


class _Part(Struct, frozen=True, array_like=True, gc=False):
    """Some compiled queries by text; keys are given by their numbers in ``keys``. ``last``: the
    highest id of their first alerts."""

    last: int
    keys: list[str | tuple[str, str]]
    paths: dict[str, _Numbers]
    rules: dict[str, tuple[str, list[_Numbers], _Numbers]]
    wides: dict[str, tuple[str, list[_Numbers], _Numbers, list[list[tuple[_Numbers, _Numbers]]]]]


_DECODER = msgspec.msgpack.Decoder(_Part)
_encode = msgspec.msgpack.Encoder().encode


def write(last: int, queries: Iterable[tuple[str, Compiled]]) -> bytes:
    """A part: compiled queries by their texts, ``last`` the highest id of their alerts."""
    numbers: dict[Key, int] = {}
    part = _Part(last, [], {}, {}, {})

    def number(keys: Iterable[Key]) -> _Numbers:
        return [numbers.setdefault(key, len(numbers)) for key in keys]

    for text, compiled in queries:
        match compiled:
            case CompiledRule(name, paths, refused):
                part.rules[text] = (name, [*map(number, paths)], number(refused))
            case CompiledWide(name, groups, refused, checks):
                spelled = [
                    [(number(one.required), number(one.refused)) for one in check]
                    for check in checks
                ]
                part.wides[text] = (name, [*map(number, groups)], number(refused), spelled)
            case _:
                part.paths[text] = number(compiled)
    part.keys.extend(numbers)
    return _encode(part)


class CompiledQueries:
    """Reads parts, one after the other, in the order of the alerts' ids."""

    def __init__(self, parts: Iterable[bytes] = ()) -> None:
        self._parts: Iterator[bytes] = iter(parts)
        self._part = _Part(-1, [], {}, {}, {})
        self._shared: dict[Key, Key] = {}
        self._keys: list[Key] = []

    def find(self, alert_id: int, text: str) -> Compiled | None:
        """The compiled query of an alert; None if its part does not have it, or is damaged. Alerts
        are asked for in the order of their ids."""
        try:
            while alert_id > self._part.last and (written := next(self._parts, None)) is not None:
                self._part = _DECODER.decode(written)
                share = self._shared.setdefault
                self._keys = [share(key, key) for key in self._part.keys]
            return self._find(text)
        except (msgspec.DecodeError, IndexError):
            self._parts, self._part = iter(()), _Part(-1, [], {}, {}, {})
            return None

    def _find(self, text: str) -> Compiled | None:
        part = self._part
        if (path := part.paths.get(text)) is not None:
            return self._named(path)
        if (rule := part.rules.get(text)) is not None:
            name, paths, refused = rule
            return CompiledRule(name, [*map(self._named, paths)], self._named(refused))
        if (wide := part.wides.get(text)) is not None:
            name, groups, refused, checks = wide
            return CompiledWide(
                name,
                [*map(self._named, groups)],
                self._named(refused),
                [[Condition(*self._sets(one)) for one in check] for check in checks],
            )
        return None

    def _named(self, numbers: _Numbers) -> list[Key]:
        return [*map(self._keys.__getitem__, numbers)]

    def _sets(self, one: tuple[_Numbers, _Numbers]) -> tuple[frozenset[Key], frozenset[Key]]:
        required, refused = one
        return frozenset(self._named(required)), frozenset(self._named(refused))


NOTHING = CompiledQueries()
