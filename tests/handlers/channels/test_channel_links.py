"""Links to channels, those that are not watched too; and that walking ids teaches nothing."""

import re
from datetime import timedelta

import pytest

from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage import payloads
from storage.channels import channels, wishes
from storage.chats import moving
from storage.outbox import outbox
from storage.structs import replace

WEEK = timedelta(days=7, minutes=1)


DEAD = "This link leads nowhere: it has ended, or was removed.\n\n"


def payload(message) -> str:
    return re.search(r"start=([A-Za-z0-9_-]{1,64})", message.text.text)[1]


def labels(keyboard) -> list[list[str]]:
    return [[button.text for button in row] for row in keyboard]


@pytest.fixture
def bob(ann):
    return replace(ann, chat_id=2, sender_id=2, name="Bob")


@pytest.fixture
async def harbour(database, now):
    async with database.transaction() as tx:
        return await channels.add_channel(
            tx, channel_id=100, username="harbour", title="Harbour News", now=now
        )


async def link_to(person, argument: str = "@harbour") -> str:
    (made,) = await person.say(f"/links {argument}")
    return payload(made)


async def queued(database, chat_id: int) -> list[Message]:
    """What waits to be sent to a chat, or was cancelled, in order."""
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT payload FROM delivery WHERE chat_id = ? ORDER BY id", (chat_id,)
        )
    return [Message.from_payload(payloads.read("answer", row["payload"])) for row in rows]


async def unwatch(database, harbour) -> None:
    async with database.transaction() as tx:
        await channels.remove_channel(tx, harbour.id)


async def test_a_link_shows_a_channel_with_its_buttons(ann, bob, operator, harbour) -> None:
    (listed,) = await ann.say("/channels")
    page = (await ann.press(listed.keyboard, "Harbour")).edit
    (made,) = (await ann.press(page.keyboard, "Share")).reply
    assert made.text.text.startswith(
        "Whoever opens this sees Harbour News here and can follow it, until 22 Dec 12:00:\n"
        "https://t.me/dateline_bot?start=l_"
    )
    assert labels(made.keyboard) == [["✕ Remove the link"], ["🔗 All links"]]
    (opened,) = await bob.say(f"/start {payload(made)}")
    assert (opened.text.text, labels(opened.keyboard)) == (page.text.text, labels(page.keyboard))
    (seen,) = await operator.say(f"/start {payload(made)}")
    assert labels(seen.keyboard)[-2] == ["🏛 It is official"]
    followed = await bob.press(opened.keyboard, "All posts")
    assert followed.edit.text.text.endswith("You get all its posts.")
    await bob.say("/stop")
    assert "✓ 🔔 All posts" in str(labels((await bob.say(f"/start {payload(made)}"))[0].keyboard))


async def test_a_link_goes_on_when_the_channel_is_called_otherwise(
    ann, bob, harbour, database
) -> None:
    link = await link_to(ann)
    async with database.transaction() as tx:
        await channels.update_channel(tx, harbour.id, username="harbour_today", title="Today")
        await channels.add_channel(
            tx, channel_id=200, username="harbour", title="Newcomer", now=ann.now
        )
    assert "Today @harbour_today" in await bob.read(f"/start {link}")


