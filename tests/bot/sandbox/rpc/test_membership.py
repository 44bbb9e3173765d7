"""Finding channels, joining and leaving them."""

from typing import Any

import pytest
from telethon import errors, events
from telethon.tl import functions, types

from bot.sandbox.rpc import membership
from bot.sandbox.server import Sandbox


async def test_a_name_leads_to_its_channel(sandbox: Sandbox, sign_in: Any) -> None:
    news = sandbox.add_channel("News", username="News_Omsk", about="Of Omsk")
    client = await sign_in(sandbox.add_user("Ann"))

    entity = await client.get_entity("@news_omsk")
    full = await client(functions.channels.GetFullChannelRequest(entity))

    assert (entity.id, entity.title, entity.left) == (news.id, "News", True)
    assert full.full_chat.about == "Of Omsk"


@pytest.mark.parametrize(
    ("name", "error"),
    [("nobody_here", errors.UsernameNotOccupiedError), ("no such", errors.UsernameInvalidError)],
)
async def test_a_name_that_leads_nowhere(
    sandbox: Sandbox, sign_in: Any, name: str, error: type[Exception]
) -> None:
    client = await sign_in(sandbox.add_user("Ann"))

    with pytest.raises(error):
        await client(functions.contacts.ResolveUsernameRequest(name))


async def test_joining_a_public_channel_brings_its_pushes(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news")
    client = await sign_in(ann)
    inbox = listen(client, events.NewMessage)

    result = await client(functions.channels.JoinChannelRequest("news"))
    await client.get_dialogs()
    await news.post("Snow")
    assert isinstance(result, types.messages.ChatInviteJoinResultOk)
    assert (await inbox.next()).raw_text == "Snow"

    await client.delete_dialog("news")
    assert ann.id not in news.members


async def test_an_invite_opens_a_private_channel(sandbox: Sandbox, sign_in: Any) -> None:
    ann = sandbox.add_user("Ann")
    secret = sandbox.add_channel("Secret")
    await secret.post("hush")
    client = await sign_in(ann)

    preview = await client(functions.messages.CheckChatInviteRequest(secret.invite_hash))
    await client(functions.messages.ImportChatInviteRequest(secret.invite_hash))
    after = await client(functions.messages.CheckChatInviteRequest(secret.invite_hash))
    messages = await client.get_messages(after.chat)

    assert preview.title == "Secret"
    assert [message.raw_text for message in messages] == ["hush"]
    assert secret.invite_link.endswith(secret.invite_hash)
    with pytest.raises(errors.UserAlreadyParticipantError):
        await client(functions.messages.ImportChatInviteRequest(secret.invite_hash))
    with pytest.raises(errors.InviteHashExpiredError):
        await client(functions.messages.ImportChatInviteRequest("nothing"))


async def test_nobody_joins_more_channels_than_telegram_allows(
    sandbox: Sandbox, sign_in: Any
) -> None:
    ann = sandbox.add_user("Ann")
    for number in range(membership.JOINED_LIMIT):
        sandbox.add_channel(f"Channel {number}", members=[ann])
    sandbox.add_channel("News", username="news")
    client = await sign_in(ann)

    with pytest.raises(errors.ChannelsTooMuchError):
        await client(functions.channels.JoinChannelRequest("news"))


async def test_bots_do_not_join(sandbox: Sandbox, sign_in: Any) -> None:
    sandbox.add_channel("News", username="news")
    client = await sign_in(sandbox.add_bot("dateline_bot"))

    with pytest.raises(errors.BotMethodInvalidError):
        await client(functions.channels.JoinChannelRequest("news"))


async def test_a_name_is_given_once(sandbox: Sandbox) -> None:
    sandbox.add_channel("News", username="news")

    with pytest.raises(ValueError, match="taken"):
        sandbox.add_channel("Other", username="NEWS")


async def test_a_name_moves_to_another_channel(sandbox: Sandbox, sign_in: Any) -> None:
    old = sandbox.add_channel("Old", username="news")
    client = await sign_in(sandbox.add_user("Ann"))
    await old.set_username("old_news")
    new = sandbox.add_channel("New", username="news")

    assert (await client.get_entity("news")).id == new.id
    assert (await client.get_entity("old_news")).id == old.id


async def test_someone_is_described_in_full(sandbox: Sandbox, sign_in: Any) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    await ann.block(bot)
    client = await sign_in(ann)

    full = await client(functions.users.GetFullUserRequest("dateline_bot"))

    assert (full.full_user.id, full.full_user.blocked) == (bot.id, True)


async def test_a_member_hears_of_being_taken_in_and_let_go(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News")
    client = await sign_in(ann)
    inbox = listen(client, events.Raw(types.UpdateChannel))

    news.add_member(ann)
    taken_in = await inbox.next()
    news.remove_member(ann)
    let_go = await inbox.next()

    assert taken_in.channel_id == let_go.channel_id == news.id
    with pytest.raises(errors.ChannelPrivateError):
        await client.get_messages(types.PeerChannel(news.id))


async def test_a_bot_hears_of_what_it_may_do_in_a_channel(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("lookout_bot")
    channel = sandbox.add_channel("Alerts", username="alerts", admins=[ann])
    client = await sign_in(bot)
    inbox = listen(client, events.Raw(types.UpdateChannelParticipant))

    channel.add_member(bot, admin=True, by=ann)
    update = await inbox.next()
    assert (update.channel_id, update.actor_id, update.user_id) == (channel.id, ann.id, bot.id)
    assert update.prev_participant is None
    assert update.new_participant.admin_rights.post_messages

    channel.add_member(bot, admin=True, may_post=False)
    assert not (await inbox.next()).new_participant.admin_rights.post_messages
    channel.remove_member(bot)
    assert (await inbox.next()).new_participant is None


async def test_what_became_of_a_bot_while_it_was_away_comes_with_the_difference(
    sandbox: Sandbox, sign_in: Any
) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("lookout_bot")
    client = await sign_in(bot)
    state = await client(functions.updates.GetStateRequest())
    channel = sandbox.add_channel("Alerts", admins=[ann, bot])

    missed = await client(
        functions.updates.GetDifferenceRequest(pts=state.pts, date=None, qts=state.qts)
    )

    assert [update.user_id for update in missed.other_updates] == [bot.id]
    assert [chat.id for chat in missed.chats] == [channel.id]


async def test_only_administrators_of_a_channel_see_who_is_there(
    sandbox: Sandbox, sign_in: Any
) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("lookout_bot")
    channel = sandbox.add_channel("Alerts", username="alerts", members=[bot], admins=[ann])
    client = await sign_in(bot)
    ask = functions.channels.GetParticipantRequest(
        types.InputChannel(channel.id, 0), types.InputPeerUser(ann.id, 0)
    )

    with pytest.raises(errors.ChatAdminRequiredError):
        await client(ask)
    channel.add_member(bot, admin=True)
    found = await client(ask)
    assert isinstance(found.participant, types.ChannelParticipantAdmin)
