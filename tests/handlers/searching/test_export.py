"""``/export``: a message with a file that is made when it is sent."""

import csv
import io
import json

import pytest

from handlers.render.text.messages import Message
from handlers.searching import exports


async def test_what_a_query_finds_is_put_into_a_file_when_it_is_sent(ann, store, make_post) -> None:
    await store(make_post(1, "Sanctions were agreed"), make_post(2, "Nothing of interest"))
    (message,) = await ann.say("/export sanctions")
    assert message.attachment is not None
    assert Message.from_payload(message.to_payload()) == message
    await store(make_post(3, "Sanctions ended"))
    file = await exports.make_file(ann.services.database, message.attachment)
    text = file.data.decode()
    assert (file.name, file.count, file.more) == ("dateline-2.txt", 2, False)
    assert text.index("Sanctions ended") < text.index("Sanctions were agreed")
    assert "Nothing of interest" not in text


async def test_a_format_may_stand_before_the_words(ann, store, make_post) -> None:
    await store(make_post(1, "=Sanctions were agreed"))
    (table,) = await ann.say("/export csv sanctions")
    (lines,) = await ann.say("/export JSONL sanctions")
    made = await exports.make_file(ann.services.database, table.attachment)
    rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["'=Sanctions were agreed"]
    made = await exports.make_file(ann.services.database, lines.attachment)
    (row,) = made.data.decode().splitlines()
    assert json.loads(row)["title"] == "=Sanctions were agreed"


async def test_a_format_alone_is_a_word_to_look_for(ann, store, make_post) -> None:
    await store(make_post(1, "How to read csv"))
    (message,) = await ann.say("/export csv")
    assert message.attachment.query == "csv"


async def test_dates_keep_the_meaning_they_had_when_asked(ann, store, make_post) -> None:
    await store(make_post(1, "Sanctions were agreed"))
    (message,) = await ann.say("/export sanctions after:2000d")
    file = await exports.make_file(ann.services.database, message.attachment)
    assert file.count == 1


async def test_a_file_holds_the_newest_that_fit_and_says_that_there_are_more(
    ann, store, make_post
) -> None:
    await store(*(make_post(n, f"Embargo notice {n}") for n in range(1, 6)))
    (message,) = await ann.say("/export jsonl embargo")
    database = ann.services.database
    file = await exports.make_file(database, message.attachment, most_documents=3)
    titles = [json.loads(line)["title"] for line in file.data.decode().splitlines()]
    assert titles == ["Embargo notice 5", "Embargo notice 4", "Embargo notice 3"]
    assert file.more
    whole = await exports.make_file(database, message.attachment, most_documents=5)
    assert (whole.count, whole.more) == (5, False)
    small = await exports.make_file(database, message.attachment, most_bytes=len(file.data))
    assert (small.data, small.more) == (file.data, True)


async def test_nothing_found_sends_no_file(ann) -> None:
    assert await ann.read("/export embargo") == "Nothing found for embargo."


async def test_a_broken_query_is_shown(ann) -> None:
    (message,) = await ann.say("/export (oil")
    assert message.attachment is None
    assert "(oil" in message.text.text


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("pdf ferry", "/export txt ferry"),
        ("XLSX ferry", "/export csv ferry"),
        (".json ferry", "/export jsonl ferry"),
    ],
)
async def test_a_file_that_is_not_made_is_said(ann, store, make_post, asked, offered) -> None:
    await store(make_post(1, "A ferry sails"))
    (message,) = await ann.say(f"/export {asked}")
    named = asked.split()[0]
    assert message.text.text == (
        f"I make no {named} files, only txt, jsonl, csv.\nDid you mean {offered}?\n"
        f'To look for the word itself: /export "{named}" ferry'
    )
    (file,) = (await ann.press(message.keyboard, offered)).reply
    assert file.attachment is not None
    assert await ann.read(f'/export "{named}" ferry') == f'Nothing found for "{named}" ferry.'


async def test_a_format_alone_asks_which_posts(ann, store, make_post) -> None:
    await store(make_post(1, "A ferry sails"))
    assert (await ann.read("/export CSV")).startswith("Which posts shall I put into it?")
    (file,) = await ann.say("ferry")
    assert file.attachment.format == "csv"
