"""A database that is being copied into: of which it is the copy, and how far it has come.

Both are facts in the copy itself, set in one transaction with the rows, so that whatever ends the
copying, it goes on from there. While they stand the database is not whole, and nobody serves it.
"""

import json
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import asdict

from storage import facts
from storage.connection import Connection
from storage.errors import StorageError

_OF = "copy_of"
_AT = "copy_at"
OWN_FACTS = (_OF, _AT)


class Source(Struct, frozen=True, kw_only=True):
    """What is copied: the ``instance`` (where it has no name yet, its address), the ``counter`` of
    its service, the ``schema`` it has and the ``index`` that its copy gets."""

    instance: str
    counter: int
    schema: int
    index: int


class Progress(Struct, frozen=True, kw_only=True):
    """The step that is being done, and the key up to which it is; none: from its beginning."""

    step: str
    after: tuple[int | str, ...] = ()


async def find_source(conn: Connection) -> Source | None:
    """What a database that is not whole is the copy of; None for every other."""
    told = await facts.find_value(conn, _OF)
    return None if told is None else Source(**json.loads(told))


async def find_progress(conn: Connection) -> Progress | None:
    """How far it has come; None before the first row."""
    told = await facts.find_value(conn, _AT)
    if told is None:
        return None
    step, *after = json.loads(told)
    return Progress(step=step, after=tuple(after))


async def set_source(tx: Connection, source: Source) -> None:
    """From now on it is a copy that is not whole."""
    await facts.set_value(tx, _OF, json.dumps(asdict(source)))


async def set_progress(tx: Connection, step: str, after: Sequence[int | str] = ()) -> None:
    """Remember how far it has come."""
    await facts.set_value(tx, _AT, json.dumps([step, *after], ensure_ascii=False))


async def end(tx: Connection) -> None:
    """From now on it is whole."""
    for name in OWN_FACTS:
        await facts.remove_value(tx, name)


async def refuse_unfinished(conn: Connection, where: str) -> None:
    """Raise StorageError for a copy that is not whole."""
    if await find_source(conn) is not None:
        raise StorageError(
            "it is a copy that is not whole",
            where=where,
            hint="let `dateline migrate` end, by the same command as before",
        )
