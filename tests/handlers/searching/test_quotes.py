"""What somebody said, in the words of each post."""

import pytest

from storage.document import Block, Channel
from storage.structs import replace


def said(*lines: str) -> tuple[Block, ...]:
    return tuple(Block(type="para", text=line) for line in lines)


FERRY = "Паром пойдёт в мае, заявил министр Олег Зорин. Погода будет хорошая."
GRAIN = "«Зерно подешевеет уже к осени», — сказал Зорин журналистам."
OTHER = "Anna Mill said that the ferry would be late. Oleg Zorin was silent."


async def test_quotes_come_newest_first_in_the_speakers_own_words(ann, store, make_post) -> None:
    await store(
        make_post(1, "Порт", body=said(FERRY)),
        make_post(2, "Mill", body=said(OTHER)),
        make_post(3, "Цены", body=said(GRAIN, "Об этом пишут все.")),
    )
    (message,) = await ann.say("/quotes Zorin")
    text = message.text
    assert text.text == (
        "Found for who:Zorin: 2 results\n\n"
        "1. Harbour News · today 9:03\n💬 Зорин: Зерно подешевеет уже к осени\n\n"
        "2. Harbour News · today 9:01\n💬 Олег Зорин: Паром пойдёт в мае"
    )
    bold = [text.text[span.start : span.end] for span in text.spans if span.kind == "bold"]
    assert bold == ["Зорин", "Олег Зорин"]
    links = [span.url for span in text.spans if span.kind == "link"]
    assert links == ["https://t.me/harbour/3", "https://t.me/harbour/1"]


async def test_words_must_be_said_and_not_only_stand_beside(ann, store, make_post) -> None:
    await store(
        make_post(1, "Паром", body=said(FERRY)), make_post(2, "Паром и цены", body=said(GRAIN))
    )
    assert "Паром пойдёт" in await ann.read("/quotes зорин паром")
    assert "1 result" in await ann.read("/quotes зорин паром")
    assert (await ann.read("/quotes зорин погода")).startswith("Nothing found")
    assert "2 results" in await ann.read("/search who:зорин паром")


async def test_a_name_may_have_two_words_or_stand_in_quotation_marks(ann, store, make_post) -> None:
    await store(make_post(1, "Порт", body=said(FERRY)), make_post(2, "Mill", body=said(OTHER)))
    for asked in ("Oleg Zorin паром", "«Олег Зорин» паром", 'who:"oleg zorin" паром'):
        assert "1 result" in await ann.read(f"/quotes {asked}")
    assert "1 result" in await ann.read("/quotes Mill ferry late")
    assert "Nothing found for who:Mill grain" in await ann.read("/quotes Mill grain")


async def test_pages_are_turned_and_hold_quotes_alone(ann, store, make_post) -> None:
    await store(
        *(
            make_post(n, f"Notice {n}", body=said(f"Ferry {n} sails at dawn, Oleg Zorin said."))
            for n in range(1, 13)
        ),
        *(make_post(n, f"Ferry {n}", body=said(GRAIN)) for n in range(13, 19)),
    )
    (first,) = await ann.say("/quotes Zorin ferry")
    assert first.text.text.startswith("Found for who:Zorin ferry\n\n1. Harbour News")
    assert "💬 Oleg Zorin: Ferry 12 sails at dawn" in first.text.text
    second = await ann.press(first.keyboard, "Next")
    assert second.edit is not None
    assert "💬 Oleg Zorin: Ferry 7 sails at dawn" in second.edit.text.text
    third = await ann.press(second.edit.keyboard, "Next")
    assert third.edit is not None
    assert "Ferry 2 sails" in third.edit.text.text
    assert not [b for row in third.edit.keyboard for b in row if "Next" in b.text]


async def test_a_bare_command_asks_whose_words(ann, store, make_post) -> None:
    await store(make_post(1, "Порт", body=said(FERRY)))
    assert "Whose words?" in await ann.read("/quotes")
    assert "Паром пойдёт" in await ann.read("Зорин")


async def test_hostile_names_are_answered(ann) -> None:
    for asked in ('"', "«»", "who:", "((", "<b>x</b>", "\u202e", "a" * 600, '" OR *', "-x"):
        assert await ann.read(f"/quotes {asked}")
    for nobody in ("ʻ ʼ", "a-b-c-d-e-f-g-h-i-j-k-l-m-n x", "ʻ ʼ ferry"):
        assert "names no speaker" in await ann.read(f"/quotes {nobody}")


async def test_an_edit_changes_who_is_quoted(ann, store, make_post) -> None:
    await store(make_post(1, "Порт", body=said(FERRY)))
    await store(make_post(1, "Порт", body=said(OTHER), edited_at="2026-11-22T10:00:00Z"))
    assert (await ann.read("/quotes Zorin")).startswith("Nothing found")
    assert "1 result" in await ann.read("/quotes Mill")


def labels(message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.keyboard]


QUAY = Channel(id=200, username="quay", title="Quay Watch")


