"""Alerts of edits and deletions: who gets one, and how often.

Only alerts that ask for ``is:edited`` or ``is:deleted`` report the change itself. Runs inside the
transaction that stores the change.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.intake import alert_rows
from bot.intake.batch import Part, Read
from bot.intake.saved_queries import Change, Saved, SavedQueries
from handlers.alerts.changes import is_news
from storage.connection import Connection
from storage.document import Document
from storage.documents.documents import list_revisions
from storage.outbox import changes, new_rows, outbox_keys, updates
from storage.outbox.changes import GONE
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.records import NewDelivery, Stored
from storage.structs import replace
from storage.subscribers import subscribers

RINGS_AFTER = timedelta(minutes=10)
"""For changes of one post a reader gets at most one message with sound within this time."""
MOST_ALONE = 3
"""The most deletions of a channel within that time that are sent one by one; more become a list."""
TOGETHER = timedelta(seconds=30)


class Changed(Struct, frozen=True, kw_only=True):
    """A post that was edited (``former``: its previous version, ``since``: the number of that
    revision) or deleted (``former`` is None)."""

    document: Document
    former: Document | None = None
    since: int = 0

    @property
    def change(self) -> Change:
        return "deleted" if self.former is None else "edited"

    @property
    def name(self) -> str:
        """The change's part of an outbox key: unique by what the post said before and says now."""
        if self.former is None:
            return f"deleted/{self.document.content_hash}"
        at = self.document.edited_at or ""
        return f"edited/{self.former.content_hash}/{self.document.content_hash}/{at}"


def concerned(saved: SavedQueries, changed: Changed) -> list[Saved]:
    """The alerts that ask for this kind of change and match the post, as it is now or was
    before."""
    found = {alert.id: alert for alert in saved.telling_of(changed.document, changed.change)}
    if changed.former is not None:
        found |= {alert.id: alert for alert in saved.telling_of(changed.former, changed.change)}
    return [found[id] for id in sorted(found)]


async def list_stories(
    tx: Connection,
    parts: Sequence[Part],
    read: Sequence[Read],
    stored: Sequence[Stored],
    names: Mapping[int, str],
) -> set[str]:
    """The names of stories whose sent alerts must be updated: a post of theirs was edited or
    deleted, or another copy of it was stored."""
    changed = {
        names[outcome.id]
        for item, outcome in zip(read, stored, strict=True)
        if outcome.revised
        or (
            outcome.outcome == "new"
            and not item.history
            and names[outcome.id] != outcome.document.doc_id
        )
    }
    for part in parts:
        if part.deletion:
            changed |= await updates.list_stories_of(
                tx, channel_id=part.deletion.channel_id, message_ids=part.deletion.message_ids
            )
    return changed


async def tell(
    tx: Connection,
    outbox: Outbox,
    stored: Sequence[Stored],
    gone: Sequence[Document],
    saved: SavedQueries,
    *,
    timezone: str,
    now: datetime,
) -> None:
    """Queue alerts about the edits among ``stored`` (which leaves out history) and about the
    deleted posts in ``gone``."""
    if not saved.asks_for_changes:
        return
    changed = [Changed(document=document) for document in gone]
    for outcome in stored:
        former = await list_revisions(tx, outcome.document.doc_id) if outcome.revised else []
        if former:
            since = len(former) - 1
            changed.append(Changed(document=outcome.document, former=former[-1], since=since))
    await _queue(tx, outbox, changed, saved, timezone=timezone, now=now)


async def _queue(
    tx: Connection,
    outbox: Outbox,
    changed: Sequence[Changed],
    saved: SavedQueries,
    *,
    timezone: str,
    now: datetime,
) -> None:
    """Queue the alerts about these changes."""
    matches: list[tuple[Changed, Mapping[int, Sequence[Saved]]]] = []
    for one in changed:
        await asyncio.sleep(0)  # A cleared channel may be thousands.
        if one.document.kind == "service" or (
            one.former is not None and not is_news(one.former, one.document)
        ):
            continue
        by_chat: defaultdict[int, list[Saved]] = defaultdict(list)
        for alert in concerned(saved, one):
            by_chat[alert.chat_id].append(alert)
        if by_chat:
            matches.append((one, by_chat))
    if not matches:
        return
    chats = sorted({chat_id for _, by_chat in matches for chat_id in by_chat})
    readers = await subscribers.list_incarnations(tx, chats)
    told = [row for one, by_chat in matches for row in _rows(one, by_chat, readers, now)]
    known = {one.document.doc_id: one.document for one, _ in matches}
    told = await alert_rows.decide_each(tx, told, known, timezone=timezone, now=now)
    await _pace(tx, outbox, told, known, readers, now)


def _rows(
    one: Changed,
    by_chat: Mapping[int, Sequence[Saved]],
    readers: Mapping[int, str],
    now: datetime,
) -> Iterator[NewDelivery]:
    for chat_id, alerts in by_chat.items():
        payload = AlertPayload(
            doc_id=one.document.doc_id,
            alerts=tuple((alert.id, alert.query) for alert in alerts),
            change=one.change,
            since=one.since,
        )
        key = outbox_keys.change(one.document, chat_id, readers.get(chat_id, ""), one.name)
        yield new_rows.alert(chat_id, key, payload, now=now)


async def _pace(
    tx: Connection,
    outbox: Outbox,
    told: Sequence[NewDelivery],
    known: Mapping[str, Document],
    readers: Mapping[int, str],
    now: datetime,
) -> None:
    """Queue rows so that no post sounds too often and no channel's deletions flood a chat."""
    added = list[NewDelivery]()
    gone: defaultdict[tuple[int, str], list[NewDelivery]] = defaultdict(list)
    for row in told:
        document, reader = known[row.alert.doc_id], readers.get(row.chat_id, "")
        begun = outbox_keys.changes_of(document, row.chat_id, reader)
        of_post = outbox_keys.in_topic(begun, row.topic)
        rung = await changes.list_changes(tx, row.chat_id, of_post, since=now - RINGS_AFTER)
        out = [one for one in rung if one.state != "bundled" and ":edited/" in one.key]
        if row.alert.change == "deleted":
            begun = outbox_keys.changes_in(document, row.chat_id, reader)
            of_channel = outbox_keys.in_topic(begun, row.topic)
            gone[row.chat_id, of_channel].append(_silent(row) if out else row)
        elif out and out[-1].versions < updates.MOST_VERSIONS:
            await outbox.queue_updates_of(tx, [out[-1].id], now=now)
        else:
            added.append(_silent(row) if out else row)
    for (chat_id, of_channel), deleted in gone.items():
        added += await _gathered(tx, chat_id, of_channel, deleted, now)
    await outbox.queue_alerts(tx, added)


def _silent(row: NewDelivery) -> NewDelivery:
    return replace(row, payload=replace(row.alert, silent=True))


async def _gathered(
    tx: Connection, chat_id: int, of_channel: str, rows: Sequence[NewDelivery], now: datetime
) -> list[NewDelivery]:
    """The deletions of one channel for one chat: unchanged while they are few, otherwise put into
    one list."""
    told = await changes.list_changes(tx, chat_id, of_channel, since=now - RINGS_AFTER)
    before = sum(":deleted/" in one.key for one in told)
    if before + len(rows) <= MOST_ALONE:
        return list(rows)
    bundle = GONE + of_channel
    due_at = await changes.find_list_due(tx, chat_id, bundle, now=now)
    if due_at is None:
        due_at = now + (TOGETHER if before <= MOST_ALONE else RINGS_AFTER)
    return [row if row.bundle else replace(row, bundle=bundle, due_at=due_at) for row in rows]
