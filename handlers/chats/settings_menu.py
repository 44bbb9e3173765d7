"""The buttons below ``/settings``: language, time zone, quiet hours, digest, bursts."""

import contextlib

from handlers.chats import quiet, settings
from handlers.conversation import command_context, dialogue
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.plans import managing, plan_buttons
from handlers.plans.quiet_hours import update_sleeper
from handlers.render.answers.settings import (
    BURSTS,
    TOP,
    Present,
    back_row,
    choices_keyboard,
    places_keyboard,
    regions_keyboard,
)
from handlers.render.text.messages import Keyboard
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.times import clocks, zones
from handlers.times.plan_times import EVERY_DAY, PlanTimes
from storage.languages.catalogue import spoken
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import subscribers

ASKING = ("timezone", "digest")
"""Commands that ask for a time zone."""


async def show(context: PressContext, services: Services) -> PressResult:
    """The choices for a setting. The field is its name, or ``-`` for all settings."""
    subscriber = _known(context)
    if context.fields[0] == TOP:
        return await _top(context, services, None)
    if context.fields[0] == "d":  # A button of messages from before there was a list of plans.
        return PressResult(edit=await plan_buttons.list_page(context, services))
    if context.fields[0] == "z" and len(context.fields) > 1:
        cancelling = await dialogue.cancel_row(context, services, *ASKING)
        return PressResult(keyboard=_zones(context) + cancelling)
    after = settings.burst_after(subscriber, services)
    present = Present(subscriber, context.timezone, after)
    keyboard = choices_keyboard(context.fields[0], present, context.words)
    if keyboard is None:
        raise ButtonError(f"{context.fields[0]!r} is no setting")
    return PressResult(keyboard=keyboard)


def _zones(context: PressContext) -> Keyboard:
    """Regions, or a page of one. Fields: z, the time chosen for a digest, the region, the page."""
    written, *chosen = context.fields[1:]
    local_time = clocks.parse_clock(written)
    if not chosen:
        back = () if written else back_row(context.words)
        return regions_keyboard(context.words, local_time, present=context.timezone) + back
    page, now = number(context.fields, 3), context.press.now
    keyboard = places_keyboard(
        chosen[0], page, context.words, now, local_time, present=context.timezone
    )
    if keyboard is None:
        raise ButtonError(f"{chosen[0]!r} is no region")
    return keyboard


async def change(context: PressContext, services: Services) -> PressResult:
    """Set a setting. Fields: its name, the value."""
    subscriber = _known(context)
    name, value = context.fields[0], context.fields[1]
    match name:
        case "l" if value in spoken():
            await _set_language(context, value, services)
        case "z" if zones.is_zone(value):
            await _set_zone(context, value, services)
        case "p":
            await _set_plan(context, value, services)
        case "q":
            await _set_quiet(context, subscriber, value, services)
        case "u" if value in ("0", "1"):
            await _update(context, services, quiet_but_urgent=value == "1")
        case "d":
            await _set_digest(context, value, services)
            return PressResult(edit=await plan_buttons.list_page(context, services))
        case "b" if value in ("0", *map(str, BURSTS)):
            await _update(context, services, burst_after=int(value))
        case _:
            raise ButtonError(f"{name!r} cannot be set to {value!r}")
    return await _top(context, services, alert_settings_words(context.words.language).changed)


def _known(context: PressContext) -> Subscriber:
    if context.subscriber is None:
        raise ButtonError("the chat was forgotten")
    return context.subscriber


async def _update(context: PressContext, services: Services, **fields: object) -> None:
    await update_sleeper(context.press.chat_id, services, now=context.press.now, **fields)


async def _set_language(context: PressContext, language: str, services: Services) -> None:
    press = context.press
    place = (press.chat_id, press.sender_id or 0)
    await services.questions.end(services.database, place, "language")
    await _update(context, services, language=language)


async def _set_zone(context: PressContext, zone: str, services: Services) -> None:
    press = context.press
    place = (press.chat_id, press.sender_id or 0)
    await services.questions.end(services.database, place, *ASKING)
    await _update(context, services, timezone=zone)


async def _set_quiet(
    context: PressContext, subscriber: Subscriber, value: str, services: Services
) -> None:
    span = clocks.parse_quiet(value)
    if span is None and value != "off":
        raise ButtonError(f"{value!r} are no quiet hours")
    urgent = subscriber.quiet_but_urgent
    hours = span[:2] if span else None
    press = context.press
    await quiet.set_quiet(press.chat_id, hours, urgent, services, press.now)


async def _set_digest(context: PressContext, value: str, services: Services) -> None:
    """Add a daily digest at a time. For buttons of old messages; for "no digest" too, which the
    list now has buttons for."""
    at = clocks.parse_clock(value)
    if at is None and value != "off":
        raise ButtonError(f"{value!r} is no time of day")
    if at is None:
        return
    with contextlib.suppress(managing.TooManyError):  # The list of plans that follows shows them.
        await managing.add(
            context.press.chat_id,
            PlanTimes(EVERY_DAY, (at,)),
            services,
            timezone=context.timezone,
            now=context.press.now,
            topic=context.press.topic,
        )


async def _set_plan(context: PressContext, value: str, services: Services) -> None:
    """Set a digest's time together with the zone that was asked for: both, or neither."""
    plan = clocks.read_clock(value)
    if plan is None or not zones.is_zone(plan[1]):
        raise ButtonError(f"{value!r} is no digest plan")
    await _set_zone(context, plan[1], services)
    await _set_digest(replace(context, timezone=plan[1]), f"{plan[0]:%H:%M}", services)


async def _top(context: PressContext, services: Services, toast: str | None) -> PressResult:
    """All settings as they are now, in the language that may have just been set."""
    async with services.database.reader() as conn:
        subscriber = await subscribers.get_subscriber(conn, context.press.chat_id)
    words = command_context.words_for(subscriber, context.press.language, services)
    timezone = command_context.timezone_of(subscriber, services)
    now = context.press.now
    shown = await settings.settings_message(subscriber, timezone, words, services, now=now)
    return PressResult(edit=shown, toast=toast)
