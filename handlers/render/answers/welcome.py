"""The welcome: what is watched, a live post, the state of the chat, and where to go from there."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers.render.answers.plans import when_of
from handlers.render.text.attachments import attachments_line
from handlers.render.text.dates import Here, clock, coming
from handlers.render.text.headings import NAME_UNITS, heading, origin
from handlers.render.text.keyboards import LABEL_UNITS, RUN, data
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.own_text import own_passage
from handlers.render.text.rich import RichText, fill, join
from handlers.texts.people.welcoming import welcome_words
from handlers.texts.words import Words
from storage.document import Document
from storage.records import Plan

NAMED = 3
POST_UNITS = 300


class Offer(Struct, frozen=True, kw_only=True):
    """What there is to read: ``names`` of watched channels; ``progress``: how far their recent
    posts are read; ``latest``: the newest post."""

    names: Sequence[str]
    progress: RichText | None = None
    latest: Document | None = None


class State(Struct, frozen=True, kw_only=True):
    """The state of a chat: ``alerts``, of which ``paused`` are paused; ``next_digest`` (aware);
    ``zone``: its time zone, for people; ``quiet``: a line with its quiet hours."""

    alerts: int
    paused: int
    plans: Sequence[Plan]
    next_digest: datetime | None
    zone: str
    quiet: RichText

    @property
    def is_bare(self) -> bool:
        """Whether nothing is set up that brings messages."""
        return not self.alerts and not self.plans


def welcome_message(offer: Offer, here: Here, words: Words) -> Message:
    """For somebody new."""
    said = welcome_words(words.language)
    blocks = [RichText(said.hello), _watched(offer, words), *_latest(offer, here, words)]
    return Message(join("\n\n", [*blocks, said.help]))


def state_message(offer: Offer, state: State, here: Here, words: Words) -> Message:
    """For somebody known: how things stand; with a live post where nothing brings any yet."""
    said = welcome_words(words.language)
    lines: list[RichText | str] = [
        said.again,
        _alerts(state, words),
        _digest(state, here, words),
        fill(said.zone, zone=state.zone, time=clock(here.now.astimezone(here.zone))),
        "🌙 " + state.quiet,
        _watched(offer, words),
    ]
    blocks = [join("\n", lines)]
    blocks += _latest(offer, here, words) if state.is_bare else []
    return Message(join("\n\n", [*blocks, said.help]))


def start_keyboard(words: Words, *, searches: bool) -> Keyboard:
    """Where to go from here; ``searches``: also to a search."""
    said = welcome_words(words.language)
    search = (_run(said.search_button, "search"),) if searches else ()
    return (
        (*search, _run(said.alert_button, "alert")),
        (_run(said.digest_button, "digest"), _run(said.zone_button, "timezone")),
    )


def examples_keyboard(examples: Sequence[str]) -> Keyboard:
    """A button for each example, which searches for it."""
    return tuple(
        (Button(text="🔎 " + shorten(example.replace('"', ""), LABEL_UNITS), data=chosen),)
        for example in examples
        if has_room(chosen := data(RUN, "search", example))
    )


def alert_row(words: Words) -> Keyboard:
    """A button that asks for the words of an alert."""
    return ((_run(welcome_words(words.language).alert_button, "alert"),),)


def zone_row(words: Words) -> Keyboard:
    """A button that asks for the time zone."""
    return ((_run(welcome_words(words.language).zone_button, "timezone"),),)


def woken_line(alerts: int, digests: int, words: Words, *, lost: bool = False) -> RichText:
    """What resumes after a ``/stop``, or where the chat could not be written to (``lost``)."""
    said = welcome_words(words.language)
    parts = [words.count(words.alerts, alerts)] if alerts else []
    parts += [said.count(said.the_digests, digests)] if digests else []
    if not parts:
        return RichText(said.found_nothing if lost else said.woken_nothing)
    return fill(said.found if lost else said.woken, what=said.and_.join(parts))


def _run(label: str, command: str) -> Button:
    return Button(text=label, data=data(RUN, command))


def _watched(offer: Offer, words: Words) -> RichText:
    said = welcome_words(words.language)
    count = len(offer.names)
    if not count:
        return RichText(said.watched_none)
    named = ", ".join(shorten(name, NAME_UNITS) for name in offer.names[:NAMED])
    left = count - NAMED
    if left > 0:
        named = f"{named} {words.count(said.more, left)}"
    line = fill(said.watched, channels=words.count(words.channels, count), names=named)
    return join("\n", (line, "⏳ " + offer.progress)) if offer.progress else line


def _latest(offer: Offer, here: Here, words: Words) -> list[RichText]:
    """The newest post as its alert would show it, in short."""
    document = offer.latest
    if document is None:
        return []
    text = own_passage(document, (), opening=POST_UNITS, pieces=0)
    latest = RichText(welcome_words(words.language).latest)
    lines = (latest, heading(document, here, words), origin(document, here, words) or "")
    post = (attachments_line(document, words), text)
    return [join("\n", [part for part in parts if part]) for parts in (lines, post)]


def _alerts(state: State, words: Words) -> RichText:
    said = welcome_words(words.language)
    if not state.alerts:
        return RichText(said.no_alerts)
    count = words.count(words.alerts, state.alerts)
    if state.paused:
        count = f"{count}, {words.count(said.paused, state.paused)}"
    return fill(said.alerts, alerts=count)


def _digest(state: State, here: Here, words: Words) -> RichText:
    said = welcome_words(words.language)
    if not state.plans or state.next_digest is None:
        return RichText(said.no_digest)
    when = coming(state.next_digest, here, words)
    if len(state.plans) == 1:
        return fill(said.digest, times=when_of(state.plans[0], words), when=when)
    return fill(said.next_digest, digests=said.count(said.digests, len(state.plans)), when=when)
