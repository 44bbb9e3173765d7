"""What became of rows of the outbox: how each ends, and what is written of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivering import outcomes
from bot.telegram.retry import MAX_ATTEMPTS, NETWORK_DELAY, Failure, FailureKind, Verdict
from storage import database
from storage.connection import Database
from storage.outbox import bursts, new_rows, outbox, queueing
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload, EditPayload, Line, ListPayload, TextPayload
from storage.records import Delivery, DeliveryKind
from storage.stories import folded
from storage.stories.folded import Fold
from storage.structs import replace
from storage.subscribers import subscribers

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
ANN = 501
CHANNEL = -1_000_000_000_042


def row(kind: DeliveryKind, payload: Any = None, **fields: Any) -> Delivery:
    return Delivery(
        id=7,
        chat_id=ANN,
        kind=kind,
        key="key",
        random_id=9,
        payload=payload or TextPayload(text="Hello"),
        priority=1,
        due_at=NOW,
        state="queued",
        attempts=fields.pop("attempts", 1),
        created_at=NOW,
        **fields,
    )


LINES = tuple(Line(doc_id=f"tg:7/{number}") for number in range(12))


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (row("answer"), {"kind": "answer"}),
        (row("alert", AlertPayload(doc_id="tg:7/1")), {"kind": "alert", "post": "tg:7/1"}),
        (row("update", EditPayload(), story="tg:7/2"), {"kind": "update", "post": "tg:7/2"}),
        (row("update", EditPayload()), {"kind": "update"}),
        (
            row("bundle", ListPayload(posts=LINES[:10])),
            {"kind": "bundle", "post": ",".join(f"tg:7/{n}" for n in range(10))},
        ),
        (
            row("bundle", ListPayload(posts=LINES)),
            {"kind": "bundle", "post": ",".join(f"tg:7/{n}" for n in range(10)) + ",… (12)"},
        ),
    ],
)
def test_the_log_names_the_posts_that_a_row_tells_of(told: Delivery, named: Any) -> None:
    assert outcomes.about(told) == named


def test_an_edit_has_waits_of_its_own() -> None:
    edit, alert = row("update", EditPayload()), row("alert", AlertPayload(doc_id="tg:7/1"))
    assert (outcomes.is_edit(edit), outcomes.method_of(edit)) == (True, "edit")
    assert (outcomes.is_edit(alert), outcomes.method_of(alert)) == (False, "send")


@pytest.mark.parametrize(
    ("kind", "failure", "action"),
    [
        ("alert", "gone", "gone"),
        ("notice", "gone", "hold"),
        ("update", "gone", "gone"),
        ("answer", "refused", "dead"),
    ],
)
def test_each_kind_of_row_has_its_own_end(
    kind: DeliveryKind, failure: FailureKind, action: str
) -> None:
    outcome = outcomes.failed(row(kind), Failure(kind=failure, reason="WHY"))
    assert (outcome.verdict.action, outcome.reason) == (action, "WHY")
    assert not outcome.may_be_out


def test_an_edit_that_changes_nothing_is_made() -> None:
    failure = Failure(kind="refused", reason="MESSAGE_NOT_MODIFIED")
    assert outcomes.failed(row("update"), failure).verdict.action == "sent"
    assert outcomes.failed(row("alert"), failure).verdict.action == "dead"


@pytest.mark.parametrize("kind", ["timeout", "network", "server"])
def test_what_fails_on_its_way_may_be_out(kind: FailureKind) -> None:
    outcome = outcomes.failed(row("alert"), Failure(kind=kind, reason="x"))
    assert outcome.may_be_out
    assert outcome.verdict.blames is (kind == "server")


def test_an_outage_of_the_server_counts_against_no_row() -> None:
    failure = Failure(kind="server", reason="INTERNAL")
    tried = row("alert", attempts=MAX_ATTEMPTS)
    assert outcomes.failed(tried, failure).verdict.action == "dead"
    outcome = outcomes.failed(tried, failure, is_outage=True)
    assert (outcome.verdict.action, outcome.verdict.blames) == ("retry", False)


class Desk:
    """An outbox over a real database, and rows that are claimed from it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.gate = Outbox()

    async def claim(self, *posts: str) -> list[Delivery]:
        new = [
            new_rows.alert(ANN, post, AlertPayload(doc_id=post), now=NOW, story=post)
            for post in posts
        ]
        async with self.db.transaction() as tx:
            await queueing.add_deliveries(tx, new)
            until = NOW + timedelta(minutes=15)
            return await outbox.claim_due(tx, now=NOW, limit=99, lease_until=until, per_chat=99)

    async def write(self, *ended: outcomes.Outcome) -> None:
        async with self.db.transaction() as tx:
            await outcomes.write(tx, self.gate, ended)

    async def row(self, id: int) -> Delivery:
        async with self.db.reader() as conn:
            (found,) = await outbox.list_deliveries(conn, [id])
        return found


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=ANN, now=NOW)
    yield Desk(db)
    await db.close()


