"""The buttons below ``/settings``: language, time zone, quiet hours, digest, bursts."""

from dataclasses import replace

from handlers.alerts.quiet_hours import update_sleeper
from handlers.chats import quiet, settings
from handlers.conversation import dialogue, visits
from handlers.conversation.presses import ButtonError, Pressed, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.answers.settings import (
    BURSTS,
    TOP,
    back_row,
    choices_keyboard,
    places_keyboard,
    regions_keyboard,
)
from handlers.render.text.messages import Keyboard
from handlers.texts.considering import considering_words
from handlers.times import clocks, planning, zones
from languages.catalogue import spoken
from storage.records import Subscriber
from storage.subscribers import digests, subscribers

ASKING = ("timezone", "digest")
"""Commands that ask for a zone."""


async def show(pressed: Pressed, services: Services) -> PressResult:
    """The choices of a setting. The field is its name, or ``-`` for all settings again."""
    subscriber = _known(pressed)
    if pressed.fields[0] == TOP:
        return await _top(pressed, services, None)
    if pressed.fields[0] == "z" and len(pressed.fields) > 1:
        cancelling = await dialogue.cancel_row(pressed, services, *ASKING)
        return PressResult(keyboard=_zones(pressed) + cancelling)
    keyboard = choices_keyboard(pressed.fields[0], subscriber, pressed.words)
    if keyboard is None:
        raise ButtonError(f"{pressed.fields[0]!r} is no setting", where="button")
    return PressResult(keyboard=keyboard)


def _zones(pressed: Pressed) -> Keyboard:
    """Regions, or a page of one. Fields: z, the time of the digest that is wished, region, page."""
    written, *chosen = pressed.fields[1:]
    local_time = clocks.parse_clock(written)
    if not chosen:
        back = () if written else back_row(pressed.words)
        return regions_keyboard(pressed.words, local_time) + back
    page, now = number(pressed.fields, 3), pressed.press.now
    keyboard = places_keyboard(chosen[0], page, pressed.words, now, local_time)
    if keyboard is None:
        raise ButtonError(f"{chosen[0]!r} is no region", where="button")
    return keyboard


async def change(pressed: Pressed, services: Services) -> PressResult:
    """Set a setting. Fields: its name, the value."""
    subscriber = _known(pressed)
    name, value = pressed.fields[0], pressed.fields[1]
    match name:
        case "l" if value in spoken():
            await _update(pressed, services, language=value)
        case "z" if zones.is_zone(value):
            await _set_zone(pressed, value, services)
        case "p":
            await _set_plan(pressed, value, services)
        case "q":
            await _set_quiet(pressed, subscriber, value, services)
        case "u" if value in ("0", "1"):
            await _update(pressed, services, quiet_but_urgent=value == "1")
        case "d":
            await _set_digest(pressed, value, services)
        case "b" if value in ("0", *map(str, BURSTS)):
            await _update(pressed, services, burst_after=int(value))
        case _:
            raise ButtonError(f"{name!r} cannot be set to {value!r}", where="button")
    return await _top(pressed, services, considering_words(pressed.words.language).changed)


def _known(pressed: Pressed) -> Subscriber:
    if pressed.subscriber is None:
        raise ButtonError("the chat was forgotten", where="button")
    return pressed.subscriber


async def _update(pressed: Pressed, services: Services, **fields: object) -> None:
    await update_sleeper(pressed.press.chat_id, services, now=pressed.press.now, **fields)


async def _set_zone(pressed: Pressed, zone: str, services: Services) -> None:
    press = pressed.press
    place = (press.chat_id, press.sender_id or 0)
    await services.questions.end(services.database, place, *ASKING)
    await _update(pressed, services, timezone=zone)


async def _set_quiet(
    pressed: Pressed, subscriber: Subscriber, value: str, services: Services
) -> None:
    span = quiet.parse_quiet(value)
    if span is None and value != "off":
        raise ButtonError(f"{value!r} are no quiet hours", where="button")
    urgent = subscriber.quiet_but_urgent
    hours = span[:2] if span else None
    press = pressed.press
    await quiet.set_quiet(press.chat_id, hours, urgent, services, press.now)


async def _set_digest(pressed: Pressed, value: str, services: Services) -> None:
    chat_id, at = pressed.press.chat_id, clocks.parse_clock(value)
    if at is None and value != "off":
        raise ButtonError(f"{value!r} is no time of day", where="button")
    async with services.database.transaction() as tx:
        if at is None:
            await digests.remove_plan(tx, chat_id)
        else:
            await digests.set_plan(
                tx, chat_id=chat_id, local_time=at, timezone=pressed.timezone, now=pressed.press.now
            )
    if at is not None and not _known(pressed).active:
        await visits.revive_chat(chat_id, services)
    services.plans_changed(chat_id)


async def _set_plan(pressed: Pressed, value: str, services: Services) -> None:
    """A digest's time and the zone that was asked about: both, or neither."""
    plan = planning.parse_plan(value)
    if plan is None or plan[1] is None or not zones.is_zone(plan[1]):
        raise ButtonError(f"{value!r} is no digest plan", where="button")
    await _set_zone(pressed, plan[1], services)
    await _set_digest(replace(pressed, timezone=plan[1]), f"{plan[0]:%H:%M}", services)


async def _top(pressed: Pressed, services: Services, toast: str | None) -> PressResult:
    """All settings as they are now, in the language that may have just been chosen."""
    async with services.database.reader() as conn:
        subscriber = await subscribers.get_subscriber(conn, pressed.press.chat_id)
    words = visits.words_for(subscriber, pressed.press.language, services)
    timezone = visits.timezone_of(subscriber, services)
    return PressResult(
        edit=await settings.settings_message(subscriber, timezone, words, services), toast=toast
    )
