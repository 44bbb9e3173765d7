"""The outbox rows of a post's alerts: created, then changed by the settings of their readers.

Readers mute channels, snooze alerts, keep quiet hours and set limits, so a row is sent at once,
held for later, sent silently, or dropped. This runs inside the transaction that stores the posts
and reads the settings there: a post and what is decided about it are committed together, and a
setting holds from the moment it is saved.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.intake.folding import Folding, Sorted
from bot.intake.once import Once, prepare
from bot.intake.saved_queries import Saved
from handlers.render.text.headings import published_moment
from handlers.stories.placing import Wording
from handlers.times import alert_timing
from handlers.times.alert_timing import Decision
from storage.channels import chat_ids
from storage.connection import Connection, fetch_groups
from storage.document import Document
from storage.outbox import bundles, held, outbox_keys
from storage.outbox.bundles import Restored
from storage.outbox.new_rows import FanOut, New, list_alerts, post_of, rows_of
from storage.records import Alert, NewDelivery, Subscriber, Told
from storage.stories import folded
from storage.stories.folded import ChatStory
from storage.stories.slices import in_slices
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers

LATE_AFTER = timedelta(minutes=10)


def fan_out(
    document: Document,
    story: str,
    matched: Mapping[int, Sequence[Saved]],
    readers: Mapping[int, str],
    *,
    restored: Restored | None,
    now: datetime,
) -> FanOut:
    """The rows for the chats in ``matched`` (chat id → its alerts that the post matches).

    ``story``: the name of the post's story. ``readers``: the incarnations of the chats (chat id →
    random name, part of a row's key). ``restored``: when the database was found to be an older
    copy, which may have been ahead.
    """
    published_at = published_moment(document)
    bundle, due_at = _when_told(published_at, restored, now)
    return FanOut(
        doc_id=document.doc_id,
        names=outbox_keys.alert_names(document, published_at),
        story=story,
        matched=matched,
        incarnations=readers,
        now=now,
        due_at=due_at,
        bundle=bundle,
    )


def _when_told(
    published_at: datetime | None, restored: Restored | None, now: datetime
) -> tuple[str | None, datetime]:
    """The bundle of a post that was read just now (None: it is sent by itself), and when the row is
    due."""
    if published_at is None:
        return None, now
    if restored is not None and restored.doubts(published_at, now=now):
        return bundles.AWAY, max(now, restored.told_at)
    return bundles.LATE if now - published_at > LATE_AFTER else None, now


async def decide(
    tx: Connection,
    new: Sequence[New],
    documents: Mapping[str, Document],
    folding: Folding,
    *,
    timezone: str,
    now: datetime,
) -> tuple[Sequence[New], Sorted]:
    """Decide which of the alert rows of new posts are queued, and how: as they are, as follow-ups,
    silent, or held in a bundle; and what becomes of those that are looked at row by row.

    ``documents`` are the rows' posts by ``doc_id``; ``timezone`` is the IANA zone of chats that
    chose none. For recipients without settings this costs one query for all of them together, and
    they get no row each here if nobody was sent of the post's story before.
    """
    own = _Own(documents)
    new = [left for one in new if (left := own.without(one)) is not None]
    if not new:
        return (), Sorted()
    by_post = await _list_alerts(new)
    stories = {one.story for one in new if one.story is not None}
    settings, told = await _read_settings(tx, new, by_post, documents, now, stories)
    apart, plain = _part(new, by_post, settings.touched, {story for _, _, story in told})
    outcome = await _decide_rows(
        tx, rows_of(apart), told, documents, folding, settings, timezone=timezone, now=now
    )
    places = {post_of(one): place for place, one in enumerate(new)}
    both: tuple[Sequence[New], ...] = (outcome.rows, plain)
    queued = [*heapq.merge(*both, key=lambda one: places[post_of(one)])]
    return queued, outcome


def _part(
    new: Sequence[New], by_post: Mapping[str, Set[int]], touched: Set[int], told: Set[str]
) -> tuple[list[New], list[FanOut]]:
    """What is looked at row by row, and what is queued as it is: of posts whose story was not told
    before, and that are the only new one of it, those for readers of whose alerts none is
    ``touched`` by a setting."""
    apart: list[New] = []
    plain: list[FanOut] = []
    places = {(one.story, post_of(one)) for one in new}
    of_story = Counter(story for story, _ in places)
    # A post may come twice, the second time edited: then rows keep the order.
    is_each_one = len(places) == len(new)
    for one in new:
        is_first = is_each_one and of_story[one.story] == 1 and one.story not in told
        if not isinstance(one, FanOut) or not is_first:
            apart.append(one)
        elif by_post[one.doc_id].isdisjoint(touched):
            plain.append(one)
        else:
            concerned, others = one.part(touched)
            apart.append(concerned)
            plain += [others] if others.matched else []
    return apart, plain


async def _decide_rows(
    tx: Connection,
    made: Iterable[NewDelivery],
    told: Mapping[ChatStory, Sequence[Told]],
    documents: Mapping[str, Document],
    folding: Folding,
    settings: "_Settings",
    *,
    timezone: str,
    now: datetime,
) -> Sorted:
    rows = [row async for part in in_slices(made) for row in settings.by_topic(part)]

    def decide_row(row: NewDelivery, *, is_told: bool = True) -> NewDelivery | None:
        if not settings.touched or not settings.concerns(row):
            return row
        document = documents[row.alert.doc_id]
        return settings.decide(row, document, timezone, now, is_told=is_told)

    once = await _prepare_once(tx, rows, documents, folding, settings, now)
    outcome = await folding.sort(tx, rows, documents, told, decide_row, once=once, now=now)
    outcome.ringing = once.ringing if once is not None else []
    await alerts.note_times_told(tx, settings.newly_told)
    due = [
        row
        async for part in in_slices(outcome.folded)
        for one in part
        if settings.concerns(one) and (row := decide_row(one, is_told=False)) is not None
    ]
    await held.bring_forward(tx, due, now=now)
    return outcome


async def _prepare_once(
    tx: Connection,
    rows: Sequence[NewDelivery],
    documents: Mapping[str, Document],
    folding: Folding,
    settings: "_Settings",
    now: datetime,
) -> Once | None:
    """What judges rows of alerts that ring once per event; None if no row has such an alert."""
    ids = {alert.id for alert in settings.alerts.values() if alert.once}
    posts = {row.alert.doc_id for row in _of_any(ids, rows)}
    if not posts:
        return None

    async def read(needed: Set[str]) -> Mapping[str, Wording]:
        return await folding.read_wordings(tx, needed, documents, now)

    return await prepare(tx, ids, {post: documents[post] for post in posts}, read, now=now)


async def decide_each(
    tx: Connection,
    rows: Sequence[NewDelivery],
    documents: Mapping[str, Document],
    *,
    timezone: str,
    now: datetime,
) -> list[NewDelivery]:
    """The rows that are to be queued, changed by their recipients' settings; nothing is folded."""
    own = _Own(documents)
    rows = [row for row in rows if not own.is_told_to(row)]
    settings, _ = await _read_settings(tx, rows, await _list_alerts(rows), documents, now)
    rows = settings.by_topic(rows)
    decided = [
        settings.decide(row, documents[row.alert.doc_id], timezone, now, is_told=True)
        if settings.concerns(row)
        else row
        for row in rows
    ]
    await alerts.note_times_told(tx, settings.newly_told)
    return [row for row in decided if row is not None]


