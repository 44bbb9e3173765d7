"""A chat's alerts: the list, the card of one, and the pages that change it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.render.answers.welcome import alert_row
from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import (
    Card,
    channel_picker,
    channels_line,
    goes_line,
    removed_line,
    setting_row,
    undo_row,
)
from handlers.render.text.dates import Here, clock, coming, day_of
from handlers.render.text.keyboards import (
    ALERT_CHANNEL,
    ALERT_CHANNELS,
    ALERT_HOW,
    ALERT_LATEST,
    ALERT_PAGE,
    ALERT_SET,
    ALERT_UNDO,
    ALERT_UNMUTE,
    LIST_PAGE,
    LIST_REMOVE,
    LIST_ROWS,
    RUN,
    SHARE_ALERT,
    data,
)
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts.alerts.alert_settings import AlertSettingsWords, alert_settings_words
from handlers.texts.cards import card_words
from handlers.texts.words import Words
from storage.records import Alert, Mute, Subscriber

PERIODS = (None, 15, 60, 240)
"""Minutes between bundles; None: alerts are sent at once."""
LIMITS = (None, 1, 5, 20)
MUTES = 5
NAME_UNITS = 30
QUERY_UNITS = 500
LABEL_UNITS = 44
PER_ROW = 2
NEW = "n"
"""In place of the list's page: "back" leads to the message about an alert that was just made."""


class Shown(Struct, frozen=True, kw_only=True):
    """An alert for its card. ``asked``: its query without the channels that it is limited to;
    ``rows``: the row ids of these channels, ``titles``: of the known ones; ``strangers``: names of
    the others."""

    alert: Alert
    asked: str
    rows: tuple[int, ...] = ()
    titles: Mapping[int, str]
    strangers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its name in a list: ``grain · Harbour News``; as written where nobody knows a channel."""
        names = [self.titles[row] for row in self.rows if row in self.titles]
        if self.strangers or not names:
            return shorten(self.alert.query, LABEL_UNITS)
        asked = [self.asked] if self.asked else []
        return shorten(" · ".join([*asked, ", ".join(names)]), LABEL_UNITS)


class Particulars(Struct, frozen=True, kw_only=True):
    """What a card shows besides the alert: the channels that it leaves out, how many posts matched
    (None: not counted), and its chat."""

    muted: Sequence[Mute] = ()
    matches: Matches | None = None
    chat: Subscriber | None = None


def alert_list(
    alerts: Sequence[Shown],
    page: int,
    words: Words,
    *,
    removed: Shown | None = None,
    size: int = LIST_ROWS,
) -> Message:
    """A page (from 0) of a chat's alerts, a button for each; ``removed`` was just removed."""
    shown = page_of(alerts, page, size)
    rows: Keyboard = ()
    lines: list[RichText | str] = []
    if removed is not None:
        lines.append(removed_line(code(removed.label), words))
        rows = undo_row(data(ALERT_UNDO, removed.alert.id, shown.number), words)
    if not alerts:
        return Message(join("\n", [*lines, words.alerts_none]), (*rows, *alert_row(words)))
    lines += [bold(fill(words.alerts_title, count=len(alerts))), words.alerts_hint]
    rows += tuple(
        (
            Button(
                text=f"{_marks(one.alert)} {one.label}",
                data=data(ALERT_PAGE, one.alert.id, shown.number),
            ),
        )
        for one in shown.items
    )
    return Message(join("\n", lines), rows + shown.turning(LIST_PAGE, (), words))


def _marks(alert: Alert) -> str:
    return _mark(alert) + ("1️⃣" if alert.once else "")


def _mark(alert: Alert) -> str:
    """An alert's state in one sign."""
    if alert.paused:
        return "⏸"
    if alert.snoozed_until is not None:
        return "💤"
    if alert.urgent:
        return "❗"
    return "🔕" if alert.silent else "🔔"


def alert_page(
    shown: Shown,
    told: Particulars,
    page: int,
    *,
    here: Here,
    words: Words,
    head: RichText | str = "",
    mutes_page: int = 0,
) -> Message:
    """The card of an alert. ``page``: the page of the list that led here; ``mutes_page``: the page
    of the channels that it leaves out; both from 0."""
    alert, said = shown.alert, alert_settings_words(words.language)
    lines: list[RichText | str] = [
        _state(alert, here, words, said),
        "" if told.matches is None else matches_text(told.matches, here, words),
        channels_line(shown.rows, shown.titles, words, shown.strangers),
        _left_out(told.muted, words),
        *_manner(alert, told.chat, said),
        goes_line(told.chat, alert.topic, words),
    ]
    return Card(
        title=_title(shown, words),
        lines=lines,
        rows=_card_rows(alert, told.muted, page, mutes_page, words),
        back=Button(text=said.list_button, data=data(LIST_PAGE, page)),
        remove=data(LIST_REMOVE, alert.id, page),
        head=head,
    ).message(words)


def _title(shown: Shown, words: Words) -> RichText:
    asked = shown.asked
    said = alert_settings_words(words.language)
    return "🔔 " + (code(shorten(asked, QUERY_UNITS)) if asked else RichText(said.all_posts))


def _state(alert: Alert, here: Here, words: Words, said: AlertSettingsWords) -> RichText | str:
    if alert.paused:
        return said.state_paused
    if alert.snoozed_until is not None:
        return fill(said.state_snoozed, when=coming(alert.snoozed_until, here, words))
    return fill(said.state_on, since=day_of(alert.watches_since, here, words))


