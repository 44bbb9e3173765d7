"""``dateline outbox``: shows what waits to be sent and what was given up; retries or drops it.

It may be used beside a running service, which notices a change within a minute.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import cast

from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from storage.errors import NotFoundError, UsageError
from storage.outbox import handed_on, outbox
from storage.records import Delivery, DeliveryState

SHOWN = 100
MEANINGS: dict[DeliveryState, str] = {
    "queued": "waits to be sent, or to be tried again",
    "sent": "Telegram has taken it",
    "dead": "given up: Telegram refuses it; see below, and `dateline outbox retry ID`",
    "gone": "not sent: the chat can't be written to (blocked, deleted, left)",
    "expired": "not sent in time, and of no use any more",
    "bundled": "sent as a part of a list",
    "dropped": "not to be sent: dropped by hand, nothing is left to say, or a copy went instead",
}


def show(settings: Settings, *, as_json: bool) -> int:
    """Print how many rows are in each state, and the last ones that were given up."""
    counts, dead = asyncio.run(_read(settings))
    if as_json:
        facts = {"states": counts, "dead": [_facts(row) for row in dead]}
        sys.stdout.write(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n")
        return 0
    for state, count in sorted(counts.items()):
        meaning = MEANINGS.get(cast("DeliveryState", state), "")
        sys.stdout.write(f"{state}\t{count}\t{meaning}\n")
    if not counts:
        sys.stderr.write("dateline: nothing was ever to be sent\n")
    for row in dead:
        reason = terminal.one_line(row.last_error or "no reason is known")
        sys.stdout.write(f"dead {row.id}: {row.kind} to {row.chat_id}: {reason}\n")
    return 0


def change(settings: Settings, action: str, which: str) -> int:
    """Queue rows again that were given up (``retry``), or never send a row (``drop``); posts that
    were folded into a dropped row are then sent by themselves.

    ``which``: a row's id, or ``all`` for ``retry``. Raises UsageError, NotFoundError.
    """
    number = _id_of(action, which)
    count = asyncio.run(_change(settings, action, number))
    if not count and number is not None:
        raise NotFoundError(
            "no such row is given up" if action == "retry" else "no such row waits or is given up",
            where=f"outbox row {number}",
            hint="see `dateline outbox`",
        )
    done = "queued again" if action == "retry" else "dropped"
    sys.stdout.write(f"{done}: {count}\n")
    return 0


def _id_of(action: str, which: str) -> int | None:
    if action == "retry" and which == "all":
        return None
    if not which.isascii() or not which.isdigit() or len(which) > 18:
        raise UsageError(
            f"{which!r} is no row's id", where=f"outbox {action}", hint="see `dateline outbox`"
        )
    return int(which)


async def _read(settings: Settings) -> tuple[dict[str, int], list[Delivery]]:
    async with archive.opened(settings) as database, database.reader() as conn:
        counts = await outbox.count_by_state(conn)
        return {str(state): count for state, count in counts.items()}, await outbox.list_dead(
            conn, limit=SHOWN
        )


async def _change(settings: Settings, action: str, number: int | None) -> int:
    now = datetime.now(UTC)
    async with archive.opened(settings) as database, database.transaction() as tx:
        if action == "retry":
            return await outbox.revive(tx, now=now, id=number)
        if number is None or not await outbox.drop(tx, number, now=now):
            return 0
        await handed_on.hand_on(tx, [number], now=now)
        return 1


def _facts(row: Delivery) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "chat_id": row.chat_id,
        "attempts": row.attempts,
        "error": row.last_error,
        "created_at": row.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
