"""Once per event: which posts of an event go into a message that the reader has already.

Runs inside the transaction that stores the posts, after they were put into events; skipped if no
alert of the batch rings once per event.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence, Set
from datetime import datetime

from handlers.stories import news, officials
from handlers.stories.once import Compared, Into, Judge, Wanted
from handlers.stories.placing import Wording
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.records import EventMessage, NewDelivery
from storage.stories import event_told
from storage.stories.event_told import ChatEvent, Ringing
from storage.stories.folded import Fold
from storage.structs import replace


class Once:
    """Judges rows by what their readers were sent of events, and records the rows that are queued.

    ``alerts``: ids of the alerts that ring once per event; ``events``: the event ids of posts by
    ``doc_id``; ``got``: the messages that chats were sent of these events; ``posts``: the wordings
    and claims of those messages' posts and of the new ones.
    """

    def __init__(
        self,
        alerts: Collection[int],
        events: Mapping[str, int],
        got: Mapping[ChatEvent, Sequence[EventMessage]],
        posts: Mapping[str, Compared],
        *,
        now: datetime,
    ) -> None:
        self._alerts, self._events, self._now = alerts, events, now
        self._judge = Judge(posts)
        self._got: defaultdict[ChatEvent, list[EventMessage]] = defaultdict(list)
        for place, told in got.items():
            self._got[place] = list(told)
        self.ringing: list[Ringing] = []

    def concerns(self, row: NewDelivery) -> bool:
        """Whether any alert of a row rings once per event."""
        return any(id in self._alerts for id in row.alert.alert_ids)

    def place(self, row: NewDelivery, decided: NewDelivery | None) -> NewDelivery | Fold:
        """The row as it is to be queued (unchanged, or as a follow-up), or the fold into an earlier
        message. ``decided``: the row after its reader's settings, None if those drop it."""
        event = self._events.get(row.alert.doc_id)
        if decided is None or event is None or not self._is_for_these(decided):
            return row
        told, got = decided.alert, self._got[row.chat_id, row.topic, event]
        if not got:
            return row
        wanted = Wanted(alerts=told.alert_ids, silent=told.silent)
        judged = self._judge.decide(told.doc_id, got, wanted, now=self._now)
        if isinstance(judged, Into):
            return _fold(row, judged.message, decided)
        if judged.after is None or row.alert.follows is not None:
            return row
        payload = replace(
            row.alert,
            follows=judged.after.post,
            fresh=judged.fresh,
            news=judged.reason,
            silent=row.alert.silent or not judged.rings,
        )
        return replace(row, payload=payload)

    def _is_for_these(self, decided: NewDelivery) -> bool:
        """Whether all alerts of a row ring once per event; a row with any other alert is sent as
        usual."""
        return all(id in self._alerts for id in decided.alert.alert_ids)

    def note(self, row: NewDelivery) -> NewDelivery:
        """Record that a row is queued; returns it marked as a message that may take in later posts
        of its event."""
        alerts = [id for id in row.alert.alert_ids if id in self._alerts]
        event = self._events.get(row.alert.doc_id)
        if not alerts or event is None or row.story is None:
            return row
        told = row.alert
        self.ringing.append(Ringing(row.chat_id, row.story, told.doc_id, alerts, row.topic))
        message = EventMessage(
            story=row.story,
            post=told.doc_id,
            alerts=frozenset(alerts),
            at=self._now,
            follows=told.follows is not None,
            silent=told.silent,
            takes=row.bundle is None,
        )
        self._got[row.chat_id, row.topic, event].append(message)
        return replace(row, payload=replace(told, once=True))


async def prepare(
    tx: Connection,
    alerts: Collection[int],
    new: Mapping[str, Document],
    read: Callable[[Set[str]], Awaitable[Mapping[str, Wording]]],
    *,
    now: datetime,
) -> Once:
    """Read what is needed to judge the posts in ``new`` (``doc_id`` → document); ``read`` returns
    the words of posts."""
    of_posts = await event_told.list_events(tx, new.keys())
    got = await event_told.list_messages(tx, of_posts.values(), now=now)
    shown = {one.post for told in got.values() for one in told}
    known = {event for _, _, event in got}
    times = Counter(of_posts.values())
    judged = {post for post, event in of_posts.items() if event in known or times[event] > 1}
    wordings = await read(shown | judged)
    said = await channels.list_official(tx)
    posts = {
        post: compared_of(
            wording, is_official=post in new and officials.is_official(new[post], said)
        )
        for post, wording in wordings.items()
    }
    return Once(alerts, of_posts, got, posts, now=now)


def compared_of(wording: Wording, *, is_official: bool) -> Compared:
    """What a post says, in comparable form. Claims are clear only in the languages whose words are
    known."""
    claims = news.read(wording.own, start=wording.start)
    is_known = news.is_known(wording.language, wording.own)
    return Compared(
        claims=claims if is_known else replace(claims, is_clear=False),
        channel=wording.channel,
        is_official=is_official,
        attached=wording.attached,
        wording=wording,
    )


def _fold(row: NewDelivery, host: EventMessage, decided: NewDelivery) -> Fold:
    return Fold(
        chat_id=row.chat_id,
        story=host.story,
        onto=host.post,
        post=row.alert.doc_id,
        key=row.spare_key or row.key,
        alerts=decided.alert.alerts,
        is_event=True,
        topic=row.topic,
    )
