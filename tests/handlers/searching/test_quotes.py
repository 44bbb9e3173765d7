"""What somebody said, in the words of each post."""

from storage.document import Block


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


async def test_an_edit_changes_who_is_quoted(ann, store, make_post) -> None:
    await store(make_post(1, "Порт", body=said(FERRY)))
    await store(make_post(1, "Порт", body=said(OTHER), edited_at="2026-11-22T10:00:00Z"))
    assert (await ann.read("/quotes Zorin")).startswith("Nothing found")
    assert "1 result" in await ann.read("/quotes Mill")
