"""What was read as history is in no digest, and a digest says so."""

from datetime import timedelta

import pytest

from storage.documents import documents


@pytest.fixture
async def read_as_history(database, make_post, now) -> None:
    """Posts of today and of two days ago that were read when their channel was first watched."""
    posts = [
        make_post(1, "Ferry sails"),
        make_post(2, "Grain prices rise"),
        make_post(3, "Old ferry", published_at=f"{now - timedelta(days=2):%FT%TZ}"),
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=False)


@pytest.mark.parametrize(
    ("said", "begins", "ends"),
    [
        ("/digest now", "Nothing new since", "2 posts of this time were read afterwards"),
        ("/digest now 3d", "Nothing new since", "3 posts of this time were read afterwards"),
        ("/digest now ferry 24h", "Nothing for ferry", "1 post of this time was read"),
        ("/digest now ferry 3d", "Nothing for ferry", "are in no digest; see /search ferry"),
        ("/digest now crane 3d", "Nothing for crane since 19 Nov.", ""),
        ("/catchup 3d", "Nothing new since", "are in no digest; see /latest"),
        ("/catchup ferry 3d", "Nothing for ferry", "2 posts of this time were read"),
        ("/сводка сейчас after:1d 3d", "Nothing for after:1d", "2 posts of this time"),
    ],
)
async def test_what_was_read_as_history_is_said(
    ann, read_as_history, said: str, begins: str, ends: str
) -> None:
    text = await ann.read(said)
    assert text.startswith(begins)
    assert ends in text
    assert ends or text.endswith(".")


async def test_it_stands_below_what_came_in(ann, read_as_history, store, make_post) -> None:
    await store(make_post(9, "Crane falls"))
    (digest,) = await ann.say("/digest now")
    assert "\n1 post · 1 channel\n" in digest.text.text
    assert "\n\n2 posts of this time were read afterwards" in digest.text.text
    assert digest.keyboard


async def test_a_long_query_leaves_the_page_its_room(ann, read_as_history) -> None:
    query = "ferry" + " OR 🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢" * 12
    text = await ann.read(f"/digest now {query} 24h")
    assert text.endswith("1 post of this time was read afterwards and is in no digest; see /search")


async def test_what_came_from_watching_is_not_counted(ann, store, make_post) -> None:
    await store(make_post(9, "Crane falls"))
    assert "afterwards" not in await ann.read("/digest now")
    assert "afterwards" not in await ann.read("/digest now crane 24h")


@pytest.mark.parametrize("said", ["/digest now", "/digest now ferry OR grain 24h", "/catchup 24h"])
async def test_it_stands_below_each_page_that_is_turned(
    ann, read_as_history, store, make_post, said: str
) -> None:
    long = " ".join(f"quay{n} berth{n}" for n in range(20))
    await store(*(make_post(n, f"Ferry {n} from pier {n} {long}") for n in range(9, 40)))
    (digest,) = await ann.say(said)
    end = digest.text.text.rpartition("\n\n")[2]
    assert end.startswith("2 posts of this time were read afterwards")
    turned = (await ann.press(digest.keyboard, "›")).edit
    assert turned.text.text.endswith(f"\n\n{end}")
    why = (await ann.press(turned.keyboard, "Why this order?")).edit
    assert (await ann.press(why.keyboard, "‹ Digest")).edit == turned
    assert (await ann.press(turned.keyboard, "‹")).edit == digest
