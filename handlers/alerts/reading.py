"""Reads an alert for its list and its card."""

from collections.abc import Sequence
from datetime import datetime

from handlers.conversation.services import Services
from handlers.render.alerts.alert_page import Particulars, Shown
from handlers.render.text.dates import Here
from handlers.render.text.names import title_of
from handlers.searching import matches
from handlers.sources import holding
from storage.channels import channels
from storage.connection import Connection
from storage.records import Alert, Channel
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers


def awake(alert: Alert, now: datetime) -> Alert:
    """The alert without a snooze that has ended."""
    over = alert.snoozed_until is not None and alert.snoozed_until <= now
    return replace(alert, snoozed_until=None) if over else alert


async def find_own(conn: Connection, alert_id: int, chat_id: int) -> Alert | None:
    """The alert if it belongs to this chat, else None: ids in buttons can be forged."""
    alert = await alerts.find_alert(conn, alert_id)
    return alert if alert is not None and alert.chat_id == chat_id else None


async def list_shown(conn: Connection, have: Sequence[Alert], now: datetime) -> list[Shown]:
    """Alerts with the channels that they are limited to."""
    known = await list_known(conn)
    return [show(awake(alert, now), known) for alert in have]


async def list_known(conn: Connection) -> list[Channel]:
    """The channels that an alert can be limited to: those that are or were watched."""
    found = await channels.list_channels(conn, watched=None)
    return [one for one in found if one.channel_id is not None or one.username]


def show(alert: Alert, known: Sequence[Channel]) -> Shown:
    """An alert with the channels that it is limited to, as far as they are known."""
    held = holding.held_of(alert.query)
    return Shown(
        alert=alert,
        asked=held.asked,
        rows=held.rows(known),
        titles={one.id: title_of(one) for one in known},
        strangers=held.strangers(known),
    )


async def read_particulars(alert: Alert, services: Services, here: Here) -> Particulars:
    """What a card shows beside the alert itself."""
    async with services.database.reader() as conn:
        muted = await mutes.list_mutes(conn, alert.id)
        chat = await subscribers.find_subscriber(conn, alert.chat_id)
    query = matches.read_query(alert, [mute.channel for mute in muted])
    found = await matches.read_matches(query, services, here) if query is not None else None
    return Particulars(muted=muted, matches=found, chat=chat)