@pytest.mark.slow
async def test_walking_ids_teaches_nothing(ann, bob, harbour, database) -> None:
    link = await link_to(ann)
    ended = await link_to(ann)
    revoked = await link_to(ann)
    async with database.transaction() as tx:
        await tx.execute("UPDATE link SET ends_at = 1 WHERE token = ?", (ended[2:],))
        await tx.execute("DELETE FROM link WHERE token = ?", (revoked[2:],))
    await bob.say("/start")
    welcome = await bob.read("/start")
    walked = [f"{kind}{n}" for kind in ("l_", "c_", "l_@", "cc|", "") for n in range(-2, 30)]
    walked += ["l_harbour", "l_@harbour", "harbour", "l_", link[:-1], link[2:], link + "A"]
    walked += [ended, revoked, link.swapcase()]
    for one in walked:
        said = DEAD + welcome if one.startswith("l_") else welcome
        assert await bob.read(f"/start {one}") == said, one
    assert "nowhere" not in await bob.read(f"/start {link}")
    # Rows of channels that are not watched say no more than rows that never were.
    await unwatch(database, harbour)
    gone = [await bob.press_data(f"{verb}|{row}|0") for verb in ("cc", "ch") for row in (1, 99)]
    assert {one.toast for one in gone} == {"This channel is not watched any more."}
    assert gone[0] == gone[1] and gone[2] == gone[3]
    for row in (1, 2, 99):
        assert (await bob.press_data(f"wb|{row}")).edit is None
    assert await bob.press_data(f"lr|0|{link[2:]}") == await bob.press_data("lr|0|AAAA")
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT token FROM link WHERE ends_at > 1")
    assert [row["token"] for row in rows] == [link[2:]]


async def test_a_channel_that_is_not_watched_is_asked_for_and_watched_by_a_tap(
    ann, bob, operator, database, harbour
) -> None:
    link = await link_to(ann)
    await unwatch(database, harbour)
    for person in (ann, bob):
        assert await person.read(f"/start {link}") == (
            "Harbour News is not watched here. The operator is asked; you will be told here."
        )
    assert "has not answered yet" in await ann.read(f"/start {link}")
    (notice,) = await queued(database, operator.chat_id)
    assert notice.text.text == "A reader asks to watch Harbour News."
    denied = words_of("en").operators_only
    assert (await ann.press(notice.keyboard, "Watch")).toast == denied
    assert (await ann.press_data("wy|AAAA")).toast == denied
    granted = await operator.press(notice.keyboard, "Watch")
    assert granted.edit.text.text == "Harbour News goes on the list, as a reader asked."
    assert labels(granted.edit.keyboard) == [["↻ How far?", "Read further back"]]
    further = (await operator.press(granted.edit.keyboard, "Read further")).edit
    assert further.text.text.startswith("How much of @harbour")
    for person in (ann, bob):
        (told,) = await queued(database, person.chat_id)
        assert told.text.text.startswith("Harbour News is watched now, as you asked.")
        opened = (await person.press(told.keyboard, "Open")).edit
        assert opened.text.text.startswith("Harbour News @harbour")
    again = await operator.press(notice.keyboard, "Deny")
    assert again.toast == "That was answered before, or nobody asks for it any more."
    async with database.reader() as conn:
        assert await channels.count_changes(conn) == 1
        assert [one.id for one in await channels.list_channels(conn)] == [harbour.id]


async def test_a_channel_that_nobody_knows_is_asked_for_by_its_name(
    ann, bob, operator, database
) -> None:
    link = await link_to(bob, "t.me/Far_Shore")
    said = await bob.read("/links t.me/Far_Shore")
    assert said.startswith("@Far_Shore is not watched here. Whoever opens this asks the operator")
    await ann.say("/settings language ru")
    assert await ann.read(f"/start {link}") == (
        "За @Far_Shore я не слежу. Владельца спросил; ответ напишу сюда."
    )
    (notice,) = await queued(database, operator.chat_id)
    await operator.press(notice.keyboard, "Watch")
    (told,) = await queued(database, ann.chat_id)
    assert told.text.text.startswith("Теперь слежу за @Far_Shore, как вы просили.")
    async with database.reader() as conn:
        assert [one.username for one in await channels.list_channels(conn)] == ["Far_Shore"]


async def test_who_asked_is_told_when_the_channel_is_watched_by_hand(
    ann, bob, operator, database, harbour
) -> None:
    await unwatch(database, harbour)
    for person, name in ((ann, "@Harbour"), (bob, "@harbour")):
        await person.say(f"/start {await link_to(ann, name)}")
    assert len(await queued(database, operator.chat_id)) == 1
    await operator.say("/watch @harbour")
    for person in (ann, bob):
        (told,) = await queued(database, person.chat_id)
        assert told.text.text.startswith("@Harbour is watched now, as you asked.")
    async with database.reader() as conn:
        assert await conn.fetch_all("SELECT * FROM wish") == []


