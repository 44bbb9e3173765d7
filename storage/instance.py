"""Which instance a database belongs to, and how far it has come: facts in the database itself.

An instance has a random name and a counter that its service goes on raising. Both stand outside too
(``bot.health.instance``), so that a database that is another's, or an older copy, is told apart.
"""

import secrets
from datetime import datetime

from msgspec import Struct

from storage import facts, times
from storage.connection import Connection

_NAME = "instance"
_COUNTER = "instance_counter"
_RESTORED = "restored_at"

NAMED_IN_BUTTONS = ("alert", "collection", "delivery", "plan", "question")
SKIPPED = 10_000_000
"""More rows than a database gets in the life of a copy of it."""


class Identity(Struct, frozen=True, kw_only=True):
    """``name`` is the instance's; ``counter`` is how often its service has raised it."""

    name: str
    counter: int


class Present(Struct, frozen=True, kw_only=True):
    """What stands in a database's place. ``is_due``: it is of an older schema; ``is_served``: a
    service has it now, as far as the database itself tells; ``identity``: whose it is, None for
    one that no service has run on. ``server``: the engine, where it is on one, and whether a pooler
    stands before that."""

    is_there: bool
    is_due: bool = False
    is_served: bool = False
    identity: Identity | None = None
    server: str | None = None
    is_pooled: bool = False


async def find_identity(conn: Connection) -> Identity | None:
    """Whose database this is; None for one that no service has run on."""
    name = await facts.find_value(conn, _NAME)
    if name is None:
        return None
    return Identity(name=name, counter=int(await facts.find_value(conn, _COUNTER) or 0))


async def ensure_identity(tx: Connection) -> Identity:
    """Whose database this is: a new instance's, where no service has run on it."""
    if await facts.find_value(tx, _NAME) is None:
        await facts.set_value(tx, _NAME, secrets.token_hex(16))
    return await raise_counter(tx)


async def raise_counter(tx: Connection, *, above: int = 0) -> Identity:
    """Raise the counter, to more than ``above``; gives its new value with the name."""
    name = await facts.find_value(tx, _NAME) or ""
    counter = max(int(await facts.find_value(tx, _COUNTER) or 0), above) + 1
    await facts.set_value(tx, _COUNTER, str(counter))
    return Identity(name=name, counter=counter)


async def note_restored(tx: Connection, *, now: datetime) -> None:
    """This database was found, at ``now``, in the place of a later one.

    Row numbers that the later one may have given, and that buttons of old messages name, are not
    given again.
    """
    await facts.set_value(tx, _RESTORED, str(times.to_epoch(now)))
    for table in NAMED_IN_BUTTONS:
        await tx.skip_ids(table, SKIPPED)


async def find_restored_at(conn: Connection) -> datetime | None:
    """When this database was last found to be an older copy, put in the place of a later one.

    None if it never was. What stood in it then may have been done since it was copied.
    """
    value = await facts.find_value(conn, _RESTORED)
    return None if value is None else times.from_epoch(int(value))
