"""The queue that every post goes through, whatever its source, and the transaction that stores it.

One transaction stores a batch of posts, moves the cursors of the scans that read them, matches them
with the alerts, and adds the alerts' rows to the outbox. There is no timer: when a commit ends, the
next one takes whatever has queued meanwhile, so batches grow with the load.
"""

import asyncio
import itertools
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import structlog

from bot.intake import alert_rows, batch, changes
from bot.intake.asides import Asides
from bot.intake.batch import Job, Part, Read, cut, part_of
from bot.intake.events import Events
from bot.intake.folding import Folding
from bot.intake.own_words import OwnWords
from bot.intake.posts import (
    Advance,
    Deletion,
    ElsewhereError,
    Others,
    Post,
    Refused,
    StoppedError,
)
from bot.intake.saved_queries import Saved, SavedQueries
from bot.intake.too_old import TooOld
from handlers.normalize.post import language
from storage.backoff import backoff
from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents, problems
from storage.documents.authors import Authors
from storage.errors import DamagedError, UnavailableError
from storage.outbox.bundles import Restored
from storage.outbox.gate import Outbox
from storage.outbox.new_rows import FanOut, New, post_of
from storage.records import Stored
from storage.stories import event_told, folded
from storage.stories.slices import in_slices, uncollected
from storage.structs import replace
from storage.subscribers import subscribers

BATCH = 200
QUEUED_JOBS = 1000
# The most posts that are normalized on the event loop: more would hold up everything else.
INLINE_POSTS = 4
MATCHED_AT_ONCE = 8
"""The posts that are matched before the event loop gets a turn: some milliseconds."""
LONGEST_PAUSE = 5.0
"""The most seconds between two tries to commit while the machine refuses."""
# These say nothing against what was to be stored.
_NOBODYS_FAULT = (UnavailableError, DamagedError, MemoryError)

log = structlog.get_logger("intake")


