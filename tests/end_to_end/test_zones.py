"""A reader says where they live, by buttons and in their words."""

from typing import Any


async def test_a_zone_is_chosen_by_buttons_across_a_restart_and_plans_follow(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    chat = stage.sandbox.add_user("Boris", language="ru").chat_with(stage.bot)
    service = await stage.run()
    planned = await chat.ask("/сводка 8 вечера")
    assert "в 20:00 (UTC)" in planned.text
    await chat.wait_for("Такой она была бы сейчас")
    asked = await chat.ask("/пояс")
    await chat.press(asked, "Россия")
    await stage.sandbox.wait_for(lambda: _named(asked, "Москва"), what="places")
    await service.kill()
    await stage.run()
    await chat.press(asked, _named(asked, "Екатеринбург"))
    await chat.wait_for("Часовой пояс: Екатеринбург")
    plans = await chat.ask("/сводка")
    await chat.press(plans, plans.buttons[0][0])
    await stage.sandbox.wait_for(lambda: "в 20:00 (Екатеринбург)" in plans.text, what="the plan")
    guessed = await chat.ask("/пояс Мосвка")
    assert "Может быть, Москва, где сейчас" in guessed.text
    await chat.press(guessed, "Да")
    await chat.wait_for("Сводка: каждый день в 20:00 (Москва)")


def _named(message: Any, place: str) -> Any:
    """The button of a place: its time stands behind the name."""
    buttons = [button for row in message.buttons for button in row]
    return next((one for one in buttons if one.text.startswith(place)), None)
