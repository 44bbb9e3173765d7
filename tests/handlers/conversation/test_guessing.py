"""What is nearly a command: another key, another layout, no slash, several at once."""

from typing import Any

import pytest

from handlers import command_table
from handlers.conversation import guessing
from handlers.conversation.guessing import Guess
from handlers.texts.languages import words_of

COMMANDS = [one for one in command_table.COMMANDS if one.who != "operator"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("serch", "search"),
        ("поис", "search"),
        ("ыуфкср", "search"),
        ("ыуфкс", "search"),
        ("gjbcr", "search"),
        ("ALRET", "alert"),
        ("find", "search"),
        ("удалить", "alerts"),
        ("users", None),  # the operator's
        ("нефть", None),
        ("ukraine", None),
        ("admi", None),  # the operator's
        ("x", None),
        ("", None),
    ],
)
def test_the_nearest_command_is_named(written: str, meant: str | None) -> None:
    assert guessing.nearest_command(written, COMMANDS) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("help", Guess("help", is_plain=True)),
        ("Помощь", Guess("help", is_plain=True)),
        ("alert oil", Guess("alert", "oil")),
        ("поиск нефть ИЛИ газ", Guess("search", "нефть ИЛИ газ")),
        ("stop the war", None),  # it takes no words
        ("alert me about grain", Guess("alert", "grain")),
        ("Tell me when oil OR gas", Guess("alert", "oil OR gas")),
        ("please follow the port", Guess("alert", "port")),
        ("tell me when there is news about the port", Guess("alert", "port")),
        ("news about oil", Guess("latest", "oil")),
        ("quiet hours 22-7", Guess("quiet", "22-7")),
        ("quiet 22-7", Guess("quiet", "22-7")),
        ("подпишись на зерно", Guess("alert", "зерно")),
        ("найди про нефтебазу", Guess("search", "нефтебазу")),
        ("my alerts", Guess("alerts")),
        ("покажи мои оповещения", Guess("alerts")),
        ("удали зерно", Guess("alerts", "зерно")),
        ("дайджест каждый день в 9", Guess("digest", "каждый день в 9")),
        ("what happened yesterday?", Guess("catchup", "yesterday")),
        ("часовой пояс Киев", Guess("timezone", "Киев")),
        ("не беспокоить с 23 до 7", Guess("quiet", "с 23 до 7")),
        ("Hello!", Guess("help")),
        ("Привет! Что ты умеешь?", Guess("help")),
        ("time is money", Guess("timezone", "is money")),
        ("on the road", None),
        ("myalerts", None),
        ("watch @harbour", None),  # the operator's
        ("https://t.me/harbour/2", Guess("why", "https://t.me/harbour/2", is_plain=True)),
        ("https://t.me/harbour/2 ferry", None),
        ("@harbour", Guess("latest", "@harbour", is_plain=True)),
        ("@harbour ferry", None),
        ("oil", None),
        ("", None),
    ],
)
def test_plain_text_may_be_a_command_without_its_slash(text: str, meant: Guess | None) -> None:
    assert guessing.without_slash(text, COMMANDS, words_of("en")) == meant


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("oil /alert gas", ["/alert gas"]),
        ("oil\n/alert gas\n/поиск нефть", ["/alert gas", "/поиск нефть"]),
        ("/digest@some_bot now", ["/digest@some_bot now"]),
        ("oil/alert a/search /serch", []),
        ("km/help /etc", []),
        ("", []),
    ],
)
def test_commands_in_a_text_are_found(text: str, found: list[str]) -> None:
    assert guessing.list_commands(text) == found


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("/serch ferry", "/search ferry"),
        (".ыуфкср ferry", "/search ferry"),
        ("/ыуфкср ferry", "/search ferry"),
        ("/ferry", "/search ferry"),
        ("search ferry", "/search ferry"),
        ("/find ferry", "/search ferry"),
    ],
)
async def test_what_was_meant_is_a_press_away(
    ann: Any, store: Any, make_post: Any, said: str, offered: str
) -> None:
    await store(make_post(1, "A ferry sails"))
    (message,) = await ann.say(said)
    (result,) = (await ann.press(message.keyboard, offered)).reply
    assert "Found for ferry: 1 result" in result.text.text


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ("/alert ferry\n/alert crane", ["/alert ferry", "/alert crane"]),
        ("/alert ferry /search crane", ["/alert ferry", "/search crane"]),
        ("ferry\n/alert crane", ["ferry", "/alert crane"]),
        ("/search /alert crane", ["/alert crane"]),
        ("/stop /start", ["/stop", "/start"]),
        ("/digest\n/alert crane", ["/digest", "/alert crane"]),
    ],
)
async def test_several_commands_in_a_message_are_none(
    ann: Any, active: Any, said: str, listed: list[str]
) -> None:
    first, *lines = (await ann.read(said)).split("\n")
    assert first.startswith("One command in a message, please: nothing is done yet.")
    assert lines == listed
    assert not await active()