@dataclass(slots=True, kw_only=True)
class _Settings:
    """The settings that concern some rows. ``alerts``: the alerts that have settings of their own,
    by id; ``touched``: ids of those, and of the alerts that leave out a row's channel (``muted``:
    their ids by the channel's name); ``told``: when alerts with an hourly limit sent something in
    the last hour; ``newly_told``: what is to be added to that."""

    alerts: Mapping[int, Alert]
    touched: Set[int]
    subscribers: Mapping[int, Subscriber]
    muted: Mapping[str, set[int]]
    told: dict[int, list[datetime]]
    newly_told: list[tuple[int, datetime]] = field(default_factory=list)

    def by_topic(self, rows: Sequence[NewDelivery]) -> list[NewDelivery]:
        """The rows, each split by the forum topics that its alerts are sent to: a reader of one
        topic need not read the others."""
        placed = {id for id, alert in self.alerts.items() if alert.topic is not None}
        if not placed:
            return list(rows)
        split: list[NewDelivery] = []
        for row in rows:
            split += [row] if placed.isdisjoint(row.alert.alert_ids) else self._split(row)
        return split

    def _split(self, row: NewDelivery) -> Iterator[NewDelivery]:
        by_topic: defaultdict[int | None, list[tuple[int, str]]] = defaultdict(list)
        for id, query in row.alert.alerts:
            alert = self.alerts.get(id)
            by_topic[alert.topic if alert else None].append((id, query))
        for topic, alerts_there in by_topic.items():
            yield replace(
                row,
                key=outbox_keys.in_topic(row.key, topic),
                spare_key=row.spare_key and outbox_keys.in_topic(row.spare_key, topic),
                payload=replace(row.alert, alerts=tuple(alerts_there)),
                topic=topic,
            )

    def concerns(self, row: NewDelivery) -> bool:
        """Whether any setting may change a row."""
        return not self.touched.isdisjoint(row.alert.alert_ids)

    def decide(
        self,
        row: NewDelivery,
        document: Document,
        timezone: str,
        now: datetime,
        *,
        is_told: bool,
    ) -> NewDelivery | None:
        """The row as it is to be queued, or None. ``is_told``: it counts toward hourly limits."""
        subscriber = self.subscribers.get(row.chat_id)
        if subscriber is None:
            return row
        decision = alert_timing.decide(
            subscriber,
            [self.alerts.get(id) or _plain(id, query, row) for id, query in row.alert.alerts],
            timezone=subscriber.timezone or timezone,
            muted=self.muted.get(mutes.name_of(document.channel) or "", ()),
            told=self.told,
            now=now,
        )
        if decision is None:
            return None
        if is_told:
            self._note(decision)
        return _decided(row, decision)

    def _note(self, decision: Decision) -> None:
        """Count a row toward the hourly limits of its alerts; a bundle counts once, at the time
        that it is due."""
        for alert in decision.alerts:
            if alert.hourly_limit is None:
                continue
            told = self.told.setdefault(alert.id, [])
            if decision.held and decision.due_at in told:
                continue
            told.append(decision.due_at)
            told.sort()
            self.newly_told.append((alert.id, decision.due_at))


