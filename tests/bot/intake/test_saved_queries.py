"""The saved queries as the service holds them: loaded whole, then kept current."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from database_steps import list_active
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import saved_queries
from bot.intake.saved_queries import Saved, SavedQueries, Texts
from storage import database
from storage.connection import Connection, Database
from storage.document import Block, Document, Source
from storage.query.words import analysis
from storage.records import Alert
from storage.structs import replace
from storage.subscribers import subscribers

NOW = datetime(2025, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def collector() -> AsyncIterator[None]:
    """What a test has taken from the collector of garbage is given back."""
    yield
    gc.unfreeze()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


def post(text: str) -> Document:
    return Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        title=None,
        body=(Block(type="para", text=text),),
        content_hash="0" * 16,
    )


async def fill(tx: Connection, chats: int, each: int) -> None:
    for chat_id in range(1, chats + 1):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
    await tx.execute_many(
        "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, 0)",
        [(chat, f"ferry port{n}") for chat in range(1, chats + 1) for n in range(each)],
    )


async def load(db: Database) -> SavedQueries:
    saved = SavedQueries()
    async with db.reader() as conn:
        await saved.load(conn)
    return saved


@pytest.mark.slow
async def test_all_alerts_of_active_subscribers_are_loaded(db: Database) -> None:
    async with db.transaction() as tx:
        await fill(tx, chats=3, each=600)
        await subscribers.update_subscriber(tx, 2, active=False)
    saved = await load(db)
    assert len(saved) == 1200
    assert [one.chat_id for one in saved.matching(post("a ferry in port599"))] == [1, 3]
    assert gc.isenabled()


async def test_an_alert_whose_query_does_not_parse_holds_up_no_other(db: Database) -> None:
    async with db.transaction() as tx:
        await fill(tx, chats=1, each=2)
        await tx.execute("UPDATE alert SET query = '\"ferry' WHERE query = 'ferry port0'")
    saved = await load(db)
    assert len(saved) == 1
    assert saved.matching(post("ferry port1")) == [Saved(2, 1, "ferry port1")]


async def test_who_asks_the_same_as_others_is_told_of_the_same(db: Database) -> None:
    asked = ["ferry", "ferry is:edited", '"ferry', "ferry -port", "ferry NEAR/2 port"]
    async with db.transaction() as tx:
        for chat_id in (1, 2, 3):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
            for query in asked:
                await tx.execute(
                    "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, 0)",
                    (chat_id, query),
                )
    saved = await load(db)
    assert len(saved) == 3 * (len(asked) - 1)

    def told(text: str) -> set[tuple[int, str]]:
        return {(one.chat_id, one.query) for one in saved.matching(post(text))}

    assert told("a ferry") == {(chat, q) for chat in (1, 2, 3) for q in ("ferry", "ferry -port")}
    near = {(chat, q) for chat in (1, 2, 3) for q in ("ferry", "ferry NEAR/2 port")}
    assert told("the ferry in port") == near
    changed = saved.telling_of(post("a ferry"), "edited")
    assert [(one.chat_id, one.query) for one in changed] == [
        (chat, "ferry is:edited") for chat in (1, 2, 3)
    ]
    async with db.transaction() as tx:  # the first of those that ask it asks it no more
        await tx.execute("DELETE FROM alert WHERE chat_id = 1 AND query = 'ferry is:edited'")
        await saved.follow(tx)
    assert [one.chat_id for one in saved.telling_of(post("a ferry"), "edited")] == [2, 3]


async def test_loading_can_be_stopped(db: Database) -> None:
    async with db.transaction() as tx:
        await fill(tx, chats=4, each=500)
    async with db.reader() as conn:
        saved = SavedQueries()
        loading = asyncio.create_task(saved.load(conn))
        while not len(saved):  # noqa: ASYNC110  (it says nothing)
            await asyncio.sleep(0)
        assert not gc.isenabled()
        loading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loading
        assert loading.cancelled()
        assert 0 < len(saved) < 2000
        assert gc.isenabled()
        await saved.follow(conn)
    assert len(saved) == 2000


async def test_alerts_come_in_order(db: Database) -> None:
    async with db.transaction() as tx:
        await fill(tx, chats=2, each=3)
        kept = await list_active(tx)
    saved = SavedQueries(reversed(kept))
    saved.add(kept[0])
    text = post("ferry port0 port1 port2")
    assert [one.id for one in saved.matching(text)] == [1, 2, 3, 4, 5, 6]
    saved.remove(2)
    saved.remove(2)
    assert [one.id for one in saved.matching(text)] == [1, 3, 4, 5, 6]
    saved.add(kept[1])
    assert [one.id for one in saved.matching(text)] == [1, 2, 3, 4, 5, 6]


async def test_an_edit_fires_what_did_not_match_before(db: Database) -> None:
    async with db.transaction() as tx:
        await fill(tx, chats=1, each=2)
        saved = SavedQueries(await list_active(tx))
    before, after = post("ferry port0"), post("ferry port0 port1")
    words = analysis.analyse_document(after)
    assert [one.id for one in saved.matching(after, analysed=words)] == [1, 2]
    assert [one.id for one in saved.matching(after, analysed=words, but_not=before)] == [2]
    assert saved.matching(before, but_not=after) == []


EDITED, DELETED = "2025-11-01T12:00:00Z", "2025-11-01T13:00:00Z"


@pytest.mark.parametrize(
    ("query", "stands", "by_edit", "by_deletion"),
    [
        ("ferry", {}, False, False),
        ("ferry is:edited", {}, True, False),
        ("ferry is:edited", {"edited_at": EDITED}, True, False),
        ("ferry is:deleted", {}, False, True),
        ("ferry is:deleted", {"edited_at": EDITED}, False, True),
        ("ferry is:edited,deleted", {}, True, True),
        ("ferry is:edited,deleted", {"edited_at": EDITED}, True, True),
        ("ferry is:edited,deleted", {"deleted_at": DELETED}, True, True),
        ("ferry is:edited is:deleted", {}, False, False),
        ("ferry is:edited is:deleted", {"edited_at": EDITED}, False, True),
        ("ferry (is:edited OR port)", {}, True, False),
        ("ferry (is:edited OR sails)", {}, False, False),
        ("ferry -is:edited", {}, False, False),
        ("port is:edited", {}, False, False),
    ],
)
def test_which_queries_tell_of_a_change_itself(
    query: str, stands: dict[str, str], by_edit: bool, by_deletion: bool
) -> None:
    saved = SavedQueries([Alert(id=1, chat_id=1, query=query, created_at=NOW)])
    document = replace(post("The ferry sails"), **stands)
    told = tuple(bool(saved.telling_of(document, change)) for change in ("edited", "deleted"))
    assert told == (by_edit, by_deletion)
    saved.remove(1)
    assert not saved.asks_for_changes


def test_an_alert_that_asks_something_else_now_is_told_so() -> None:
    first = Alert(id=1, chat_id=1, query="ferry", created_at=NOW)
    saved = SavedQueries([first])
    assert saved.matching(post("a ferry to port")) == [Saved(1, 1, "ferry")]
    saved.remove(1)
    assert saved.matching(post("a ferry to port")) == []
    saved.add(replace(first, chat_id=2, query="port"))
    assert saved.matching(post("a ferry to port")) == [Saved(1, 2, "port")]


def test_more_alerts_than_are_remembered_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_queries, "_MET_LATELY", 3)
    asked = [Alert(id=n, chat_id=n, query="ferry", created_at=NOW) for n in range(1, 9)]
    saved = SavedQueries(asked)
    for _ in range(2):
        assert [one.id for one in saved.matching(post("a ferry"))] == [*range(1, 9)]


ALERT_IDS = st.integers(1, 200) | st.integers(1, 2**60)
CHANGES = st.lists(st.tuples(ALERT_IDS, st.none() | st.tuples(st.integers(), st.text(max_size=9))))


@given(CHANGES)
def test_texts_hold_what_a_dictionary_would(changes: list) -> None:
    held: dict[int, Saved] = {}
    texts = Texts()
    for alert_id, added in changes:
        if added is None:
            assert texts.remove(alert_id) == (held.pop(alert_id, None) is not None)
        elif alert_id not in held:
            held[alert_id] = Saved(alert_id, *added)
            texts.add(held[alert_id])
        assert (alert_id in texts) == (alert_id in held)
    assert len(texts) == len(held)
    assert {alert_id: texts[alert_id] for alert_id in held} == held


def test_texts_tell_ids_apart_of_which_one_ends_like_the_other() -> None:
    texts = Texts()
    for alert_id in (11, 1):
        texts.add(Saved(alert_id, 5, "ferry"))
    assert texts.remove(1)
    assert texts[11] == Saved(11, 5, "ferry")
    assert 1 not in texts
    texts.clear()
    assert len(texts) == 0
    with pytest.raises(KeyError):
        texts[11]


@given(st.dictionaries(ALERT_IDS, st.tuples(st.integers(), st.text(max_size=9)), max_size=30))
def test_texts_that_come_together_are_held_as_those_that_come_alone(new: dict) -> None:
    alone, together = Texts(), Texts()
    saved = [Saved(alert_id, *said) for alert_id, said in new.items()]
    for one in saved:
        alone.add(one)
    together.add(*saved)
    assert len(alone) == len(together) == len(new)
    for one in saved:
        assert alone[one.id] == together[one.id] == one
