"""The settings of a chat, and the buttons that change them."""

from datetime import time

from handlers.render.keyboards import SETTINGS_MENU, SETTINGS_SET, data
from handlers.render.messages import Button, Keyboard
from handlers.texts.considering import considering_words
from handlers.texts.languages import LANGUAGES
from handlers.texts.words import Words
from storage.records import Subscriber

ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Moscow",
    "Asia/Yekaterinburg",
    "Asia/Almaty",
    "Asia/Vladivostok",
    "America/New_York",
    "America/Los_Angeles",
)
QUIET = ("22:00-07:00", "23:00-08:00", "00:00-08:00")
DIGESTS = ("07:00", "08:00", "09:00", "18:00", "21:00")
BURSTS = (1, 3, 5, 10, 20)
TOP = "-"


def settings_keyboard(words: Words) -> Keyboard:
    """A button for each setting that buttons can change."""
    said = considering_words(words.language)

    def menu(text: str, name: str) -> Button:
        return Button(text=text, data=data(SETTINGS_MENU, name))

    return (
        (menu(said.language_button, "l"), menu(said.zone_button, "z")),
        (menu(said.quiet_button, "q"), menu(said.digest_button, "d")),
        (menu(said.burst_button, "b"),),
    )


def guess_keyboard(zone: str, local_time: time | None, words: Words) -> Keyboard:
    """Yes to a zone that was guessed, with a digest at that time if one was wished; or other."""
    said = considering_words(words.language)
    if local_time is None:
        yes = _choice(said.zone_yes, "z", zone)
    else:
        yes = _choice(said.zone_yes, "p", f"{local_time:%H:%M} {zone}")
    return ((yes, Button(text=said.zone_other, data=data(SETTINGS_MENU, "z"))),)


def choices_keyboard(name: str, subscriber: Subscriber, words: Words) -> Keyboard | None:
    """What a setting can be set to; None for no setting of ours."""
    said = considering_words(words.language)
    back = (Button(text=said.back, data=data(SETTINGS_MENU, TOP)),)
    match name:
        case "l":
            rows = [(_choice(known.language_name, "l", code),) for code, known in LANGUAGES.items()]
        case "z":
            zones = [_choice(zone, "z", zone) for zone in ZONES]
            rows = [tuple(zones[start : start + 2]) for start in range(0, len(zones), 2)]  # type: ignore[misc]
        case "q":
            passes = subscriber.quiet_but_urgent
            text = said.urgent_passes if passes else said.urgent_waits
            rows = [(_choice(span, "q", span),) for span in QUIET]
            rows += [(_choice(text, "u", str(int(not passes))),)]
            rows.append((_choice(said.off, name, "off"),))
        case "d":
            times = tuple(_choice(at, "d", at) for at in DIGESTS)
            return (times[:3], times[3:], (_choice(said.off, name, "off"),), back)
        case "b":
            rows = [(_choice(words.count(said.burst_after, n), "b", str(n)),) for n in BURSTS]
            rows.append((_choice(said.burst_never, "b", "0"),))
        case _:
            return None
    return (*rows, back)


def _choice(text: str, name: str, value: str) -> Button:
    return Button(text=text, data=data(SETTINGS_SET, name, value))
