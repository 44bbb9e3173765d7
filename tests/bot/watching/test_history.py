"""The history as the account reads it, with real Telethon, however the server words its answers."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from noted_budget import NotedBudget
from telethon.tl import types

from bot.sandbox.state import media
from bot.telegram.answers import Answer
from bot.telegram.rich_messages import RichReader, lacks
from bot.telegram.undecoded import FORM, MessagesRequest, RichRequest, UndecodedError
from bot.watching.budget import Budget
from bot.watching.history import AccountHistory
from bot.watching.retrial import documents_of
from handlers.normalize.telethon import message
from storage.document import Channel as PostChannel
from storage.records import Channel, NewProblem

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def watcher(sandbox: Any) -> Any:
    return sandbox.add_user("Watcher")


@pytest.fixture
async def harbour(sandbox: Any, watcher: Any) -> Any:
    return sandbox.add_channel("Harbour", username="harbour", members=[watcher])


@pytest.fixture
async def history(sign_in: Any, watcher: Any) -> AccountHistory:
    return AccountHistory(await sign_in(watcher), Budget(100_000))


def row_of(sandbox: Any, harbour: Any, watcher: Any) -> Channel:
    number = sandbox.access_hash(watcher, harbour.id)
    return Channel(id=1, channel_id=harbour.id, access_hash=number, added_at=NOW)


def paragraphs(*texts: str) -> list[Any]:
    return [types.PageBlockParagraph(types.TextPlain(text)) for text in texts]


def texts_of(item: Any) -> list[str]:
    return message.normalize(item.messages, channel=PostChannel(id=1)).texts()


async def test_a_rich_message_that_came_in_part_is_completed(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    row = row_of(sandbox, harbour, watcher)
    await harbour.post_rich(paragraphs("Head", "second", "third"), shown=1)
    await harbour.post_rich(paragraphs("Short"), shown=5)
    await harbour.post("Plain")
    items = (await history.newest(row, 10)).items
    assert [texts_of(item) for item in items] == [["Head"], ["Short"], ["Plain"]]
    completed = [await history.complete(row, item) for item in items]
    assert [texts_of(item) for item in completed] == [
        ["Head", "second", "third"],
        ["Short"],
        ["Plain"],
    ]
    assert [item.state for item in completed] == [item.state for item in items]
    assert sandbox.count_calls("messages.getRichMessage") == 1


async def test_what_is_refused_stays_in_part_and_is_asked_for_once(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    row = row_of(sandbox, harbour, watcher)
    await harbour.post_rich(paragraphs("Head", "second"), shown=1)
    (item,) = (await history.newest(row, 10)).items
    peer = types.InputPeerChannel(harbour.id, row.access_hash)

    async def ask(message_id: int) -> Answer:
        request = RichRequest(peer=peer, id=message_id)
        return Answer.of(await history._client(request), request, NOW)

    reader = RichReader()
    sandbox.faults.fail("messages.getRichMessage", "MESSAGE_ID_INVALID")
    for _ in range(2):
        assert await reader.complete(harbour.id, item.messages, ask) == item.messages
    assert sandbox.count_calls("messages.getRichMessage") == 1
    assert lacks(item.messages)
    # Of another channel it is another message.
    assert not lacks(await reader.complete(99, item.messages, ask))


async def read_all(history: AccountHistory, row: Channel, cursor: int) -> list[int]:
    """The ids of all posts behind a cursor, read page by page to the end."""
    seen: list[int] = []
    async with asyncio.timeout(60):
        while True:
            page = await history.after(row, cursor)
            assert page.low == cursor + 1
            seen += [number for item in page.items for number in item.ids]
            if page.is_last:
                return seen
            assert page.high > cursor
            cursor = page.high


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("page", "cursor"),
    [(1, 215), (3, 1), (50, 0), (50, 57), (99, 0), (100, 0), (100, 57), (100, 201), (100, 400)],
)
async def test_reading_on_leaves_nothing_out_however_short_the_answers_are(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory, page: int, cursor: int,
    plain: bool,
) -> None:  # fmt: skip
    posts = [await harbour.post(f"Post {number}") for number in range(1, 231)]
    await harbour.delete([post for post in posts if post.id % 9 == 0 or 100 < post.id < 140])
    sandbox.manners.page, sandbox.manners.plain_history = page, plain
    row = row_of(sandbox, harbour, watcher)
    expected = [post.id for post in harbour.posts if post.id > cursor]
    assert await read_all(history, row, cursor) == expected


async def test_a_hundred_messages_take_one_request(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    for number in range(1, 251):
        await harbour.post(f"Post {number}")
    await read_all(history, row_of(sandbox, harbour, watcher), 0)
    assert sandbox.count_calls("messages.getHistory") == 4


@pytest.mark.parametrize("shows_empty", [False, True])
async def test_what_is_not_shown_in_the_middle_is_no_end(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory, shows_empty: bool
) -> None:
    posts = [await harbour.post(f"Post {number}") for number in range(1, 251)]
    sandbox.manners.hidden.update(post for post in posts if 20 < post.id < 90 or post.id > 245)
    sandbox.manners.shows_empty = shows_empty
    row = row_of(sandbox, harbour, watcher)
    expected = [post.id for post in posts if post not in sandbox.manners.hidden]
    assert await read_all(history, row, 0) == expected
    newest = await history.newest(row, 1 if shows_empty else 50)
    assert newest.high == (250 if shows_empty else 245)


async def test_a_page_never_has_a_part_of_an_album(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    albums = []
    for number in range(40):
        parts = await harbour.post_album([media.photo()] * 7, f"Album {number}")
        albums.append(tuple(part.id for part in parts))
    row = row_of(sandbox, harbour, watcher)
    cursor, seen = 0, []
    while not (page := await history.after(row, cursor)).is_last:
        seen += [item.ids for item in page.items]
        cursor = page.high
    assert seen == albums
    newest = await history.newest(row, 50)
    assert [item.ids for item in newest.items] == albums[-7:]
    assert newest.low == albums[-7][0]


async def test_a_public_name_is_found_in_the_list_of_names(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    sandbox.manners.lists_usernames = True
    await harbour.post("Post")
    page = await history.newest(row_of(sandbox, harbour, watcher), 5)
    assert page.names is not None
    assert (page.names.username, page.names.source) == ("harbour", "joined")
    assert page.peers[-1_000_000_000_000 - harbour.id].username == "harbour"


async def test_the_last_message_before_a_time_is_found_though_it_is_not_shown(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    for number in range(1, 11):
        await harbour.post(f"Post {number}", date=NOW + timedelta(minutes=number))
    row = row_of(sandbox, harbour, watcher)
    assert await history.id_before(row, NOW + timedelta(minutes=4)) == 3
    assert await history.id_before(row, NOW) == 0
    sandbox.manners.hidden.add(harbour.by_id[3])
    sandbox.manners.shows_empty = True
    assert await history.id_before(row, NOW + timedelta(minutes=4)) == 2


async def test_what_is_there_is_asked_by_id(
    sandbox: Any, harbour: Any, watcher: Any, history: AccountHistory
) -> None:
    posts = [await harbour.post(f"Post {number}") for number in range(1, 6)]
    await posts[1].delete()
    row = row_of(sandbox, harbour, watcher)
    assert await history.list_present(row, [1, 2, 3, 77]) == {1, 3}


@pytest.mark.parametrize(
    ("messages", "groups"),
    [
        ([(1, 5, 0), (2, 5, 0), (3, 5, 1)], [(1, 2, 3)]),
        ([(1, 5, 0), (2, 5, 3600)], [(1,), (2,)]),
        ([(1, 5, 0), (2, 6, 0)], [(1,), (2,)]),
        ([(1, 5, 0), (2, None, 0), (3, 5, 0)], [(1,), (2,), (3,)]),
        ([(n, 5, 0) for n in range(1, 13)], [tuple(range(1, 11)), (11, 12)]),
    ],
)
def test_an_album_id_that_comes_again_is_another_albums(
    messages: list[tuple[int, int | None, int]], groups: list[tuple[int, ...]]
) -> None:
    from bot.watching.history import _items

    began = datetime(2026, 5, 1, tzinfo=UTC)
    made = [
        types.Message(
            id=number,
            peer_id=types.PeerChannel(7),
            date=began + timedelta(seconds=later),
            message="",
            grouped_id=grouped_id,
        )
        for number, grouped_id, later in messages
    ]
    assert [item.ids for item in _items(made)] == groups


def test_what_comes_along_and_has_no_id_of_its_own_is_no_obstacle() -> None:
    result = types.messages.Messages(
        messages=[types.MessageEmpty(5, None)],
        topics=[],
        chats=[
            types.ChatEmpty(7),
            types.ChannelForbidden(id=9, access_hash=1, title="Closed"),
            types.User(id=8, first_name="A person among the chats"),
        ],
        users=[types.UserEmpty(3)],
    )
    answer = Answer.of(result, None, datetime.now(UTC))
    assert (answer.ids, answer.messages, answer.pts) == (frozenset({5}), (), 0)
    assert {7, 8, 3} <= {abs(marked) for marked in answer.entities}


class Unknown(types.MessageEntityBold):
    """An entity of a later layer than Telethon knows: real bytes that it can't decode."""

    def _bytes(self) -> bytes:
        return b"\xef\xbe\xad\xde" + bytes(8)


