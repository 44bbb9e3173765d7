"""What becomes of a row that is sent, and which waits of Telegram are whose."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telethon import utils
from telethon.errors import AuthKeyUnregisteredError, FloodWaitError, RPCError
from telethon.tl import types

from bot.charts import child
from bot.delivering.recall import _Numbering
from bot.delivering.rendering import Renderer
from bot.delivering.sender import Sender
from bot.sandbox.server import Sandbox
from bot.telegram.pace import Pace
from handlers.operators.troubles import Troubles
from handlers.render.text.messages import CHART, Attachment, Message
from handlers.render.text.rich import RichText
from storage import database
from storage.connection import Database
from storage.errors import ServiceError, UnavailableError
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload, EditPayload, TallyPayload, TextPayload
from storage.records import Delivery, DeliveryKind, Subscriber
from storage.structs import replace
from storage.subscribers import subscribers

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ANN, BOB, CID = 501, 502, 503


def row(chat_id: int = ANN, kind: DeliveryKind = "answer", **fields: Any) -> Delivery:
    return Delivery(
        id=7,
        chat_id=chat_id,
        kind=kind,
        key=fields.pop("key", "key"),
        random_id=9,
        payload=fields.pop("payload", TextPayload(text="Hello")),
        priority=1,
        due_at=NOW,
        state="queued",
        attempts=1,
        created_at=NOW,
        **fields,
    )


def reader(**fields: Any) -> Subscriber:
    return Subscriber(chat_id=ANN, created_at=NOW, **fields)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def pace() -> Pace:
    return Pace(overall=30.0, per_chat=1.0, per_group=20.0)


@pytest.fixture
def troubles() -> Troubles:
    return Troubles()


@pytest.fixture
def sender(db: Database, pace: Pace, troubles: Troubles) -> Sender:
    """A sender whose client is asked for nothing."""
    client: Any = None
    return Sender(db, client, pace, Renderer(db, language="en", timezone="UTC"), troubles)


@pytest.mark.parametrize(
    ("given", "action", "reason"),
    [
        (row(kind="alert", payload=AlertPayload(doc_id="tg:7/1")), "dead", "a row that cannot be"),
        (row(kind="tally"), "dead", "a row that cannot be"),
        (row(kind="update", payload=EditPayload(), target=5), "close", "there is no message"),
    ],
)
async def test_a_row_that_says_nothing_is_given_up(
    sender: Sender, given: Delivery, action: str, reason: str
) -> None:
    outcome = await sender.send(given, reader())
    assert (outcome.row, outcome.verdict.action) == (given, action)
    assert outcome.reason.startswith(reason)


async def test_a_row_waits_while_the_database_cannot_be_read(sender: Sender, db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("DROP VIEW whole_delivery")
    given = row(kind="update", payload=EditPayload(), target=5)
    outcome = await sender.send(given, reader())
    verdict = outcome.verdict
    assert (verdict.action, verdict.blames, verdict.delay > 0) == ("retry", False, True)


async def test_a_row_is_not_blamed_where_the_database_is_busy(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_: object) -> object:
        raise UnavailableError("it is busy", cause="lock", where="dateline.db")

    monkeypatch.setattr(sender._renderer, "render", read)
    outcome = await sender.send(row(), reader())
    assert (outcome.verdict.action, outcome.verdict.blames) == ("retry", False)
    assert (outcome.verdict.delay, outcome.is_told) == (1.0, True)


@pytest.mark.parametrize(
    ("reply_to", "topic", "header"),
    [
        (None, None, None),
        (None, 4, types.InputReplyToMessage(4)),
        (8, None, types.InputReplyToMessage(8)),
        (8, 4, types.InputReplyToMessage(8, top_msg_id=4)),
    ],
)
async def test_a_row_goes_to_its_topic_whatever_its_chat_was_set_up_in(
    sender: Sender, reply_to: int | None, topic: int | None, header: object
) -> None:
    given = row(-77, payload=TextPayload(text="x", reply_to=reply_to), topic=topic)
    request = await sender._request(given, reader(topic=9))
    assert request.reply_to == header


@pytest.mark.parametrize(("in_row", "stored", "expected"), [(5, 6, 5), (None, 6, 6), (5, None, 5)])
async def test_somebody_is_known_by_the_hash_in_the_row_or_the_database(
    sender: Sender, in_row: int | None, stored: int | None, expected: int
) -> None:
    given = row(payload=TextPayload(text="x", access_hash=in_row))
    peer = await sender._peer(given, reader(access_hash=stored))
    assert peer == types.InputPeerUser(ANN, expected)
    assert await sender._peer(replace(given, chat_id=-77), None) == types.InputPeerChat(77)


def flood(seconds: int) -> FloodWaitError:
    return FloodWaitError(request=None, capture=seconds)


async def test_a_flood_closes_its_chat_and_the_second_one_all(sender: Sender, pace: Pace) -> None:
    now = asyncio.get_running_loop().time()
    first = sender.refused(row(ANN), flood(40), now)
    assert (first.verdict.action, first.verdict.delay) == ("retry", 40)
    assert pace.chat_ready_at(ANN, now) == pytest.approx(now + 40, abs=0.9)
    assert (pace.chat_ready_at(BOB, now), pace.closed_for(now)) == (now, 0)
    assert (pace._chats[ANN].share < 1, pace.allowed(now)) == (True, 30.0)
    sender.refused(row(BOB), flood(0), now)
    assert pace.chat_ready_at(BOB, now) == pytest.approx(now + 1, abs=0.9)
    assert 0 < pace.closed_for(now) <= 1.9
    assert pace.allowed(now) < 30
    assert sender.no_edits_until == 0


async def test_a_flood_of_edits_holds_up_edits_alone(sender: Sender, pace: Pace) -> None:
    now = asyncio.get_running_loop().time()
    for chat_id, seconds in ((ANN, 40), (BOB, 60), (CID, 50)):
        sender.refused(row(chat_id, "update"), flood(seconds), now)
    assert sender.no_edits_until == pytest.approx(now + 60, abs=0.9)
    assert pace.closed_for(now) == 0
    # What edits met says nothing of messages.
    sender.refused(row(ANN), flood(40), now)
    assert pace.closed_for(now) == 0


async def test_what_got_through_since_makes_a_wait_one_chats_own(
    sender: Sender, pace: Pace
) -> None:
    now = asyncio.get_running_loop().time()
    sender.refused(row(ANN), flood(40), now)
    sender._floods["send"].passed(now + 1)
    sender.refused(row(BOB), flood(40), now + 2)
    assert pace.closed_for(now) == 0


@pytest.mark.parametrize(
    ("error", "action", "may_be_out"),
    [
        (RPCError(None, "MESSAGE_EMPTY", 400), "dead", False),
        (RPCError(None, "USER_IS_BLOCKED", 403), "gone", False),
        (RPCError(None, "INTERNAL", 500), "retry", True),
        (ConnectionError(), "retry", True),
        (TimeoutError(), "retry", True),
    ],
)
async def test_what_is_refused_ends_by_what_refused_it(
    sender: Sender, troubles: Troubles, error: Exception, action: str, may_be_out: bool
) -> None:
    outcome = sender.refused(row(), error, 0.0)
    assert (outcome.verdict.action, outcome.may_be_out) == (action, may_be_out)
    assert not troubles.list_all()


async def test_a_server_that_fails_for_long_is_a_trouble_and_no_fault_of_a_row(
    sender: Sender, troubles: Troubles
) -> None:
    now = asyncio.get_running_loop().time()
    error = RPCError(None, "INTERNAL", 500)
    assert sender.refused(row(), error, now).verdict.blames
    sender._outage.since = now - 301
    outcome = sender.refused(row(), error, now)
    assert not outcome.verdict.blames
    (trouble,) = troubles.list_all()
    assert (trouble.reason, trouble.text) == ("outbox", "Telegram takes no message (INTERNAL)")


async def test_a_bot_that_was_logged_out_stops_the_service(sender: Sender) -> None:
    with pytest.raises(ServiceError, match="the bot was logged out") as caught:
        sender.refused(row(), AuthKeyUnregisteredError(None), 0.0)
    assert caught.value.where == "BOT_TOKEN"


async def test_a_message_answers_what_it_says_else_what_it_follows(
    sender: Sender, db: Database
) -> None:
    """The list that a tally follows is message 31."""
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=ANN, now=NOW)
        told = AlertPayload(doc_id="tg:7/1")
        await queueing.add_deliveries(tx, [new_rows.alert(ANN, "a", told, now=NOW)])
        await tx.execute("UPDATE delivery SET state = 'sent', message_id = 31")
    tally = row(kind="tally", payload=TallyPayload(count=3), target=1)
    asked = row(payload=TextPayload(text="x", reply_to=4))
    found = [await sender._request(one, reader(access_hash=5)) for one in (tally, asked, row())]
    numbers = [one.reply_to and one.reply_to.reply_to_msg_id for one in found]
    assert numbers == [31, 4, None]


async def test_what_arrives_ends_what_stood_and_what_may_have_arrived_is_looked_for(
    sandbox: Sandbox, serve_as: Any, db: Database, pace: Pace, troubles: Troubles
) -> None:
    bot, ann = sandbox.add_bot("lookout_bot", token="1000:open-sesame"), sandbox.add_user("Ann")
    await ann.chat_with(bot).start()
    client = await serve_as(bot)
    sender = Sender(db, client, pace, Renderer(db, language="en", timezone="UTC"), troubles)
    told = row(ann.id)
    known = reader(access_hash=sandbox.access_hash(bot, ann.id))
    sandbox.faults.fail("messages.sendMessage", "INTERNAL", code=500)
    sender._recall._numberings[0] = read = _Numbering(is_whole=True)
    assert (await sender.send(told, known)).may_be_out
    assert not read.is_whole
    now = asyncio.get_running_loop().time()
    sender._outage.since = now - 301
    sender.refused(told, RPCError(None, "INTERNAL", 500), now)
    sender.refused(row(BOB), flood(40), now)
    assert troubles.list_all()
    outcome = await sender.send(told, known)
    assert (outcome.verdict.action, outcome.message_id is not None) == ("sent", True)
    assert [*sender._recall._noted] == [(ann.id, outcome.message_id)]
    assert (sender._outage.since, troubles.list_all()) == (None, [])
    sender.refused(row(CID), flood(40), asyncio.get_running_loop().time())
    assert pace.closed_for(now) == 0


async def test_a_file_goes_to_its_topic_as_well(
    sandbox: Sandbox, serve_as: Any, db: Database, pace: Pace, troubles: Troubles
) -> None:
    client = await serve_as(sandbox.add_bot("lookout_bot", token="1000:open-sesame"))
    sender = Sender(db, client, pace, Renderer(db, language="en", timezone="UTC"), troubles)
    asked = Attachment(format="csv", query="ferry", asked_at=NOW, timezone="UTC")
    told = Message(RichText("Here"), attachment=asked).to_payload()
    request = await sender._request(row(-77, payload=told, topic=4), reader())
    assert request.reply_to == types.InputReplyToMessage(4)


@pytest.mark.parametrize("topic", [None, 4])
async def test_a_chat_that_takes_no_files_is_told_so(
    sandbox: Sandbox, serve_as: Any, db: Database, pace: Pace, troubles: Troubles, topic: int | None
) -> None:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    group = sandbox.add_group("Crew", members=[bot], forum=topic is not None)
    topic = await group.open_topic("Ferries") if topic else None
    client, renderer = await serve_as(bot), Renderer(db, language="en", timezone="UTC")
    sandbox.faults.fail("messages.sendMedia", "CHAT_SEND_DOCS_FORBIDDEN", code=403)
    asked = Attachment(format="csv", query="ferry", asked_at=NOW, timezone="UTC")
    told = Message(RichText("Here"), attachment=asked).to_payload()
    chat_id = utils.get_peer_id(types.PeerChannel(group.id))
    crew = reader(access_hash=sandbox.access_hash(bot, group.id))
    sender = Sender(db, client, pace, renderer, troubles)
    outcome = await sender.send(row(chat_id, payload=told, topic=topic), crew)
    assert outcome.verdict.action == "sent"
    assert group.posts[-1].text.startswith("Here\n\n")
    assert group.posts[-1].text.endswith("ask me in private.")
    assert group.posts[-1].topic == topic


async def test_that_a_topic_is_left_is_said_once_and_in_every_answer(
    sender: Sender, db: Database
) -> None:
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=-77, now=NOW)
        await subscribers.set_topic(tx, -77, 4)
    said = []
    for key, kind in (("a", "alert"), ("b", "alert"), ("c", "answer"), ("c", "answer")):
        await sender._leave_topic(row(-77, kind, key=key, topic=4), 4, reader())
        async with db.reader() as conn:
            said.append(sum((await outbox.count_by_state(conn)).values()))
    assert said == [1, 1, 2, 2]


async def test_that_a_topic_is_left_is_said_though_the_process_is_killed_there(
    sandbox: Sandbox, serve_as: Any, db: Database, pace: Pace, troubles: Troubles
) -> None:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    group = sandbox.add_group("Crew", members=[bot], admins=[bot], forum=True)
    topic = await group.open_topic("Ferries")
    await group.close_topic(topic)
    chat_id = utils.get_peer_id(types.PeerChannel(group.id))
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
        await subscribers.set_topic(tx, chat_id, topic)
    client, renderer = await serve_as(bot), Renderer(db, language="en", timezone="UTC")
    crew = reader(access_hash=sandbox.access_hash(bot, group.id))
    long = TextPayload(text="Hello" + "!" * 4000)
    told = row(chat_id, kind="notice", topic=topic, payload=long)
    sandbox.faults.flood_wait("messages.sendMessage", 1, text="Hello", every=2)
    refused = await Sender(db, client, pace, renderer, troubles).send(told, crew)
    assert (refused.verdict.action, group.posts[-1].action is None) == ("retry", False)
    now = datetime.now(UTC)
    # What another process finds: the message without its topic, and the word of it, once.
    async with db.transaction() as tx:
        (word,) = await outbox.claim_due(tx, now=now, limit=9, lease_until=now)
    sender = Sender(db, client, pace, renderer, troubles)
    for one in (replace(told, topic=None), word):
        assert (await sender.send(one, crew)).verdict.action == "sent"
    assert [post.text for post in group.posts[-2:]] == [long.text, word.payload.text]
    assert "topic of this group is closed" in word.payload.text and word.topic is None
    assert [post.topic for post in group.posts[-2:]] == [None, None]


_DRAWS = f"""import os, sys; sys.path[:] = sys.argv[1:]; from bot.charts import drawing, easel
def draw(chart, to):
    open(chart["to"], "w").write(str(os.getpid()))
    to.write({child.SIGNATURE!r})
drawing.draw = draw
easel.main()
"""


@pytest.mark.end_to_end
async def test_the_process_that_draws_its_pictures_ends_with_it(
    db: Database, pace: Pace, troubles: Troubles, sandbox: Sandbox, serve_as: Any,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setattr(child, "_START", _DRAWS)
    monkeypatch.setattr(child.importlib.util, "find_spec", lambda _: True)
    client = await serve_as(sandbox.add_bot("lookout_bot", token="1000:open-sesame"))
    sender = Sender(db, client, pace, Renderer(db, language="en", timezone="UTC"), troubles)
    chart = Attachment(
        query=json.dumps({"to": str(tmp_path / "pid")}), format=CHART, asked_at=NOW, timezone="UTC"
    )
    await sender.send(row(payload=Message(RichText("x"), attachment=chart).to_payload()), reader())
    drawer = int((tmp_path / "pid").read_text())
    os.kill(drawer, 0)
    await sender.aclose()
    with pytest.raises(ProcessLookupError):
        os.kill(drawer, 0)