def _left_out(muted: Sequence[Mute], words: Words) -> RichText | str:
    if not muted:
        return ""
    said, card = alert_settings_words(words.language), card_words(words.language)
    names = ", ".join(shorten(mute.title, NAME_UNITS) for mute in muted[: 2 * MUTES])
    left = len(muted) - 2 * MUTES
    more = f" {card.count(card.more, left)}" if left > 0 else ""
    return fill(said.muted_channels, channels=names + more)


def _manner(alert: Alert, chat: Subscriber | None, said: AlertSettingsWords) -> list[str]:
    """When and how the alert is sent: a line for each setting that is not the default."""
    sound = said.silent if alert.silent else said.loud
    lines = [fill(said.schedule, period=_period(alert, said), sound=sound).text]
    if alert.hourly_limit is not None:
        lines.append(fill(said.limited, count=alert.hourly_limit).text)
    if chat is not None and chat.quiet_from is not None and chat.quiet_until is not None:
        passes = alert.urgent and chat.quiet_but_urgent
        span = {"start": clock(chat.quiet_from), "end": clock(chat.quiet_until)}
        lines.append(fill(said.quiet_passes if passes else said.quiet_waits, **span).text)
    if alert.once:
        lines.append(said.once)
    return lines


def _period(alert: Alert, said: AlertSettingsWords) -> str:
    if alert.every_minutes is None:
        return said.at_once
    minutes = alert.every_minutes
    return said.every.replace("{period}", said.periods.get(minutes, f"{minutes} min"))


def _card_rows(
    alert: Alert, muted: Sequence[Mute], page: int, mutes_page: int, words: Words
) -> Keyboard:
    said, card = alert_settings_words(words.language), card_words(words.language)
    pause = Button(
        text=said.resume if alert.paused else said.pause,
        data=data(ALERT_SET, alert.id, page, "p", int(not alert.paused)),
    )
    left_out = page_of(muted, mutes_page, MUTES)
    wake = Button(text=said.wake, data=data(ALERT_SET, alert.id, page, "z", 0))
    return (
        (
            Button(text=card.edit_query, data=data(RUN, "alert", f"edit:{alert.id}")),
            Button(text=card.channels, data=data(ALERT_CHANNELS, alert.id, page, 0)),
        ),
        (
            Button(text=said.how_button, data=data(ALERT_HOW, alert.id, page)),
            wake if alert.snoozed_until is not None and not alert.paused else pause,
        ),
        (
            Button(text=card.latest, data=data(ALERT_LATEST, alert.id)),
            Button(text=said.share, data=data(SHARE_ALERT, alert.id)),
        ),
        *(_unmuting(mute, page, left_out.number, said) for mute in left_out.items),
        *left_out.turning(ALERT_PAGE, (alert.id, page), words),
    )


def _unmuting(
    mute: Mute, page: int, mutes_page: int, said: AlertSettingsWords
) -> tuple[Button, ...]:
    place = (mutes_page,) if mutes_page else ()
    pressed = data(ALERT_UNMUTE, mute.alert_id, page, mute.channel, *place)
    if not has_room(pressed):
        return ()
    name = shorten(mute.title, NAME_UNITS)
    return (Button(text=said.unmute.replace("{channel}", name), data=pressed),)


def how_page(shown: Shown, chat: Subscriber | None, page: int, *, words: Words) -> Message:
    """How an alert is sent: a button for each choice, the present one marked."""
    alert, said = shown.alert, alert_settings_words(words.language)

    def row(what: str, choices: Sequence[tuple[str, int]], present: int) -> tuple[Button, ...]:
        return setting_row(
            [
                (text, data(ALERT_SET, alert.id, page, what, value), value == present)
                for text, value in choices
            ]
        )

    periods = [(said.period_buttons[minutes or 0], minutes or 0) for minutes in PERIODS]
    limits = [(said.limit_buttons[limit or 0], limit or 0) for limit in LIMITS]
    every, limit = alert.every_minutes or 0, alert.hourly_limit or 0
    rows = (
        *(row("e", periods[at : at + PER_ROW], every) for at in range(0, len(periods), PER_ROW)),
        *(row("l", limits[at : at + PER_ROW], limit) for at in range(0, len(limits), PER_ROW)),
        row("s", [(said.loud_button, 0), (said.silent_button, 1)], int(alert.silent)),
        row("u", [(said.waits_button, 0), (said.urgent_button, 1)], int(alert.urgent)),
        row("o", [(said.every_post_button, 0), (said.make_once, 1)], int(alert.once)),
    )
    return Card(
        title=_title(shown, words),
        lines=[*_manner(alert, chat, said), said.how_ask],
        rows=rows,
        back=Button(text=card_words(words.language).back, data=data(ALERT_PAGE, alert.id, page)),
    ).message(words)


def channels_page(shown: Shown, origin: str, page: int, back: Button, words: Words) -> Message:
    """The channels that an alert is limited to: a page (from 0) of the known channels, its own
    marked.

    ``origin``: the page of the list that leads back, or ``NEW``.
    """
    alert = shown.alert

    def pressed(row: int, value: int, page: int) -> str:
        return data(ALERT_CHANNEL, alert.id, origin, row, value, page)

    held = channels_line(shown.rows, shown.titles, words, shown.strangers)
    return channel_picker(
        (bold(_title(shown, words)), held),
        [*shown.titles.items()],
        {*shown.rows, *(-1 for _ in shown.strangers)},
        page,
        pressed=pressed,
        turning=(ALERT_CHANNELS, (alert.id, origin)),
        back=back,
        words=words,
    )
