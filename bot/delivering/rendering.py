"""Making messages of outbox rows, in their reader's language and time zone, when they are sent."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct, field

from handlers.alerts.bundles import read_bundle, read_burst
from handlers.alerts.counted import read_counted
from handlers.render.alerts import alerts
from handlers.render.alerts.bundles import tally_message
from handlers.render.alerts.changes import change_text
from handlers.render.alerts.story_lines import AlertDetails, Counted
from handlers.render.text.attachments import preview_address
from handlers.render.text.dates import here_in
from handlers.render.text.headings import published_moment
from handlers.render.text.keyboards import (
    below_alert,
    event_row,
    folded_below_alert,
    opening,
    undo_below,
)
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.languages import language_of, words_of
from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents
from storage.errors import DatelineError, NotFoundError
from storage.outbox import bundles, bursts, outbox
from storage.payloads import AlertPayload, EditPayload, Matched, TallyPayload
from storage.records import Alert, Delivery, Subscriber
from storage.stories import folded, stories
from storage.structs import replace
from storage.subscribers import alerts as stored_alerts
from storage.subscribers import removed_alerts, subscribers

OTHERS = 50
"""The most other posts of a story that are looked at."""


class UnreadableRowError(DatelineError):
    """A row that cannot be rendered: it is dead, others go on."""


class NotYetError(DatelineError):
    """An update of a message that is still being sent."""


class PointlessError(DatelineError):
    """An update of a message that does not exist, or may not be edited any more."""


class _Post(Struct, frozen=True):
    """A post with what alerts of it need, and the texts made so far, by what they differ in."""

    document: Document
    others: tuple[Document, ...]
    revisions: Sequence[Document]
    texts: dict[tuple[object, ...], RichText] = field(default_factory=dict)


class Renderer:
    """Makes messages. ``language`` and ``timezone`` are for those who set none."""

    def __init__(self, database: Database, *, language: str, timezone: str) -> None:
        self._database = database
        self._language = language
        self._timezone = timezone
        self._posts: dict[tuple[str, str | None], asyncio.Task[_Post]] = {}

    def refresh(self) -> None:
        """Drop cached posts: rows were claimed that may be newer than they are."""
        self._posts.clear()

    async def render(
        self,
        row: Delivery,
        subscriber: Subscriber | None,
        *,
        standing: frozenset[int] | None = None,
        lines: int | None = None,
    ) -> Message:
        """The message of a row. Raises UnreadableRowError, or StorageError to try again.

        Days are named as seen when it is sent; of a message that is out, as they were then.
        ``standing``: the alerts that an alert's buttons may name, all of its own for None;
        ``lines``: how many of a list that grows are shown, those that it begins with for None.
        """
        try:
            if row.kind == "alert":
                return await self._alert(row, subscriber, standing)
            if row.kind == "bundle":
                return await self._bundle(row, subscriber, lines)
            if row.kind == "tally":
                if not isinstance(row.payload, TallyPayload):
                    raise ValueError("it is no tally")
                return tally_message(row.payload.count, self._reader_of(subscriber)[0])
            return Message.from_payload(row.text)
        except (ValueError, LookupError, TypeError, AttributeError, NotFoundError) as error:
            raise UnreadableRowError(f"a row that cannot be read: {error!r}") from error

    async def render_update(
        self, row: Delivery, subscriber: Subscriber | None
    ) -> tuple[int, Message]:
        """What an update makes of a message: its id in the chat, and the whole of it anew.

        Raises NotYetError, PointlessError, and what ``render`` raises.
        """
        async with self._database.reader() as conn:
            found = await outbox.list_deliveries(conn, [row.target or 0])
            kept = await stored_alerts.list_alerts(conn, row.chat_id)
        target = found[0] if found else None
        if target is not None and target.state == "queued":
            raise NotYetError("the message is not out yet")
        if target is None or target.state != "sent" or target.message_id is None:
            raise PointlessError("there is no message to update")
        standing = frozenset(alert.id for alert in kept)
        lines = row.payload.lines if isinstance(row.payload, EditPayload) else None
        message = await self.render(target, subscriber, standing=standing, lines=lines)
        return target.message_id, message

    async def render_again(self, row_id: int) -> Message | None:
        """The message of an alert that is out, as it is now; None where it can't be read."""
        async with self._database.reader() as conn:
            found = await outbox.list_deliveries(conn, [row_id])
            if not found:
                return None
            subscriber = await subscribers.find_subscriber(conn, found[0].chat_id)
            kept = await stored_alerts.list_alerts(conn, found[0].chat_id)
        told = found[0].payload
        if isinstance(told, AlertPayload):
            self._posts.pop((told.doc_id, found[0].story), None)
        try:
            standing = frozenset(alert.id for alert in kept)
            return await self.render(found[0], subscriber, standing=standing)
        except UnreadableRowError:
            return None

    async def find_followed(self, row: Delivery) -> int | None:
        """The number in its chat of the message that a follow-up or a tally answers, if it is
        there. Raises NotYetError where that is to be out first."""
        follows = row.payload.follows if isinstance(row.payload, AlertPayload) else None
        if row.kind != "tally" and follows is None:
            return None
        async with self._database.reader() as conn:
            if row.kind == "tally":
                target = next(iter(await outbox.list_deliveries(conn, [row.target or 0])), None)
                if target is not None and target.state == "queued":
                    raise NotYetError("the list is not out yet")
                return target.message_id if target is not None else None
            told_in = [row.story or ""]
            if row.alert.once:  # it may answer a message about another story of its event
                told_in.append(await stories.find_story(conn, follows or ""))
            return await folded.find_message(
                conn, row.chat_id, told_in, follows or "", topic=row.topic
            )

    async def _alert(
        self, row: Delivery, subscriber: Subscriber | None, standing: frozenset[int] | None
    ) -> Message:
        language, timezone = self._reader_of(subscriber)
        told = row.alert
        matched = _alerts(row, told.alerts)
        doc_id = told.doc_id
        post = await self._read_post(doc_id, row.story)
        late, now = _lateness(row, post.document), _read_at(row)
        day = now.astimezone(here_in(timezone, now).zone).date()
        copy = await self._find_standing(row) if post.document.deleted_at else None
        copied = copy and copy.doc_id
        change = (told.change, told.since)
        queries = tuple(alert.query for alert in matched)
        counted = await self._count(row) if told.once else None
        key = (queries, language, timezone, day, late, copied, change, counted)
        text = post.texts.get(key) if told.follows is None else None
        if text is None:
            first = next(iter(post.revisions), None)
            details = AlertDetails(
                others=post.others, first=first, late=late, copy=copy, counted=counted
            )
            if told.follows is not None:
                details = await self._following(row, told.follows, details)
            former = _former(row, post)
            written = partial(alerts.alert_text, details=details)
            if former is not None:
                written = partial(change_text, former=former)
            text = written(post.document, matched, language=language, timezone=timezone, now=now)
        if told.follows is None:  # a follow-up is written for its reader alone
            post.texts[key] = text
        is_channel = subscriber is not None and subscriber.is_channel
        below = folded_below_alert if is_channel else below_alert
        named = [alert for alert in matched if standing is None or alert.id in standing]
        opened, words = opening(post.document, copy), words_of(language)
        keyboard = below(opened, named, words)
        keyboard += undo_below(opened, named, words, await self._find_removed(row))
        if counted is not None and not is_channel:
            keyboard += event_row(counted.posts, words)
        return Message(text, keyboard, preview=preview_address(opened))

    async def _find_removed(self, row: Delivery) -> int | None:
        """The alert that was removed below a message that is out, and can be put back there."""
        if row.message_id is None:
            return None
        async with self._database.reader() as conn:
            return await removed_alerts.find_below(
                conn, row.chat_id, row.message_id, now=datetime.now(UTC)
            )

    async def _count(self, row: Delivery) -> Counted | None:
        """The posts of the same event that its message counts."""
        async with self._database.reader() as conn:
            return await read_counted(conn, row.id)

    async def _find_standing(self, row: Delivery) -> Document | None:
        async with self._database.reader() as conn:
            return await folded.find_standing(conn, row.id)

    async def _following(self, row: Delivery, followed: str, details: AlertDetails) -> AlertDetails:
        """What a follow-up says beside its post: what it follows, and what was added to it."""
        async with self._database.reader() as conn:
            added = await folded.list_added(conn, row.id)
            found = await documents.find_documents(conn, [followed, *(post for post, _ in added)])
        return replace(
            details,
            follows=found.get(followed),
            fresh=row.alert.fresh,
            news=row.alert.news,
            added=tuple((found[post], fresh) for post, fresh in added if post in found),
        )

    async def _bundle(
        self, row: Delivery, subscriber: Subscriber | None, lines: int | None
    ) -> Message:
        language, timezone = self._reader_of(subscriber)
        in_channel = subscriber is not None and subscriber.is_channel
        async with self._database.reader() as conn:
            if row.bundle == bursts.BURST:
                lines = (row.listed.first or 0) if lines is None else lines
                message = await read_burst(
                    conn, row, lines, in_channel, language=language, timezone=timezone
                )
            else:
                page = None if in_channel else 0
                message = await read_bundle(
                    conn, row, page, language=language, timezone=timezone, now=_read_at(row)
                )
        if message is None:
            raise UnreadableRowError("a bundle of posts that are not there")
        return message

    def language_for(self, subscriber: Subscriber | None) -> str:
        """The language that a chat is written to in."""
        return self._reader_of(subscriber)[0]

    def _reader_of(self, subscriber: Subscriber | None) -> tuple[str, str]:
        language = language_of(subscriber.language if subscriber else None, self._language)
        return language, (subscriber.timezone if subscriber else None) or self._timezone

    async def _read_post(self, doc_id: str, story: str | None) -> _Post:
        """One reading for all recipients, who wait for it together and go on together."""
        reading = self._posts.get((doc_id, story))
        if reading is None:
            reading = asyncio.create_task(self._read(doc_id, story))
            self._posts[doc_id, story] = reading
        return reading.result() if reading.done() else await reading

    async def _read(self, doc_id: str, story: str | None) -> _Post:
        async with self._database.reader() as conn:
            document = await documents.get_document(conn, doc_id)
            others = await _others(conn, document, story) if story else ()
            former = await documents.list_revisions(conn, doc_id)
        return _Post(document, others, former)


