"""What a file holds, line by line, as a message: what cannot be taken first, with the reason."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from handlers.render.text.keyboards import FILE_PAGE, FILE_TAKE, FILE_UNDO, data
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.plan_times import times_text
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.subscriptions.form import (
    VERSION,
    AlertEntry,
    DigestEntry,
    FormError,
    Named,
    Setting,
    Spoiled,
    SurgeEntry,
)
from handlers.subscriptions.present import name_channel
from handlers.subscriptions.undoing import Undone
from handlers.subscriptions.values import spell
from handlers.subscriptions.weighing import Verdict, Weighed, Weighing
from handlers.texts.cards import card_words
from handlers.texts.languages import words_of
from handlers.texts.subscribing import SubscriptionWords, subscription_words
from handlers.texts.words import Words
from handlers.times import zones
from handlers.times.plan_times import TimesError, parse_times
from storage.languages.catalogue import spoken

UNITS = 120
LINES = 20
"""Entries of a page."""
NAMED = 3
_ORDER: tuple[Verdict, ...] = ("refused", "new", "known")
_PARTS = ("alerts", "digests", "silences", "surges", "settings")


class Shelf(Struct, frozen=True):
    """Where a file is found again: the number of its message, what it must be (a part of its
    hash), and 1 if it is in the private chat of the person who presses, else 0."""

    message_id: int
    mark: str
    is_own: int

    @property
    def fields(self) -> tuple[int | str, ...]:
        """As buttons carry it."""
        return self.message_id, self.mark, self.is_own


def proposal(
    weighing: Weighing,
    shelf: Shelf,
    page: int,
    words: Words,
    *,
    most: int,
    head: str = "",
    undo_at: int | None = None,
) -> Message:
    """A page (0-based) of what a file holds, and the button that sets up what is new; where it was
    set up from at ``undo_at``, that can be undone."""
    said = subscription_words(words.language)
    rows = [one for verdict in _ORDER for one in weighing.of(verdict)]
    shown = page_of(rows, page, LINES)
    lines: list[RichText | str] = [head] if head else []
    lines += [bold(said.title), *_sums(weighing, said)]
    if not weighing.of("new"):
        lines.append(said.nothing_new)
    listed = [_row(one, words, most) for one in weighing.with_strangers(shown.items)]
    text = join("\n\n", [part for part in (join("\n", lines), join("\n", listed)) if part])
    taking = Button(text=said.take, data=data(FILE_TAKE, *shelf.fields))
    rows_below = [(taking,)] if weighing.of("new") else []
    if undo_at is not None:
        rows_below.append((_undo(shelf, undo_at, words),))
    return Message(text, (*rows_below, *shown.turning(FILE_PAGE, shelf.fields, words)))


def outcome(weighing: Weighing, shelf: Shelf, at: int, words: Words, *, most: int) -> Message:
    """What was set up, what of the file could not be, and the button that undoes it."""
    said = subscription_words(words.language)
    refused = weighing.of("refused")
    shown = page_of(refused, 0, LINES)
    lines: list[RichText | str] = [fill(said.taken, counts=_counted(weighing.of("new"), said))]
    if refused:
        lines.append(fill(said.refused, counts=_counted(refused, said)))
    listed = [_row(one, words, most) for one in shown.items]
    if len(refused) > len(listed):
        listed.append(
            RichText(
                card_words(words.language).count(
                    card_words(words.language).more, len(refused) - len(listed)
                )
            )
        )
    text = join("\n\n", [part for part in (join("\n", lines), join("\n", listed)) if part])
    back = Button(text=said.show, data=data(FILE_PAGE, *shelf.fields, 0))
    return Message(text, ((_undo(shelf, at, words),), (back,)))


def _undo(shelf: Shelf, at: int, words: Words) -> Button:
    return Button(text=card_words(words.language).undo, data=data(FILE_UNDO, *shelf.fields, at))


def undone_text(undone: Undone, words: Words) -> str:
    """What undoing did: also what it left, for it was changed since."""
    said = subscription_words(words.language)
    counts = (
        (said.alerts, undone.alerts),
        (said.digests, undone.plans),
        (said.silences, undone.silences),
        (said.surges, undone.surges),
        (said.settings, undone.settings),
    )
    kept = [said.count(forms, n) for forms, n in counts if n]
    head = said.undone_but.format(counts=", ".join(kept)) if kept else said.undone
    return f"{head} {said.stopped}" if undone.stopped else head


def problem(error: FormError, words: Words) -> Message:
    """Why a file is none of subscriptions that can be read, in a line."""
    said = subscription_words(words.language)
    match error.problem:
        case "newer":
            return Message(fill(said.newer, version=_number(error.version), known=VERSION))
        case "repeated":
            return Message(fill(said.repeated, field=_code(error.field)))
        case "broken":
            return Message(fill(said.broken, line=error.line))
        case "foreign":
            return Message(RichText(said.foreign))


def _number(version: int) -> str:
    return shorten(str(version), 20) if version < 10**20 else "…"


def _sums(weighing: Weighing, said: SubscriptionWords) -> list[RichText]:
    """How many there are of each verdict."""
    told = {"new": said.new, "known": said.known, "refused": said.refused}
    lines = [
        fill(told[verdict], counts=_counted(found, said))
        for verdict in ("new", "known", "refused")
        if (found := weighing.of(verdict))
    ]
    return [*lines, *([RichText(said.count(said.left, weighing.left))] if weighing.left else [])]


def _counted(found: Sequence[Weighed], said: SubscriptionWords) -> str:
    counts = Counter(one.part if one.part in _PARTS else "others" for one in found)
    parts = [part for part in (*_PARTS, "others") if counts[part]]
    return ", ".join(said.count(getattr(said, part), counts[part]) for part in parts)


def _row(weighed: Weighed, words: Words, most: int) -> RichText:
    said = subscription_words(words.language)
    what = _what(weighed, words)
    if weighed.verdict == "refused":
        return fill(said.row_refused, what=what, why=_why(weighed, words, most))
    notes = _notes(weighed, words)
    if notes:
        what = fill(said.note, what=what, note=join("; ", notes))
    return fill(said.row_new if weighed.verdict == "new" else said.row_known, what=what)


def _notes(weighed: Weighed, words: Words) -> list[RichText | str]:
    """What is not as one may think of an entry that is new, or here already."""
    said = subscription_words(words.language)
    if weighed.verdict == "known":
        command = "/alerts" if weighed.part == "alerts" else "/digest"
        return [fill(said.stays, command=command)] if weighed.differs else []
    notes = _particulars(weighed, said)
    if weighed.strangers:
        names = ", ".join(_plain(name) for name in weighed.strangers[:NAMED])
        left = len(weighed.strangers) - NAMED
        card = card_words(words.language)
        names += f" {card.count(card.more, left)}" if left > 0 else ""
        notes.append(fill(said.not_watched, channels=names))
    if weighed.before is not None and weighed.before.value != "":
        notes.append(fill(said.now, value=_value(weighed.before, words)))
    return notes


def _particulars(weighed: Weighed, said: SubscriptionWords) -> list[RichText | str]:
    """How an alert or a digest is to be told, where it is not as usual."""
    told: list[tuple[bool, RichText | str]] = []
    match weighed.record:
        case AlertEntry() as alert:
            told = [
                (alert.paused, said.paused),
                (alert.urgent, said.urgent),
                (alert.silent, said.silent),
                (alert.once, said.once),
                (
                    alert.hourly_limit is not None,
                    fill(said.hourly_limit, count=alert.hourly_limit or 0),
                ),
                (alert.every_minutes is not None, fill(said.every, count=alert.every_minutes or 0)),
                (bool(alert.left_out), said.count(said.left_out, len(alert.left_out))),
            ]
        case DigestEntry() as digest:
            told = [
                (digest.paused, said.paused),
                (bool(digest.name and digest.query), _code(digest.query)),
                (bool(weighed.rows), said.count(said.channels, len(weighed.rows))),
            ]
    return [note for is_so, note in told if is_so]


def _what(weighed: Weighed, words: Words) -> RichText:
    """An entry as people know it."""
    said = subscription_words(words.language)
    match weighed.record:
        case AlertEntry(query=query):
            return fill(said.alert, query=_code(query))
        case SurgeEntry(query=query):
            return fill(said.surge, query=_code(query))
        case DigestEntry() as digest:
            template = said.review if digest.kind == "review" else said.digest
            name = digest.name or digest.query
            shown = _code(name) if name else said.all_posts
            return fill(template, name=shown, times=_times(digest.times, words))
        case Named() as named:
            # The one that is set up, whatever the file calls it.
            known = name_channel(weighed.rows[0]) if weighed.rows else None
            return fill(said.silence, channel=_plain(spell(known or named)))
        case Setting() as setting:
            return _setting(setting, words)
        case None:
            return _place(weighed.spoiled, said)


def _place(spoiled: Spoiled | None, said: SubscriptionWords) -> RichText:
    if spoiled is None or not spoiled.number:
        return _code(spoiled.part if spoiled else "")
    return fill(said.entry, part=_code(spoiled.part), number=spoiled.number)


def _times(written: str, words: Words) -> str:
    try:
        return times_text(parse_times(written), words.language)
    except TimesError:
        return _plain(written)


def _setting(setting: Setting, words: Words) -> RichText:
    value = _value(setting, words)
    match setting.name:
        case "language":
            return fill(words.settings_language, value=value)
        case "timezone":
            return fill(words.settings_zone, value=value)
    return fill("{name}: {value}", name=_code(setting.name), value=value)


def _value(setting: Setting, words: Words) -> RichText | str:
    value = str(setting.value)
    match setting.name:
        case "language" if value in spoken():
            return words_of(value).language_name
        case "timezone" if zones.is_zone(value):
            return zones.zone_label(value, words.language)
    return _code(value)


def _why(weighed: Weighed, words: Words, most: int) -> RichText | str:
    said = subscription_words(words.language)
    if weighed.spoiled is not None:
        template = said.troubles[weighed.spoiled.trouble]
        return fill(template, field=_code(weighed.spoiled.field or weighed.spoiled.part))
    if weighed.error is not None:
        return words.problem(weighed.error.what)
    reason = said.reasons[weighed.reason or "value"]
    return fill(reason, field=_code(weighed.field or weighed.part), most=most)


def _code(text: str) -> RichText:
    return code(_plain(text) or "?")


def _plain(text: str) -> str:
    """Words of a file as they may stand in a line."""
    flat = "".join(" " if sign.isspace() or not sign.isprintable() else sign for sign in text)
    return shorten(contained(flat).strip(), UNITS)