def end(told: Delivery, verdict: Verdict, **fields: Any) -> outcomes.Outcome:
    return outcomes.Outcome(row=told, verdict=verdict, at=NOW, reason="WHY", **fields)


SENT = Verdict(action="sent")


async def test_what_is_out_is_sent_under_its_number_and_known_as_our_own(desk: Desk) -> None:
    first, second, third = await desk.claim("tg:7/1", "tg:7/2", "tg:7/3")
    await desk.write(
        end(replace(first, chat_id=CHANNEL), SENT, message_id=31),
        end(second, SENT),
        end(third, Verdict(action="dead")),
    )
    rows = [await desk.row(one.id) for one in (first, second, third)]
    assert [one.state for one in rows] == ["sent", "sent", "dead"]
    assert [one.message_id for one in rows] == [31, None, None]
    assert [one.finished_at for one in rows[:2]] == [NOW, NOW]
    async with desk.db.reader() as conn:
        (own,) = await conn.fetch_all("SELECT chat_id, message_id FROM own_post")
    assert (own["chat_id"], own["message_id"]) == (CHANNEL, 31)


@pytest.mark.parametrize(
    ("blames", "may_be_out", "attempts"), [(True, False, 1), (False, False, 0), (False, True, 0)]
)
async def test_what_waits_has_what_stands_behind_it_wait_too(
    desk: Desk, blames: bool, may_be_out: bool, attempts: int
) -> None:
    first, second = await desk.claim("tg:7/1", "tg:7/2")
    verdict = Verdict(action="retry", delay=NETWORK_DELAY, blames=blames)
    await desk.write(end(first, verdict, rest=(second,), may_be_out=may_be_out))
    put_off, behind = await desk.row(first.id), await desk.row(second.id)
    due_at = NOW + timedelta(seconds=NETWORK_DELAY)
    assert (put_off.state, put_off.due_at, put_off.last_error) == ("queued", due_at, "WHY")
    assert (behind.state, behind.due_at, behind.last_error) == ("queued", due_at, "WHY")
    assert (put_off.tried_at is not None) is may_be_out
    assert behind.tried_at is None
    async with desk.db.transaction() as tx:
        later = await outbox.claim_due(
            tx, now=due_at, limit=9, lease_until=due_at + timedelta(minutes=1), per_chat=9
        )
    assert [one.attempts for one in later] == [attempts + 1, 1]


async def test_who_is_gone_gets_nothing_more(desk: Desk) -> None:
    first, second = await desk.claim("tg:7/1", "tg:7/2")
    await desk.write(end(first, Verdict(action="gone")))
    assert {(await desk.row(one.id)).state for one in (first, second)} == {"gone"}
    async with desk.db.reader() as conn:
        ann = await subscribers.find_subscriber(conn, ANN)
    assert ann is not None and not ann.active


async def test_a_notice_is_held_for_whom_it_is_to(desk: Desk) -> None:
    async with desk.db.transaction() as tx:
        await desk.gate.queue_notice(tx, ANN, "begin", TextPayload(text="Hello"), now=NOW)
        (notice,) = await outbox.claim_due(
            tx, now=NOW, limit=9, lease_until=NOW + timedelta(minutes=1)
        )
    await desk.write(end(notice, Verdict(action="hold")))
    held = await desk.row(notice.id)
    assert (held.state, held.last_error, held.due_at) == ("queued", "WHY", held.expires_at)


async def update_of(desk: Desk, target: Delivery) -> Delivery:
    """An edit of that message, claimed."""
    new = new_rows.update(
        ANN, target.id, target.key, 1, now=NOW, due_at=NOW, expires_at=NOW + timedelta(days=1)
    )
    async with desk.db.transaction() as tx:
        await queueing.add_deliveries(tx, [new])
        until = NOW + timedelta(minutes=1)
        (edit,) = await outbox.claim_due(tx, now=NOW, limit=9, lease_until=until)
    return edit


