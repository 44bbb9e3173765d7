"""Searching and turning pages."""

import pytest

from storage.document import Block, Forward
from storage.structs import replace


def numbers(text: str) -> list[str]:
    return [line.split(". ")[0] for line in text.split("\n") if line[:1].isdigit()]


async def test_results_come_newest_first_with_matches_in_bold(ann, store, make_post) -> None:
    origin = Forward(name="Port Office", channel_id=7, username="port", message_id=3)
    await store(
        make_post(1, "Sanctions were agreed"),
        make_post(2, "Nothing of interest"),
        make_post(
            3,
            "Quay reopened",
            body=(Block(type="para", text="New sanction lists <b>came</b>."),),
            forwarded_from=origin,
        ),
    )
    (message,) = await ann.say("/search sanctions")
    text = message.text
    blocks = text.text.split("\n\n")
    assert blocks[0] == "Found for sanctions: 2 results"
    assert blocks[1].startswith("1. Harbour News · today 9:03\n↪ Forwarded from Port")
    assert blocks[2].startswith("2. Harbour News · today 9:01\n")
    assert "<b>came</b>" in text.text
    bold = [text.text[span.start : span.end] for span in text.spans if span.kind == "bold"]
    assert bold == ["sanction", "Sanctions"]
    links = [span.url for span in text.spans if span.kind == "link"]
    assert links == ["https://t.me/harbour/3", "https://t.me/port/3", "https://t.me/harbour/1"]
    labels = [[button.text for button in row] for row in message.keyboard]
    assert labels == [
        ["Channel", "Period", "Language"],
        ["⇅ By relevance", "🔔 Make this an alert", "🔗 Share"],
    ]


async def test_plain_text_in_a_private_chat_is_searched_for(ann, store, make_post) -> None:
    await store(make_post(1, "Цены на нефть выросли"))
    assert "Цены на нефть" in await ann.read("нефть")


async def test_no_result_says_so_with_a_hint(ann) -> None:
    assert await ann.read("/search embargo") == (
        "Nothing found for embargo.\nTry fewer words, or a beginning such as /search sanction*."
    )


async def test_a_bare_search_asks(ann, store, make_post) -> None:
    await store(make_post(1, "Embargo ended"))
    (question,) = await ann.say("/search")
    assert [button.text for row in question.keyboard for button in row] == ["oil price", "✕ Cancel"]
    assert "Embargo ended" in await ann.read("embargo")


async def test_pages_are_turned_in_place_also_after_a_restart(ann, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo notice {n}") for n in range(1, 13)))
    (first,) = await ann.say("/search embargo")
    assert first.text.text.startswith("Found for embargo: 12 results")
    assert "notice 12" in first.text.text
    assert [b.text for b in first.keyboard[-1]] == ["1 / 3", "Next ›"]
    restarted = replace(ann, services=replace(ann.services))
    second = await restarted.press(first.keyboard, "Next")
    assert second.edit is not None
    assert numbers(second.edit.text.text) == ["6", "7", "8", "9", "10"]
    third = await restarted.press(second.edit.keyboard, "Next")
    assert third.edit is not None
    assert numbers(third.edit.text.text) == ["11", "12"]
    assert [b.text for b in third.edit.keyboard[-1]] == ["‹ Prev", "3 / 3"]
    back = await restarted.press(third.edit.keyboard, "Prev")
    assert back.edit == second.edit
    again = await restarted.press(first.keyboard, "Next")
    assert again.edit == second.edit


async def test_posts_that_come_in_do_not_shift_the_pages(ann, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo notice {n}") for n in range(1, 9)))
    (first,) = await ann.say("/search embargo")
    await store(make_post(20, "Embargo notice 20"))
    second = await ann.press(first.keyboard, "Next")
    assert second.edit is not None
    assert "notice 3" in second.edit.text.text
    assert "notice 4" not in second.edit.text.text


async def test_a_list_that_is_too_old_says_so(ann, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo notice {n} x{n % 2}") for n in range(1, 9)))
    (first,) = await ann.say("/search embargo")
    for number in range(20):
        await ann.say(f"/search embargo -word{number}")
    result = await ann.press(first.keyboard, "Next")
    assert result.toast == "This list is too old. Search again."


async def test_a_button_of_another_chat_shows_nothing(ann, operator, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo notice {n}") for n in range(1, 9)))
    (first,) = await ann.say("/search embargo")
    result = await operator.press(first.keyboard, "Next")
    assert result.edit is None
    assert result.toast == "This list is too old. Search again."


async def test_a_small_or_is_a_word_and_the_answer_says_so(ann, store, make_post) -> None:
    await store(make_post(1, "Oil or gas"), make_post(2, "Gas alone"))
    (message,) = await ann.say("/search oil or gas")
    assert message.text.text.startswith(
        "Found for oil or gas: 1 result\n"
        "In small letters “or” and “not” are words. Did you mean /search oil OR gas?"
    )
    assert "2 results" in await ann.read("/search oil OR gas")
    assert "Did you mean /search oil NOT fish?" in await ann.read("oil not fish")
    assert "Did you mean" not in await ann.read("/search or gas")


async def test_what_may_have_been_meant_is_a_button_that_opens_its_posts(
    ann, store, make_post
) -> None:
    await store(make_post(1, "Цены на нефть выросли"), make_post(2, "Нефти стало больше"))
    (message,) = await ann.say("/search ytanm")
    assert message.text.text == "Nothing found for ytanm.\nDid you mean:"
    assert message.keyboard[0][0].text == "🔎 нефть · 2 posts"
    found = (await ann.press(message.keyboard, "нефть")).edit
    assert found is not None
    assert found.text.text.startswith("Found for нефть: 2 results")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("after:1 December", "after:2025-12-01"),
        ("oil after:20 ноября price", "oil after:2026-11-20 price"),
        ("oil before:3.12", "oil before:2025-12-03"),
        ("oil after:last week", "oil after:2026-11-15"),
        ("oil after:Nov 20, 2025 gas", "oil after:2025-11-20 gas"),
        ("oil after:1 apple", "oil after:1d apple"),
        ("oil after:7 days", "oil after:7d"),
        ("oil after:pears", None),
    ],
)
async def test_a_filter_with_a_date_as_people_write_it_names_the_day(
    ann, asked: str, meant: str | None
) -> None:
    said = await ann.read(f"/search {asked}")
    assert said.startswith("I can't read this query")
    assert f"Did you mean /search {meant}?" in said if meant else "Did you mean" not in said
