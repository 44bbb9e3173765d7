"""What /forgetme says of backups, before and after."""

from datetime import datetime
from typing import Any

import pytest

from handlers.render.text.keyboards import FORGET
from handlers.texts.chats import words_in
from handlers.texts.languages import words_of
from storage import facts
from storage.chats import personal
from storage.connection import Database
from storage.document import Author
from storage.documents import documents
from storage.documents.authors import open_authors
from storage.structs import replace


@pytest.mark.parametrize(
    ("language", "kept", "said"),
    [
        ("en", None, ""),
        ("en", 7, "\n\nThe daily backups hold it until 30 Nov."),
        ("en", 60, "\n\nThe daily backups hold it until 22 Jan 2027."),
        ("ru", 7, "\n\nВ ежедневных резервных копиях всё это остаётся до 30 ноя."),
    ],
)
async def test_until_when_backups_hold_a_person_is_said(
    ann: Any, language: str, kept: int | None, said: str
) -> None:
    ann = replace(ann, services=replace(ann.services, backups_kept=kept), language=language)
    question = await ann.read("/forgetme")
    done = (await ann.press_data(FORGET)).edit
    assert done is not None
    for text in (question, done.text.text):
        assert text.endswith(said)
        assert text.count("\n\n") == (kept is not None)


@pytest.mark.parametrize("place", ["private", "group", "channel"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_that_goes_is_named_before(place: Any, language: str) -> None:
    asked = words_in(place, words_of(language)).forget_ask
    named = {
        "en": (
            "digests",
            "collections",
            "notes",
            "silences",
            "surges",
            "links",
            "feeds",
            "settings",
        ),
        "ru": (
            "сводки",
            "подборки",
            "заметками",
            "слежение за молчанием каналов",
            "всплески",
            "ссылки",
            "ленты",
        ),
    }
    assert [one for one in named[language] if one not in asked] == []


@pytest.mark.parametrize("chat_id", [1, -50])
async def test_it_is_noted_outside_and_no_question_is_remembered(ann: Any, chat_id: int) -> None:
    noted: list[int] = []
    ann = replace(ann, chat_id=chat_id)

    async def note(chat: int, _: datetime) -> None:
        noted.append(chat)

    ann = replace(ann, services=replace(ann.services, note_forgotten=note))
    await ann.say("/alert@dateline_bot")
    assert any(chat_id in place for place in ann.services.questions._open)
    result = await ann.press_data(FORGET)
    assert (noted, result.leaves_nothing) == ([chat_id], True)
    assert not any(chat_id in place for place in ann.services.questions._open)


async def test_of_a_person_what_they_wrote_in_groups_is_forgotten_too(
    ann: Any, make_post: Any, database: Database
) -> None:
    authors = await open_authors(database, "full")
    post = make_post(1, "Ice", author=Author(kind="user", id=ann.chat_id, name="Ann"))
    async with database.transaction() as tx:
        await documents.store_documents(tx, [post], stored_at=ann.now, live=True, authors=authors)
    told = []
    for _ in range(2):
        async with database.reader() as conn:
            told.append([part.name for part in await personal.list_parts(conn, ann.chat_id)])
        await ann.press_data(FORGET)
        async with database.reader() as conn:
            # Nothing of it is left to be wiped out of the files.
            assert await facts.find_value(conn, "erasure") is None
    assert told == [["document"], []]