async def test_a_quote_opens_a_card_that_says_who_where_when_and_how_often(
    ann, store, make_post
) -> None:
    await store(
        make_post(1, "Порт", body=said(FERRY), lang="ru"),
        make_post(3, "Цены", body=said(GRAIN), lang="ru", channel=QUAY),
    )
    (listed,) = await ann.say("/quotes Zorin")
    assert labels(listed)[0] == ["💬 1", "💬 2"]
    card = (await ann.press(listed.keyboard, "💬 1")).edit
    assert card.text.text == (
        "💬 Зорин\n"
        "Зерно подешевеет уже к осени\n"
        "Quay Watch · today 9:03\n"
        "Posts that quote who:Zorin:\n"
        "7 days: 2 posts\n░░░░░░█\n"
        "30 days: 2 posts, most on today\n░░░░░░░░░░░░░░░░░░░░░░░░░░░░░█\n"
        "📡 all channels"
    )
    assert labels(card) == [
        ["🔔 Make this an alert", "✎ Another name"],
        ["🔎 All posts with Зорин"],
        ["Open", "📌 Save"],
        ["‹ Back"],
    ]
    assert (await ann.press(card.keyboard, "Back")).edit == listed
    assert (await ann.press(card.keyboard, "Save")).toast.startswith("Saved to Saved (1).")
    (found,) = (await ann.press(card.keyboard, "All posts with")).reply
    assert found.text.text.startswith("Found for Зорин: 2 results")
    (asked,) = (await ann.press(card.keyboard, "Another name")).reply
    assert asked.text.text.startswith("Whose words?")


async def test_the_card_knows_the_alert_that_was_made_of_it_and_where_it_goes(
    ann, store, make_post
) -> None:
    await store(make_post(1, "Порт", body=said(FERRY)))
    (listed,) = await ann.say("/quotes Zorin")
    card = (await ann.press(listed.keyboard, "💬 1")).edit
    await ann.press(card.keyboard, "Make this an alert")
    card = (await ann.press(listed.keyboard, "💬 1")).edit
    assert card.text.text.endswith("📡 all channels\n✓ 🔔 An alert tells of it.\n➡️ To you, here")
    assert labels(card)[0] == ["✓ 🔔 Open the alert", "✎ Another name"]
    alert = (await ann.press(card.keyboard, "Open the alert")).edit
    assert alert.text.text.startswith("🔔 who:zorin\n")
    bob = replace(ann, chat_id=2, sender_id=2)
    (theirs,) = await bob.say("/quotes Zorin")
    shown = (await bob.press(theirs.keyboard, "💬 1")).edit
    assert "alert tells" not in shown.text.text


async def test_who_else_tells_a_quote_stands_on_its_card(ann, store, make_post) -> None:
    text = said(GRAIN, "Об этом пишут все, кто был сегодня на рынке в порту и видел цены сам.")
    others = [Channel(id=n, username=f"quay{n}", title=f"Quay {n}") for n in range(200, 207)]
    await store(
        make_post(1, "Цены", body=text),
        *(make_post(2 + n, "Цены", body=text, channel=one) for n, one in enumerate(others)),
    )
    async with ann.services.database.transaction() as tx:
        await tx.execute("UPDATE document SET story = 'tg:100/1'")
    (listed,) = await ann.say("/quotes Zorin")
    card = (await ann.press(listed.keyboard, "💬 1")).edit
    told = card.text.text.partition("Others that tell it:\n")[2].splitlines()
    assert len([line for line in told if line.startswith("• ")]) == 6
    assert told[5] == "• and 2 more"


async def test_a_card_of_the_second_page_leads_back_to_it(ann, store, make_post) -> None:
    await store(
        *(
            make_post(n, f"Notice {n}", body=said(f"Ferry {n} sails at dawn, Oleg Zorin said."))
            for n in range(1, 8)
        ),
    )
    (first,) = await ann.say("/quotes Zorin")
    second = (await ann.press(first.keyboard, "Next")).edit
    assert labels(second)[0] == ["💬 6", "💬 7"]
    card = (await ann.press(second.keyboard, "💬 6")).edit
    assert card.text.text.startswith("💬 Oleg Zorin\nFerry 2 sails at dawn")
    assert (await ann.press(card.keyboard, "Back")).edit == second


@pytest.mark.parametrize("row", ["2", "99", "0"])
async def test_a_forged_row_opens_no_post_that_does_not_answer(ann, store, make_post, row) -> None:
    await store(make_post(1, "Порт", body=said(FERRY)), make_post(2, "Mill", body=said(OTHER)))
    (listed,) = await ann.say("/quotes Zorin")
    data = next(b.data for b in listed.keyboard[0] if b.text == "💬 1")
    real = data.rpartition("|")
    async with ann.services.database.reader() as conn:
        (mill,) = await conn.fetch_all("SELECT id FROM document WHERE doc_id = 'tg:100/2'")
    forged = str(mill["id"]) if row == "2" else row
    result = await ann.press_data(f"{real[0]}|{forged}")
    assert (result.edit, result.toast) == (None, "This button no longer works.")
    bob = replace(ann, chat_id=2, sender_id=2)
    await bob.say("/start")
    assert (await bob.press_data(data)).edit is None  # It is no search of his.


async def test_hostile_names_and_words_stay_text_on_a_card(ann, store, make_post) -> None:
    words = "\u202e<b>Ferry</b> @all sails |at| dawn"
    await store(make_post(1, "Notice", body=said(f"{words}, Oleg Zorin said.")))
    (listed,) = await ann.say("/quotes Zorin")
    card = (await ann.press(listed.keyboard, "💬 1")).edit
    assert {span.kind for span in card.text.spans} <= {"bold", "italic", "code", "link"}
    assert all(len(b.data.encode()) <= 64 for row in card.keyboard for b in row if b.data)
