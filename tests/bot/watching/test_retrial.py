"""What was set aside is read again, without Telegram and without its file."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.watching import retrial
from bot.watching.retrial import Retried
from storage import document_json
from storage.channels import channels
from storage.document import Block, Channel, Document, Source
from storage.documents import problems
from storage.errors import InputError, UnavailableError
from storage.records import NewProblem

NOW = datetime(2026, 1, 2, tzinfo=UTC)
POST = Document(
    kind="post",
    doc_id="tg:7/5",
    source=Source(type="tme_html"),
    channel=Channel(id=7, title="Harbour"),
    message_id=5,
    published_at="2026-01-01T10:00:00Z",
    content_hash="0" * 16,
    body=(Block(type="para", text="The ferry sails"),),
)
LINE = (
    b'{"channel": {"id": 7, "title": "Harbour"}, "peers": [], "message": {"_": "Message", "id": 5,'
    b' "date": "2026-01-01T10:00:00+00:00", "message": "The ferry sails",'
    b' "peer_id": {"_": "PeerChannel", "channel_id": 7}}}'
)


def problem(raw: bytes | None, form: str = problems.DOCUMENT, **fields: Any) -> NewProblem:
    return NewProblem(
        **{"place": "tg:7/5", "form": form, "raw": raw, "error": "odd", "kind": "odd",
           "channel_id": 7, "message_id": 5, **fields}
    )  # fmt: skip


WHOLE = problem(document_json.dump(POST).encode())


def test_a_document_is_what_it_was() -> None:
    assert retrial.documents_of(WHOLE) == [POST]


@pytest.mark.parametrize("file", [None, "posts.jsonl"])
def test_messages_are_read_as_their_source_was(file: str | None) -> None:
    (found,) = retrial.documents_of(problem(LINE, "telethon", file=file))
    assert (found.doc_id, found.texts()) == ("tg:7/5", ["The ferry sails"])
    assert found.source.file == file


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (problem(None), "tg:7/5: it was too big to be kept: only its source has it"),
        (problem(b'{"channel": 1, "message": 5}', "telethon"), "tg:7/5: "),
    ],
)
def test_what_still_cannot_be_read_says_why(given: NewProblem, error: str) -> None:
    with pytest.raises(InputError) as caught:
        retrial.documents_of(given)
    assert str(caught.value).startswith(error)


async def aside(ground: Any, *found: NewProblem) -> list[int]:
    async with ground.db.transaction() as tx:
        return [await problems.set_aside(tx, one, now=NOW, version="1") for one in found]


@pytest.mark.parametrize("is_watched", [True, False])
async def test_what_goes_in_is_set_aside_no_more_and_the_rest_says_what_is_wrong_now(
    ground: Any, is_watched: bool
) -> None:
    if is_watched:
        async with ground.db.transaction() as tx:
            await channels.add_channel(tx, channel_id=7, title="Harbour", now=NOW)
    other = problem(b"{", place="tg:7/6", message_id=6)
    ids = await aside(ground, WHOLE, other)
    assert await retrial.retry(ground.db, ground.intake, [*ids, 99]) == Retried(done=1, refused=1)
    async with ground.db.reader() as conn:
        (left,) = await problems.list_problems(conn)
    assert (left.place, left.tries) == ("tg:7/6", 2)
    assert left.error != "odd"
    assert await ground.texts(POST.channel) == ["The ferry sails"]


async def test_it_is_counted_what_went_in_and_what_did_not(ground: Any) -> None:
    bad = [problem(b"{", place=f"tg:7/{n}", message_id=n) for n in (6, 8)]
    ids = await aside(ground, *bad, WHOLE)
    expected = [(ids[:2], Retried(done=0, refused=2)), (ids, Retried(done=1, refused=2))]
    for asked, counted in [*expected, ([99], Retried(done=0, refused=0))]:
        assert await retrial.retry(ground.db, ground.intake, asked) == counted


async def test_where_the_database_fails_it_is_tried_again_in_a_minute(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (id,) = await aside(ground, WHOLE)
    async with ground.db.transaction() as tx:
        await tx.execute("UPDATE problem SET version = 'before'")
    retry, tries, failed = retrial.retry, [], asyncio.Event()

    async def locked_twice(*given: Any) -> Retried:
        tries.append(given[2])
        if len(tries) <= 2:
            failed.set()
            raise UnavailableError("the database is locked", cause="lock")
        return await retry(*given)

    monkeypatch.setattr(retrial, "retry", locked_twice)
    with capture_logs() as logs:
        waiting = asyncio.create_task(retrial.retry_after_upgrade(ground.db, ground.intake))
        await failed.wait()
        waiting.cancel()
        await asyncio.wait([waiting])
    assert [entry["again_in"] for entry in logs if entry["event"] == "retrying failed"] == [60.0]
    monkeypatch.setattr(retrial, "RETRY", 0.0)
    await retrial.retry_after_upgrade(ground.db, ground.intake)
    assert tries == [[id]] * 3
    assert await ground.texts(POST.channel) == ["The ferry sails"]


async def test_it_is_of_the_channel_that_posted_it_or_of_one_known_no_more(ground: Any) -> None:
    async with ground.db.transaction() as tx:
        row = await channels.add_channel(tx, channel_id=7, title="Harbour", now=NOW)
    await aside(
        ground,
        WHOLE,
        problem(b"x", place="a", channel_id=8),
        problem(b"x", place="b", channel_id=None),
    )
    async with ground.db.reader() as conn:
        found = {one.channel_id: one for one in await problems.list_problems(conn)}
    assert await retrial._channel_of(ground.db, found[7]) == row
    for number in (8, None):
        unknown = await retrial._channel_of(ground.db, found[number])
        assert (unknown.id, unknown.channel_id) == (0, number)
