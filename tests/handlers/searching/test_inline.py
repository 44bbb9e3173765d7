"""Inline mode: rows to choose from, page by page, for those who are let in."""

import pytest

from handlers.searching import inline
from handlers.searching.inline import InlineRequest
from handlers.texts.querying import querying_words
from storage.document import Channel
from storage.structs import replace

EN, RU = querying_words("en"), querying_words("ru")


@pytest.fixture
def ask(services, now):
    """Asks as somebody types after the bot's name."""

    async def asked(text: str, offset: str = "", sender_id: int = 1, **changes):
        request = InlineRequest(sender_id=sender_id, text=text, now=now, offset=offset)
        return await inline.answer(request, replace(services, **changes))

    return asked


async def test_a_row_shows_where_and_when_and_sends_the_post(ask, store, make_post) -> None:
    await store(make_post(1, "Embargo *agreed*"))
    reply = await ask("embargo")
    assert (reply.notice, reply.following, reply.cache_seconds) == (None, "", 60)
    (row,) = reply.results
    assert row.title == "Harbour News · today 9:01"
    assert row.description == "Embargo *agreed*"
    assert row.message.text.text == f"{row.title}\n\nEmbargo *agreed*"
    assert row.message.keyboard[0][0].url == "https://t.me/harbour/1"


async def test_pages_of_fifty_follow_each_other(ask, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo {n}") for n in range(1, 61)))
    first = await ask("embargo")
    assert (len(first.results), bool(first.following)) == (50, True)
    assert len(first.following.encode()) <= 64
    second = await ask("embargo", first.following)
    assert (first.notice, second.notice) == (None, None)
    assert (await ask("embargo other", first.following)).notice is None
    assert (len(second.results), second.following) == (10, "")
    assert not {row.id for row in first.results} & {row.id for row in second.results}


async def test_a_row_is_cut_to_what_is_shown_of_it(ask, store, make_post) -> None:
    pier = Channel(id=300, username="pier", title="Pier" * 60)
    await store(make_post(1, "Embargo " * 400, channel=pier))
    (row,) = (await ask("embargo")).results
    assert (len(row.title), row.title[-1]) == (100, "…")
    assert len(row.description) == 200
    heading, _, text = row.message.text.text.partition("\n\n")
    assert heading.startswith("PierPier")
    assert (len(text), text[-1]) == (1000, "…")


async def test_a_post_without_a_link_has_no_button_for_it(ask, store, make_post) -> None:
    inner = Channel(id=300, username=None, title="Inner Harbour")
    await store(make_post(1, "Embargo", channel=inner, url=None))
    (row,) = (await ask("embargo")).results
    assert [button.url for line in row.message.keyboard for button in line] in (
        [],
        ["https://t.me/c/300/1"],
    )


async def test_answers_that_may_soon_be_others_are_not_kept(ask, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo {n}") for n in range(1, 3)))
    assert (await ask("embargo", access="private")).cache_seconds == 0
    assert (await ask("embargo", search_seconds=0.0)).cache_seconds == 0
    assert (await ask("")).cache_seconds == 60
    assert (await ask("nothing")).cache_seconds == 60


async def test_copies_are_one_row(ask, store, make_post) -> None:
    quay = Channel(id=200, username="quay", title="Quay Watch")
    await store(make_post(1, "Embargo"), make_post(2, "Embargo", channel=quay))
    (row,) = (await ask("embargo")).results
    assert row.title.startswith("Quay Watch")


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("", EN.inline_empty),
        ("embargo", EN.inline_none),
        ('"embargo', 'Did you mean "embargo"?'),
        ("-embargo", "I can't read this query: the query only says what to leave…"),
    ],
)
async def test_what_finds_nothing_says_why(ask, text: str, notice: str) -> None:
    reply = await ask(text)
    assert (reply.results, reply.notice) == ((), notice)


@pytest.mark.parametrize("offset", ["x", "🔔", "A" * 64, "AAAAAAAAAAA"])
async def test_a_strange_offset_gives_nothing(ask, store, make_post, offset: str) -> None:
    await store(make_post(1, "Embargo"))
    assert (await ask("embargo", offset)).results == ()


async def test_a_private_instance_answers_those_let_in(
    ask, ann, operator, private, store, make_post
):
    await store(make_post(1, "Embargo"))
    refused = await ask("embargo", access="private")
    assert (refused.results, refused.notice) == ((), EN.inline_refused)
    assert (await ask("embargo", sender_id=900, access="private")).results
    await ann.say("/start")
    await private(operator).say("/admit 1")
    assert (await ask("embargo", access="private")).results


async def test_a_search_that_takes_too_long_and_the_language(ask) -> None:
    assert (await ask("embargo", search_seconds=0.0)).notice == EN.inline_slow
    assert (await ask("embargo", language="ru")).notice == RU.inline_none
