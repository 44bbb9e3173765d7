"""The one door: every post, wherever it was read, is stored here together with its consequences.

One transaction stores a batch of posts, moves the cursors of the scans that read them, matches
them and queues a row for each recipient. There is no timer: when a commit ends, the next takes
whatever has queued meanwhile.
"""

import asyncio
import functools
import itertools
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot import alerting
from bot.saved_queries import Saved, SavedQueries
from handlers.normalize import language
from handlers.normalize import telethon as telethon_posts
from handlers.render.documents import published_moment
from handlers.stories import fingerprint
from storage import bundles, channels, documents, outbox, stories, updates
from storage.database import Connection, Database
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.errors import DatelineError, StorageError
from storage.records import PRIORITY_ALERT, Channel, NewDelivery, Stored

BATCH = 200
QUEUED_JOBS = 1000
# Up to so many posts are normalized on the event loop: more would hold up everything else.
INLINE_POSTS = 4
LATE_AFTER = timedelta(minutes=10)
LONGEST_WAIT = timedelta(days=7)
_WARM_UP = "Die Fähre legt wieder ab, sobald das Eis es erlaubt."

log = structlog.get_logger("intake")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as read: its message, or its messages where it is an album, or its ``document``.

    ``peers`` names those that the update brought along, by marked id. ``history``: if it is new
    to us it is old all the same, and raises no alert.
    """

    channel: Channel
    messages: tuple[Any, ...] = ()
    document: Document | None = None
    peers: Mapping[int, PostChannel] = field(default_factory=dict)
    history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """Messages that a channel says are deleted. ``channel_id`` is Telegram's bare positive id."""

    channel_id: int
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """A contiguous scan of the channel (row ``id``) has read everything up to ``message_id``.

    ``begins``: it is the first one, and all up to there is history. ``is_pushed``: what is new in
    it should have come by push, so it filled a gap.
    """

    id: int
    message_id: int
    scanned_at: datetime
    begins: bool = False
    is_pushed: bool = False


@dataclass(slots=True, kw_only=True)
class _Job:
    posts: Sequence[Post]
    deletion: Deletion | None
    advance: Advance | None
    done: asyncio.Future[list[Stored]]


