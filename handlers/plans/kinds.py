"""What each kind of plan tells, in one table: a new kind is one more row of ``KINDS``."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from msgspec import Struct

from handlers.digests.composing import compose_digest
from handlers.digests.review import compose_review, within_bounds
from handlers.render.answers.plans import nothing_new
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.channels import channels
from storage.connection import Connection
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.query.tree import both
from storage.records import Plan, PlanKind
from storage.structs import replace
from storage.subscribers.snapshots import Snapshot


class Period(Struct, frozen=True, kw_only=True):
    """What a plan is to tell of: what came in after ``since`` up to ``until``. ``timezone`` is the
    one that times are told in."""

    plan: Plan
    since: datetime
    until: datetime
    timezone: str
    language: str


class PlanMessage(Struct, frozen=True, kw_only=True):
    """What a plan tells. ``posts`` (``doc_id``) are those that are in it, by which it is known from
    another one; ``snapshot`` is to be kept for its buttons."""

    message: Message
    posts: tuple[str, ...] = ()
    snapshot: Snapshot | None = None


Compose = Callable[[Connection, Period], Awaitable[PlanMessage | None]]
"""Makes what a plan tells of a period; None where it has nothing to tell."""


async def compose(conn: Connection, period: Period) -> PlanMessage | None:
    """What a plan tells of a period. Where nothing is new: that, if it is to be said; else None."""
    told = await KINDS[period.plan.kind](conn, period)
    if told is None and period.plan.says_nothing_new:
        here, words = here_in(period.timezone, period.until), words_of(period.language)
        return PlanMessage(message=nothing_new(period.plan, period.since, here, words))
    return told


async def _digest(conn: Connection, period: Period) -> PlanMessage | None:
    plan = period.plan
    made = await compose_digest(
        conn,
        plan.chat_id,
        after=period.since,
        until=period.until,
        timezone=period.timezone,
        language=period.language,
        query=await find_query(conn, plan),
        most=plan.most,
        title=plan.name,
        short=plan.short,
        maker=str(plan.id),
    )
    if made is None:
        return None
    return PlanMessage(message=made.message, posts=made.posts, snapshot=made.snapshot)


async def _review(conn: Connection, period: Period) -> PlanMessage | None:
    plan = period.plan
    made = await compose_review(
        conn,
        plan.chat_id,
        after=within_bounds(period.since, period.until),
        until=period.until,
        timezone=period.timezone,
        language=period.language,
        query=await find_query(conn, plan),
        title=plan.name,
        maker=str(plan.id),
    )
    return None if made is None else PlanMessage(message=made.message, snapshot=made.snapshot)


KINDS: Mapping[PlanKind, Compose] = {"digest": _digest, "review": _review}


async def find_query(conn: Connection, plan: Plan) -> Query | None:
    """What the posts of a plan must match, its channels among it; None where all are told."""
    if not plan.channels:
        return syntax.parse(plan.query) if plan.query else None
    known = await channels.list_channels(conn, watched=None)
    names = [one.channel_id or one.username for one in known if one.id in plan.channels]
    # Without a channel that is known any more nothing is told: it was not to tell of others.
    held = " OR ".join(f"channel:{name}" for name in names if name) or "channel:0"
    only = replace(syntax.parse(held), written="")
    if not plan.query:
        return only
    query = syntax.parse(plan.query)
    roots = [one.root for one in (query, only) if one.root is not None]
    return replace(query, root=both(roots))
