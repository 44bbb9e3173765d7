"""Setting, listing and removing alerts."""

import pytest

from handlers.render.alerts.alerts import alert_message
from storage.structs import replace
from storage.subscribers import alerts


async def queries(database, chat_id: int = 1) -> list[str]:
    async with database.reader() as conn:
        return [alert.query for alert in await alerts.list_alerts(conn, chat_id)]


async def test_an_alert_is_saved(ann, database) -> None:
    assert (await ann.read("/alert oil price")).startswith("Alert set: oil price.")
    assert await queries(database) == ["oil price"]


async def test_the_same_alert_again_is_answered_politely(ann, database) -> None:
    await ann.say("/alert oil price")
    assert await ann.read("/alert  oil   price") == "You have this alert already: oil price."
    assert len(await queries(database)) == 1


async def test_an_alert_may_be_set_to_ring_once_for_an_event(ann, database) -> None:
    async def is_once() -> bool:
        async with database.reader() as conn:
            (alert,) = await alerts.list_alerts(conn, 1)
        return alert.once

    said = await ann.read("/alert oil price per:event")
    assert said.startswith("Alert set: oil price.")
    assert "\n1️⃣ Once per event: later posts of it go into" in said
    assert await queries(database) == ["oil price"]
    assert await is_once()
    (listed,) = await ann.say("/alerts")
    assert listed.keyboard[0][0].text == "🔔1️⃣ oil price"
    known = await ann.read("/alert oil price per:post")
    assert known == "You have this alert already: oil price.\nTells of everything new."
    assert not await is_once()
    await ann.say("/alert раз:событие oil price")
    assert await is_once()
    await ann.say("/alert oil price")
    assert await is_once()


async def test_alerts_are_limited(ann, database) -> None:
    for word in ("one", "two", "three"):
        await ann.say(f"/alert {word}")
    assert (await ann.read("/alert four")).startswith("You have 3 alerts, the most")
    assert (await ann.read("/alert two")).startswith("You have this alert already")
    assert len(await queries(database)) == 3


async def test_a_broken_query_points_at_the_place(ann, database) -> None:
    (message,) = await ann.say('/alert "oil price')
    lines = message.text.text.split("\n")
    assert lines[0].startswith("I can't read this query:")
    assert lines[1] == '"oil price'
    assert lines[2].strip() == "^"
    assert lines[3] == 'Did you mean /alert "oil price"?'
    assert [span.kind for span in message.text.spans] == ["pre", "code"]
    assert await queries(database) == []


async def test_a_query_longer_than_anyone_types_is_refused(ann) -> None:
    assert await ann.read("/alert " + "oil " * 200) == (
        "This query is too long: 799 characters, 500 at most. Leave some words out."
    )


async def test_a_bare_alert_asks_and_the_next_message_answers(ann, database) -> None:
    (question,) = await ann.say("/alert")
    assert [button.text for row in question.keyboard for button in row] == ["sanctions", "✕ Cancel"]
    assert (await ann.read("embargo")).startswith("Alert set: embargo.")
    assert await queries(database) == ["embargo"]
    assert (await ann.read("quota")).startswith("Nothing found for quota.")


async def test_another_command_drops_the_question(ann, database) -> None:
    await ann.say("/alert")
    await ann.say("/help")
    await ann.say("embargo")
    assert await queries(database) == []


async def test_the_list_has_a_button_for_each(ann) -> None:
    assert (await ann.read("/alerts")).startswith("You have no alerts yet.")
    await ann.say("/alert oil")
    await ann.say("/alert gas")
    (message,) = await ann.say("/alerts")
    assert message.text.text == "Your alerts: 2\nA tap opens one: what it finds, how it comes."
    assert [[button.text for button in row] for row in message.keyboard] == [["🔔 oil"], ["🔔 gas"]]


async def test_removing_asks_nothing_and_is_undone_by_a_button(ann, database) -> None:
    await ann.say("/alert oil")
    await ann.say("/alert gas")
    (message,) = await ann.say("/alerts")
    page = await ann.press(message.keyboard, "oil")
    assert page.edit is not None
    removed = await ann.press(page.edit.keyboard, "Remove")
    assert removed.edit is not None
    assert removed.edit.text.text.startswith("Removed: oil\nYour alerts: 1")
    assert await queries(database) == ["gas"]
    again = await ann.press(page.edit.keyboard, "Remove")
    assert again.toast == "This alert was removed before."
    late = await ann.press(message.keyboard, "oil")
    assert late.toast == "This alert was removed before."
    for _ in range(2):
        back = await ann.press(removed.edit.keyboard, "Undo")
        assert back.toast == "It is back, as it was: oil"
        assert back.edit == message
        assert await queries(database) == ["oil", "gas"]


