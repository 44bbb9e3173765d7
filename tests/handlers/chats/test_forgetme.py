"""What /forgetme says of backups, before and after."""

from typing import Any

import pytest

from handlers.render.text.keyboards import FORGET
from handlers.texts.chats import words_in
from handlers.texts.languages import words_of
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
