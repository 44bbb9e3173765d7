"""Channels as such: channels.getChannels, joining and leaving, invites."""

from telethon.tl import TLObject, functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.peers import read_channel, read_user
from bot.sandbox.state.clock import now
from bot.sandbox.world.channels import Channel

# What people without Premium may join.
JOINED_LIMIT = 500


def _get_channels(
    call: Call, request: functions.channels.GetChannelsRequest
) -> types.messages.Chats:
    found = [read_channel(call, peer) for peer in request.id]
    return types.messages.Chats([_view(call, channel) for channel in found])


def _get_full_channel(
    call: Call, request: functions.channels.GetFullChannelRequest
) -> types.messages.ChatFull:
    channel = read_channel(call, request.channel, inside=True)
    full = types.ChannelFull(
        id=channel.id,
        about=channel.about,
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=types.PhotoEmpty(0),
        notify_settings=types.PeerNotifySettings(),
        bot_info=[],
        pts=channel.box.pts,
        participants_count=len(channel.members),
    )
    return types.messages.ChatFull(full_chat=full, chats=[_view(call, channel)], users=[])


def _join(call: Call, request: functions.channels.JoinChannelRequest) -> TLObject:
    channel = read_channel(call, request.channel)
    if call.user.id not in channel.members and channel.username is None:
        raise Refusal(400, "CHANNEL_PRIVATE")
    return _joined(call, channel)


def _import_invite(call: Call, request: functions.messages.ImportChatInviteRequest) -> TLObject:
    channel = _find_invite(call, request.hash)
    if call.user.id in channel.members:
        raise Refusal(400, "USER_ALREADY_PARTICIPANT")
    return _joined(call, channel)


def _find_invite(call: Call, invite_hash: str) -> Channel:
    if not invite_hash:
        raise Refusal(400, "INVITE_HASH_EMPTY")
    channel = call.world.find_invite(invite_hash)
    if channel is None:
        raise Refusal(400, "INVITE_HASH_EXPIRED")
    return channel


def _joined(call: Call, channel: Channel) -> types.messages.ChatInviteJoinResultOk:
    account = call.account
    if account.id not in channel.members:
        if len(account.channels) >= JOINED_LIMIT:
            raise Refusal(400, "CHANNELS_TOO_MUCH")
        channel.add_member(account)
        call.world.changes.fire()
    return types.messages.ChatInviteJoinResultOk(_changed(call, channel))


def _leave(call: Call, request: functions.channels.LeaveChannelRequest) -> TLObject:
    channel = read_channel(call, request.channel)
    if call.account.id not in channel.members:
        raise Refusal(400, "USER_NOT_PARTICIPANT")
    channel.remove_member(call.account)
    call.world.changes.fire()
    return _changed(call, channel)


def _changed(call: Call, channel: Channel) -> types.Updates:
    return types.Updates(
        updates=[types.UpdateChannel(channel.id)],
        users=[],
        chats=[_view(call, channel)],
        date=now(),
        seq=0,
    )


def _check_invite(
    call: Call, request: functions.messages.CheckChatInviteRequest
) -> types.ChatInviteAlready | types.ChatInvite:
    channel = _find_invite(call, request.hash)
    if call.user.id in channel.members:
        return types.ChatInviteAlready(_view(call, channel))
    return types.ChatInvite(
        title=channel.title,
        photo=types.PhotoEmpty(0),
        participants_count=len(channel.members),
        color=0,
        channel=True,
        broadcast=not channel.is_group,
        megagroup=channel.is_group,
        public=channel.username is not None,
        about=channel.about or None,
    )


def _get_participant(
    call: Call, request: functions.channels.GetParticipantRequest
) -> types.channels.ChannelParticipant:
    channel = read_channel(call, request.channel, inside=True)
    account = read_user(call, request.participant, error="PARTICIPANT_ID_INVALID")
    caller = call.account
    if not channel.is_group and account is not caller and caller.id not in channel.admins:
        raise Refusal(400, "CHAT_ADMIN_REQUIRED")
    if account.id not in channel.members:
        raise Refusal(400, "USER_NOT_PARTICIPANT")
    return types.channels.ChannelParticipant(
        participant=channel.participant(account),
        chats=[_view(call, channel)],
        users=[call.world.views.view_user(account, call.account)],
    )


def _get_participants(
    call: Call, request: functions.channels.GetParticipantsRequest
) -> types.channels.ChannelParticipants:
    channel = read_channel(call, request.channel, inside=True)
    wanted = channel.members
    if isinstance(request.filter, types.ChannelParticipantsAdmins):
        wanted = channel.admins
    elif not channel.is_group and call.account.id not in channel.admins:
        raise Refusal(400, "CHAT_ADMIN_REQUIRED")
    page = list(wanted.values())[request.offset : request.offset + request.limit]
    return types.channels.ChannelParticipants(
        count=len(wanted),
        participants=[channel.participant(account) for account in page],
        chats=[_view(call, channel)],
        users=[call.world.views.view_user(account, call.account) for account in page],
    )


def _view(call: Call, channel: Channel) -> TLObject:
    return call.world.views.view_channel(channel, call.account)


METHODS: dict[type, Method] = {
    functions.channels.GetChannelsRequest: _get_channels,
    functions.channels.GetFullChannelRequest: _get_full_channel,
    functions.channels.GetParticipantRequest: _get_participant,
    functions.channels.GetParticipantsRequest: _get_participants,
    functions.channels.JoinChannelRequest: _join,
    functions.channels.LeaveChannelRequest: _leave,
    functions.messages.ImportChatInviteRequest: _import_invite,
    functions.messages.CheckChatInviteRequest: _check_invite,
}