async def test_who_is_denied_is_told_and_asks_again_after_a_week(ann, operator, database) -> None:
    link = await link_to(ann, "@far_shore")
    await ann.say(f"/start {link}")
    (notice,) = await queued(database, operator.chat_id)
    denied = await operator.press(notice.keyboard, "Deny")
    assert denied.edit.text.text == "@far_shore is not watched; who asked is told."
    (told,) = await queued(database, ann.chat_id)
    assert told.text.text == "The operator does not want to watch @far_shore."
    assert "in a week" in await ann.read(f"/start {link}")
    assert len(await queued(database, operator.chat_id)) == 1
    ann.now += WEEK
    assert "The operator is asked" in await ann.read(f"/start {link}")
    assert len(await queued(database, operator.chat_id)) == 2


async def test_one_person_asks_for_few_at_once_and_takes_one_back(
    ann, bob, operator, database
) -> None:
    asked = []
    for number in range(wishes.OPEN):
        (said,) = await ann.say(f"/start {await link_to(bob, f'@shore_{number}')}")
        asked.append(said)
    link = await link_to(bob, "@far_shore")
    assert "too much waits for an answer" in await ann.read(f"/start {link}")
    taken = await ann.press(asked[0].keyboard, "Remove the request")
    assert taken.edit.text.text == "The request for @shore_0 is removed."
    assert (await ann.press(asked[0].keyboard, "Remove the request")).edit is None
    assert (await bob.press(asked[1].keyboard, "Remove the request")).edit is None
    assert "The operator is asked" in await ann.read(f"/start {link}")
    full = await ann.press(taken.edit.keyboard, "Undo")
    assert (full.edit, full.keyboard) == (None, None)
    assert full.toast.startswith("@shore_0 is not watched here, and too much waits")
    notices = await queued(database, operator.chat_id)
    assert (await operator.press(notices[0].keyboard, "Watch")).toast.startswith("That was")
    async with database.reader() as conn:
        assert await channels.list_channels(conn) == []


async def test_what_was_taken_back_is_asked_for_again_and_the_operators_anew(
    ann, bob, operator, database, harbour
) -> None:
    await unwatch(database, harbour)
    (said,) = await ann.say(f"/start {await link_to(bob)}")
    taken = (await ann.press(said.keyboard, "Remove the request")).edit
    assert (await bob.press(taken.keyboard, "Undo")).edit is None
    assert (await ann.press(taken.keyboard, "Undo")).edit == said
    assert (await ann.press(taken.keyboard, "Undo")).edit == said
    _, notice = await queued(database, operator.chat_id)  # The first one may be answered.
    again = (await ann.press(said.keyboard, "Remove the request")).edit
    await operator.say("/watch @harbour")
    watched = await ann.press(again.keyboard, "Undo")
    assert watched.edit.text.text.startswith("Harbour News is watched now, as you asked.")
    gone = await operator.press(notice.keyboard, "Watch")
    assert gone.toast.startswith("That was answered before")


async def test_the_operator_who_opens_such_a_link_watches_by_a_tap(operator, database) -> None:
    (said,) = await operator.say(f"/start {await link_to(operator, '@far_shore')}")
    assert said.text.text == "@far_shore is not watched here. What is: /channels"
    watched = (await operator.press(said.keyboard, "Watch")).edit
    assert watched.text.text.startswith("@far_shore goes on the list.")


async def test_where_there_is_no_operator_nobody_is_asked(ann, services, database) -> None:
    ann.services = replace(services, admins=frozenset())
    link = await link_to(ann, "@far_shore")
    assert await ann.read(f"/start {link}") == "@far_shore is not watched here. What is: /channels"