@pytest.mark.parametrize("argument", ["ferry " * 20, "паром " * 9, "𝒻" * 900, "a\nb", "\ud800"])
@pytest.mark.parametrize("command", ["/serch", "/xyzzy", "/digest dayly", "/export pdf"])
async def test_what_no_button_holds_is_there_to_copy(ann: Any, command: str, argument: str) -> None:
    messages = await ann.say(f"{command} {argument}")
    assert messages[0].keyboard == ()
    assert argument.split()[0][:20] in "".join(message.text.text for message in messages)


async def test_words_are_left_out_of_what_takes_none(ann: Any) -> None:
    assert "Did you mean /alerts ferry?" in await ann.read("/delete ferry")
    assert "Did you mean /about?" in await ann.read("/aboot ferry")


@pytest.mark.parametrize("command", ["about", "privacy", "mine", "forgetme"])
async def test_what_takes_no_words_says_that_it_heeds_none(ann: Any, command: str) -> None:
    alone, more = await ann.read(f"/{command}"), await ann.read(f"/{command} grain  prices")
    told = f"/{command} takes no words. To search for them: /search grain prices"
    assert more == f"{alone}\n\n{told}"


async def test_a_note_may_name_a_command(ann: Any) -> None:
    said = await ann.read("/save https://t.me/harbour/1 brief: try /alert crane")
    assert "One command" not in said


@pytest.mark.parametrize("said", ["help", "@harbour", "https://t.me/harbour/2"])
async def test_what_is_hardly_a_query_is_said_above_what_it_finds(
    ann: Any, store: Any, make_post: Any, said: str
) -> None:
    await store(make_post(1, "Help @harbour https://t.me/harbour/2"))
    text = await ann.read(said)
    assert text.startswith("Found for ")
    assert text.split("\n")[1].startswith("Did you mean /")
    assert "Did you mean" not in await ann.read(f"/search {said}")


async def test_words_that_find_something_are_taken_for_words(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(1, "Review of the ferry"))
    assert "Did you mean" not in await ann.read("review ferry")
    assert "Did you mean /review crane?" in await ann.read("review crane")


async def test_a_greeting_is_told_where_all_commands_are(ann: Any) -> None:
    assert "All commands: /help" in await ann.read("hello")
    assert "All commands: /help" not in await ann.read("/search hello")


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("ferry last week", "ferry after:2026-11-15 · 1 post"),
        ("ferry yesterday", "ferry after:2026-11-21 · 1 post"),
        ("ferry 3d", "ferry after:2026-11-19 · 1 post"),
        ("ferry 20.11", "ferry after:2026-11-20 · 1 post"),
        ("паром за неделю", None),
    ],
)
async def test_a_time_behind_words_is_offered_as_a_filter(
    ann: Any, store: Any, make_post: Any, said: str, offered: str | None
) -> None:
    await store(make_post(1, "A ferry sails"))
    (message,) = await ann.say(f"/search {said}")
    labels = [button.text for row in message.keyboard for button in row]
    found = [label for label in labels if "after:" in label]
    assert found == ([f"🔎 {offered}"] if offered else [])


@pytest.mark.parametrize(
    "said", ["/search (\ud800", '/latest "\ud800 x', "/trend {\ud800", "/surge [\ud800"]
)
async def test_half_a_character_makes_no_button_and_ends_no_command(ann: Any, said: str) -> None:
    (message,) = await ann.say(said)
    assert not [one for row in message.keyboard for one in row if one.data and "\ud800" in one.data]
