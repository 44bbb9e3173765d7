"""/language: asked for, written, or chosen by a button."""

from typing import Any

import pytest


@pytest.mark.parametrize("written", ["ru", "русский", "Русский", "Russian"])
async def test_a_language_is_set(ann: Any, written: str) -> None:
    assert await ann.read(f"/language {written}") == "Буду говорить по-русски."
    assert (await ann.read("/settings")).startswith("Ваши настройки")


async def test_it_is_asked_for_and_a_button_answers(ann: Any) -> None:
    (asked,) = await ann.say("/language")
    assert asked.text.text.startswith("Which language?")
    result = await ann.press(asked.keyboard, "русский")
    assert result.edit.text.text.startswith("Ваши настройки")
    # Nothing is asked any more: what is said next is searched for.
    assert "en" not in (await ann.read("паром")).split()


async def test_it_is_asked_for_and_a_word_answers(ann: Any) -> None:
    await ann.say("/language")
    assert await ann.read("русский") == "Буду говорить по-русски."


async def test_an_unknown_one_is_said(ann: Any) -> None:
    assert (await ann.read("/language xx")).startswith("I don't speak xx.")
