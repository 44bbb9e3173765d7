"""The outcomes of rows of the outbox (sent, retried, given up), and how they are recorded."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from msgspec import Struct

from bot.telegram import retry
from storage.channels import own_posts
from storage.connection import Connection
from storage.outbox import bursts, handed_on, notices, outbox, sent_before, updates
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload, ListPayload
from storage.records import Delivery
from storage.structs import replace

NAMED = 10
"""The most posts of a list that are named in the log."""

log = structlog.get_logger("deliver")


class Outcome(Struct, frozen=True, kw_only=True):
    """The outcome of a row, to be recorded; ``rest`` are the rows that wait behind one that is
    retried. ``may_be_out``: it failed, but may have arrived; ``is_told``: the cause is logged
    elsewhere."""

    row: Delivery
    verdict: retry.Verdict
    at: datetime
    message_id: int | None = None
    reason: str = ""
    rest: tuple[Delivery, ...] = ()
    may_be_out: bool = False
    is_told: bool = False


def is_edit(row: Delivery) -> bool:
    """Whether a row edits a message that was sent."""
    return row.kind == "update"


def method_of(row: Delivery) -> str:
    """The API method that a row calls; Telegram's waits are counted for each."""
    return "edit" if is_edit(row) else "send"


def failed(row: Delivery, failure: retry.Failure, *, is_outage: bool = False) -> Outcome:
    """How a row ends whose call has failed now; ``is_outage``: the server fails on every one."""
    verdict = _decide_for(row)(failure, row.attempts - 1 if is_outage else row.attempts)
    if is_outage:
        verdict = replace(verdict, blames=False)
    outcome = ended(row, verdict, failure.reason)
    return replace(outcome, may_be_out=failure.kind in ("timeout", "network", "server"))


def _decide_for(row: Delivery) -> Callable[[retry.Failure, int], retry.Verdict]:
    if is_edit(row):
        return retry.decide_update
    return retry.decide_notice if row.kind == "notice" else retry.decide


def ended(row: Delivery, verdict: retry.Verdict, reason: str = "") -> Outcome:
    """The outcome of a row with this verdict."""
    return Outcome(row=row, verdict=verdict, at=datetime.now(UTC), reason=reason)


def _posts_of(row: Delivery) -> list[str]:
    """The ids of the posts that a row is about; for an update the first post of its story."""
    told = row.payload
    if isinstance(told, ListPayload):
        return [line.doc_id for line in told.posts]
    post = told.doc_id if isinstance(told, AlertPayload) else row.story
    return [post] if post else []


def about(row: Delivery) -> dict[str, str]:
    """What a row is, for logs: its kind, and its post or posts."""
    posts = _posts_of(row)
    named = ",".join(posts[:NAMED])
    if len(posts) > NAMED:
        named += f",… ({len(posts)})"
    return {"kind": row.kind, "post": named} if posts else {"kind": row.kind}


def log_sent(batch: Sequence[Outcome]) -> None:
    """Log what was sent: one line for all who got the same."""
    sent = Counter(
        tuple(about(outcome.row).items()) for outcome in batch if outcome.verdict.action == "sent"
    )
    for named, chats in sent.items():
        log.info("sent", **dict(named), chats=chats)


async def write(tx: Connection, gate: Outbox, outcomes: Sequence[Outcome]) -> None:
    """Record outcomes; those of sent messages in one statement."""
    await own_posts.add_own_posts(
        tx,
        [
            (outcome.row.chat_id, outcome.message_id)
            for outcome in outcomes
            if outcome.message_id is not None
        ],
    )
    await outbox.mark_all_sent(
        tx,
        [
            (outcome.row.id, outcome.message_id, outcome.at)
            for outcome in outcomes
            if outcome.verdict.action == "sent"
        ],
    )
    for outcome in outcomes:
        if outcome.verdict.action != "sent":
            await _write(tx, gate, outcome)
    over = [outcome.row for outcome in outcomes if outcome.verdict.action != "retry"]
    await sent_before.wipe_secrets(tx, over)


async def _write(tx: Connection, gate: Outbox, outcome: Outcome) -> None:
    row, verdict = outcome.row, outcome.verdict
    match verdict.action:
        case "retry":
            due_at = outcome.at + timedelta(seconds=verdict.delay)
            blames, may_be_out = verdict.blames, outcome.may_be_out
            await outbox.postpone(
                tx, row, due_at, outcome.reason, attempted=blames, may_be_out=may_be_out
            )
            for later in outcome.rest:
                await outbox.postpone(tx, later, due_at, outcome.reason, attempted=False)
        case "gone":
            await gate.chat_left(tx, row.chat_id, reason=outcome.reason, now=outcome.at)
        case "hold":
            await notices.hold_notices(tx, row.chat_id, reason=outcome.reason)
        case "close":
            await outbox.mark_dropped(tx, row.id, outcome.reason)
            if is_edit(row) and row.target is not None:
                await bursts.end(tx, row.target)
                await handed_on.hand_on_unshown(tx, row.target, now=outcome.at)
                await updates.close_target(tx, row.target)
        case _ if row.bundle == bursts.BURST and row.kind == "bundle":
            # Its posts are told one by one; were it tried again, they would come twice.
            await outbox.mark_dropped(tx, row.id, outcome.reason)
            await bursts.end(tx, row.id, is_refused=True)
        case _:
            await outbox.mark_dead(tx, row.id, outcome.reason)
            await handed_on.hand_on(tx, [row.id], now=outcome.at)
            if is_edit(row) and row.target is not None:
                await bursts.end(tx, row.target)
                await handed_on.hand_on_unshown(tx, row.target, now=outcome.at)
