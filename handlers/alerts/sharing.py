"""Links to searches and alerts, made by ``/share`` or a button and opened by ``/start``."""

import base64
import binascii
from datetime import datetime, timedelta

from handlers.alerts import alerts
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, may_manage, number
from handlers.conversation.query_errors import doubt, read_query
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, coming, here_in
from handlers.render.text.keyboards import LINK_REVOKE, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, fill, join
from handlers.searching import search
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.structs import replace
from storage.subscribers import links
from storage.subscribers.links import Link, LinkKind

INLINE, NAMED = "q_", "l_"
"""Begin what a link says: the query itself, or a token."""
PAYLOAD = 64
"""The longest payload that Telegram accepts (core.telegram.org/api/links, "Bot links")."""
LASTS = timedelta(days=30)
EXAMPLE = "/share {words}"


def inline_payload(query: str) -> str | None:
    """The payload that contains the query itself; None if it does not fit."""
    text = INLINE + base64.urlsafe_b64encode(query.encode()).decode().rstrip("=")
    return text if len(text) <= PAYLOAD else None


def url_of(token: str, services: Services) -> str:
    """The link for a token."""
    return f"https://t.me/{services.bot_username}?start={NAMED}{token}"


async def shared_query(conn: Connection, payload: str, *, now: datetime) -> str | None:
    """The query that a payload leads to; None if it is forged, expired or revoked."""
    if payload.startswith(NAMED):
        link = await links.find_link(conn, payload.removeprefix(NAMED), now=now)
        return link.target if link is not None and link.kind in ("search", "alert") else None
    if not payload.startswith(INLINE) or len(payload) > PAYLOAD:
        return None
    try:
        packed = payload.removeprefix(INLINE)
        padded = packed + "=" * (-len(packed) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode() or None
    except (binascii.Error, UnicodeError, ValueError):
        return None


async def handle(context: CommandContext, services: Services) -> Reply:
    """``/share QUERY``: make a link to what it finds, which its maker can revoke."""
    request, words = context.request, context.words
    here = here_in(context.timezone, request.now)
    query = read_query(context.argument, words, EXAMPLE, now=here.now, zone=here.zone)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    made = await _make("search", query.written, request.chat_id, here, words, services)
    doubted = doubt(context.argument, words, "/share", now=here.now, zone=here.zone)
    if doubted is not None:
        made = replace(made, text=join("\n", (made.text, doubted)))
    return Reply((made,))


async def share_search(context: PressContext, services: Services) -> PressResult:
    """Make a link to a search; the field is its token. Only managers may make a group's stored
    link, which replaces the group's oldest one if there are too many; a link that contains the
    query anybody may make."""
    saved = await search.find(context, services)
    if saved is None:
        return PressResult(toast=context.words.search_old)
    query = " ".join((saved.query, *saved.conditions)) if saved.conditions else saved.query
    payload = inline_payload(query)
    if payload is not None:
        url = f"https://t.me/{services.bot_username}?start={payload}"
        return PressResult(reply=(Message(RichText(url)),))
    if not await may_manage(context.press, services):
        return PressResult(toast=context.words.managers_only)
    return await _named(context, "search", query, services)


async def share_alert(context: PressContext, services: Services) -> PressResult:
    """Make a link to what an alert of this chat finds; the field is its id."""
    alert = await alerts.find_own(context, number(context.fields, 0), services)
    if alert is None:
        return PressResult(toast=context.words.alert_gone)
    return await _named(context, "alert", alert.query, services)


async def _named(
    context: PressContext, kind: LinkKind, target: str, services: Services
) -> PressResult:
    here = here_in(context.timezone, context.press.now)
    made = await _make(kind, target, context.press.chat_id, here, context.words, services)
    return PressResult(reply=(made,))


async def _make(
    kind: LinkKind, target: str, made_by: int, here: Here, words: Words, services: Services
) -> Message:
    async with services.database.transaction() as tx:
        token = await links.add_link(
            tx, kind=kind, target=target, made_by=made_by, now=here.now, ends_at=here.now + LASTS
        )
        link = await links.find_link(tx, token, now=here.now)
    if link is None:
        raise LookupError("a link that was made just now")
    return made_message(link, here, words, services)


def made_message(link: Link, here: Here, words: Words, services: Services) -> Message:
    """The answer for a new link, with a button to revoke it."""
    said, end = access_words(words.language), coming(link.ends_at, here, words)
    text = fill(said.link_made, end=end, link=url_of(link.token, services))
    button = Button(text=said.link_revoke, data=data(LINK_REVOKE, link.token))
    return Message(text, ((button,),))
