"""What an alert would have sent, with buttons to keep, narrow or drop it."""

from collections.abc import Sequence

from msgspec import Struct

from handlers.render.alerts.alert_page import NEW
from handlers.render.text.attachments import found_line
from handlers.render.text.cards import remove_button
from handlers.render.text.dates import Here
from handlers.render.text.headings import heading
from handlers.render.text.keyboards import ALERT_CHANNELS, data
from handlers.render.text.messages import (
    MESSAGE_UNITS,
    Button,
    Keyboard,
    Message,
    has_room,
    shorten,
    truncate,
)
from handlers.render.text.rich import RichText, code, fill, join, marked
from handlers.texts.cards import card_words
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from storage.document import Document
from storage.query import snippet
from storage.query.reading.syntax import Query
from storage.records import Alert

KEEP = "pk"
NARROW = "pn"
CHOOSE = "pw"
DROP = "pd"
UNDO = "pu"
AGAIN = "pb"

CHANNEL, LANGUAGE, ORIGINAL = "c", "l", "o"
CHANNELS = 4
LABEL_UNITS = 24
SNIPPET_UNITS = 300
DAYS = 7
"""How far back it is looked."""
OFTEN = 50
"""More alerts a day than this are more than anybody wants."""


class PastHits(Struct, frozen=True, kw_only=True):
    """The number of stories (``fired``; ``capped``: or more) and the ``latest`` posts. ``reach``:
    how far back the archive goes, if known; ``is_common``: the query finds a large share of all
    posts."""

    fired: int
    capped: bool
    latest: tuple[Document, ...]
    reach: RichText | None = None
    is_common: bool = False


class Sample(Struct, frozen=True, kw_only=True):
    """What the posts found have in common: channels (value and title), languages, forwards."""

    channels: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    forwards: bool


def past_hits_message(
    said: RichText,
    alert: Alert,
    query: Query,
    hits: PastHits | None,
    here: Here,
    words: Words,
) -> Message:
    """What was done, how often the alert would have fired (None: that took too long), the latest
    posts, and the buttons."""
    text = past_hits_text(said, query, hits, here, words)
    return Message(text, _new_rows(alert, words))


def past_hits_text(
    said: RichText, query: Query, hits: PastHits | None, here: Here, words: Words
) -> RichText:
    """What was done or is proposed, how often it would have fired, and the latest posts."""
    lines: list[RichText | str] = [said, _count(hits, words)]
    if hits is not None and hits.reach is not None:
        lines[-1] += " " + hits.reach
    if hits is not None and (caution := _caution(query, hits, words)) is not None:
        lines.append(caution)
    blocks = [join("\n", lines)]
    if hits is not None and hits.latest:
        blocks.append(RichText(querying_words(words.language).latest))
        blocks += [_entry(document, query, here, words) for document in hits.latest]
    return truncate(join("\n\n", blocks), MESSAGE_UNITS)


def narrowing_message(alert: Alert, sample: Sample | None, words: Words) -> Message:
    """What the alert can be narrowed to, as buttons."""
    said = querying_words(words.language)
    options = _options(alert, sample, words) if sample else []
    rows = tuple(tuple(options[start : start + 2]) for start in range(0, len(options), 2))
    lines = [RichText(said.narrow_more if rows else said.narrow_by_words)]
    asked = said.narrow_ask if rows else said.narrow_none
    lines.insert(0, fill(asked, query=code(alert.query)))
    return Message(join("\n", lines), (*rows, _keep_or_drop(alert, words)))


def restored_message(said: RichText, alert: Alert, words: Words) -> Message:
    """Says that an alert is back, with the buttons of a new one."""
    return Message(said, _new_rows(alert, words))


def _new_rows(alert: Alert, words: Words) -> Keyboard:
    """Below an alert that was made just now."""
    channels = Button(
        text=card_words(words.language).channels, data=data(ALERT_CHANNELS, alert.id, NEW, 0)
    )
    keep, narrow, drop = _keep_or_drop(alert, words, narrow=True)
    return ((keep, drop), (channels, narrow))


def _keep_or_drop(alert: Alert, words: Words, *, narrow: bool = False) -> tuple[Button, ...]:
    said = querying_words(words.language)
    keep = Button(text=said.keep, data=data(KEEP, alert.id))
    between = (Button(text=said.narrow, data=data(NARROW, alert.id)),) if narrow else ()
    return (keep, *between, remove_button(data(DROP, alert.id), words))


def _options(alert: Alert, sample: Sample, words: Words) -> list[Button]:
    said = querying_words(words.language)
    offered: list[tuple[str, str, str]] = []
    if len(sample.channels) > 1:
        offered += [(CHANNEL, value, title) for value, title in sample.channels[:CHANNELS]]
    known = [language for language in sample.languages if language in said.languages]
    if len(sample.languages) > 1:
        offered += [(LANGUAGE, language, said.languages[language]) for language in known]
    if sample.forwards:
        offered.append((ORIGINAL, "-", said.only_original))
    return _buttons(alert, offered)


def _buttons(alert: Alert, offered: Sequence[tuple[str, str, str]]) -> list[Button]:
    return [
        Button(text=shorten(label, LABEL_UNITS), data=chosen)
        for kind, value, label in offered
        if has_room(chosen := data(CHOOSE, alert.id, kind, value))
    ]


def _count(hits: PastHits | None, words: Words) -> str:
    said = querying_words(words.language)
    if hits is None:
        return said.preview_slow
    if hits.capped:
        return fill(said.fired_many, n=said.number(max(hits.fired - 1, 1))).text
    return words.count(said.fired, hits.fired) if hits.fired else said.fired_never


def _caution(query: Query, hits: PastHits, words: Words) -> RichText | None:
    """A warning that the alert would send all day, with what helps; None if it would not."""
    said, a_day = querying_words(words.language), hits.fired // DAYS
    if a_day < OFTEN and not hits.is_common:
        return None
    first = said.common if hits.is_common else said.often
    example = code(f"/digest {words.samples['daily']} {query.written}")
    counted = fill(first, n=said.number(a_day)) if first is said.often else RichText(first)
    return join(" ", (counted, fill(said.rarer, example=example)))


def _entry(document: Document, query: Query, here: Here, words: Words) -> RichText:
    cut = snippet.snippet(document, query)
    flat = "".join(" " if character.isspace() else character for character in cut.text)
    text = truncate(marked(flat, cut.spans), SNIPPET_UNITS).stripped()
    found = truncate(found_line(snippet.mark_attached(document, query), words), SNIPPET_UNITS)
    lines = (heading(document, here, words), text, found)
    return join("\n", [line for line in lines if line])
