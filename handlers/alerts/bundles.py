"""Bundles and growing lists, read from their rows in the outbox whenever a page is shown."""

from collections import Counter
from collections.abc import Sequence, Set
from datetime import datetime

from handlers.conversation import command_context
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.alerts.alerts import alert_message
from handlers.render.alerts.bundles import (
    PER_PAGE,
    Bundle,
    BundledPost,
    bundle_message,
    burst_message,
)
from handlers.render.alerts.story_lines import AlertDetails
from handlers.render.text import keyboards
from handlers.render.text.keyboards import BUNDLE_ALSO, BUNDLE_OPEN, below_alert, data, pager
from handlers.render.text.messages import Message
from handlers.searching import copies
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.outbox import bursts, outbox
from storage.payloads import Line
from storage.records import Alert, Delivery
from storage.stories import folded, stories
from storage.structs import replace
from storage.subscribers import alerts, removed_alerts


async def read_bundle(
    conn: Connection,
    row: Delivery,
    page: int | None,
    *,
    language: str,
    timezone: str,
    now: datetime,
) -> Message | None:
    """A 0-based page of a bundle, or all of it for None. Returns None if there is no such page.

    Raises ValueError, LookupError or TypeError if the row is no bundle.
    """
    posts = row.listed.posts
    bundle = _bundle(row, posts)
    shown = posts if page is None else posts[page * PER_PAGE : (page + 1) * PER_PAGE]
    told = await _read(conn, shown, row)
    if not told:
        return None
    return bundle_message(bundle, told, page=page, language=language, timezone=timezone, now=now)


async def read_burst(
    conn: Connection,
    row: Delivery,
    lines: int,
    in_channel: bool,
    *,
    language: str,
    timezone: str,
) -> Message | None:
    """The first ``lines`` lines of a growing list; None if none of the posts exists any more.

    Raises as ``read_bundle`` does.
    """
    posts = row.listed.posts[:lines]
    told = await _read(conn, posts, row)
    if not told:
        return None
    return burst_message(
        _bundle(row, posts),
        told,
        begun_at=row.created_at,
        has_buttons=not in_channel,
        language=language,
        timezone=timezone,
    )


def _bundle(row: Delivery, posts: Sequence[Line]) -> Bundle:
    return Bundle(
        id=row.id,
        count=len(posts),
        queries=Counter(query for post in posts for _, query in post.alerts),
        is_late=row.listed.late,
        is_away=row.listed.away,
        is_gone=row.listed.gone,
    )


async def _read(conn: Connection, posts: Sequence[Line], row: Delivery) -> list[BundledPost]:
    """The posts that still exist, with what came to them since."""
    names = {post.doc_id: post.story for post in posts if post.story}
    found = await documents.find_documents(conn, [post.doc_id for post in posts])
    channels = await stories.list_channels(conn, sorted(set(names.values())))
    rows = dict(zip((post.doc_id for post in row.listed.posts), row.listed.rows, strict=False))
    counted = await folded.count_of_event(conn, sorted(rows.values()))
    return [
        BundledPost(
            document=found[post.doc_id],
            alerts=tuple(
                Alert(id=id, chat_id=row.chat_id, query=query, created_at=row.created_at)
                for id, query in post.alerts
            ),
            channels=_others(found[post.doc_id], channels.get(names.get(post.doc_id, ""), set())),
            counted=counted.get(rows.get(post.doc_id, 0), 0),
            fresh=post.fresh,
        )
        for post in posts
        if post.doc_id in found
    ]


def _others(document: Document, channels: set[int]) -> int:
    own = document.channel.id if document.channel else None
    return len(channels - {own})


async def turn(context: PressContext, services: Services) -> PressResult:
    """Show another page of a bundle, in place. Fields: its row in the outbox, the 0-based page."""
    page = number(context.fields, 1)
    async with services.database.reader() as conn:
        found = await outbox.list_deliveries(conn, [number(context.fields, 0)])
        row = found[0] if found else None
        if row is None or row.chat_id != context.press.chat_id or row.kind != "bundle":
            return PressResult(toast=context.words.old_button)
        message = await read_bundle(
            conn,
            row,
            page,
            language=context.words.language,
            timezone=command_context.timezone_of(context.subscriber, services),
            now=context.press.now,
        )
    return PressResult(edit=message) if message else PressResult(toast=context.words.old_button)


async def open_post(context: PressContext, services: Services) -> PressResult:
    """Show a post of a list in full, with buttons for the others, as a message below the list; a
    further press changes that message. Fields: the list's row, the 0-based post."""
    index = number(context.fields, 1)
    async with services.database.reader() as conn:
        found = await outbox.list_deliveries(conn, [number(context.fields, 0)])
        row = found[0] if found else None
        if row is None or row.chat_id != context.press.chat_id or row.bundle != bursts.BURST:
            return PressResult(toast=context.words.old_button)
        posts = row.listed.posts
        told = await _read(conn, posts[index : index + 1], row)
        kept = {alert.id for alert in await alerts.list_alerts(conn, row.chat_id)}
        behind, _ = await copies.behind_line(conn, row, index)
        removed = await removed_alerts.find_below(
            conn, row.chat_id, context.press.message_id, now=context.press.now
        )
    if not told:
        return PressResult(toast=context.words.old_button)
    shown = _in_full(told[0], kept, removed, context)
    pages = pager(
        BUNDLE_OPEN,
        (row.id,),
        index,
        len(posts),
        more=index + 1 < len(posts),
        words=context.words,
    )
    also = keyboards.also(len(behind), data(BUNDLE_ALSO, row.id, index, 0), context.words)
    message = replace(shown, keyboard=shown.keyboard + also + pages)
    if context.press.message_id == row.message_id:
        return PressResult(reply=(message,))
    return PressResult(edit=message)


def _in_full(
    told: BundledPost, kept: Set[int], removed: int | None, context: PressContext
) -> Message:
    """A post as its alert would show it, with buttons for the alerts that still exist, and to
    restore the one that was ``removed`` below it."""
    shown = alert_message(
        told.document,
        told.alerts,
        language=context.words.language,
        timezone=context.timezone,
        now=context.press.now,
        details=AlertDetails(fresh=told.fresh),
    )
    named = [alert for alert in told.alerts if alert.id in kept]
    return replace(shown, keyboard=below_alert(told.document, named, context.words, removed))
