"""Opening what was folded: the posts behind a row of results, and behind an alert's "also in"."""

from collections.abc import Collection

from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.alerts.copies import PER_PAGE, Copy, Opened, copies_message
from handlers.render.text.dates import here_in, zone_of
from handlers.render.text.keyboards import (
    ALSO,
    ALSO_BACK,
    BUNDLE_ALSO,
    BUNDLE_OPEN,
    COPIES,
    SEARCH_PAGE,
    data,
)
from handlers.searching import search
from handlers.texts.alerts.alert_lines import alert_lines_words
from storage.connection import Connection
from storage.document import name_key
from storage.documents import documents
from storage.outbox import outbox, traces
from storage.query import evaluate
from storage.query.words import analysis
from storage.records import Delivery
from storage.stories import folded, folds


async def open_hit(context: PressContext, services: Services) -> PressResult:
    """The posts that a hit of a search stands for, in place. Fields: the search's token, the page
    to go back to, the hit's row id, the 0-based page of the list."""
    token = context.fields[0]
    before, row_id, page = (number(context.fields, index) for index in (1, 2, 3))
    saved = await search.find(context, services)
    query = saved.asked(context.press.now, zone_of(context.timezone)) if saved else None
    if saved is None or query is None or not saved.knows(before):
        return PressResult(toast=context.words.search_old)
    async with services.database.reader() as conn:
        hit = (await documents.list_documents(conn, [row_id])).get(row_id)
        if hit is None or not evaluate.matches(query, hit, analysis.analyse_document(hit)):
            return PressResult(toast=context.words.old_button)
        ids = await folds.list_copies(conn, row_id)
        return await _show(
            conn, context, ids, set(), page,
            verb=COPIES, fields=(token, before, row_id), back=data(SEARCH_PAGE, token, before),
        )  # fmt: skip


async def open_alert(context: PressContext, services: Services) -> PressResult:
    """The posts counted at an alert's message, and the other channels that have its story, in
    place. The field is the page from 0; the message is the one that was pressed."""
    page = number(context.fields, 0)
    press = context.press
    async with services.database.reader() as conn:
        told = await traces.find_message(conn, press.chat_id, press.message_id)
        if told is None or told.post is None:
            return PressResult(toast=context.words.old_button)
        came = await folded.list_posts(conn, told.id)
        ids, own = await folds.list_behind(conn, told.post, told.story, came)
        of_event = set(await folded.list_of_event(conn, told.id))
        return await _show(
            conn, context, ids, own, page, of_event=of_event, verb=ALSO, fields=(), back=ALSO_BACK
        )


async def count_behind(context: PressContext, services: Services) -> int:
    """How many posts ``open_alert`` would list."""
    press = context.press
    async with services.database.reader() as conn:
        told = await traces.find_message(conn, press.chat_id, press.message_id)
        if told is None or told.post is None:
            return 0
        came = await folded.list_posts(conn, told.id)
        return len((await folds.list_behind(conn, told.post, told.story, came))[0])


async def count_event(context: PressContext, services: Services) -> int:
    """How many posts of its event are counted at the message that was pressed."""
    press = context.press
    async with services.database.reader() as conn:
        told = await traces.find_message(conn, press.chat_id, press.message_id)
        return len(await folded.list_of_event(conn, told.id)) if told is not None else 0


async def close_alert(context: PressContext, services: Services) -> PressResult:
    """The alert again, as it stands now, in place of the list."""
    press = context.press
    async with services.database.reader() as conn:
        told = await traces.find_message(conn, press.chat_id, press.message_id)
    message = await services.render_again(told.id) if told else None
    return PressResult(edit=message) if message else PressResult(toast=context.words.old_button)


async def open_line(context: PressContext, services: Services) -> PressResult:
    """The same for a post of a list that was opened in full, in place of it. Fields: the list's row
    id in the outbox, the post and the page, both from 0."""
    row_id, index, page = (number(context.fields, place) for place in (0, 1, 2))
    async with services.database.reader() as conn:
        found = await outbox.list_deliveries(conn, [row_id])
        row = found[0] if found else None
        if row is None or row.chat_id != context.press.chat_id or row.kind != "bundle":
            return PressResult(toast=context.words.old_button)
        ids, own = await behind_line(conn, row, index)
        lines = row.listed.rows[index : index + 1]
        of_event = set(await folded.list_of_event(conn, lines[0])) if lines else set()
        return await _show(
            conn, context, ids, own, page, of_event=of_event,
            verb=BUNDLE_ALSO, fields=(row_id, index), back=data(BUNDLE_OPEN, row_id, index),
        )  # fmt: skip


async def behind_line(conn: Connection, row: Delivery, index: int) -> tuple[list[int], set[int]]:
    """What stands behind a post (by its index) of a list, as ``folds.list_behind`` gives it."""
    posts = row.listed.posts[index : index + 1]
    if not posts:
        return [], set()
    post, story = posts[0].doc_id, posts[0].story or posts[0].doc_id
    lines = await traces.list_traces(conn, row.chat_id, story, {name_key(post)})
    came = await folded.list_posts(conn, lines[0].id) if lines else []
    return await folds.list_behind(conn, post, story, came)


async def _show(
    conn: Connection,
    context: PressContext,
    ids: list[int],
    own: set[int],
    page: int,
    *,
    of_event: Collection[str] = (),
    verb: str,
    fields: tuple[int | str, ...],
    back: str,
) -> PressResult:
    shown = ids[page * PER_PAGE : (page + 1) * PER_PAGE]
    found = await documents.list_documents(conn, shown)
    copies = [
        Copy(found[id], id in own, is_event=found[id].doc_id in of_event)
        for id in shown
        if id in found
    ]
    if not copies:
        return PressResult(toast=alert_lines_words(context.words.language).also_none)
    opened = Opened(copies=copies, count=len(ids), page=page, verb=verb, fields=fields, back=back)
    return PressResult(
        edit=copies_message(opened, here_in(context.timezone, context.press.now), context.words)
    )
