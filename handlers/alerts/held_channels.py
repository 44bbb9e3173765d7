"""The channels that an alert is limited to, chosen from a list, at its creation or later."""

from collections.abc import Sequence

from handlers.alerts import alerts as list_of_alerts
from handlers.alerts import reading
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.alerts.alert_page import NEW, channels_page
from handlers.render.alerts.past_hits import AGAIN
from handlers.render.text.keyboards import ALERT_PAGE, data
from handlers.render.text.messages import Button
from handlers.sources import holding
from handlers.texts.cards import card_words
from storage.connection import Connection
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.records import Alert, Channel
from storage.subscribers import alerts

ALL = 0
"""In place of a channel's row id: no limit to channels."""


async def choose(context: PressContext, services: Services) -> PressResult:
    """Show a page of the channels. Fields: the alert's id, the page of the list to go back to or
    ``NEW``, the 0-based page."""
    return await _shown(context, number(context.fields, 2), services)


async def choose_one(context: PressContext, services: Services) -> PressResult:
    """Add or remove a channel. Fields: the alert's id, where to go back as in ``choose``, the
    channel's row id (``ALL``: no limit), 1 to add or 0 to remove, the page."""
    row, value, page = (number(context.fields, index) for index in (2, 3, 4))
    if value not in (0, 1):
        raise ButtonError(f"{value} is neither in nor out")
    async with services.database.transaction() as tx:
        toast = await _take(tx, context, row, is_in=bool(value))
    return PressResult(toast=toast) if toast else await _shown(context, page, services)


async def _take(tx: Connection, context: PressContext, row: int, *, is_in: bool) -> str | None:
    """Add or remove the channel; returns why that is not possible, None if it is or the alert is
    gone."""
    alert_id, chat_id, now = number(context.fields, 0), context.press.chat_id, context.press.now
    alert = await reading.find_own(tx, alert_id, chat_id)
    known = await reading.list_known(tx)
    if alert is None:
        return None
    query = _changed(alert, known, row, is_in=is_in)
    if query is None:
        said = card_words(context.words.language)
        is_bare = not reading.show(alert, known).asked
        return said.needs_channel if is_bare else said.too_many_channels
    have = await alerts.list_alerts(tx, chat_id)
    if any(one.query == query.written and one.id != alert.id for one in have):
        return context.words.alert_known.replace("{query}", query.written)
    await alerts.change_query(tx, alert.id, chat_id, query.written, now=now)
    return None


def _changed(alert: Alert, known: Sequence[Channel], row: int, *, is_in: bool) -> Query | None:
    """The alert's query with or without that channel; None if no valid query is left."""
    try:
        held = holding.read_held(syntax.parse(alert.query))
    except QueryError:
        return None
    if row == ALL:
        return holding.hold(held.asked, ())
    rows = {*held.rows(known), row} if is_in else {*held.rows(known)} - {row}
    return holding.hold(held.asked, [one for one in known if one.id in rows], held.strangers(known))


async def _shown(context: PressContext, page: int, services: Services) -> PressResult:
    origin = context.fields[1]
    list_page = 0 if origin == NEW else number(context.fields, 1)
    async with services.database.reader() as conn:
        alert = await reading.find_own(conn, number(context.fields, 0), context.press.chat_id)
        shown = await reading.list_shown(conn, [alert] if alert else [], context.press.now)
    if alert is None:
        id = number(context.fields, 0)
        return await list_of_alerts.gone(context, id, list_page, services)
    pressed = data(AGAIN, alert.id) if origin == NEW else data(ALERT_PAGE, alert.id, list_page)
    back = Button(text=card_words(context.words.language).back, data=pressed)
    return PressResult(edit=channels_page(shown[0], origin, page, back, context.words))
