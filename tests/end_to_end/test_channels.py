"""Channels as recipients: posted in by the bot, managed by whoever may post there."""

import re
from typing import Any

import pytest

from storage.documents import documents
from storage.subscribers import alerts as stored_alerts
from storage.subscribers import subscribers

FAST = {"SEND_RATE_GROUP": "6000"}
ON = re.compile("On since (today|yesterday)")
"""Midnight may have been just now."""


class Club:
    """A channel that Ann owns, where Ben reads."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.ben = stage.sandbox.add_user("Ben", username="ben")
        self.channel = stage.sandbox.add_channel(
            "Ferry Club", username="ferry_club", members=[self.ben], admins=[stage.ann]
        )
        self.chat_id = -1_000_000_000_000 - self.channel.id

    async def wait_for(self, what: Any, **how: Any) -> Any:
        return await self.channel.wait_for(what, sender=self.stage.bot, **how)

    def told(self) -> list[str]:
        """The alerts that the channel got."""
        received = self.stage.sandbox.ledger.received_by(self.channel)
        return [post.text for post in received if post.text.startswith("🔔")]

    async def let_in(self) -> None:
        self.channel.add_member(self.stage.bot, admin=True, by=self.stage.ann)
        await self.stage.wait_database(self.is_active)
        await self.stage.wait_drained()

    async def is_active(self, conn: Any) -> bool:
        chat = await subscribers.find_subscriber(conn, self.chat_id)
        return chat is not None and chat.active and chat.is_channel

    async def is_inactive(self, conn: Any) -> bool:
        chat = await subscribers.find_subscriber(conn, self.chat_id)
        return chat is not None and not chat.active

    async def press(self, person: Any, post: Any, verb: bytes) -> Any:
        button = next(b for row in post.buttons for b in row if (b.data or b"").startswith(verb))
        return await self.channel.press(person, post, button)


@pytest.fixture
def club(ready_stage: Any) -> Club:
    return Club(ready_stage)


async def test_a_command_posted_in_a_channel_sets_an_alert_for_it(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await club.let_in()
    await club.channel.post("Good morning, ferry friends")
    await club.channel.post("/alert ferry")
    asked = await club.channel.post(f"/alert@{stage.bot.username} ferry")
    answer = await club.wait_for("Alert set", after=asked)
    await stage.news.post("The ferry sails")
    alert = await club.wait_for("The ferry sails", after=answer)
    assert alert.text.startswith("🔔")
    await stage.wait_drained()
    assert len(club.told()) == 1
    assert not stage.alerts()


async def test_a_bare_command_in_a_channel_takes_no_later_post_for_its_answer(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await club.let_in()
    await club.channel.post(f"/alert@{stage.bot.username}")
    shown = await club.wait_for(f"/alert@{stage.bot.username} sanctions")
    assert shown.content.markup is None
    await club.channel.post("The ferry club meets tomorrow")
    await club.channel.post(f"/alerts@{stage.bot.username}")
    await club.wait_for("This channel has no alerts")


async def test_an_administrator_sets_up_the_channel_from_the_private_chat(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await stage.chat.ask("/timezone Asia/Tokyo")
    await club.let_in()
    hint = await stage.chat.wait_for("I may write in Ferry Club now")
    example = next(line for line in hint.text.splitlines() if "/for" in line)
    command = example.partition(": ")[2].replace("sanctions", "ferry")
    assert command == "/for @ferry_club /alert ferry"
    set_up = await stage.chat.ask(command)
    assert set_up.text.startswith("📢 Ferry Club\n\nAlert set")
    assert "Time zone: Asia/Tokyo" in (await stage.chat.ask("/for @ferry_club")).text
    await stage.news.post("The ferry sails")
    await club.wait_for("The ferry sails")

    listed = await stage.chat.ask("/for @ferry_club alerts")
    await stage.chat.press(listed, listed.buttons[0][0])
    await stage.sandbox.wait_for(lambda: ON.search(listed.text))
    pause = next(b for row in listed.buttons for b in row if "Pause" in b.text)
    await stage.chat.press(listed, pause)
    await stage.sandbox.wait_for(lambda: "⏸ Paused" in listed.text or None)
    unheard = await stage.news.post("A second ferry, which is of another kind")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    assert len(club.told()) == 1
    assert not stage.alerts()


async def test_nobody_else_sets_up_a_channel(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await club.let_in()
    ben = club.ben.chat_with(stage.bot)
    refused = await ben.ask("/for @ferry_club /alert ferry")
    assert refused.text == "Only those who manage Ferry Club may do that."
    unknown = await ben.ask("/for @harbour /alert ferry")
    assert unknown.text.startswith("I know no group or channel @harbour.")

    await stage.chat.ask("/for @ferry_club /alert ferry")
    listed = await stage.chat.ask("/for @ferry_club /alerts")
    stolen = listed.buttons[0][0]
    own = await ben.ask("/settings")
    press = stage.sandbox.press(club.ben, own, stolen.data)
    answer = await stage.sandbox.wait_for(lambda: press.answer)
    assert answer.text == "Only administrators of this chat may do that."


async def test_below_an_alert_in_a_channel_readers_read_and_managers_change(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await club.let_in()
    await club.channel.post(f"/alert@{stage.bot.username} ferry")
    await club.wait_for("Alert set")
    await stage.news.post("The ferry sails")
    alert = await club.wait_for("The ferry sails")
    assert len(alert.buttons) == 1

    refused = await club.press(club.ben, alert, b"uf")
    assert refused.text == "Only administrators of this chat may do that."
    led = await club.press(club.ben, alert, b"ml")
    assert led.url.startswith(f"https://t.me/{stage.bot.username}?start=")
    found = await club.ben.chat_with(stage.bot).ask(f"/start {led.url.partition('=')[2]}")
    assert "Found for ferry" in found.text
    stranger = stage.sandbox.add_user("Cy").chat_with(stage.bot)
    assert "Found for" not in (await stranger.ask(f"/start {led.url.partition('=')[2]}")).text

    for verb in (b"uf", b"xq"):
        before = len(alert.edits)
        await club.press(stage.ann, alert, verb)
        await stage.sandbox.wait_for(lambda before=before: len(alert.edits) > before or None)
    unheard = await stage.news.post("Another ferry, of another kind, sails today")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    assert len(club.told()) == 1


@pytest.mark.parametrize("how", ["put out", "silenced"])
async def test_a_channel_that_shuts_the_bot_out_is_left_alone_until_it_is_back(
    club: Club, how: str
) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await stage.chat.ask("/start")
    await club.let_in()
    await stage.chat.ask("/for @ferry_club /alert ferry")
    if how == "put out":
        club.channel.remove_member(stage.bot)
    else:
        club.channel.add_member(stage.bot, admin=True, may_post=False)
    await stage.wait_database(club.is_inactive)
    await stage.chat.wait_for("I may no longer write in Ferry Club")
    await stage.wait_drained()
    calls = stage.sandbox.count_calls("messages.sendMessage")
    unheard = await stage.news.post("The ferry sails unheard")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    assert stage.sandbox.count_calls("messages.sendMessage") == calls

    await club.let_in()
    back = await stage.chat.wait_for("I may write in Ferry Club again")
    assert "1 alert" in back.text
    await stage.news.post("The other ferry sails, and it is heard")
    await club.wait_for("it is heard")
    assert len(club.told()) == 1


@pytest.mark.parametrize(
    ("error", "code"), [("CHAT_WRITE_FORBIDDEN", 403), ("CHAT_ADMIN_REQUIRED", 400)]
)
async def test_a_channel_that_refuses_a_post_is_inactive_at_once(
    club: Club, error: str, code: int
) -> None:
    stage = club.stage
    await stage.run(**FAST)
    await stage.chat.ask("/start")
    await club.let_in()
    await stage.chat.ask("/for @ferry_club /alert ferry")
    stage.sandbox.faults.fail("messages.sendMessage", error, code=code, peer=club.channel)
    await stage.news.post("The ferry sails")
    await stage.wait_database(club.is_inactive)

    async def are_kept(conn: Any) -> bool:
        return len(await stored_alerts.list_alerts(conn, club.chat_id)) == 1

    await stage.wait_database(are_kept)


async def test_a_channel_that_let_the_bot_in_while_it_was_away_says_so(club: Club) -> None:
    # Telethon drops what the difference says of memberships.
    stage = club.stage
    service = await stage.run(**FAST)
    await stage.chat.ask("/start")
    await service.stop()
    club.channel.add_member(stage.bot, admin=True, by=stage.ann)
    await stage.run(**FAST)
    unknown = await stage.chat.ask("/for @ferry_club /alert ferry")
    assert f"say there: /start@{stage.bot.username}" in unknown.text
    await club.channel.post(f"/start@{stage.bot.username}")
    await club.wait_for("Hello!")
    assert (await stage.chat.ask("/for @ferry_club /alert ferry")).text.startswith("📢")


async def test_a_private_instance_lets_channels_in_by_their_number(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST, ACCESS="private", ADMINS=str(stage.ann.id))
    await club.let_in()
    await club.channel.post(f"/alert@{stage.bot.username} ferry")
    refused = await club.wait_for("private")
    assert str(club.chat_id) in refused.text
    await stage.chat.ask(f"/admit {club.chat_id}")
    await club.channel.post(f"/alert@{stage.bot.username} ferry")
    await club.wait_for("Alert set")


async def test_a_channel_that_is_watched_too_is_not_told_of_itself(club: Club) -> None:
    stage = club.stage
    club.channel.add_member(stage.watcher)
    await stage.run(**FAST, CHANNELS="@harbour @ferry_club")
    await club.let_in()
    await club.channel.post(f"/alert@{stage.bot.username} ferry")
    await club.wait_for("Alert set")
    own = await club.channel.post("The club has a ferry of its own")
    await stage.news.post("A ferry of the harbour sails")
    told = await club.wait_for("A ferry of the harbour sails")
    later = await club.channel.post("Good night")
    await stage.wait_stored(own, later)
    await stage.wait_drained()

    async def is_no_post(conn: Any) -> bool:
        return await documents.find_document(conn, f"tg:{told.channel.id}/{told.id}") is None

    await stage.wait_database(is_no_post)
    assert len(club.told()) == 1


async def test_a_limit_holds_for_a_channel_as_for_a_person(club: Club) -> None:
    stage = club.stage
    await stage.run(**FAST, ALERTS_PER_PERSON="1", COMMANDS_PER_MINUTE="2")
    await club.let_in()
    await club.channel.post(f"/alert@{stage.bot.username} ferry")
    await club.wait_for("Alert set")
    await club.channel.post("A post that is no command takes nothing from the allowance")
    await club.channel.post(f"/alert@{stage.bot.username} library")
    await club.wait_for("This channel has 1 alert, the most")
    for _ in range(3):  # one may be given back meanwhile
        await club.channel.post(f"/alerts@{stage.bot.username}")
    await club.wait_for("too much at once")


async def test_a_group_is_chatted_in_without_the_bot_minding(club: Club) -> None:
    stage = club.stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot], admins=[stage.ann])
    await stage.run(**FAST, COMMANDS_PER_MINUTE="2")
    for number in range(5):
        await group.say(stage.ann, f"chatter {number}")
    await group.say(stage.ann, f"/alert@{stage.bot.username} ferry")
    await group.wait_for("Alert set", sender=stage.bot)
    assert len(stage.sandbox.ledger.received_by(group)) == 1


async def test_a_group_is_managed_by_its_administrators_alone(club: Club) -> None:
    stage = club.stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot, club.ben], admins=[stage.ann])
    await stage.run(**FAST)
    await group.say(club.ben, f"/alert@{stage.bot.username} ferry")
    await group.wait_for("Only administrators", sender=stage.bot)
    await group.say(stage.ann, f"/alert@{stage.bot.username} ferry")
    await group.wait_for("Alert set", sender=stage.bot)
    await stage.news.post("The ferry sails")
    alert = await group.wait_for("The ferry sails", sender=stage.bot)
    more = next(b for row in alert.buttons for b in row if b.text == "⋯")
    await group.press(club.ben, alert, more)
    await stage.sandbox.wait_for(lambda: alert.edits or None)
    stop = next(b for row in alert.buttons for b in row if "Remove" in b.text)
    refused = await group.press(club.ben, alert, stop)
    assert refused is not None
    assert refused.text == "Only administrators of this chat may do that."
    await group.press(stage.ann, alert, stop)
    await stage.sandbox.wait_for(lambda: len(alert.edits) > 1 or None)


async def test_an_anonymous_administrator_manages_a_group_and_a_channel_in_it_does_not(
    club: Club,
) -> None:
    stage = club.stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot, club.ben], admins=[stage.ann])
    bens = stage.sandbox.add_channel("Ben's own", admins=[club.ben])
    anns = stage.sandbox.add_channel("Ann's own", admins=[stage.ann])
    await stage.run(**FAST)
    for member, name in ((club.ben, bens), (stage.ann, anns)):
        said = await group.say(member, f"/alert@{stage.bot.username} ferry", send_as=name)
        await group.wait_for("Only administrators", sender=stage.bot, after=said)
    await group.say(stage.ann, f"/alert@{stage.bot.username} ferry", send_as=group)
    added = await group.wait_for("Alert set", sender=stage.bot)
    drop = next(b for row in added.buttons for b in row if (b.data or b"").startswith(b"pd|"))
    refused = await group.press(club.ben, added, drop)
    assert refused is not None
    assert refused.text == "Only administrators of this chat may do that."
    await group.press(stage.ann, added, drop)
    await stage.sandbox.wait_for(lambda: added.edits or None)


async def test_a_group_that_takes_the_bot_back_has_its_alerts_again(club: Club) -> None:
    stage = club.stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot], admins=[stage.ann])
    service = await stage.run(**FAST)
    await group.say(stage.ann, f"/alert@{stage.bot.username} ferry")
    await group.wait_for("Alert set", sender=stage.bot)
    group.remove_member(stage.bot)
    await service.wait_line("put out of a chat")
    unheard = await stage.news.post("The ferry sails unheard")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    group.add_member(stage.bot)
    await service.wait_line("let into a chat")
    await stage.news.post("The other ferry sails, and it is heard")
    await group.wait_for("it is heard", sender=stage.bot)