class Intake:
    """Takes posts in. ``on_queued`` is called after a commit that added rows to the outbox;
    ``timezone`` is the zone of chats that chose none."""

    def __init__(
        self,
        database: Database,
        saved: SavedQueries,
        *,
        on_queued: Callable[[], None],
        timezone: str = "UTC",
    ) -> None:
        self._timezone = timezone
        self._database = database
        self._saved = saved
        self._on_queued = on_queued
        self._jobs: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._places = asyncio.BoundedSemaphore(QUEUED_JOBS)

    async def submit(
        self,
        posts: Sequence[Post] = (),
        *,
        deletion: Deletion | None = None,
        advance: Advance | None = None,
    ) -> list[Stored]:
        """Store and wait for the commit; gives what became of each post that could be read.

        Raises StorageError if nothing was stored. Waits for a place while too much is queued.
        """
        async with self._places:
            done: asyncio.Future[list[Stored]] = asyncio.get_running_loop().create_future()
            self._jobs.append(_Job(posts=posts, deletion=deletion, advance=advance, done=done))
            self._wake.set()
            return await done

    async def run(self) -> None:
        """Work for ever; cancel it to stop."""
        with ThreadPoolExecutor(1, "normalize") as worker:
            # The identifier loads its models when first asked: not while a post waits.
            worker.submit(language.identify, _WARM_UP)
            try:
                while True:
                    await self._wake.wait()
                    self._wake.clear()
                    while self._jobs:
                        await self._process(self._take(), worker)
            finally:
                for job in self._jobs:
                    job.done.cancel()

    def _take(self) -> list[_Job]:
        jobs = [self._jobs.popleft()]
        count = len(jobs[0].posts)
        while self._jobs and count + len(self._jobs[0].posts) <= BATCH:
            jobs.append(self._jobs.popleft())
            count += len(jobs[-1].posts)
        return jobs

    async def _process(self, jobs: list[_Job], worker: ThreadPoolExecutor) -> None:
        read = await self._normalize(jobs, worker)
        try:
            await self._commit(jobs, read)
        except StorageError as error:
            if len(jobs) > 1:
                # One bad job must not take its neighbours along.
                for job, documents_of_job in zip(jobs, read, strict=True):
                    await self._commit_alone(job, documents_of_job)
                return
            self._fail(jobs[0], error)
        except BaseException:
            for job in jobs:
                job.done.cancel()
            raise

    async def _commit_alone(self, job: _Job, read: list["_Read"]) -> None:
        try:
            await self._commit([job], [read])
        except StorageError as error:
            self._fail(job, error)

    def _fail(self, job: _Job, error: StorageError) -> None:
        places = [_place(post) for post in job.posts]
        log.error("posts were not stored", posts=places, error=str(error))
        if not job.done.done():
            job.done.set_exception(error)

    async def _normalize(self, jobs: list[_Job], worker: ThreadPoolExecutor) -> list[list["_Read"]]:
        if sum(len(job.posts) for job in jobs) <= INLINE_POSTS:
            return [_read_all(job.posts) for job in jobs]
        loop = asyncio.get_running_loop()
        work = [functools.partial(_read_all, job.posts) for job in jobs]
        return [await loop.run_in_executor(worker, part) for part in work]

    async def _commit(self, jobs: list[_Job], read: list[list["_Read"]]) -> None:
        now = datetime.now(UTC)
        flat = [item for part in read for item in part]
        async with self._database.transaction() as tx:
            stored, names = await _store(tx, flat, now)
            for job, outcomes in zip(jobs, _cut(stored, read), strict=True):
                if job.deletion:
                    await documents.mark_deleted(
                        tx,
                        channel_id=job.deletion.channel_id,
                        message_ids=job.deletion.message_ids,
                        noticed_at=now,
                    )
                if job.advance:
                    await _advance(tx, job.advance, outcomes)
            changed = await _changed_stories(tx, jobs, flat, stored, names)
            queued = await updates.add_updates(tx, changed, now=now) if changed else 0
            rows = await self._alert_rows(tx, flat, stored, names, now)
            told = {outcome.document.doc_id: outcome.document for outcome in stored}
            rows = await alerting.consider(tx, rows, told, timezone=self._timezone, now=now)
            queued += await outbox.add_deliveries(tx, rows) if rows else 0
        if queued:
            self._on_queued()
        self._tell(jobs, read, stored)

    def _tell(self, jobs: list[_Job], read: list[list["_Read"]], stored: list[Stored]) -> None:
        for item in stored:
            if item.outcome == "new":
                log.info("stored", post=item.document.doc_id)
        for job, outcomes in zip(jobs, _cut(stored, read), strict=True):
            if not job.done.done():
                job.done.set_result(outcomes)

    async def _alert_rows(
        self,
        tx: Connection,
        read: list["_Read"],
        stored: list[Stored],
        names: Mapping[int, str],
        now: datetime,
    ) -> list[NewDelivery]:
        rows = []
        for item, outcome in zip(read, stored, strict=True):
            alerts = await self._concerned(tx, item, outcome)
            if not alerts:
                continue
            by_chat: defaultdict[int, list[Saved]] = defaultdict(list)
            for alert in alerts:
                by_chat[alert.chat_id].append(alert)
            document, story = outcome.document, names[outcome.id]
            bundle = bundles.LATE if _is_late(document, now) else None
            rows += [
                _alert_row(chat_id, document, story, matched, bundle, now)
                for chat_id, matched in by_chat.items()
            ]
        return rows

    async def _concerned(self, tx: Connection, item: "_Read", outcome: Stored) -> list[Saved]:
        """The alerts that a post raises: when it is new, or an edit made it match."""
        if not len(self._saved):
            return []
        if outcome.outcome == "new":
            if item.history:
                return []
            return self._saved.matching(outcome.document, analysed=outcome.analysed)
        if not outcome.revised:
            return []
        former = await documents.list_revisions(tx, outcome.document.doc_id)
        return self._saved.matching(
            outcome.document,
            analysed=outcome.analysed,
            but_not=former[-1] if former else None,
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A post that could be read."""

    document: Document
    history: bool


def _cut(stored: list[Stored], read: list[list[_Read]]) -> list[list[Stored]]:
    """The outcomes of all posts, job by job."""
    rest = iter(stored)
    return [list(itertools.islice(rest, len(part))) for part in read]


async def _changed_stories(
    tx: Connection,
    jobs: Sequence[_Job],
    read: Sequence[_Read],
    stored: Sequence[Stored],
    names: Mapping[int, str],
) -> set[str]:
    """The stories that were told again, edited or deleted: their alerts say so from now on."""
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
    for job in jobs:
        if job.deletion:
            changed |= await updates.list_stories_of(
                tx, channel_id=job.deletion.channel_id, message_ids=job.deletion.message_ids
            )
    return changed


async def _advance(tx: Connection, advance: Advance, outcomes: list[Stored]) -> None:
    if advance.begins:
        await channels.begin_watching(tx, advance.id, advance.message_id, advance.scanned_at)
        return
    filled = [is_new for is_new, _ in itertools.groupby(item.outcome == "new" for item in outcomes)]
    await channels.advance_cursor(
        tx,
        advance.id,
        advance.message_id,
        advance.scanned_at,
        gaps=sum(filled) if advance.is_pushed else 0,
        posts=sum(item.outcome == "new" for item in outcomes) if advance.is_pushed else 0,
    )


def _read_all(posts: Sequence[Post]) -> list[_Read]:
    return [item for post in posts if (item := _read(post)) is not None]


def _read(post: Post) -> _Read | None:
    """A post's document. One that cannot be read is told in the log, and holds up no other."""
    if post.document is not None:
        return _Read(post.document, post.history)
    channel = PostChannel(
        id=post.channel.channel_id, username=post.channel.username, title=post.channel.title
    )
    try:
        document = telethon_posts.normalize(post.messages, channel=channel, peers=post.peers)
    except (DatelineError, ValueError, TypeError, LookupError, AttributeError) as error:
        log.error("a post cannot be read", post=_place(post), error=repr(error))
        return None
    return _Read(document, post.history)


def _place(post: Post) -> str:
    if post.document is not None:
        return post.document.doc_id
    ids = ",".join(str(getattr(message, "id", "?")) for message in post.messages)
    return f"{post.channel.channel_id}/{ids}"


async def _store(
    tx: Connection, read: list[_Read], now: datetime
) -> tuple[list[Stored], dict[int, str]]:
    """Store all, live ones and history apart: the outcomes in the order of ``read``, and the names
    of the stories by row id.
    """
    outcomes: dict[int, Stored] = {}
    names: dict[int, str] = {}
    for live in (True, False):
        places = [index for index, item in enumerate(read) if item.history is not live]
        if places:
            batch = [read[index].document for index in places]
            stored = await documents.store_documents(tx, batch, stored_at=now, live=live)
            outcomes.update(zip(places, stored, strict=True))
            names |= await stories.join_stories(tx, stored, fingerprint, now=now, live=live)
    return [outcomes[index] for index in range(len(read))], names


def _is_late(document: Document, now: datetime) -> bool:
    published = published_moment(document)
    return published is not None and now - published > LATE_AFTER


def _alert_row(
    chat_id: int,
    document: Document,
    story: str,
    alerts: Sequence[Saved],
    bundle: str | None,
    now: datetime,
) -> NewDelivery:
    return NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=f"alert:{chat_id}:{story}",
        payload={
            "doc_id": document.doc_id,
            "alerts": [[alert.id, alert.query] for alert in alerts],
        },
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        expires_at=now + LONGEST_WAIT,
        bundle=bundle,
        story=story,
    )