async def test_links_are_listed_and_revoked(ann, bob, active, harbour) -> None:
    assert (await ann.read("/links")).startswith("There are no links.")
    link = await link_to(ann)
    await ann.say("/alert oil")
    (alert,) = await active()
    await ann.press_data(f"ha|{alert.id}")
    (listed,) = await ann.say("/links")
    assert listed.text.text.startswith("Links: 2\n\n")
    assert "Alert: oil, until 22 Dec 12:00\nhttps://t.me/dateline_bot?start=l_" in listed.text.text
    assert f"Harbour News, until 22 Dec 12:00\nhttps://t.me/dateline_bot?start={link}" in (
        listed.text.text
    )
    place = next(n for n in (1, 2) if f"{n}. Harbour" in listed.text.text)
    left = await ann.press(listed.keyboard, f"Remove {place}")
    assert left.toast == "The link leads nowhere any more."
    assert left.edit.text.text.startswith("Removed: Harbour News\n\nLinks: 1\n\n1. Alert: oil")
    await bob.say("/start")
    assert await bob.read(f"/start {link}") == DEAD + await bob.read("/start")
    assert (await bob.read("/links")).startswith("There are no links.")


async def test_a_link_that_was_removed_leads_where_it_led_when_that_is_undone(
    ann, bob, harbour
) -> None:
    link = await link_to(ann)
    (listed,) = await ann.say("/links")
    gone = await ann.press(listed.keyboard, "Remove 1")
    assert gone.edit.text.text.startswith("Removed: Harbour News\n\nThere are no links.")
    await bob.say("/start")
    welcome = await bob.read("/start")
    assert await bob.read(f"/start {link}") == DEAD + welcome
    assert (await bob.press(gone.edit.keyboard, "Undo")).toast == "That can't be put back any more."
    assert await bob.read(f"/start {link}") == DEAD + welcome
    back = await ann.press(gone.edit.keyboard, "Undo")
    assert back.toast == "It is back."
    assert (back.edit.text.text, labels(back.edit.keyboard)) == (
        listed.text.text,
        labels(listed.keyboard),
    )
    assert "Harbour News @harbour" in await bob.read(f"/start {link}")
    assert (await ann.press(gone.edit.keyboard, "Undo")).toast == "It is back."


async def test_a_link_is_put_back_below_the_message_that_told_it(ann, bob, active, harbour) -> None:
    (made,) = await ann.say("/links @harbour")
    await ann.say("/alert oil")
    (alert,) = await active()
    (other,) = (await ann.press_data(f"ha|{alert.id}")).reply
    await bob.say("/start")
    welcome = await bob.read("/start")
    for told in (made, other):
        link = payload(told)
        gone = (await ann.press(told.keyboard, "Remove")).edit
        assert gone.text.text == "The link leads nowhere any more."
        assert await bob.read(f"/start {link}") == DEAD + welcome
        back = (await ann.press(gone.keyboard, "Undo")).edit
        assert (back.text.text, labels(back.keyboard)) == (told.text.text, labels(told.keyboard))
        assert "leads nowhere" not in await bob.read(f"/start {link}")


async def test_a_link_that_is_not_there_is_not_said_to_be_removed(ann, bob, harbour) -> None:
    (made,) = await ann.say("/links @harbour")
    await bob.say("/start")
    anothers = await bob.press(made.keyboard, "Remove")
    assert (anothers.edit, anothers.keyboard) == (None, ())
    assert "leads nowhere" not in anothers.toast
    assert "Harbour News @harbour" in await bob.read(f"/start {payload(made)}")
    assert (await ann.press(made.keyboard, "Remove")).edit.text.text.startswith("The link leads")
    again = await ann.press(made.keyboard, "Remove")
    assert again.edit is not None, "the button may be there still: it can be put back"
    ann.now += timedelta(days=1, seconds=1)
    late = await ann.press(made.keyboard, "Remove")
    assert (late.edit, late.keyboard, late.toast) == (None, (), DEAD.strip())


