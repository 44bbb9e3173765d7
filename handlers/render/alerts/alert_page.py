"""The page of one alert: how it is told, and buttons to change that."""

from collections.abc import Sequence

from handlers.render.text.dates import Here, coming
from handlers.render.text.keyboards import (
    ALERT_SET,
    ALERT_UNMUTE,
    LIST_ASK,
    LIST_PAGE,
    SHARE_ALERT,
    data,
)
from handlers.render.text.messages import DATA_BYTES, Button, Keyboard, Message, shorten
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.alerts.alert_settings import AlertSettingsWords, alert_settings_words
from handlers.texts.words import Words
from storage.records import Alert, Mute

PERIODS = (None, 15, 60, 240)
"""Minutes between bundles; None: told at once."""
LIMITS = (None, 1, 5, 20)
MUTES = 5
NAME_UNITS = 30
QUERY_UNITS = 500


def alert_page(
    alert: Alert, muted: Sequence[Mute], page: int, *, here: Here, words: Words
) -> Message:
    """What is set for an alert. ``page`` is the one of the list that led here, 0-based."""
    said = alert_settings_words(words.language)
    lines: list[RichText | str] = [
        code(shorten(alert.query, QUERY_UNITS)),
        "",
        fill(said.state, state=_state(alert, here, words, said)),
        said.urgent if alert.urgent else said.not_urgent,
        said.silent if alert.silent else said.loud,
        _period(alert, said),
        _limit(alert, said),
        said.once if alert.once else said.everything,
    ]
    if muted:
        names = ", ".join(shorten(mute.title, NAME_UNITS) for mute in muted[: 2 * MUTES])
        lines.append(fill(said.muted_channels, channels=names))
    return Message(join("\n", lines), _keyboard(alert, muted, page, said))


def _state(alert: Alert, here: Here, words: Words, said: AlertSettingsWords) -> RichText | str:
    if alert.paused:
        return said.state_paused
    if alert.snoozed_until is not None:
        return fill(said.state_snoozed, when=coming(alert.snoozed_until, here, words))
    return said.state_on


def _period(alert: Alert, said: AlertSettingsWords) -> str:
    if alert.every_minutes is None:
        return said.at_once
    minutes = alert.every_minutes
    return said.every.replace("{period}", said.periods.get(minutes, f"{minutes} min"))


def _limit(alert: Alert, said: AlertSettingsWords) -> str:
    if alert.hourly_limit is None:
        return said.no_limit
    return said.limit.replace("{count}", str(alert.hourly_limit))


def _keyboard(alert: Alert, muted: Sequence[Mute], page: int, said: AlertSettingsWords) -> Keyboard:
    """Each button says what it sets, so pressing it again changes nothing more."""

    def setting(text: str, what: str, value: int) -> Button:
        return Button(text=text, data=data(ALERT_SET, alert.id, page, what, value))

    first = [setting(said.resume if alert.paused else said.pause, "p", int(not alert.paused))]
    if alert.snoozed_until is not None:
        first.append(setting(said.wake, "z", 0))
    marks = (
        setting(_ticked(said.make_urgent, alert.urgent), "u", int(not alert.urgent)),
        setting(_ticked(said.make_silent, alert.silent), "s", int(not alert.silent)),
    )
    rows = [
        tuple(first),
        marks,
        (setting(_period(alert, said) + " ›", "e", _next(PERIODS, alert.every_minutes)),),
        (setting(_limit(alert, said) + " ›", "l", _next(LIMITS, alert.hourly_limit)),),
        (setting(_ticked(said.make_once, alert.once), "o", int(not alert.once)),),
        *(_unmuting(mute, page, said) for mute in muted[:MUTES]),
        (
            Button(text=said.back, data=data(LIST_PAGE, page)),
            Button(text=said.remove, data=data(LIST_ASK, alert.id, page)),
            Button(text=said.share, data=data(SHARE_ALERT, alert.id)),
        ),
    ]
    return tuple(row for row in rows if row)


def _unmuting(mute: Mute, page: int, said: AlertSettingsWords) -> tuple[Button, ...]:
    pressed = data(ALERT_UNMUTE, mute.alert_id, page, mute.channel)
    if len(pressed.encode()) > DATA_BYTES:
        return ()
    name = shorten(mute.title, NAME_UNITS)
    return (Button(text=said.unmute.replace("{channel}", name), data=pressed),)


def _ticked(text: str, is_on: bool) -> str:
    return f"✓ {text}" if is_on else text


def _next(choices: Sequence[int | None], value: int | None) -> int:
    """The choice after the one that is set; 0 stands for none."""
    place = choices.index(value) if value in choices else 0
    return choices[(place + 1) % len(choices)] or 0