class Intake:
    """Stores posts. ``outbox``: where their alerts are queued; ``timezone``: the IANA zone of chats
    that chose none; ``asides``: decides about posts that cannot be stored; ``others``: finds the
    channels that another process reads."""

    def __init__(
        self,
        database: Database,
        saved: SavedQueries,
        *,
        outbox: Outbox | None = None,
        timezone: str = "UTC",
        asides: Asides | None = None,
        authors: Authors = Authors(),  # noqa: B008  (it cannot be changed)
        own: OwnWords | None = None,
        too_old: TooOld | None = None,
        others: Others | None = None,
    ) -> None:
        self._others = others
        self._too_old = too_old or TooOld()
        self._timezone = timezone
        self._folding = Folding()
        self.events = Events()
        self._asides = asides or Asides()
        self._authors = authors
        self._own = own or OwnWords(database)
        self._database = database
        self._saved = saved
        self._outbox = outbox or Outbox()
        self._jobs: deque[Job] = deque()
        self._is_held = False
        self._wake = asyncio.Event()
        self._places = asyncio.BoundedSemaphore(QUEUED_JOBS)
        # What was published before may have been told already.
        self.restored: Restored | None = None

    async def submit(
        self,
        posts: Sequence[Post] = (),
        *,
        deletion: Deletion | None = None,
        advance: Advance | None = None,
    ) -> list[Stored]:
        """Queue posts, wait for their commit, and return the outcome of each post that was stored.

        Left out are the bot's own messages and commands to it, posts older than they are kept, and
        posts that were set aside. ``deletion`` and ``advance`` are committed with the posts. Raises
        StoppedError if some posts have to wait for a better version (the others are stored),
        StorageError if nothing was stored. While the queue is full it waits; but a push (no
        ``advance``) is refused with UnavailableError while commits fail: a scan will read it again.
        """
        if self._is_held and advance is None and self._places.locked():
            raise UnavailableError("too much waits to be stored", cause="disk", where="intake")
        posts = await self._own.others(posts)
        async with self._places:
            done: asyncio.Future[list[Stored]] = asyncio.get_running_loop().create_future()
            self._jobs.append(Job(posts=posts, deletion=deletion, advance=advance, done=done))
            self._wake.set()
            return await done

    def drop(self, row: int, *, asked: bool = False) -> None:
        """Note that a channel (its row id), or its history (``asked``), is no longer read."""
        self._asides.drop(row, asked=asked)

    async def run(self) -> None:
        """Process the queue until cancelled."""
        with ThreadPoolExecutor(1, "normalize") as worker:
            # The identifier loads its model when first asked: not while a post waits.
            worker.submit(_warm_up)
            try:
                while True:
                    await self._wake.wait()
                    self._wake.clear()
                    while self._jobs:
                        await self._process(self._take(), worker)
            finally:
                for job in self._jobs:
                    job.done.cancel()

    def _take(self) -> list[Job]:
        jobs = [self._jobs.popleft()]
        count = len(jobs[0].posts)
        while self._jobs and count + len(self._jobs[0].posts) <= BATCH:
            jobs.append(self._jobs.popleft())
            count += len(jobs[-1].posts)
        return jobs

    async def _process(self, jobs: list[Job], worker: ThreadPoolExecutor) -> None:
        parts: list[Part] = []
        try:
            try:
                parts = await self._normalize(jobs, worker)
                await self._commit(parts)
            except ElsewhereError as error:
                await self._without(error, jobs, worker)
            except _NOBODYS_FAULT as error:
                _fail(jobs, error)
            except Exception as error:
                log.warning("not taken in together", error=repr(error))
                for job, part in zip(jobs, parts, strict=True):
                    await self._take_apart(job, part)
            else:
                for job, part in zip(jobs, parts, strict=True):
                    self._finish(job, part)
        except BaseException:
            for job in jobs:
                job.done.cancel()
            raise

    async def _without(
        self, error: ElsewhereError, jobs: list[Job], worker: ThreadPoolExecutor
    ) -> None:
        """Process the jobs that have nothing of the channels that another process reads; fail the
        others with ``error``."""
        left = [job for job in jobs if error.rows.isdisjoint(job.rows())]
        for job in jobs:
            if job not in left and not job.done.done():
                job.done.set_exception(error)
        if left:
            await self._process(left, worker)

    async def _take_apart(self, job: Job, part: Part) -> None:
        """Store the posts of a job one by one, so that one that is refused does not fail the
        others."""
        rest = replace(part, read=[], refused=[*part.refused], stored=[])
        try:
            for item in part.read:
                alone = Part(read=[item])
                try:
                    await self._commit([alone])
                except _NOBODYS_FAULT:
                    raise
                except Exception as error:
                    # It is logged where it is set aside.
                    rest.refused.append(
                        Refused(post=item.post, error=error, document=item.document)
                    )
                else:
                    rest.stored += alone.stored
            if rest.is_wanting:
                await self._commit([rest])
        except Exception as error:
            _fail([job], error)
        else:
            self._finish(job, rest)

    async def _commit(self, parts: list[Part]) -> None:
        """Commit. While the disk or another process prevents that, keep these posts in memory and
        retry; later posts wait in the queue."""
        failed = 0
        while True:
            try:
                with uncollected():
                    await self._commit_now(parts)
            except UnavailableError as error:
                if error.cause == "memory" or isinstance(error, ElsewhereError):
                    raise
                failed += 1
                self._is_held = True
                await asyncio.sleep(min(LONGEST_PAUSE, backoff(failed)))
            else:
                self._is_held = False
                return

    async def _normalize(self, jobs: list[Job], worker: ThreadPoolExecutor) -> list[Part]:
        if sum(len(job.posts) for job in jobs) <= INLINE_POSTS:
            return [part_of(job) for job in jobs]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(worker, lambda: [part_of(job) for job in jobs])

    async def _commit_now(self, parts: list[Part]) -> None:
        expected = [*self._saved.expected(), *batch.expected(parts), *self.events.expected()]
        async with self._database.transaction(expected=expected) as tx:
            # Taken in the writer's turn: what is stored later is stored at a later time.
            now = datetime.now(UTC)
            await self._refuse_others(tx, parts)
            await self._too_old.leave_out(tx, parts, now)
            flat = [item for part in parts for item in part.read]
            await self._saved.follow(tx)
            stored, names = await batch.store(tx, flat, now, self._authors, self.events)
            await self._asides.forget(tx, [item.post for item in flat])
            outcomes_of = cut(stored, parts)
            gone: list[Document] = []
            for part, outcomes in zip(parts, outcomes_of, strict=True):
                gone += await self._settle(tx, part, outcomes, now)
            changed = await changes.list_stories(tx, parts, flat, stored, names)
            if changed:
                await self._outbox.queue_updates(tx, changed, now=now)
            new = await self._alert_rows(tx, flat, stored, names, now)
            told = {outcome.document.doc_id: outcome.document for outcome in stored}
            queued, outcome = await alert_rows.decide(
                tx, new, told, self._folding, timezone=self._timezone, now=now
            )
            await self._outbox.queue_alerts(tx, queued)
            edited = [one for item, one in zip(flat, stored, strict=True) if not item.history]
            await changes.tell(
                tx, self._outbox, edited, gone, self._saved, timezone=self._timezone, now=now
            )
            await event_told.note(tx, outcome.ringing)
            if outcome.folds:
                await folded.add_folds(tx, outcome.folds, now=now)
                await folded.hasten(tx, outcome.folds, now=now)
                hosts = await folded.list_hosts(tx, outcome.folds)
                await self._outbox.queue_updates_of(tx, hosts, now=now)
                self._outbox.wake()
        for part, outcomes in zip(parts, outcomes_of, strict=True):
            # The words were for the matcher; held on to, they would only be looked through.
            part.stored += [replace(outcome, analysed=None) for outcome in outcomes]
        _log(stored, queued)

    async def _refuse_others(self, tx: Connection, parts: list[Part]) -> None:
        """Raise ElsewhereError if anything is of a channel that another process reads."""
        if self._others is None:
            return
        rows = frozenset(itertools.chain.from_iterable(part.rows() for part in parts))
        elsewhere = await self._others(tx, rows) if rows else None
        if elsewhere:
            raise ElsewhereError(elsewhere)

    async def _settle(
        self, tx: Connection, part: Part, outcomes: list[Stored], now: datetime
    ) -> list[Document]:
        """Write what a job has beside its posts (deletion, cursor, problems) and decide about its
        refused posts; returns the documents that were deleted."""
        gone: list[Document] = []
        if part.deletion:
            gone = await documents.mark_deleted(
                tx,
                channel_id=part.deletion.channel_id,
                message_ids=part.deletion.message_ids,
                noticed_at=now,
            )
        if part.refused:
            part.judged = await self._asides.judge(tx, part.refused, advance=part.advance, now=now)
        if part.advance:
            held = [number for one in part.judged.held for number in one.post.ids]
            reached = min([part.advance.message_id, *(number - 1 for number in held)])
            part.reached = reached
            advance = replace(part.advance, message_id=reached)
            await batch.advance(tx, advance, [*part.stored, *outcomes])
        if part.problems:
            failed = {one.post.problem for one in part.refused}
            await problems.remove_problems(tx, sorted(part.problems - failed))
        return gone

    def _finish(self, job: Job, part: Part) -> None:
        """Give a job's waiting caller its result."""
        self._asides.settle(part.judged, goes_on=batch.goes_on(job))
        if job.done.done():
            return
        if part.judged.held:
            job.done.set_exception(
                StoppedError(part.judged.held, stored=part.stored, reached=part.reached)
            )
        else:
            job.done.set_result(part.stored)

    async def _alert_rows(
        self,
        tx: Connection,
        read: list[Read],
        stored: list[Stored],
        names: Mapping[int, str],
        now: datetime,
    ) -> list[FanOut]:
        matches = []
        async for few in in_slices(zip(read, stored, strict=True), MATCHED_AT_ONCE):
            for item, outcome in few:
                by_chat: defaultdict[int, list[Saved]] = defaultdict(list)
                for alert in await self._concerned(tx, item, outcome):
                    by_chat[alert.chat_id].append(alert)
                if by_chat:
                    matches.append((outcome, by_chat))
        restored = self.restored
        made = [
            alert_rows.fan_out(one.document, names[one.id], found, {}, restored=restored, now=now)
            for one, found in matches
        ]
        tx.expect(*batch.expected_of(made))
        chats = sorted({chat_id for one in made for chat_id in one.matched})
        readers = await subscribers.list_incarnations(tx, chats)
        return [replace(one, incarnations=readers) for one in made]

    async def _concerned(self, tx: Connection, item: Read, outcome: Stored) -> list[Saved]:
        """The alerts that a post raises: those it matches if it is new, those it newly matches if
        it was edited."""
        if not len(self._saved) or outcome.document.kind == "service":
            return []
        if outcome.outcome == "new":
            if item.history:
                return []
            return self._saved.matching(outcome.document, analysed=outcome.analysed)
        # What comes from a file, or was history, tells nobody of an edit when it is tried again.
        if not outcome.revised or (item.history and item.post.problem is not None):
            return []
        former = await documents.list_revisions(tx, outcome.document.doc_id)
        matching = self._saved.matching(
            outcome.document,
            analysed=outcome.analysed,
            but_not=former[-1] if former else None,
        )
        if not matching or not self._saved.asks_for_changes:
            return matching
        # Those that match for being edited tell of the edit itself.
        told = {alert.id for alert in self._saved.telling_of(outcome.document, "edited")}
        return [alert for alert in matching if alert.id not in told]


def _warm_up() -> None:
    missing = language.load()
    if missing is not None:
        log.warning("languages are told by signs alone", reason=missing)


def _fail(jobs: list[Job], error: Exception) -> None:
    """Fail all these jobs with an error; nothing of them was stored."""
    for job in jobs:
        log.error("posts were not stored", posts=[p.place for p in job.posts], error=str(error))
        if not job.done.done():
            job.done.set_exception(error)


def _log(stored: Sequence[Stored], queued: Sequence[New]) -> None:
    for item in stored:
        if item.outcome == "new":
            log.info("stored", post=item.document.doc_id)
    chats_of = Counter[str]()
    for one in queued:
        chats_of[post_of(one)] += len(one.matched) if isinstance(one, FanOut) else 1
    for post, chats in chats_of.items():
        log.info("queued", post=post, chats=chats)
