"""Making and changing plans, and when each is due from then on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.conversation.services import Services
from handlers.render.answers.plans import View
from handlers.render.text.dates import here_in
from handlers.render.text.names import title_of
from handlers.texts.words import Words
from handlers.times import planning
from handlers.times.plan_times import PlanTimes, parse_times, write_times
from storage.channels import channels
from storage.connection import Connection
from storage.records import Plan, PlanKind
from storage.subscribers import plans, subscribers

NAME_LENGTH = 60
MOST_CHANNELS = 50


class TooManyError(Exception):
    """A chat has as many plans as one may have."""


async def add(
    chat_id: int,
    when: PlanTimes,
    services: Services,
    *,
    timezone: str,
    now: datetime,
    query: str = "",
    kind: PlanKind = "digest",
    topic: int | None = None,
) -> tuple[Plan, bool]:
    """Give a chat a plan, told in a topic of a group; with whether it is new: there may be the
    same. Raises TooManyError."""
    written = write_times(when)
    async with services.database.transaction() as tx:
        have = await plans.list_plans(tx, chat_id)
        same = _same(have, kind, written, query)
        if same is not None:
            return same, False
        if len(have) >= services.alerts_per_person:
            raise TooManyError
        plan = await plans.add_plan(
            tx,
            chat_id=chat_id,
            kind=kind,
            times=written,
            timezone=timezone,
            query=query,
            due_at=planning.next_due(when, timezone, after=now),
            now=now,
            topic=topic,
        )
        await subscribers.update_subscriber(tx, chat_id, active=True)
    services.plans_changed(chat_id)
    return plan, True


def _same(have: Sequence[Plan], kind: PlanKind, times: str, query: str) -> Plan | None:
    asked = (kind, times, query, ())
    return next(
        (one for one in have if (one.kind, one.times, one.query, one.channels) == asked), None
    )


async def change(
    plan_id: int, chat_id: int, services: Services, *, now: datetime, **fields: Any
) -> Plan | None:
    """Change a chat's plan, also one that was removed; None where it has no such plan. It is due
    at the next of its times that is still to come."""
    async with services.database.transaction() as tx:
        found = await find_own(tx, plan_id, chat_id, removed=True)
        if found is None:
            return None
        times, zone = fields.get("times", found.times), fields.get("timezone", found.timezone)
        if {"times", "timezone", "removed_at"} & fields.keys():
            fields["due_at"] = planning.next_due(parse_times(times), zone, after=now)
        plan = await plans.update_plan(tx, plan_id, **fields)
    services.plans_changed(chat_id)
    return plan


async def find_own(
    conn: Connection, plan_id: int, chat_id: int, *, removed: bool = False
) -> Plan | None:
    """A plan of this chat: ids in buttons can be forged, so whose it is counts. ``removed``: also
    one that was removed."""
    plan = await plans.find_plan(conn, plan_id)
    if plan is None or plan.chat_id != chat_id:
        return None
    return plan if removed or plan.removed_at is None else None


async def list_titles(conn: Connection) -> dict[int, str]:
    """The channels that are known, by row."""
    return {one.id: title_of(one) for one in await channels.list_channels(conn, watched=None)}


def view_of(words: Words, timezone: str, now: datetime, *, is_active: bool) -> View:
    """How plans are shown in a chat."""
    return View(here=here_in(timezone, now), words=words, is_active=is_active)
