"""The buttons below a digest, pressed."""

from datetime import timedelta

import pytest

from handlers.digests import page_file
from handlers.render.text.messages import Message
from storage.errors import NotFoundError
from storage.retention.limits import Keeping
from storage.retention.old_documents import forget_documents
from storage.structs import replace

YEAR = timedelta(days=365)


async def made(ann, store, make_post, count: int):
    """A digest of so many posts that no other tells."""
    await store(
        *(make_post(n, f"Ferry {n} sails from pier {n} today") for n in range(1, count + 1))
    )
    (digest,) = await ann.say("/digest now")
    return digest


async def test_the_rest_is_opened_by_pages_and_leads_back(ann, store, make_post) -> None:
    digest = await made(ann, store, make_post, 40)
    assert "▫️" not in digest.text.text  # Each of them stands in a line.
    rest = (await ann.press(digest.keyboard, "More posts")).edit
    assert rest.text.text.startswith("30 posts · yesterday 12:00 – today 12:00\n")
    more = (await ann.press(rest.keyboard, "Next ›")).edit
    everything = (await ann.press(more.keyboard, "All posts")).edit
    assert everything.text.text.startswith("40 posts · ")
    told = digest.text.text
    for page in (rest, more):
        told += page.text.text
    assert all(f"Ferry {n} sails" in told for n in range(1, 41))
    assert (await ann.press(everything.keyboard, "‹ Digest")).edit == digest


async def test_why_tells_of_what_the_order_is_made(ann, store, make_post) -> None:
    digest = await made(ann, store, make_post, 3)
    why = (await ann.press(digest.keyboard, "Why this order?")).edit
    assert why.text.text.startswith("Why this order: of at most 100\n1. ")
    assert (await ann.press(why.keyboard, "‹ Digest")).edit == digest


async def test_a_digest_stays_as_it_was_made(ann, store, make_post, now) -> None:
    digest = await made(ann, store, make_post, 3)
    await store(make_post(9, "Ferry 9 sails from pier 9 today"), at=now + timedelta(hours=1))
    ann.now += timedelta(days=3)
    why = (await ann.press(digest.keyboard, "Why this order?")).edit
    assert (await ann.press(why.keyboard, "‹ Digest")).edit == digest


async def test_the_page_is_a_file_of_all_posts(ann, database, store, make_post) -> None:
    digest = await made(ann, store, make_post, 12)
    (message,) = (await ann.press(digest.keyboard, "HTML")).reply
    kept = Message.from_payload(message.to_payload())
    file = await page_file.make_page(database, kept.attachment, "en")
    assert file.mime == "text/html"
    assert file.name.startswith("digest-")
    assert all(f"Ferry {n} sails" in file.data.decode() for n in range(1, 13))
    gone = replace(kept.attachment, query="2 " + kept.attachment.query.partition(" ")[2])
    with pytest.raises(NotFoundError):
        await page_file.make_page(database, gone, "en")


@pytest.mark.parametrize("verb", ["dp", "dw", "da", "dr", "dh"])
@pytest.mark.parametrize("token", ["", "nothing", "a" * 18, "'; DROP TABLE document"])
async def test_a_digest_that_is_not_there_says_so(ann, verb: str, token: str) -> None:
    assert (await ann.press_data(f"{verb}|{token}|0")).toast


async def test_nobody_opens_the_digest_of_another_chat(ann, member, store, make_post) -> None:
    digest = await made(ann, store, make_post, 3)
    data = digest.keyboard[0][0].data
    result = await member.press_data(data)
    assert result.edit is None
    assert result.toast


async def test_a_page_that_is_not_there_is_the_last(ann, store, make_post) -> None:
    digest = await made(ann, store, make_post, 40)
    token = digest.keyboard[-1][0].data.split("|")[1]
    for verb in ("dp", "da", "dr"):
        last = (await ann.press_data(f"{verb}|{token}|999999999999999999")).edit
        assert "Ferry" in last.text.text


async def test_posts_that_are_forgotten_are_said_to_be(
    ann, database, store, make_post, now
) -> None:
    digest = await made(ann, store, make_post, 40)
    await forget_documents(database, Keeping(documents=timedelta(days=300)), now=now + YEAR)
    ann.now += timedelta(days=80)
    rest = (await ann.press(digest.keyboard, "More posts")).edit
    assert "Ferry" not in rest.text.text
    assert "\nNot kept any more: " in rest.text.text
    again = (await ann.press(rest.keyboard, "‹ Digest")).edit.text.text
    assert again.count("(not kept any more)\n") == 39
    assert again.startswith(digest.text.text.partition("\n")[0])
    (page,) = (await ann.press(digest.keyboard, "HTML")).reply
    file = await page_file.make_page(database, page.attachment, "en")
    assert file.mime == "text/html"
    why = (await ann.press(digest.keyboard, "Why this order?")).edit
    assert why.text.text.startswith("Why this order: of at most 100\n1. ")