async def test_nobody_removes_the_alert_of_another_chat(ann, operator, database) -> None:
    await ann.say("/alert oil")
    (message,) = await ann.say("/alerts")
    page = await ann.press(message.keyboard, "oil")
    assert page.edit is not None
    for button in [button for row in page.edit.keyboard for button in row]:
        await operator.press_data(button.data or "")
    assert await queries(database) == ["oil"]
    removed = await ann.press(page.edit.keyboard, "Remove")
    assert removed.edit is not None
    for data in [button.data for row in removed.edit.keyboard for button in row]:
        await operator.press_data(data or "")
    assert await queries(database) == []


async def test_an_alert_is_removed_below_its_message_and_put_back(
    ann, database, active, store, make_post
) -> None:
    await ann.say("/alert oil")
    await ann.say("/alert gas")
    post = make_post(5, "Oil and gas prices")
    await store(post)
    message = alert_message(post, await active(), language="en", timezone="UTC", now=ann.now)
    opened = await ann.press(message.keyboard, "⋯")
    removed = await ann.press(opened.keyboard, "Remove: oil")
    assert removed.toast == "Removed: oil"
    assert removed.keyboard is not None and removed.edit is None
    labels = [[button.text for button in row] for row in removed.keyboard]
    assert labels == [["Open", "💤 Snooze", "⋯"], ["↩️ Undo"]]
    assert await queries(database) == ["gas"]
    again = await ann.press(opened.keyboard, "Remove: oil")
    assert again.toast == "This alert was removed before."
    assert again.keyboard == removed.keyboard
    for other in ("⋯", "Snooze"):  # What else is pressed there leaves it where it is.
        pressed = await ann.press(removed.keyboard, other)
        back = await ann.press(pressed.keyboard, "Back")
        assert back.keyboard == removed.keyboard
    unfolded = await ann.press(removed.keyboard, "⋯")
    muted = await ann.press(unfolded.keyboard, "Mute")
    for shown in (unfolded, muted, await ann.press(muted.keyboard, "Unmute")):
        assert [button.text for button in shown.keyboard[-1]] == ["↩️ Undo"]
    other = replace(ann, pressed_at=99)  # Below another message there is none.
    elsewhere = await other.press(message.keyboard, "⋯")
    assert "Undo" not in str(elsewhere.keyboard)
    for _ in range(2):
        back = await ann.press(removed.keyboard, "Undo")
        assert back.toast == "It is back, as it was: oil"
        assert back.keyboard == message.keyboard
    assert await queries(database) == ["oil", "gas"]


@pytest.mark.parametrize(
    "data",
    ["", "?", "aq", "aq|x|0", "aq|1", "ar|1|²", "xq|tg:1/1", "sp|t", "al|" + "9" * 40, "xs|a|b|c"],
)
async def test_forged_and_old_buttons_lead_to_a_toast(ann, data: str) -> None:
    result = await ann.press_data(data)
    assert result.edit is None
    assert result.toast == "This button no longer works."


async def test_the_page_number_does_nothing(ann) -> None:
    result = await ann.press_data("-")
    assert (result.edit, result.keyboard, result.toast) == (None, None, None)


@pytest.fixture
async def three(ann) -> None:
    for query in ("grain", "grain exports", "oil price"):
        await ann.say(f"/alert {query}")


@pytest.mark.parametrize(
    ("said", "title", "listed"),
    [
        ("/alerts grain", "Of your alerts, those with grain: 1", ["grain"]),
        ("/alerts GRA", "Of your alerts, those with GRA: 2", ["grain", "grain exports"]),
        ("/alerts remove  Oil price", "those with Oil price: 1", ["oil price"]),
        ("/alerts off exports", "those with exports: 1", ["grain exports"]),
        ("/оповещения убрать oil price", "those with oil price: 1", ["oil price"]),
        ("/alerts wheat", "None of your alerts has wheat. To make it one: /alert wheat", None),
        ("/alerts remove", "None of your alerts has remove.", None),
        ("/alerts", "Your alerts: 3", None),
    ],
)
async def test_the_list_narrows_to_the_words_behind_it(
    ann, three, database, said: str, title: str, listed: list[str] | None
) -> None:
    (message,) = await ann.say(said)
    assert title in message.text.text.splitlines()[0]
    shown = [row[0].text for row in message.keyboard]
    assert shown == [f"🔔 {query}" for query in listed or await queries(database)]
    assert len(await queries(database)) == 3
    card = (await ann.press(message.keyboard, shown[0])).edit
    gone = (await ann.press(card.keyboard, "Remove")).edit
    assert (await ann.press(gone.keyboard, "Undo")).edit


async def test_many_alerts_with_some_words_stand_on_one_page(ann, services) -> None:
    ann.services = replace(services, alerts_per_person=30)
    for number in range(25):
        await ann.say(f"/alert grain{number}")
    (message,) = await ann.say("/alerts grain")
    assert len(message.keyboard) == 25