@pytest.fixture
async def far(sandbox: Any) -> Any:
    """A channel that the account is not in: nothing of it is pushed."""
    return sandbox.add_channel("Far Shore", username="far_shore")


@pytest.mark.parametrize(
    "bad",
    [(1,), (250,), (249, 250), (100, 101), (37, 150, 151, 250), tuple(range(247, 251))],
)
async def test_what_cannot_be_decoded_is_found_one_by_one_and_the_rest_is_read(
    sandbox: Any, far: Any, watcher: Any, history: AccountHistory, bad: tuple[int, ...]
) -> None:
    for number in range(1, 251):
        entities = [Unknown(0, 1)] if number in bad else []
        await far.post(f"Post {number}", entities=entities)
    row = row_of(sandbox, far, watcher)
    newest = await history.newest(row, 50)
    assert newest.high == 250
    assert newest.ids == set(range(newest.low, 251))
    assert not newest.is_last
    cursor, items = 0, []
    while cursor < 250:
        page = await history.after(row, cursor)
        assert (page.low, page.is_last) == (cursor + 1, False)
        items += page.items
        cursor = page.high
    assert [number for item in items for number in item.ids] == list(range(1, 251))
    assert (await history.after(row, 250)).is_last
    assert await history.list_present(row, [1, 250, 251]) == {1, 250}
    unread = [item for item in items if item.unread]
    assert [item.ids[0] for item in unread] == list(bad)
    assert all(b"Post" in item.unread.raw for item in unread if item.unread)


