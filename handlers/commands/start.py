"""``/start``: the welcome, and the way back after ``/stop``."""

from dataclasses import replace

from handlers import channel_links, sharing, visits
from handlers.commands import search
from handlers.render.messages import Message
from handlers.render.rich import RichText, code, fill, join
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit, revive, revive_if_stopped
from storage import alerts, notices

SIMILAR = "like_"
"""Begins the payload of a link to what is like an alert of a channel; its id follows."""
FIRST_STEPS = ("/alert {word}", "/search {words}", "/digest daily 08:00 {zone}")


async def handle(visit: Visit, services: Services) -> Reply:
    """Welcome, or welcome back. A deep link's payload that says nothing is no mistake."""
    words = visit.words
    if visits.is_operator(visit.request.chat_id, services):
        async with services.database.transaction() as tx:
            await notices.release_notices(tx, visit.request.chat_id, now=visit.request.now)
    opened = await channel_links.open_link(visit, services)
    if opened is not None:
        return opened
    query = await _linked_query(visit, services)
    if query is not None:
        await revive_if_stopped(visit, services)
        return await search.handle(replace(visit, argument=query), services)
    if not visit.subscriber.active:
        kept = await revive(visit, services)
        count = words.count(words.alerts, len(kept))
        lines = [fill(words.welcome_back, alerts=count), RichText(words.welcome_help)]
        return Reply((Message(join("\n", lines)),))
    steps = join("\n", [code(words.example(step)) for step in FIRST_STEPS])
    blocks: list[RichText | str] = [
        words.welcome,
        join("\n", (words.welcome_first, steps)),
        words.welcome_help,
    ]
    return Reply((Message(join("\n\n", blocks)),))


async def _linked_query(visit: Visit, services: Services) -> str | None:
    """The query of the channel's alert that a link names, for those who can read the channel."""
    async with services.database.reader() as conn:
        shared = await sharing.shared_query(conn, visit.argument, now=visit.request.now)
    if shared is not None:
        return shared
    text = visit.argument.removeprefix(SIMILAR)
    if text == visit.argument or not (text.isascii() and text.isdigit() and len(text) <= 18):
        return None
    async with services.database.reader() as conn:
        alert = await alerts.find_alert(conn, int(text))
    person = visit.request.sender_id
    if alert is None or alert.chat_id > 0 or person is None:
        return None
    role = await services.role_of(alert.chat_id, person)
    return None if role == "stranger" else alert.query