@pytest.mark.parametrize(("action", "closed"), [("close", 1), ("dead", 0)])
async def test_a_message_that_its_reader_deleted_is_edited_no_more(
    desk: Desk, action: Any, closed: int
) -> None:
    (alert,) = await desk.claim("tg:7/1")
    await desk.write(end(alert, SENT, message_id=31))
    edit = await update_of(desk, alert)
    await desk.write(end(edit, Verdict(action=action)))
    after = await desk.row(edit.id)
    assert (after.state, after.last_error) == ("dropped" if closed else "dead", "WHY")
    async with desk.db.reader() as conn:
        found = await conn.fetch_one("SELECT closed FROM delivery WHERE id = ?", (alert.id,))
    assert found is not None and found["closed"] == closed


@pytest.mark.parametrize(("is_out", "action"), [(False, "dead"), (True, "dead"), (True, "close")])
async def test_what_was_to_be_shown_in_a_message_is_told_where_that_fails(
    desk: Desk, is_out: bool, action: Any
) -> None:
    (alert,) = await desk.claim("tg:7/1")
    failed = alert
    if is_out:
        await desk.write(end(alert, SENT, message_id=31))
        failed = await update_of(desk, alert)
    copy = Fold(
        chat_id=ANN,
        story="tg:7/1",
        onto="tg:7/1",
        post="tg:8/1",
        key="copy",
        fresh=((0, 5),) if is_out else None,
        alerts=((1, "ferry"),),
    )
    async with desk.db.transaction() as tx:
        await folded.add_folds(tx, [copy], now=NOW)
    await desk.write(end(failed, Verdict(action=action)))
    async with desk.db.reader() as conn:
        found = await conn.fetch_all("SELECT post FROM whole_delivery WHERE state = 'queued'")
    assert [row["post"] for row in found] == ["tg:8/1"]


async def begin_list(desk: Desk) -> Delivery:
    """A list of two posts, claimed: one came alone within the minute."""
    (alone,) = await desk.claim("tg:7/0")
    await desk.write(end(alone, SENT, message_id=30))
    (made,) = await gather(desk, await desk.claim("tg:7/1", "tg:7/2"))
    return made


async def gather(desk: Desk, claimed: list[Delivery]) -> list[Delivery]:
    async with desk.db.transaction() as tx:
        return await bursts.gather(
            tx,
            claimed,
            await subscribers.list_by_chat(tx, [ANN]),
            burst_after=1,
            is_quiet=lambda *_: False,
            now=NOW,
            lease_until=NOW + timedelta(minutes=1),
        )


async def test_a_list_that_is_refused_is_told_post_by_post(desk: Desk) -> None:
    made = await begin_list(desk)
    assert (made.kind, made.bundle) == ("bundle", bursts.BURST)
    await desk.write(end(made, Verdict(action="dead")))
    after = await desk.row(made.id)
    assert (after.state, after.last_error, after.listed.posts) == ("dropped", "WHY", ())
    async with desk.db.reader() as conn:
        counts = await outbox.count_by_state(conn)
        tried = await conn.fetch_all(
            "SELECT 1 FROM delivery WHERE state = 'queued' AND tried_at IS NOT NULL"
        )
    assert counts == {"sent": 1, "dropped": 1, "queued": 2}
    assert len(tried) == 2  # they come alone


@pytest.mark.parametrize("action", ["close", "dead"])
async def test_lines_that_a_list_does_not_show_are_queued_where_it_is_edited_no_more(
    desk: Desk, action: Any
) -> None:
    made = await begin_list(desk)
    await desk.write(end(made, SENT, message_id=31))
    (third,) = await desk.claim("tg:7/3")
    assert await gather(desk, [third]) == []
    async with desk.db.transaction() as tx:
        later = NOW + bursts.EDIT_EVERY
        (edit,) = await outbox.claim_due(
            tx, now=later, limit=1, lease_until=later + timedelta(minutes=1)
        )
    assert (edit.kind, edit.target) == ("update", made.id)
    await desk.write(end(edit, Verdict(action=action)))
    shown, queued = await desk.row(made.id), await desk.row(third.id)
    assert [line.doc_id for line in shown.listed.posts] == ["tg:7/1", "tg:7/2"]
    assert (queued.state, queued.target, queued.tried_at) == ("queued", None, None)
