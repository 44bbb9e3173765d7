"""What is removed by two at once, or by a tap too many, can be put back all the same."""

from typing import Any

import pytest

from storage.channels import channels
from storage.structs import replace
from storage.subscribers import subscribers
from tests.handlers.conftest import ADMIN


def buttons(keyboard: Any) -> dict[str, str]:
    return {button.text: button.data for row in keyboard for button in row if button.data}


async def opened(ann: Any, *steps: str) -> Any:
    """The keyboard below the last message of commands, and of buttons pressed below it."""
    keyboard: Any = ()
    for step in steps:
        if step.startswith("/"):
            keyboard = (await ann.say(step))[0].keyboard
        else:
            pressed = await ann.press(keyboard, step)
            keyboard = pressed.edit.keyboard if pressed.edit else pressed.reply[0].keyboard
    return keyboard


@pytest.fixture
async def kept(ann: Any, store: Any, make_post: Any, database: Any, now: Any) -> Any:
    """Ann has one of each, and posts that are found."""
    ann.services = replace(ann.services, feeds_url="http://feeds.example")
    await store(make_post(1, "Oil price falls"), make_post(2, "Oil price rises"))
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=100, username="harbour", now=now)
    await ann.say("/save https://t.me/harbour/1 Desk")
    await ann.say("/save https://t.me/harbour/2 Desk")
    return ann


@pytest.fixture
async def operated(operator: Any, store: Any, make_post: Any, database: Any, now: Any) -> Any:
    """The operator of a private instance that lets Bea in and watches a channel."""
    operator.services = replace(
        operator.services, feeds_url="http://feeds.example", access="private"
    )
    await store(make_post(1, "Oil price falls"))
    async with database.transaction() as tx:
        await channels.add_channel(
            tx, channel_id=100, username="harbour", title="Harbour News", now=now
        )
        await subscribers.add_subscriber(tx, chat_id=2, now=now)
        await subscribers.update_subscriber(tx, 2, admitted=True, name="Bea")
    return operator


@pytest.mark.parametrize(
    ("steps", "removes", "others"),
    [
        (
            ("/alert oil", "/alerts", "oil"),
            "Remove",
            ("Pause", "Query", "Channels", "How it comes"),
        ),
        (("/alert oil",), "Remove", ("Keep", "Narrow")),
        (("/digest daily 08:00", "/digest", "All posts"), "Remove", ("Pause",)),
        (("/collections", "Desk"), "Remove", ("Text",)),
        (("/collections", "Desk"), "✕ 1", ()),
        (("/silence @harbour", "/silence", "🔇"), "Remove", ()),
        (("/surge oil", "/surge", "📈"), "Remove", ()),
        (("/feed oil", "/feed"), "Remove", ()),
        (("/share oil", "/links"), "Remove", ()),
        (("/share oil",), "Remove", ()),
    ],
)
async def test_undo_outlives_another_press(
    kept: Any, steps: tuple[str, ...], removes: str, others: tuple[str, ...]
) -> None:
    keyboard = await opened(kept, *steps)
    removed = (await kept.press(keyboard, removes)).edit
    assert "↩️ Undo" in buttons(removed.keyboard)
    for label in (removes, *others):
        again = await kept.press(keyboard, label)
        shown = again.edit.keyboard if again.edit else again.keyboard
        if label == "Query":  # It answers below.
            assert again.reply
            continue
        assert shown is not None and "↩️ Undo" in buttons(shown), label
    assert (await kept.press(removed.keyboard, "Undo")).edit


async def lists(person: Any, command: str) -> Any:
    """The keyboard of the list that a command gives last."""
    return (await person.say(command))[-1].keyboard


@pytest.mark.parametrize(
    ("made", "listing", "entry", "removing"),
    [
        ("/surge oil", "/surge", "📈", "/surge off oil"),
        ("/silence @harbour", "/silence", "🔇", "/silence off @harbour"),
        ("/surge oil", "/surge", "📈", None),
        ("/silence @harbour", "/silence", "🔇", None),
        ("/feed oil", "/feed", "Remove 1", None),
        ("/share oil", "/links", "Remove 1", None),
        ("/invite 5", "/invite 2", "Remove 2", None),
        ("/watch @quay", "/channels", "Harbour", "/unwatch @harbour"),
        ("/watch @quay", "/channels", "Harbour", None),
        ("", "/users", "✕", None),
    ],
)
async def test_an_older_list_leaves_no_dead_entry_and_has_the_undo(
    operated: Any, made: str, listing: str, entry: str, removing: str | None
) -> None:
    """What another message, of the same chat, removed: the list says so, and can put it back."""
    if made:
        await operated.say(made)
    older = await lists(operated, listing)
    if listing in ("/silence", "/surge", "/channels"):
        older = (await operated.press(older, entry)).edit.keyboard
        entry = "Remove"
    if removing is None:
        assert (await operated.press(older, entry)).edit
    else:
        await operated.say(removing)
    again = await operated.press(older, entry)
    assert again.toast == "That was removed before."
    assert again.edit.text.text.startswith("Removed: ")
    assert again.edit.text.text.partition("\n")[0] != "Removed: "
    back = await operated.press(again.edit.keyboard, "Undo")
    assert "↩️ Undo" not in buttons(back.edit.keyboard)
    assert not back.edit.text.text.startswith("Removed: ")


async def test_another_operators_list_has_no_dead_entry_and_the_undo(operated: Any) -> None:
    services = replace(operated.services, admins=frozenset({ADMIN, ADMIN + 1}))
    first = replace(operated, services=services)
    other = replace(first, chat_id=ADMIN + 1, sender_id=ADMIN + 1)
    older = await lists(other, "/users")
    assert (await first.press(await lists(first, "/users"), "Bea")).edit
    again = await other.press(older, "Bea")
    assert again.edit.text.text.startswith("Removed: Bea")
    assert "✕ Remove: Bea" not in buttons(again.edit.keyboard)
    assert "Bea" in (await other.press(again.edit.keyboard, "Undo")).edit.text.text


async def test_another_operators_channel_is_gone_with_nothing_to_put_back(operated: Any) -> None:
    """Where it is whoever removed it who can put it back."""
    services = replace(operated.services, admins=frozenset({ADMIN, ADMIN + 1}))
    first = replace(operated, services=services)
    other = replace(first, chat_id=ADMIN + 1, sender_id=ADMIN + 1)
    card = (await other.press(await lists(other, "/channels"), "Harbour")).edit.keyboard
    await first.say("/unwatch @harbour")
    again = await other.press(card, "Remove")
    assert again.toast == "That was removed before."
    assert "↩️ Undo" not in buttons(again.edit.keyboard)
    assert "Harbour" not in again.edit.text.text
