"""``/why``, in answer to an alert or with a post's link: why the post came, or did not."""

from collections.abc import Sequence

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.alerts.why import (
    NEAREST,
    Explanation,
    Miss,
    Unstored,
    unstored_message,
    why_message,
)
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.names import name_of
from handlers.render.text.rich import RichText, code, join
from handlers.sources import references
from handlers.sources.post_links import PostLink, find_link
from handlers.texts.alerts.why import why_words
from handlers.times import fates
from handlers.times.fates import Fate
from storage.channels import chat_ids, own_posts
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents, problems
from storage.errors import QueryError
from storage.outbox import traces
from storage.outbox.traces import Arrival, Trace
from storage.query.explain import count_met, explain
from storage.query.reading import syntax
from storage.query.words import analysis
from storage.records import Alert, Channel
from storage.stories import stories
from storage.structs import replace
from storage.subscribers import alerts, mutes


async def handle(context: CommandContext, services: Services) -> Reply:
    """Say what is known of the post in question."""
    async with services.database.reader() as conn:
        message = await _answer(conn, context)
    return Reply((message,))


async def _answer(conn: Connection, context: CommandContext) -> Message:
    said = why_words(context.words.language)
    if context.argument:
        link = find_link(context.argument)
        if link is None:
            return _guide(context, said.no_link)
        document = await documents.find_document(conn, link.doc_id)
        if document is None:
            return await _unstored(conn, link, context)
        return await _why(conn, document, context)
    told = await traces.find_message(conn, context.request.chat_id, context.request.reply_to or 0)
    if told is not None and told.kind == "bundle":
        return _guide(context, said.a_list)
    document = await documents.find_document(conn, (told and told.post) or "")
    return await _why(conn, document, context) if document else _guide(context, said.no_alert)


def _guide(context: CommandContext, sentence: str) -> Message:
    example = code(context.words.example(EXAMPLE))
    return Message(join("\n", (RichText(sentence), example)))


EXAMPLE = "/why https://t.me/example_mfa/123"


async def _why(conn: Connection, document: Document, context: CommandContext) -> Message:
    """What is known of a stored post."""
    chat_id = context.request.chat_id
    have = await alerts.list_alerts(conn, chat_id)
    arrival = await traces.find_arrival(conn, document.doc_id)
    if arrival is None:
        return _guide(context, why_words(context.words.language).no_link)
    matching, misses = judge(document, have)
    found = Explanation(
        document=document,
        read_at=arrival.stored_at,
        is_watched=arrival.is_live,
        count=len(have),
        matching=matching,
        misses=() if matching else misses[:NEAREST],
    )
    found = await _trace(conn, found, arrival, have, context)
    if found.fate is None and matching:
        found = replace(found, silences=await _silences(conn, found, arrival, context))
    return why_message(found, here_in(context.timezone, context.request.now), context.words)


def judge(document: Document, have: Sequence[Alert]) -> tuple[tuple[Alert, ...], tuple[Miss, ...]]:
    """The alerts that a document matches, and what the others lack, nearest first."""
    analysed = analysis.analyse_document(document)
    matching: list[Alert] = []
    misses: list[tuple[float, int, Miss]] = []
    for alert in have:
        try:
            query = syntax.parse(alert.query)
        except QueryError:  # only an older version could read it
            continue
        faults = explain(query, document, analysed)
        if not faults:
            matching.append(alert)
            continue
        met, asked = count_met(query, document, analysed)
        miss = Miss(alert=alert, query=query, faults=faults)
        misses.append((1 - met / asked, len(faults), miss))
    misses.sort(key=lambda one: one[:2])
    return tuple(matching), tuple(miss for _, _, miss in misses)


async def _trace(
    conn: Connection,
    found: Explanation,
    arrival: Arrival,
    have: Sequence[Alert],
    context: CommandContext,
) -> Explanation:
    """Add what became of the post's message, or of the one that it was folded into."""
    chat_id = context.request.chat_id
    story = await stories.find_story(conn, found.document.doc_id)
    told = await traces.list_traces(conn, chat_id, story, arrival.names)
    if told:
        kept = {alert.id for alert in found.matching}
        formerly = [
            Alert(id=id, chat_id=chat_id, query=query, created_at=arrival.stored_at)
            for id, query in told[0].matched
            if id not in kept
        ]
        found = replace(found, formerly=tuple(formerly))
        return await _with_fate(conn, found, told[0], have, context)
    foldings = await traces.list_foldings(conn, chat_id, arrival.names)
    if not foldings:
        return found
    folding = foldings[0]
    host = await documents.find_document(conn, folding.host.post or "")
    found = replace(found, host=host, is_added=folding.is_added, is_event=folding.is_event)
    return await _with_fate(conn, found, folding.host, have, context)


async def _with_fate(
    conn: Connection,
    found: Explanation,
    trace: Trace,
    have: Sequence[Alert],
    context: CommandContext,
) -> Explanation:
    chat_id = context.request.chat_id
    within = await traces.find_list(conn, chat_id, trace) if trace.state == "bundled" else None
    fate = fates.fate_of(
        trace,
        within,
        context.subscriber,
        {alert.id: alert for alert in have},
        timezone=context.timezone,
        now=context.request.now,
    )
    return replace(found, fate=fate, message_url=_message_url(chat_id, fate))


def _message_url(chat_id: int, fate: Fate) -> str | None:
    """The link to a message in a channel or supergroup; other chats have none."""
    number = chat_ids.channel_of(chat_id)
    if fate.message_id is None or number is None:
        return None
    return f"https://t.me/c/{number}/{fate.message_id}"


async def _silences(
    conn: Connection, found: Explanation, arrival: Arrival, context: CommandContext
) -> tuple[tuple[fates.Silence, Alert | None], ...]:
    channel = found.document.channel
    name = mutes.name_of(channel)
    ids = [alert.id for alert in found.matching]
    muted = await mutes.list_muting(conn, name, ids) if name else set()
    number = channel.id if channel else None
    is_own = number is not None and context.request.chat_id == chat_ids.of_channel(number)
    return tuple(
        fates.silences(found.matching, arrival, context.subscriber, muted=muted, is_own=is_own)
    )


async def _unstored(conn: Connection, link: PostLink, context: CommandContext) -> Message:
    """Why a post is not stored; nothing is said of channels that are not watched."""
    channel = await references.find(conn, link.channel)
    if channel is None:
        return unstored_message("unwatched", "", 0, context.words)
    why = await _why_unstored(conn, channel, link.message_id)
    return unstored_message(why, name_of(channel), channel.cursor, context.words)


async def _why_unstored(conn: Connection, channel: Channel, message_id: int) -> Unstored:
    number = channel.channel_id
    if number is not None:
        if await problems.is_aside(conn, number, message_id):
            return "aside"
        if await own_posts.find_own_posts(conn, chat_ids.of_channel(number), [message_id]):
            return "own"
    if message_id > channel.cursor or channel.last_scan_at is None:
        return "unreadable" if channel.error else "unread"
    return "older" if message_id <= channel.floor else "absent"
