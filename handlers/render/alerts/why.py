"""The answer to ``/why``: which alerts a post matches, or nearly; whether it was sent, and if not,
why."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from handlers.render.alerts.alerts import queries_line
from handlers.render.alerts.misses import faults_text
from handlers.render.alerts.story_lines import AlertDetails, detail_lines
from handlers.render.text.dates import Here, coming, moment
from handlers.render.text.headings import address, channel_name, heading, published_moment
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, code, fill, join, link
from handlers.texts.alerts.alert_lines import alert_lines_words
from handlers.texts.alerts.why import WhyWords, why_words
from handlers.texts.words import Words
from handlers.times.fates import Fate, Silence
from storage.document import Document
from storage.documents import redactions
from storage.query.explain import Fault
from storage.query.tree import Query
from storage.records import Alert

LATE = timedelta(minutes=10)
NEAREST = 5
QUERY_UNITS = 80

Unstored: TypeAlias = Literal[
    "unwatched", "unread", "unreadable", "aside", "older", "own", "absent"
]
"""Why a post is not stored."""


class Miss(Struct, frozen=True, kw_only=True):
    """An alert that a post does not match, with the conditions that fail."""

    alert: Alert
    query: Query
    faults: tuple[Fault, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """What is known of a post for a chat.

    ``matching``: the alerts that it matches; else ``misses``: the nearest ones of ``count``;
    ``formerly``: those that it matched when it was sent, and does not now; ``fate``: what became of
    its message, or of the message about ``host`` at which it is counted (``is_added``: with what is
    new in it; ``is_event``: as a post of the same event); ``silences``: why there is no message;
    ``read_at``: when the post was read; ``is_watched``: it was not read as history.
    """

    document: Document
    read_at: datetime
    is_watched: bool
    count: int
    matching: tuple[Alert, ...] = ()
    formerly: tuple[Alert, ...] = ()
    misses: tuple[Miss, ...] = ()
    fate: Fate | None = None
    host: Document | None = None
    is_added: bool = False
    is_event: bool = False
    silences: tuple[tuple[Silence, Alert | None], ...] = ()
    message_url: str | None = None


def why_message(found: Explanation, here: Here, words: Words) -> Message:
    """The answer; a reply to the message about the post if there is one."""
    said = why_words(words.language)
    details = AlertDetails(late=_lateness(found))
    lines = [
        heading(found.document, here, words),
        *_redaction(found.document),
        *detail_lines(
            found.document, details, here=here, words=words, said=alert_lines_words(words.language)
        ),
        *_matching(found, here, words, said),
        *_became(found, here, words, said),
    ]
    reply_to = found.fate.message_id if found.fate else None
    return Message(join("\n", lines), reply_to=reply_to)


def _redaction(document: Document) -> list[RichText]:
    """When and why a post's text was taken out, where it was."""
    return [RichText(document.title or "")] if redactions.is_redacted(document) else []


def _lateness(found: Explanation) -> float | None:
    """How many seconds after it was posted a post that matches could be read, where that is long
    and it was watched."""
    posted_at = published_moment(found.document)
    concerns = found.is_watched and (found.matching or found.fate)
    if posted_at is None or not concerns or found.read_at - posted_at < LATE:
        return None
    return (found.read_at - posted_at).total_seconds()


def _matching(found: Explanation, here: Here, words: Words, said: WhyWords) -> list[RichText]:
    lines = []
    if found.matching:
        lines.append(fill(said.matches, queries=queries_line(found.matching)))
    if found.formerly:
        lines.append(fill(said.matched, queries=queries_line(found.formerly)))
    if not found.count:
        lines.append(RichText(words.alerts_none))
    if lines or not found.misses:
        return lines
    faults = [
        faults_text(miss.faults, miss.query, found.document, here=here, words=words, said=said)
        for miss in found.misses
    ]
    rows = [
        join(" — ", (_query(miss.alert), line))
        for miss, line in zip(found.misses, faults, strict=True)
    ]
    left = found.count - len(rows)
    more = [RichText(said.more.format(n=left))] if left else []
    title = said.none if found.count == 1 else said.none_of.format(n=found.count)
    return [RichText(title), *rows, *more]


def _became(found: Explanation, here: Here, words: Words, said: WhyWords) -> list[RichText]:
    lines = []
    if found.host is not None:
        other = said.counted if found.is_event else said.folded
        sentence = said.added if found.is_added else other
        lines.append(fill(sentence, post=_post(found.host, words)))
    if found.fate is not None:
        lines.append(_fate(found.fate, found.message_url, here, words, said))
    for silence, alert in found.silences:
        line = fill(
            said.silences[silence],
            query=_query(alert) if alert else "",
            channel=channel_name(found.document, words),
            when=moment(found.read_at, here, words),
        )
        lines.append(line)
    return lines


def _fate(fate: Fate, url: str | None, here: Here, words: Words, said: WhyWords) -> RichText:
    when: RichText | str = ""
    if fate.at is not None:
        when = (coming if fate.at > here.now else moment)(fate.at, here, words)
    if fate.message_id is not None:
        when = link(when, url)
    hold = said.holds[fate.hold].format(number=fate.number)
    error = code(shorten(fate.error or "?", QUERY_UNITS))
    return fill(said.fates[fate.how], when=when, hold=hold, error=error)


def _post(document: Document, words: Words) -> RichText:
    return link(channel_name(document, words), address(document))


def _query(alert: Alert) -> RichText:
    return code(shorten(alert.query, QUERY_UNITS))


def unstored_message(why: Unstored, channel: str, cursor: int, words: Words) -> Message:
    """Why a post is not in the archive. ``channel``: the channel's name; ``cursor``: the last
    message number that was read."""
    said = why_words(words.language).unstored[why]
    command = code("dateline problems")
    return Message(fill(said, channel=channel, cursor=cursor, command=command))
