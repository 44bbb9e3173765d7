"""Starting, stopping, help, and who is let in."""

import pytest

from handlers.registry import COMMANDS
from handlers.texts.languages import words_of
from storage import subscribers


async def test_start_welcomes_and_remembers(ann, database) -> None:
    assert "/alert sanctions" in await ann.read("/start")
    async with database.reader() as conn:
        known = await subscribers.get_subscriber(conn, 1)
    assert (known.name, known.active, known.language) == ("Ann", True, None)


async def test_start_takes_a_deep_links_payload(ann) -> None:
    assert (await ann.read("/start ref_1-A")).startswith("Hello!")


async def test_a_russian_phone_is_answered_in_russian(ann) -> None:
    ann.language = "ru"
    assert (await ann.read("/start")).startswith("Здравствуйте!")


async def test_stop_keeps_alerts_and_start_revives_them(ann, database, hooks) -> None:
    await ann.say("/alert embargo")
    assert (await ann.read("/stop")).startswith("Stopped.")
    (alert,) = hooks.added
    assert hooks.removed == [alert.id]
    await ann.say("/search embargo")
    async with database.reader() as conn:
        assert not (await subscribers.get_subscriber(conn, 1)).active
    assert "1 alert" in await ann.read("/start")
    assert hooks.added == [alert, alert]
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).active


async def test_setting_an_alert_ends_a_stop(ann, database) -> None:
    await ann.say("/stop")
    await ann.say("/alert embargo")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).active


async def test_help_has_an_example_to_copy_for_every_command(ann, operator) -> None:
    (message,) = await ann.say("/help")
    copied = [
        message.text.text[span.start : span.end]
        for span in message.text.spans
        if span.kind == "code"
    ]
    expected = [
        command.usage(words_of("en"))[0] for command in COMMANDS if command.who != "operator"
    ]
    assert copied[: len(expected)] == expected
    assert "/admit" not in message.text.text
    assert "/admit" in await operator.read("/help")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/serach oil", "/search"),
        ("/alrt", "/alert"),
        ("/setings", "/settings"),
        ("/hlep", "/help"),
    ],
)
async def test_an_unknown_command_names_the_nearest(ann, written: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in await ann.read(written)


async def test_an_unknown_command_like_no_other_names_help(ann) -> None:
    said = await ann.read("/xyzzy")
    assert said == "I don't know /xyzzy.\nAll commands: /help"


async def test_a_private_instance_refuses_with_the_persons_id(ann, private, database) -> None:
    (message,) = await private(ann).say("/search oil")
    assert message.text.text.endswith("your id: 1")
    (span,) = message.text.spans
    assert (span.kind, message.text.text[span.start : span.end]) == ("code", "1")
    async with database.reader() as conn:
        assert await subscribers.find_subscriber(conn, 1) is None


async def test_the_operator_lets_a_person_in(ann, operator, private) -> None:
    assert await private(operator).read("/admit 1") == "Let in: 1"
    assert (await private(ann).read("/start")).startswith("Hello!")


@pytest.mark.parametrize("argument", ["Ann", "0", "1.5", "9" * 30])
async def test_admit_takes_a_number(operator, argument: str) -> None:
    assert "/admit 123456789" in await operator.read(f"/admit {argument}")


async def test_only_the_operator_admits(ann) -> None:
    assert await ann.read("/admit 2") == "Only the operator of this instance may do that."


async def test_forgetme_asks_and_then_deletes_everything(
    ann, database, hooks, store, make_post
) -> None:
    await store(*(make_post(n, f"Embargo {n}") for n in range(1, 8)))
    await ann.say("/alert embargo")
    await ann.say("/digest daily 08:00 Europe/Berlin")
    await ann.say("/search embargo")
    await ann.say("/digest now")
    (question,) = await ann.say("/forgetme")
    assert "1 alert" in question.text.text
    for _ in range(2):
        result = await ann.press(question.keyboard, "Yes")
        assert result.edit is not None
        assert result.edit.text.text.startswith("All that was stored about you is deleted.")
    assert hooks.removed == [hooks.added[0].id]
    async with database.reader() as conn:
        for table in ("subscriber", "alert", "digest_plan", "delivery"):
            rows = await conn.fetch_all(f"SELECT * FROM {table}")  # noqa: S608
            assert rows == [], table
        facts = await conn.fetch_all("SELECT name FROM fact")
    # What the database knows of itself stays; what it knew of the person is named for the chat.
    assert not [row["name"] for row in facts if row["name"].endswith(f":{ann.chat_id}")]


async def test_forgetme_can_be_thought_better_of(ann, database) -> None:
    (question,) = await ann.say("/forgetme")
    result = await ann.press(question.keyboard, "Keep")
    assert result.edit is not None
    assert result.edit.text.text == "Nothing was deleted."
    async with database.reader() as conn:
        assert await subscribers.find_subscriber(conn, 1) is not None