def _former(row: Delivery, post: _Post) -> Document | None:
    """What a post said before the change that a row tells of; None where that is no edit."""
    if row.alert.change != "edited" or row.alert.since is None:
        return None
    since = row.alert.since
    return post.revisions[since] if 0 <= since < len(post.revisions) else None


async def _others(conn: Connection, document: Document, story: str) -> tuple[Document, ...]:
    ids = (await stories.list_members(conn, story))[:OTHERS]
    if len(ids) < 2:
        return ()
    found = await documents.list_documents(conn, ids)
    members = [found[id] for id in ids if id in found]
    return tuple(member for member in members if member.doc_id != document.doc_id)


def _read_at(row: Delivery) -> datetime:
    """When a message is first seen: Telegram dates it so, also when it is updated later."""
    return row.finished_at or datetime.now(UTC)


def _lateness(row: Delivery, document: Document) -> float | None:
    """How many seconds late a post was read that was missed at first."""
    posted_at = published_moment(document)
    if row.bundle not in (bundles.LATE, bundles.AWAY) or posted_at is None:
        return None
    return _seconds(posted_at, row.created_at)


def _seconds(first: datetime, last: datetime) -> float:
    return (last - first).total_seconds()


def _alerts(row: Delivery, matched: Matched) -> list[Alert]:
    """The alerts as they were when the post came in: they may have been removed since."""
    return [
        Alert(id=alert_id, chat_id=row.chat_id, query=query, created_at=row.created_at)
        for alert_id, query in matched
    ]
