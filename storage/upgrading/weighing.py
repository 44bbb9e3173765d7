"""What a migration goes through and how long that takes, by its statements. Pure.

The rates were measured by ``benchmarks/upgrade.py``: of a machine, of its disk and of what else
runs there nothing is known, so every duration is a range.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from storage.sqlite import migrate
from storage.sqlite.migrate import Migration

COPIED_A_SECOND = (15_000, 150_000)
"""Rows that are written into another table: on a slow or busy machine, on a fast one."""
READ_A_SECOND = (200_000, 2_000_000)
"""Rows that an index is made of."""
LEAST_SECONDS = (0.0, 0.3)
_COMMENT = re.compile(r"--[^\n]*")
_SOURCE = re.compile(r"\b(?:from|join) (\w+)")
_WRITES = re.compile(r"^(?:create table (\w+) as|insert (?:or \w+ )?into (\w+)) ?")
_UPDATES = re.compile(r"^(?:update|delete from) (\w+)")
_INDEXES = re.compile(r"^create (?:unique )?index \w+ on (\w+)")
_DROPS = re.compile(r"^drop table (\w+)")
_RENAMES = re.compile(r"^alter table (\w+) rename to (\w+)")

Range: TypeAlias = tuple[float, float]
"""The least and the most."""


class Size(Struct, frozen=True, kw_only=True):
    """A table: its rows, and about how many bytes they hold."""

    rows: int
    bytes: int


_NOTHING = Size(rows=0, bytes=0)


class Step(Struct, frozen=True, kw_only=True):
    """A migration that is to run. ``rebuilds``: tables that are written anew; ``rows`` of the
    largest table that it goes through, ``bytes`` that it writes; ``seconds`` from the least to the
    most."""

    version: int
    name: str
    rebuilds: tuple[str, ...]
    rows: int
    bytes: int
    seconds: Range


def weigh(missing: Sequence[Migration], sizes: Mapping[str, Size]) -> Iterator[Step]:
    """What each step goes through; tables grow, go and are renamed on the way."""
    present = dict(sizes)
    for migration in missing:
        before = set(present)
        work = _Work(present)
        for statement in migrate.statements(migration.sql):
            work.take(" ".join(_COMMENT.sub("", statement).split()).lower())
        yield Step(
            version=migration.version,
            name=migration.name,
            rebuilds=tuple(sorted(work.dropped & before & set(present))),
            rows=work.rows,
            bytes=work.bytes,
            seconds=total(
                [
                    LEAST_SECONDS,
                    time_of(work.copied, COPIED_A_SECOND),
                    time_of(work.read, READ_A_SECOND),
                ]
            ),
        )


class _Work:
    """What the statements of a migration do to the tables that are ``present``."""

    def __init__(self, present: dict[str, Size]) -> None:
        self._present = present
        self.rows = self.copied = self.read = self.bytes = 0
        self.dropped: set[str] = set()

    def take(self, statement: str) -> None:
        """Count a statement, in small letters and on one line."""
        if found := _WRITES.match(statement):
            sources = [self._size(name) for name in _SOURCE.findall(statement)]
            source = max(sources, key=lambda one: one.rows, default=_NOTHING)
            table = found[1] or found[2]
            known = self._size(table)
            self._present[table] = Size(
                rows=known.rows + source.rows, bytes=known.bytes + source.bytes
            )
            self._copy(source)
        elif found := _UPDATES.match(statement):
            self._copy(self._size(found[1]))
        elif found := _INDEXES.match(statement):
            size = self._size(found[1])
            self.read += size.rows
            self.rows = max(self.rows, size.rows)
        elif found := _DROPS.match(statement):
            self._present.pop(found[1], None)
            self.dropped.add(found[1])
        elif found := _RENAMES.match(statement):
            self._present[found[2]] = self._present.pop(found[1], _NOTHING)

    def _size(self, table: str) -> Size:
        return self._present.get(table, _NOTHING)

    def _copy(self, size: Size) -> None:
        self.copied += size.rows
        self.rows = max(self.rows, size.rows)
        self.bytes += size.bytes


def time_of(rows: int, rates: tuple[int, int]) -> Range:
    """How long a number of rows takes, at a slow and at a fast rate a second."""
    slow, fast = rates
    return rows / fast, rows / slow


def total(ranges: Sequence[Range]) -> Range:
    """One after the other."""
    return sum(least for least, _ in ranges), sum(most for _, most in ranges)
