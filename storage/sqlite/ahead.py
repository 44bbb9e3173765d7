"""Answers that were read ahead, in the hop of a transaction's BEGIN."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from storage.connection import Query
from storage.sqlite.parameters import clean

Asked: TypeAlias = tuple[str, tuple[object, ...]]
Rows: TypeAlias = list[sqlite3.Row]


def asked_of(queries: Iterable[Query]) -> list[Asked]:
    """The queries with clean parameters."""
    return [(sql, tuple(clean(parameters))) for sql, parameters in queries]


class Beginning:
    """Begins a transaction, and answers these queries in it; may be called again where these were
    refused. One that is open already is another's, and is never taken for its own."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._asked = asked
        self._has_begun = False

    def __call__(self, driver: sqlite3.Connection) -> list[Rows]:
        """The rows of each query."""
        if not (self._has_begun and driver.in_transaction):
            driver.execute("BEGIN IMMEDIATE")
            self._has_begun = True
        return answer(driver, self._asked)


def answer(driver: sqlite3.Connection, asked: Iterable[Asked]) -> list[Rows]:
    """The rows of each of these queries."""
    return [driver.execute(sql, parameters).fetchall() for sql, parameters in asked]


class Ahead:
    """Answers that were read ahead, each for the first time that its query is asked; none after
    anything was written. ``next``: what is to be read ahead in the next hop that reads."""

    def __init__(self) -> None:
        self.next: Sequence[Asked] = ()
        self._found: dict[Asked, Rows] = {}
        self._changes = 0

    def take_next(self) -> Sequence[Asked]:
        """What is to be read ahead now."""
        asked, self.next = self.next, ()
        return asked

    def keep(self, asked: Sequence[Asked], found: Iterable[Rows], *, changes: int) -> None:
        """Keep answers in place of former ones; ``changes``: how many rows the connection had
        changed by then."""
        self._found = dict(zip(asked, found, strict=True))
        self._changes = changes

    def take(self, asked: Iterable[Asked], changes: Callable[[], int]) -> list[Rows | None]:
        """For each query the answer, if it is known; ``changes`` gives those up to now."""
        if self._found and changes() != self._changes:
            self._found.clear()
        return [self._found.pop(one, None) for one in asked]

    def clear(self) -> None:
        """Forget all answers."""
        self._found.clear()

    def end(self) -> None:
        """Forget all: a transaction is over."""
        self.next = ()
        self._found.clear()
