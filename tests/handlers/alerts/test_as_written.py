"""A query is shown as whoever wrote it knows it again."""

import pytest

from handlers.render.answers.queries import as_written

TYPED = [
    "нефть ИЛИ газ",
    "нефть НЕ масло",
    "нефть -масло",
    "канал:harbour нефть",
    "заголовок:эмбарго ИЛИ есть:фото,видео",
    "«цена нефти» РЯДОМ/3 газ",
    "Нефть И Газ",
    "oil OR gas",
    "has:photo,video Oil",
]


@pytest.mark.parametrize("typed", TYPED)
async def test_a_query_is_echoed_as_it_was_typed(ann, typed: str) -> None:
    assert typed in await ann.read(f"/search {typed}")
    (told,) = await ann.say(f"/alert  {typed}")
    assert typed in told.text.text
    (listed,) = await ann.say("/alerts")
    assert any(button.text.endswith(typed) for row in listed.keyboard for button in row)
    assert typed in await ann.read(f"/export {typed}")


async def test_what_asks_the_same_is_one_alert_however_it_is_written(ann, active) -> None:
    await ann.say("/alert нефть ИЛИ газ")
    assert "You have this alert already: нефть ИЛИ газ." in await ann.read("/alert Нефть | газ")
    assert len(await active()) == 1


@pytest.mark.parametrize(
    ("typed", "narrowed"),
    [
        ("нефть ИЛИ газ", "(нефть ИЛИ газ) lang:ru"),
        ("(нефть ИЛИ газ)", "(нефть ИЛИ газ) lang:ru"),
        ("канал:harbour нефть", "канал:harbour нефть lang:ru"),
        ("есть:фото,видео", "есть:фото,видео lang:ru"),
    ],
)
async def test_buttons_add_to_what_was_typed(ann, typed: str, narrowed: str) -> None:
    await ann.say(f"/alert {typed}")
    pressed = await ann.press_data("pw|1|l|ru")
    assert f"Narrowed to {narrowed}." in pressed.edit.text.text


async def test_what_nobody_sees_is_not_echoed(ann) -> None:
    assert "Alert set: нефть ИЛИ" not in await ann.read("/alert не\u00adфть\u202e ИЛИ газ")


@pytest.mark.parametrize(
    ("part", "written", "shown"),
    [
        ("channel:harbour", "канал:harbour", "канал:harbour"),
        ("-channel:harbour", "нефть -Канал:harbour", "-канал:harbour"),
        ("channel:harbour", "channel:harbour", "channel:harbour"),
        ("a NEAR/3 b", "a РЯДОМ/3 b", "a РЯДОМ/3 b"),
        ("has:photo", "нефть есть:фото", "есть:фото"),
        ("lang:ru", "язык:русский нефть", "язык:русский"),
        ('"цена нефти" NEAR/3 газ', "«цена нефти» РЯДОМ/3 газ", "«цена нефти» РЯДОМ/3 газ"),
        ("after:2026-01-01", "нефть после:2026-01-01", "после:2026-01-01"),
        ("-(a OR b)", "c -(a ИЛИ b)", "-(a ИЛИ b)"),
    ],
)
def test_a_part_of_a_query_has_the_words_of_the_whole(part: str, written: str, shown: str) -> None:
    assert as_written(part, written) == shown
