"""Whoever holds a connection of the database waits for no other: as many of such as there are
connections would wait for ever, and everybody after them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from storage.postgres.engine import PostgresDatabase
from storage.sqlite.engine import SqliteDatabase

_holder: ContextVar[tuple[object, object] | None] = ContextVar("holder", default=None)
_Take = Callable[..., AbstractAsyncContextManager[Any]]


def watch(patch: pytest.MonkeyPatch) -> None:
    """From now on a task fails that asks for a second connection while it holds one."""
    for engine in (SqliteDatabase, PostgresDatabase):
        for way in ("transaction", "reader"):
            patch.setattr(engine, way, _watched(getattr(engine, way)))


def _watched(take: _Take) -> _Take:
    @asynccontextmanager
    async def watched(database: object, *args: Any, **options: Any) -> AsyncIterator[Any]:
        holder, outer = (database, asyncio.current_task()), _holder.get()
        assert outer != holder, "a second connection is waited for while one is held"
        _holder.set(holder)
        try:
            async with take(database, *args, **options) as connection:
                yield connection
        finally:
            _holder.set(outer)

    return watched
