"""The settings of a chat, and the buttons that change them."""

from collections.abc import Sequence
from datetime import datetime, time

from msgspec import Struct

from handlers.render.text.dates import clock, zone_of
from handlers.render.text.keyboards import PLAN_LIST, SETTINGS_MENU, SETTINGS_SET, data, pager
from handlers.render.text.lists import ticked
from handlers.render.text.messages import Button, Keyboard, Message
from handlers.render.text.rich import fill
from handlers.texts.alerts.alert_settings import AlertSettingsWords, alert_settings_words
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from handlers.times.zone_regions import REGIONS, place
from handlers.times.zones import zone_label
from storage.languages.catalogue import spoken
from storage.records import Subscriber

QUIET = ("22:00-07:00", "23:00-08:00", "00:00-08:00")
BURSTS = (1, 3, 5, 10, 20)
TOP = "-"
PLACES_A_PAGE = 10


def settings_keyboard(words: Words) -> Keyboard:
    """A button for each setting that buttons can change."""
    said = alert_settings_words(words.language)

    def menu(text: str, name: str) -> Button:
        return Button(text=text, data=data(SETTINGS_MENU, name))

    return (
        (menu(said.language_button, "l"), menu(said.zone_button, "z")),
        (menu(said.quiet_button, "q"), Button(text=said.digest_button, data=data(PLAN_LIST, 0))),
        (menu(said.burst_button, "b"),),
    )


def guess_keyboard(zone: str, local_time: time | None, words: Words) -> Keyboard:
    """A button that accepts the guessed zone, with a digest at that time if one was requested; and
    one for others."""
    said = alert_settings_words(words.language)
    yes = _zone(said.zone_yes, zone, local_time)
    return ((yes, Button(text=said.zone_other, data=_menu(local_time))),)


class Present(Struct, frozen=True):
    """A chat's settings with defaults filled in: its subscriber, its time zone, and how many alerts
    a minute it gets singly before further ones go into a list."""

    subscriber: Subscriber
    timezone: str
    burst_after: int


def choices_keyboard(name: str, present: Present, words: Words) -> Keyboard | None:
    """The choices for a setting, the present value marked; None if there is no such setting."""
    said = alert_settings_words(words.language)
    match name:
        case "l":
            rows = list(languages_keyboard(words))
        case "z":
            return (*regions_keyboard(words, present=present.timezone), *back_row(words))
        case "q":
            rows = _quiet_rows(present.subscriber, said)
        case "b":
            numbers = [(words.count(said.burst_after, n), n) for n in BURSTS]
            choices = [*numbers, (said.burst_never, 0)]
            rows = [
                (_choice(text, "b", str(n), is_on=n == present.burst_after),) for text, n in choices
            ]
        case _:
            return None
    return (*rows, *back_row(words))


def _quiet_rows(subscriber: Subscriber, said: AlertSettingsWords) -> list[tuple[Button, ...]]:
    hours = (subscriber.quiet_from, subscriber.quiet_until)
    rows: list[tuple[Button, ...]] = [
        (_choice(_told(span), "q", span, is_on=hours == tuple(_times(span))),) for span in QUIET
    ]
    rows.append((_choice(said.off, "q", "off", is_on=subscriber.quiet_from is None),))
    urgent = ((said.urgent_waits, False), (said.urgent_passes, True))
    rows += [
        (_choice(text, "u", str(int(passes)), is_on=passes == subscriber.quiet_but_urgent),)
        for text, passes in urgent
    ]
    return rows


def languages_keyboard(words: Words) -> Keyboard:
    """Every language that the bot speaks, by its own name; the one of these words is marked."""
    return tuple(
        (_choice(words_of(code).language_name, "l", code, is_on=code == words.language),)
        for code in spoken()
    )


def _times(hours: str) -> list[time]:
    return [time.fromisoformat(at) for at in hours.split("-")]


def _told(hours: str) -> str:
    """Hours as they are shown everywhere: ``22:00–7:00``."""
    return "–".join(clock(at) for at in _times(hours))


def back_row(words: Words) -> Keyboard:
    """The row that leads back to all settings."""
    text = alert_settings_words(words.language).back
    return ((Button(text=text, data=data(SETTINGS_MENU, TOP)),),)


def plan_moved_message(
    former_time: time, former_zone: str, local_time: time, zone: str, words: Words
) -> Message:
    """Says that a digest with a zone of its own now has its chat's zone, at the same moment. A
    button gives the chat the zone that the plan had."""
    said = alert_settings_words(words.language)
    former = zone_label(former_zone, words.language)
    text = fill(
        said.plan_moved,
        time=clock(local_time),
        zone=zone_label(zone, words.language),
        former_time=clock(former_time),
        former_zone=former,
    )
    use = _zone(said.zone_use.replace("{zone}", former), former_zone, former_time)
    return Message(text, ((use,), (Button(text=said.zone_other, data=_menu(None)),)))


def regions_keyboard(
    words: Words, local_time: time | None = None, *, present: str = ""
) -> Keyboard:
    """The parts of the world to choose a time zone in, and UTC; that of the ``present`` zone is
    marked; ``local_time`` as below."""
    regions = [
        Button(
            text=ticked(region.name(words.language), present in region.zones),
            data=_menu(local_time, code, 0),
        )
        for code, region in REGIONS.items()
    ]
    return (*_in_pairs(regions), (_zone(ticked("UTC", present == "UTC"), "UTC", local_time),))


def places_keyboard(
    code: str,
    page: int,
    words: Words,
    now: datetime,
    local_time: time | None = None,
    *,
    present: str = "",
) -> Keyboard | None:
    """A page of a region's places, from west to east, each with its time at ``now`` (aware), the
    ``present`` zone marked; None if there is no such region.

    ``local_time``: the time of a digest to be set with the zone, if one was requested.
    """
    region = REGIONS.get(code)
    if region is None:
        return None
    there = {zone: now.astimezone(zone_of(zone)) for zone in region.zones}
    names = {zone: place(zone, words.language) for zone in there}
    zones = sorted(there, key=lambda zone: (there[zone].replace(tzinfo=None), names[zone]))
    pages = -(-len(zones) // PLACES_A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = zones[page * PLACES_A_PAGE : (page + 1) * PLACES_A_PAGE]
    choices = [
        _zone(ticked(f"{names[zone]} {clock(there[zone])}", zone == present), zone, local_time)
        for zone in shown
    ]
    fields = ("z", _written(local_time), code)
    turning = pager(SETTINGS_MENU, fields, page, pages, more=page + 1 < pages, words=words)
    back = Button(text=alert_settings_words(words.language).back, data=_menu(local_time))
    return (*_in_pairs(choices), *turning, (back,))


def _menu(local_time: time | None, *fields: int | str) -> str:
    """The data of a button on the way to a zone, with the time of the requested digest."""
    return data(SETTINGS_MENU, "z", _written(local_time), *fields)


def _written(local_time: time | None) -> str:
    return f"{local_time:%H:%M}" if local_time is not None else ""


def _zone(text: str, zone: str, local_time: time | None) -> Button:
    if local_time is None:
        return _choice(text, "z", zone)
    return _choice(text, "p", f"{local_time:%H:%M} {zone}")


def _in_pairs(buttons: Sequence[Button]) -> Keyboard:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def _choice(text: str, name: str, value: str, *, is_on: bool = False) -> Button:
    return Button(text=ticked(text, is_on), data=data(SETTINGS_SET, name, value))
