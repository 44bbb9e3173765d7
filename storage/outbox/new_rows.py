"""New rows of the outbox by kind: their priority, and when they expire. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol, TypeAlias

from msgspec import Struct

from storage.outbox import outbox_keys
from storage.outbox.outbox_keys import AlertNames
from storage.payloads import AlertPayload, EditPayload, ListPayload, TallyPayload, TextPayload
from storage.records import (
    PRIORITY_ALERT,
    PRIORITY_ANSWER,
    PRIORITY_DIGEST,
    PRIORITY_UPDATE,
    Delivery,
    NewDelivery,
)
from storage.structs import replace

ALERT_KEPT_FOR = timedelta(days=7)
NOTICE_KEPT_FOR = timedelta(days=7)
TALLY_KEPT_FOR = timedelta(hours=1)


def answer(
    chat_id: int, key: str, payload: TextPayload, *, now: datetime, topic: int | None = None
) -> NewDelivery:
    """What somebody asked for, in a topic of a group: it has the highest priority."""
    return NewDelivery(
        chat_id=chat_id,
        kind="answer",
        key=key,
        payload=payload,
        priority=PRIORITY_ANSWER,
        due_at=now,
        created_at=now,
        topic=topic,
    )


def alert(
    chat_id: int,
    key: str,
    payload: AlertPayload,
    *,
    now: datetime,
    spare_key: str | None = None,
    due_at: datetime | None = None,
    bundle: str | None = None,
    story: str | None = None,
) -> NewDelivery:
    """A post that a saved query matched, or a change of it; due now unless ``due_at`` is given."""
    return NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=key,
        spare_key=spare_key,
        payload=payload,
        priority=PRIORITY_ALERT,
        due_at=now if due_at is None else due_at,
        created_at=now,
        expires_at=_until(now),
        bundle=bundle,
        story=story,
    )


@lru_cache(maxsize=8)
def _until(now: datetime) -> datetime:
    """When alerts of now expire: cached, for thousands share one time."""
    return now + ALERT_KEPT_FOR


class Matching(Protocol):
    """An alert that matched a post."""

    @property
    def id(self) -> int: ...
    @property
    def query(self) -> str: ...


class FanOut(Struct, frozen=True, kw_only=True):
    """The alerts of a post for many readers, all alike: ``rows`` that need not be made.

    ``matched``: by chat the alerts that the post matched; ``incarnations``: those of the chats.
    """

    doc_id: str
    names: AlertNames
    story: str
    matched: Mapping[int, Sequence[Matching]]
    incarnations: Mapping[int, str]
    now: datetime
    due_at: datetime
    bundle: str | None

    def rows(self) -> Iterator[NewDelivery]:
        """A row for each reader."""
        for chat_id, alerts in self.matched.items():
            key, spare_key = self.names.keys(chat_id, self.incarnations.get(chat_id, ""))
            pairs = tuple([(one.id, one.query) for one in alerts])
            yield alert(
                chat_id,
                key,
                AlertPayload(doc_id=self.doc_id, alerts=pairs),
                now=self.now,
                spare_key=spare_key,
                due_at=self.due_at,
                bundle=self.bundle,
                story=self.story,
            )

    def part(self, ids: Set[int]) -> tuple["FanOut", "FanOut"]:
        """The same for the readers of any of these alerts, and for the others."""
        theirs: dict[int, Sequence[Matching]] = {}
        others: dict[int, Sequence[Matching]] = {}
        for chat_id, alerts in self.matched.items():
            (theirs if any(one.id in ids for one in alerts) else others)[chat_id] = alerts
        return replace(self, matched=theirs), replace(self, matched=others)


New: TypeAlias = NewDelivery | FanOut
"""What is queued: a message, or one for each reader of a post."""


def rows_of(new: Iterable[New]) -> Iterator[NewDelivery]:
    """All rows, in order."""
    for one in new:
        if isinstance(one, FanOut):
            yield from one.rows()
        else:
            yield one


def post_of(one: New) -> str:
    """The post (``doc_id``) that alerts tell of."""
    return one.doc_id if isinstance(one, FanOut) else one.alert.doc_id


def list_alerts(new: Iterable[New]) -> Iterator[tuple[str, list[int]]]:
    """For each reader the post, and the ids of the reader's alerts that it matched."""
    for one in new:
        if isinstance(one, FanOut):
            for matching in one.matched.values():
                yield one.doc_id, [alert.id for alert in matching]
        else:
            yield one.alert.doc_id, one.alert.alert_ids


def digest(
    chat_id: int, key: str, payload: TextPayload, *, now: datetime, topic: int | None = None
) -> NewDelivery:
    """What a plan sends."""
    return NewDelivery(
        chat_id=chat_id,
        kind="digest",
        key=key,
        payload=payload,
        priority=PRIORITY_DIGEST,
        due_at=now,
        created_at=now,
        topic=topic,
    )


def notice(
    chat_id: int,
    event: str,
    payload: TextPayload,
    *,
    now: datetime,
    due_at: datetime | None = None,
    priority: int = PRIORITY_ALERT,
    topic: int | None = None,
) -> NewDelivery:
    """A notice of an event, sent once: ``event`` identifies it. It waits for a chat that cannot be
    reached."""
    return NewDelivery(
        chat_id=chat_id,
        kind="notice",
        key=outbox_keys.notice(chat_id, event),
        payload=payload,
        priority=priority,
        due_at=now if due_at is None else due_at,
        created_at=now,
        expires_at=now + NOTICE_KEPT_FOR,
        topic=topic,
    )


def bundle(
    chat_id: int,
    told: Sequence[Delivery],
    payload: ListPayload,
    *,
    now: datetime,
    name: str | None = None,
) -> NewDelivery:
    """One message in place of these alerts of a chat, all of one topic."""
    return NewDelivery(
        chat_id=chat_id,
        kind="bundle",
        key=outbox_keys.bundle(chat_id, [row.key for row in told]),
        payload=payload,
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        bundle=name,
        topic=told[0].topic,
    )


def update(
    chat_id: int,
    target: int,
    target_key: str,
    version: int,
    *,
    now: datetime,
    due_at: datetime,
    expires_at: datetime,
) -> NewDelivery:
    """The ``version``-th edit of the message of an alert."""
    return NewDelivery(
        chat_id=chat_id,
        kind="update",
        key=outbox_keys.update(target_key, version),
        payload=EditPayload(),
        priority=PRIORITY_UPDATE,
        due_at=due_at,
        created_at=now,
        expires_at=expires_at,
        target=target,
    )


def list_edit(
    target: Delivery, version: int, lines: int, *, now: datetime, due_at: datetime
) -> NewDelivery:
    """The ``version``-th edit of a list: it shows ``lines`` and has an alert's priority."""
    return NewDelivery(
        chat_id=target.chat_id,
        kind="update",
        key=outbox_keys.update(target.key, version),
        payload=EditPayload(lines=lines),
        priority=PRIORITY_ALERT,
        due_at=due_at,
        created_at=now,
        target=target.id,
    )


def tally(
    target: Delivery, count: int, *, is_silent: bool, now: datetime, due_at: datetime
) -> NewDelivery:
    """A message that says how many posts came to a list; sent after the edit that shows them."""
    return NewDelivery(
        chat_id=target.chat_id,
        kind="tally",
        key=outbox_keys.tally(target.key, due_at),
        payload=TallyPayload(count=count, silent=is_silent),
        priority=PRIORITY_UPDATE,
        due_at=due_at,
        created_at=now,
        expires_at=due_at + TALLY_KEPT_FOR,
        target=target.id,
        topic=target.topic,
    )
