"""``/start``: the welcome, how a chat stands, and the way back after ``/stop``."""

from dataclasses import replace

from handlers.alerts import alert_buttons, sharing
from handlers.channels import channel_links
from handlers.chats import welcoming
from handlers.conversation import visits
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.conversation.visits import Visit, revive_if_stopped
from handlers.searching import search
from storage.outbox import notices
from storage.subscribers import alerts


async def handle(visit: Visit, services: Services) -> Reply:
    """Welcome, or say how things stand. A deep link's payload that says nothing is no mistake."""
    if visits.is_operator(visit.request.chat_id, services):
        async with services.database.transaction() as tx:
            await notices.release_notices(tx, visit.request.chat_id, now=visit.request.now)
    opened = await channel_links.open_link(visit, services)
    if opened is not None:
        return opened
    query = await _linked_query(visit, services)
    await revive_if_stopped(visit, services)
    if query is not None:
        return await search.handle(replace(visit, argument=query), services)
    return Reply((await welcoming.welcome(visit, services),))


async def _linked_query(visit: Visit, services: Services) -> str | None:
    """The query of the channel's alert that a link names, for those who can read the channel."""
    async with services.database.reader() as conn:
        shared = await sharing.shared_query(conn, visit.argument, now=visit.request.now)
    if shared is not None:
        return shared
    text = visit.argument.removeprefix(alert_buttons.LINK)
    if text == visit.argument or not (text.isascii() and text.isdigit() and len(text) <= 18):
        return None
    async with services.database.reader() as conn:
        alert = await alerts.find_alert(conn, int(text))
    person = visit.request.sender_id
    if alert is None or alert.chat_id > 0 or person is None:
        return None
    role = await services.role_of(alert.chat_id, person)
    return None if role == "stranger" else alert.query
