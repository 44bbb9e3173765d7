"""``/status``: the operator's view of the instance: scans, outbox, channels in trouble."""

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.operators import scans
from handlers.operators.account_lines import account_lines
from handlers.operators.process_lines import process_lines
from handlers.render.answers.watching import channel_lines
from handlers.render.text.dates import coming, here_in, zone_of
from handlers.render.text.messages import Message
from handlers.render.text.names import contained, name_of
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts.words import Words
from storage.channels import lookups, processes, progress, watchers
from storage.channels.progress import ChannelStatus
from storage.documents import problems
from storage.outbox import outbox
from storage.records import Delivery
from storage.version import __version__

SHOWN = 3
"""The most messages that were given up which are named."""


async def handle(context: CommandContext, services: Services) -> Reply:
    """How often all is scanned, what waits to be sent, and every channel."""
    words = context.words
    statuses = await _list_status(context, services)
    async with services.database.reader() as conn:
        states = await outbox.count_by_state(conn)
        dead = await outbox.list_dead(conn, limit=SHOWN)
        aside = await problems.count_problems(conn)
        present = await processes.list_processes(conn, datetime.now(UTC))
        parts = await watchers.list_parts(conn, datetime.now(UTC))
        refused_until = await lookups.find_refused_until(conn, datetime.now(UTC))
    interval = scans.effective_interval(
        services.reconcile_interval, channels=len(statuses), requests=services.scan_requests
    )
    counts = {name: str(states.get(name, 0)) for name in ("queued", "sent", "dead")}
    watched = fill(words.channels_title, count=words.count(words.channels, len(statuses)))
    lines = [
        bold(watched),
        fill(words.watching.status, interval=words.watching.span(interval)),
        fill(words.watching.queue, **counts),
        *_proxy(services.proxy(), words),
        *account_lines(services.account(), context),
        *process_lines(present, parts, context),
        *_refused(None if parts else refused_until, context),
        *_given_up(dead, words),
        *_set_aside(aside, words),
        RichText(f"Dateline {__version__}"),
        *_channel_rows(context, statuses),
    ]
    return Reply((Message(join("\n", lines)),))


def _refused(until: datetime | None, context: CommandContext) -> list[RichText]:
    """Until when no channel can be found by its name, if that is so."""
    if until is None:
        return []
    words = context.words
    at = coming(until, here_in(context.timezone, context.request.now), words)
    return [fill(words.watching.lookups, until=at)]


def _proxy(name: str, words: Words) -> list[RichText]:
    """The proxy that Telegram is reached by, if one is set."""
    return [fill(words.watching.proxy, proxy=code(name))] if name else []


def _given_up(dead: Sequence[Delivery], words: Words) -> list[RichText]:
    """The last messages that were given up, with the reason, and what can be done about them."""
    said = words.watching
    lines = [
        fill(
            said.given_up,
            kind=said.kinds.get(row.kind, row.kind),
            id=row.id,
            chat=str(row.chat_id),
            reason=(row.last_error or "?")[:200],
        )
        for row in dead
    ]
    return [*lines, fill(said.given_up_hint, command=code("dateline outbox"))] if lines else []


def _set_aside(count: int, words: Words) -> list[RichText]:
    """How many posts could not be read or stored, where there are any."""
    said = fill(words.watching.set_aside, count=str(count), command=code("dateline problems"))
    return [said] if count else []


async def _list_status(context: CommandContext, services: Services) -> list[ChannelStatus]:
    """The status of every channel; "today" is in the reader's zone."""
    async with services.database.reader() as conn:
        return await progress.list_status(conn, midnight=_midnight(context))


def _channel_rows(context: CommandContext, statuses: list[ChannelStatus]) -> list[RichText]:
    """The channels by name, some lines each."""
    named = [
        (contained(status.channel.title or "").strip() or name_of(status.channel), status)
        for status in statuses
    ]
    named.sort(key=lambda pair: pair[0].casefold())
    words, now = context.words, context.request.now
    return [channel_lines(status, name, words, now) for name, status in named]


def _midnight(context: CommandContext) -> datetime:
    here = context.request.now.astimezone(zone_of(context.timezone))
    return here.replace(hour=0, minute=0, second=0, microsecond=0)