@pytest.mark.parametrize("later", [timedelta(days=1, seconds=1), timedelta(days=31)])
async def test_a_link_comes_back_for_a_day_and_not_when_it_has_ended(
    ann, harbour, later: timedelta
) -> None:
    (made,) = await ann.say("/links @harbour")
    gone = (await ann.press(made.keyboard, "Remove")).edit
    ann.now += later
    late = await ann.press(gone.keyboard, "Undo")
    assert (late.edit, late.toast) == (None, "That can't be put back any more.")
    assert (await ann.read("/links")).startswith("There are no links.")


async def test_many_links_are_paged(ann) -> None:
    for number in range(10):
        await ann.say(f"/links @shore_{number}")
        if number == 7:  # As many as a page holds: there is nothing to turn.
            (listed,) = await ann.say("/links")
            assert labels(listed.keyboard) == [[f"✕ Remove {n}"] for n in range(1, 9)]
    (listed,) = await ann.say("/links")
    assert labels(listed.keyboard)[-2:] == [["✕ Remove 8"], ["1 / 2", "Next ›"]]
    assert listed.text.text.startswith("Links: 10\n\n1. ")
    following = (await ann.press(listed.keyboard, "Next")).edit
    assert "\n\n9. " in following.text.text and "\n\n10. " in following.text.text
    assert labels(following.keyboard) == [["✕ Remove 9"], ["✕ Remove 10"], ["‹ Prev", "2 / 2"]]
    left = (await ann.press(following.keyboard, "Remove 9")).edit
    assert labels(left.keyboard) == [["↩️ Undo"], ["✕ Remove 9"], ["‹ Prev", "2 / 2"]]
    emptied = (await ann.press(left.keyboard, "Remove 9")).edit
    assert labels(emptied.keyboard) == [["↩️ Undo"], *([f"✕ Remove {n}"] for n in range(1, 9))]


@pytest.mark.parametrize(
    "argument", ["!!!", "not a channel", "https://t.me/+AbCdEf123", "12345", "<b>x</b>"]
)
async def test_what_is_no_channel_gets_no_link(ann, argument: str) -> None:
    assert "is no channel's @name" in await ann.read(f"/links {argument}")
    assert (await ann.read("/links")).startswith("There are no links.")


async def test_a_private_instance_shows_strangers_nothing(
    ann, bob, private, harbour, database
) -> None:
    link = await link_to(ann)
    stranger = private(bob)
    answers = {await stranger.read(f"/start {one}") for one in (link, "l_forged", "")}
    assert len(answers) == 1 and "private" in answers.pop()


async def test_a_group_that_goes_on_under_another_id_keeps_its_links_and_wishes(
    manager, bob, database
) -> None:
    link = await link_to(bob, "@far_shore")
    await manager.say("/links@dateline_bot @near_shore")
    await manager.say(f"/start@dateline_bot {link}")
    async with database.transaction() as tx:
        await moving.move_chat(tx, -50, -1000000000050)
    moved = replace(manager, chat_id=-1000000000050)
    assert "@near_shore" in await moved.read("/links@dateline_bot")
    assert "has not answered yet" in await moved.read(f"/start@dateline_bot {link}")


async def test_who_is_forgotten_asks_for_nothing_and_has_no_links(ann, bob, database) -> None:
    link = await link_to(bob, "@far_shore")
    own = await link_to(ann, "@near_shore")
    await ann.say(f"/start {link}")
    (asked,) = await ann.say("/forgetme")
    await ann.press(asked.keyboard, "Yes")
    async with database.reader() as conn:
        assert await wishes.may_ask(conn, 1)
        assert await conn.fetch_all("SELECT * FROM wish") == []
        assert (await outbox.count_by_state(conn)).get("queued") == 1
    await bob.say("/start")
    assert await bob.read(f"/start {own}") == DEAD + await bob.read("/start")
