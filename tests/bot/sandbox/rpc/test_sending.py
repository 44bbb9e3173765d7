"""What a bot sends, and what it is refused."""

import io
from typing import Any

import pytest
from telethon import Button, TelegramClient, errors, events
from telethon.tl import functions, types

from bot.sandbox.server import Sandbox


class Stage:
    """A bot that is signed in, and a person who has started it."""

    def __init__(self, sandbox: Sandbox, client: TelegramClient, ann: Any, bot: Any) -> None:
        self.sandbox, self.client, self.ann, self.bot = sandbox, client, ann, bot
        self.chat = ann.chat_with(bot)

    async def send(self, text: str, random_id: int, **details: Any) -> Any:
        peer = types.InputPeerUser(self.ann.id, 0)
        request = functions.messages.SendMessageRequest(peer, text, random_id=random_id, **details)
        return await self.client(request)


@pytest.fixture
async def stage(sandbox: Sandbox, sign_in: Any) -> Stage:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    await ann.chat_with(bot).send("/start")
    return Stage(sandbox, await sign_in(bot), ann, bot)


async def test_a_message_reaches_its_recipient_as_it_was_sent(stage: Stage) -> None:
    bold = types.MessageEntityBold(0, 4)
    buttons = stage.client.build_reply_markup(
        [[Button.inline("More", b"more:1"), Button.url("Source", "https://example.org")]]
    )

    await stage.send("Snow in Omsk", 77, entities=[bold], reply_markup=buttons)
    [message] = stage.chat.messages

    assert (message.text, message.random_id) == ("Snow in Omsk", 77)
    assert message.entities == (bold,)
    [[more, source]] = message.buttons
    assert (more.text, more.data) == ("More", b"more:1")
    assert (source.text, source.url) == ("Source", "https://example.org")
    assert message in stage.sandbox.ledger.received_by(stage.ann)
    assert message.at.tzinfo is not None


async def test_a_random_id_is_taken_once(stage: Stage) -> None:
    await stage.send("Snow", 42)

    with pytest.raises(errors.RandomIdDuplicateError):
        await stage.send("Snow", 42)

    assert [message.text for message in stage.chat.messages] == ["Snow"]
    assert [duplicate.random_id for duplicate in stage.sandbox.ledger.duplicates] == [42]


async def test_a_random_id_stays_taken_in_another_session(stage: Stage, sign_in: Any) -> None:
    await stage.send("Snow", 42)
    await stage.client.disconnect()
    stage.client = await sign_in(stage.bot)

    with pytest.raises(errors.RandomIdDuplicateError):
        await stage.send("Snow", 42)


async def test_a_random_id_is_the_senders_own(stage: Stage, sandbox: Sandbox, sign_in: Any) -> None:
    other = sandbox.add_bot("other_bot")
    await stage.ann.chat_with(other).send("/start")
    await stage.send("Snow", 42)
    stage.client = await sign_in(other)

    await stage.send("Snow too", 42)

    assert stage.ann.chat_with(other).messages[0].text == "Snow too"


async def test_the_sender_learns_the_id_of_its_message(stage: Stage) -> None:
    sent = await stage.client.send_message(stage.ann.id, "**Snow** in Omsk")
    [message] = stage.chat.messages

    found = await stage.client.get_messages(stage.ann.id, ids=sent.id)

    assert message.id_for(stage.bot) == sent.id == found.id
    assert found.raw_text == "Snow in Omsk"


async def test_a_message_with_buttons_is_answered_in_full(stage: Stage) -> None:
    sent = await stage.client.send_message(stage.ann.id, "Snow", buttons=Button.inline("More"))
    assert sent.id == stage.chat.messages[0].id_for(stage.bot)
    assert sent.buttons[0][0].data == b"More"