class _Own(dict[str, int | None]):
    """Maps a post (``doc_id``) to the chat that it was posted in; None if that chat's id is not
    known."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        super().__init__()
        self._documents = documents

    def __missing__(self, doc_id: str) -> int | None:
        channel = self._documents[doc_id].channel
        number = channel.id if channel is not None else None
        chat = self[doc_id] = None if number is None else chat_ids.of_channel(number)
        return chat

    def is_told_to(self, row: NewDelivery) -> bool:
        """Whether a row would send a chat a post from that same chat."""
        return self[row.alert.doc_id] == row.chat_id

    def without(self, one: New) -> New | None:
        """What is left without such rows; None if nothing is."""
        if not isinstance(one, FanOut):
            return None if self.is_told_to(one) else one
        own = self[one.doc_id]
        if own not in one.matched:
            return one
        others = {chat_id: saved for chat_id, saved in one.matched.items() if chat_id != own}
        return replace(one, matched=others) if others else None


def _decided(row: NewDelivery, decision: Decision) -> NewDelivery:
    payload = replace(
        row.alert,
        alerts=tuple((alert.id, alert.query) for alert in decision.alerts),
        silent=row.alert.silent or decision.silent,
        urgent=row.alert.urgent or any(alert.urgent for alert in decision.alerts),
    )
    if not decision.held:
        return replace(row, payload=payload)
    bundle = held.bundle_name(decision.due_at)
    return replace(row, payload=payload, due_at=decision.due_at, bundle=bundle)


def _plain(alert_id: int, query: str, row: NewDelivery) -> Alert:
    """An alert without settings."""
    return Alert(id=alert_id, chat_id=row.chat_id, query=query, created_at=row.created_at)


async def _read_settings(
    tx: Connection,
    new: Sequence[New],
    by_post: Mapping[str, Set[int]],
    documents: Mapping[str, Document],
    now: datetime,
    stories: Set[str] = frozenset(),
) -> tuple[_Settings, Mapping[ChatStory, list[Told]]]:
    """The settings, and in the same hop what was told of the stories."""
    by_channel = _by_channel(by_post, documents)
    ids = sorted(set[int]().union(*by_post.values()))
    with_settings, muting, *got = await fetch_groups(
        tx,
        alerts.settings_queries(ids),
        mutes.muting_queries(by_channel),
        *folded.told_queries(stories),
    )
    changed = alerts.read_with_settings(with_settings)
    muted = mutes.read_muting_each(muting, by_channel)
    since = now - alert_timing.HOUR
    limited = [alert.id for alert in changed.values() if alert.hourly_limit is not None]
    touched = changed.keys() | {id for muting in muted.values() for id in muting}
    concerned = (one for one in new if not touched.isdisjoint(by_post[post_of(one)]))
    chats = {row.chat_id for row in _of_any(touched, rows_of(concerned))}
    await alerts.forget_times_told(tx, limited, until=since)
    readers = await subscribers.list_by_chat(tx, sorted(chats))
    times = await alerts.list_times_told(tx, limited, since=since)
    settings = _Settings(
        alerts=changed, touched=touched, subscribers=readers, muted=muted, told=times
    )
    return settings, await folded.read_told(*got)


def _of_any(ids: Set[int], rows: Iterable[NewDelivery]) -> list[NewDelivery]:
    """The rows that any of these alerts (ids) matched."""
    return [row for row in rows if not ids.isdisjoint(row.alert.alert_ids)] if ids else []


async def _list_alerts(new: Sequence[New]) -> dict[str, set[int]]:
    """The ids of the alerts that matched each post (``doc_id``)."""
    by_post: defaultdict[str, set[int]] = defaultdict(set)
    async for part in in_slices(list_alerts(new)):
        for post, ids in part:
            by_post[post].update(ids)
    return by_post


def _by_channel(
    by_post: Mapping[str, Set[int]], documents: Mapping[str, Document]
) -> dict[str, set[int]]:
    """The alerts that matched posts of each channel, by the name under which it is left out."""
    by_channel: defaultdict[str, set[int]] = defaultdict(set)
    for doc_id, ids in by_post.items():
        name = mutes.name_of(documents[doc_id].channel)
        if name is not None:
            by_channel[name].update(ids)
    return by_channel
