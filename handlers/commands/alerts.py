"""``/alerts``: the list, to remove from; and the stop buttons below each alert."""

from handlers.presses import Pressed, number
from handlers.render.alerts import alert_list
from handlers.render.keyboards import below_alert, removal
from handlers.render.messages import Message
from handlers.render.rich import code, fill
from handlers.requests import PressResult, Reply
from handlers.services import Services
from handlers.visits import Visit
from storage import alerts, documents
from storage.document import Document
from storage.records import Alert


async def handle(visit: Visit, services: Services) -> Reply:
    """The chat's alerts, first page."""
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, visit.request.chat_id)
    return Reply((alert_list(have, 0, visit.words),))


async def turn(pressed: Pressed, services: Services) -> PressResult:
    """A page of the list, in place: the field is the 0-based page."""
    return PressResult(edit=await _list(pressed, number(pressed.fields, 0), services))


async def ask(pressed: Pressed, services: Services) -> PressResult:
    """Ask before removing an alert of the list: fields are its id and the page."""
    alert_id, page = number(pressed.fields, 0), number(pressed.fields, 1)
    alert = await _find(pressed, alert_id, services)
    if alert is None:
        edit = await _list(pressed, page, services)
        return PressResult(edit=edit, toast=pressed.words.alert_gone)
    question = fill(pressed.words.alert_remove_ask, query=code(alert.query))
    return PressResult(edit=Message(question, removal(alert, page, pressed.words)))


async def remove(pressed: Pressed, services: Services) -> PressResult:
    """Remove an alert of the list: fields are its id and the page to return to."""
    alert_id, page = number(pressed.fields, 0), number(pressed.fields, 1)
    toast = await _remove(pressed, alert_id, services)
    return PressResult(edit=await _list(pressed, page, services), toast=toast)


async def ask_stop(pressed: Pressed, services: Services) -> PressResult:
    """Below an alert: ask before stopping it. Fields: document, its id, other alerts' ids."""
    document, have = await _below(pressed, services)
    asked = number(pressed.fields, 1)
    if all(alert.id != asked for alert in have):
        keyboard = below_alert(document, have, pressed.words)
        return PressResult(keyboard=keyboard, toast=pressed.words.alert_gone)
    return PressResult(keyboard=below_alert(document, have, pressed.words, asking=asked))


async def stop(pressed: Pressed, services: Services) -> PressResult:
    """Below an alert: stop it and leave the other buttons. Fields as in ``ask_stop``."""
    toast = await _remove(pressed, number(pressed.fields, 1), services)
    document, have = await _below(pressed, services)
    return PressResult(keyboard=below_alert(document, have, pressed.words), toast=toast)


async def keep(pressed: Pressed, services: Services) -> PressResult:
    """Below an alert: back to its buttons. Fields as in ``ask_stop``."""
    document, have = await _below(pressed, services)
    return PressResult(keyboard=below_alert(document, have, pressed.words))


async def _list(pressed: Pressed, page: int, services: Services) -> Message:
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, pressed.press.chat_id)
    return alert_list(have, page, pressed.words)


async def _find(pressed: Pressed, alert_id: int, services: Services) -> Alert | None:
    """An alert of this chat: ids in buttons can be forged, so whose it is counts."""
    async with services.database.reader() as conn:
        alert = await alerts.find_alert(conn, alert_id)
    return alert if alert and alert.chat_id == pressed.press.chat_id else None


async def _remove(pressed: Pressed, alert_id: int, services: Services) -> str:
    """Remove an alert of this chat, once or again; gives what to say for a moment."""
    alert = await _find(pressed, alert_id, services)
    if alert is None:
        return pressed.words.alert_gone
    async with services.database.transaction() as tx:
        removed = await alerts.remove_alert(tx, alert_id, pressed.press.chat_id)
    if not removed:
        return pressed.words.alert_gone
    services.alert_removed(alert_id)
    return fill(pressed.words.alert_removed, query=alert.query).text


async def _below(pressed: Pressed, services: Services) -> tuple[Document | None, list[Alert]]:
    """The post that an alert told of, and those of its alerts that are still there."""
    order = [number(pressed.fields, index) for index in range(1, len(pressed.fields))]
    async with services.database.reader() as conn:
        document = await documents.find_document(conn, pressed.fields[0])
        have = await alerts.list_alerts(conn, pressed.press.chat_id)
    return document, [alert for alert in have if alert.id in order]