@pytest.mark.parametrize("decoded", [True, False])
@pytest.mark.parametrize("urgent", [None, False, True])
async def test_only_what_is_urgent_is_asked_for_as_such(
    sandbox: Any, far: Any, watcher: Any, sign_in: Any, urgent: bool | None, decoded: bool
) -> None:
    budget = NotedBudget()
    history = AccountHistory(await sign_in(watcher), budget)
    await far.post("First", date=NOW, entities=[] if decoded else [Unknown(0, 1)])
    await far.post_rich(paragraphs("Head", "second"), shown=1)
    row = row_of(sandbox, far, watcher)
    given = {} if urgent is None else {"urgent": urgent}
    (*_, item) = (await history.newest(row, 50, **given)).items
    assert budget.take_noted() == {bool(urgent)}
    sandbox.manners.page = 1
    await history.after(row, 0, **given)
    assert len(budget.urgent) > 1
    assert budget.take_noted() == {bool(urgent)}
    await history.complete(row, item, **given)
    assert budget.take_noted() == {bool(urgent)}
    await history.list_present(row, [1, 2])
    await history.id_before(row, NOW + timedelta(minutes=4))
    assert budget.take_noted() == {False}


async def test_where_nothing_can_be_decoded_nothing_is_passed_over(
    sandbox: Any, far: Any, watcher: Any, history: AccountHistory
) -> None:
    for number in range(1, 101):
        await far.post(f"Post {number}", entities=[Unknown(0, 1)])
    with pytest.raises(UndecodedError):
        await history.newest(row_of(sandbox, far, watcher), 50)


async def test_a_history_of_a_few_that_cannot_be_decoded_is_read(
    sandbox: Any, far: Any, watcher: Any, history: AccountHistory
) -> None:
    for number in (1, 2):
        await far.post(f"Post {number}", entities=[Unknown(0, 1)])
    page = await history.newest(row_of(sandbox, far, watcher), 50)
    assert [item.ids for item in page.items] == [(1,), (2,)]
    assert all(item.unread for item in page.items)


async def test_what_can_be_decoded_after_an_upgrade_reads_as_it_would_have(
    sandbox: Any, far: Any, watcher: Any, history: AccountHistory
) -> None:
    post = await far.post("The ferry sails", entities=[types.MessageEntityBold(4, 5)])
    row = row_of(sandbox, far, watcher)
    (item,) = (await history.newest(row, 50)).items
    request = MessagesRequest(
        types.InputChannel(far.id, row.access_hash or 0), [types.InputMessageID(post.id)]
    )
    raw = bytes(await history._client(request))
    kept = NewProblem(place="", form=FORM, raw=raw, error="", kind="", channel_id=far.id)
    (document,) = documents_of(kept)
    assert document.channel is not None
    assert (document.doc_id, document.title) == (f"tg:{far.id}/{post.id}", "The ferry sails")
    assert document.channel.username == "far_shore"
    named = PostChannel(id=far.id, username="far_shore", title="Far Shore")
    assert document == message.normalize(item.messages, channel=named)