@pytest.mark.parametrize(
    ("text", "details", "error"),
    [
        ("", {}, errors.MessageEmptyError),
        ("a" * 4097, {}, errors.MessageTooLongError),
        ("😀" * 2049, {}, errors.MessageTooLongError),
        ("Snow", {"entities": [types.MessageEntityBold(2, 3)]}, errors.EntityBoundsInvalidError),
        (
            "Snow",
            {
                "reply_markup": types.ReplyInlineMarkup(
                    [
                        types.KeyboardInlineButtonRow(
                            [
                                types.KeyboardInlineButton(
                                    "More", types.InlineButtonTypeCallback(b"x" * 65)
                                )
                            ]
                        )
                    ]
                )
            },
            errors.ButtonDataInvalidError,
        ),
    ],
)
async def test_what_telegram_would_not_take_is_refused(
    stage: Stage, text: str, details: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await stage.send(text, 1, **details)

    assert stage.chat.messages == []


async def test_a_blocked_bot_is_told_so(stage: Stage) -> None:
    await stage.ann.block(stage.bot)
    with pytest.raises(errors.UserIsBlockedError):
        await stage.send("Snow", 1)

    await stage.ann.unblock(stage.bot)
    await stage.send("Snow", 1)

    assert [message.text for message in stage.chat.messages] == ["Snow"]


async def test_a_bot_hears_of_being_blocked(stage: Stage, listen: Any) -> None:
    inbox = listen(stage.client, events.Raw(types.UpdateBotStopped))

    await stage.ann.block(stage.bot)
    update = await inbox.next()

    assert (update.user_id, update.stopped) == (stage.ann.id, True)


async def test_a_bot_cannot_write_first(stage: Stage, sandbox: Sandbox) -> None:
    stranger = sandbox.add_user("Stranger", username="stranger")

    with pytest.raises(errors.PeerIdInvalidError):
        await stage.client.send_message("stranger", "Hello")
    assert sandbox.ledger.received_by(stranger) == []


async def test_a_deactivated_account_takes_nothing(stage: Stage) -> None:
    stage.ann.deactivate()

    with pytest.raises(errors.InputUserDeactivatedError):
        await stage.send("Snow", 1)


async def test_bots_do_not_write_to_bots(stage: Stage, sandbox: Sandbox) -> None:
    sandbox.add_bot("other_bot")

    with pytest.raises(errors.UserIsBotError):
        await stage.client.send_message("other_bot", "Hello")


async def test_edits_are_seen_and_kept(stage: Stage) -> None:
    sent = await stage.client.send_message(stage.ann.id, "Snow", buttons=Button.inline("More"))
    await stage.client.edit_message(stage.ann.id, sent.id, "Snow in Omsk")
    [message] = stage.chat.messages

    assert message.text == "Snow in Omsk"
    assert message.buttons == ()
    assert [version.text for version in message.versions] == ["Snow", "Snow in Omsk"]
    assert [edit.text for edit in message.edits] == ["Snow in Omsk"]
    with pytest.raises(errors.MessageNotModifiedError):
        await stage.client.edit_message(stage.ann.id, sent.id, "Snow in Omsk")
    with pytest.raises(errors.MessageIdInvalidError):
        await stage.client.edit_message(stage.ann.id, 999, "Snow")


async def test_deletions_are_seen(stage: Stage) -> None:
    sent = await stage.client.send_message(stage.ann.id, "Snow")

    await stage.client.delete_messages(stage.ann.id, [sent.id])

    [message] = stage.chat.messages
    assert message.deleted_at is not None
    assert await stage.client.get_messages(stage.ann.id, ids=sent.id) is None


async def test_a_reply_names_its_message(stage: Stage) -> None:
    question = await stage.chat.send("/search snow")

    await stage.client.send_message(stage.ann.id, "Found", reply_to=question.id_for(stage.bot))

    assert stage.chat.messages[0].reply_to is question


async def test_a_file_arrives_whole(stage: Stage) -> None:
    data = bytes(range(256)) * 700
    file = io.BytesIO(data)
    file.name = "export.csv"
    await stage.client.send_file(stage.ann.id, file, caption="Your export", force_document=True)
    [message] = stage.chat.messages

    assert message.text == "Your export"
    assert message.file is not None
    assert (message.file.name, message.file.data) == ("export.csv", data)


async def test_a_bot_posts_where_it_is_an_administrator(stage: Stage, sandbox: Sandbox) -> None:
    mine = sandbox.add_channel("Mine", username="mine", admins=[stage.bot])
    theirs = sandbox.add_channel("Theirs", username="theirs", members=[stage.bot])
    quiet = sandbox.add_channel("Quiet", username="quiet")
    quiet.add_member(stage.bot, admin=True, may_post=False)

    await stage.client.send_message("mine", "Snow")
    with pytest.raises(errors.ChatAdminRequiredError):
        await stage.client.send_message("theirs", "Snow")
    with pytest.raises(errors.ChatWriteForbiddenError):
        await stage.client.send_message("quiet", "Snow")
    with pytest.raises(errors.ReplyMarkupInvalidError):
        await stage.client.send_message("mine", "Well?", buttons=Button.force_reply())

    assert [post.text for post in mine.posts] == ["Snow"]
    assert theirs.posts == []
    assert [message.text for message in sandbox.ledger.received_by(mine)] == ["Snow"]


async def test_a_group_is_for_its_members(stage: Stage, sandbox: Sandbox, listen: Any) -> None:
    group = sandbox.add_group("Talk", members=[stage.ann, stage.bot])
    inbox = listen(stage.client, events.NewMessage)

    said = await group.say(stage.ann, "/start@dateline_bot")
    event = await inbox.next()
    await event.reply("Hello, all")

    assert event.is_group
    assert event.sender_id == stage.ann.id
    assert group.posts[-1].text == "Hello, all"
    assert group.posts[-1].reply_to is said


async def test_commands_of_the_menu_are_kept_by_scope_and_language(stage: Stage) -> None:
    command = types.BotCommand("search", "Search the archive")

    await stage.client(
        functions.bots.SetBotCommandsRequest(types.BotCommandScopeDefault(), "ru", [command])
    )

    [kept] = stage.bot.commands["Default", "ru"]
    assert (kept.command, kept.description) == ("search", "Search the archive")


async def test_typing_and_reading_are_taken(stage: Stage) -> None:
    async with stage.client.action(stage.ann.id, "typing"):
        await stage.client.send_read_acknowledge(stage.ann.id)

    assert stage.sandbox.unknown_calls == []


async def test_an_unknown_call_is_refused_and_remembered(stage: Stage) -> None:
    with pytest.raises(errors.RPCError, match="SANDBOX_METHOD_UNKNOWN"):
        await stage.client(functions.account.GetThemesRequest("android", 0))

    assert [call.method for call in stage.sandbox.unknown_calls] == ["account.getThemes"]


async def test_administrators_of_a_group_are_known(stage: Stage, sandbox: Sandbox) -> None:
    bob = sandbox.add_user("Bob")
    group = sandbox.add_group("Talk", members=[stage.ann, stage.bot, bob], admins=[bob])
    await group.say(bob, "hello")
    await group.say(stage.ann, "hello")
    peer = types.InputPeerChannel(group.id, 0)

    async def is_admin(user: Any) -> bool:
        permissions = await stage.client.get_permissions(peer, types.InputPeerUser(user.id, 0))
        return bool(permissions.is_admin)

    admins = await stage.client.get_participants(peer, filter=types.ChannelParticipantsAdmins())
    assert (await is_admin(bob), await is_admin(stage.ann)) == (True, False)
    assert [admin.id for admin in admins] == [bob.id]


async def test_a_button_in_a_group_is_pressed_by_a_member(stage: Stage, sandbox: Sandbox) -> None:
    group = sandbox.add_group("Talk", members=[stage.ann, stage.bot])

    async def change(event: Any) -> None:
        await event.answer("Done")
        await event.edit(f"PressContext by {event.sender_id}")

    stage.client.add_event_handler(change, events.CallbackQuery)
    peer = types.InputPeerChannel(group.id, 0)
    await stage.client.send_message(peer, "Snow", buttons=Button.inline("More", b"more"))
    post = await group.wait_for("Snow", sender=stage.bot)

    answer = await group.press(stage.ann, post, "More")

    assert answer is not None
    assert answer.text == "Done"
    assert await group.wait_for(f"PressContext by {stage.ann.id}", sender=stage.bot) is post


async def test_a_member_of_a_group_speaks_in_the_name_of_what_is_his(
    stage: Stage, sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    group = sandbox.add_group("Crew", username="crew", members=[stage.bot], admins=[stage.ann])
    own = sandbox.add_channel("Ann's own", username="anns_own", admins=[stage.ann])
    other = sandbox.add_channel("Another", username="another")
    inbox = listen(stage.client, events.NewMessage())
    ann = await sign_in(stage.ann)
    names = {name.id: await ann.get_input_entity(name.username) for name in (group, own, other)}

    async def say(name: Any, random_id: int) -> int:
        await ann(
            functions.messages.SendMessageRequest(
                names[group.id], "hello", random_id=random_id, send_as=names[name.id]
            )
        )
        heard = (await inbox.next()).message
        assert heard.chat.title == "Crew"
        return heard.sender_id

    assert await say(group, 1) == -1_000_000_000_000 - group.id
    assert await say(own, 2) == -1_000_000_000_000 - own.id
    with pytest.raises(errors.SendAsPeerInvalidError):
        await say(other, 3)
