"""Reading what was said: messages.getHistory, getMessages, getDialogs."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import datetime

from telethon.tl import TLObject, TLRequest, functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.peers import read_channel, read_peer
from bot.sandbox.state import views
from bot.sandbox.state.clock import now
from bot.sandbox.state.messages import Message
from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.channels import Channel

_PAGE = 100


def newest_first(channel: Channel, *, limit: int) -> list[Message]:
    """Gives the newest posts of a channel."""
    return [channel.by_id[number] for number in reversed(channel.alive[-limit:])]


def _get_history(call: Call, request: functions.messages.GetHistoryRequest) -> TLObject:
    caller, place = call.user, read_peer(call, request.peer)
    if isinstance(place, Channel):
        read_channel(call, request.peer, inside=True)
        ids, by_id = place.alive, place.by_id
        wanted: list[Message] = [by_id[number] for number in _window(request, ids, by_id)]
        return _shown(call, place, wanted)
    dialogue = call.world.find_dialogue(caller, place)
    alive = [message for message in dialogue.messages if not message.deleted_at] if dialogue else []
    private = {message.id_for(caller): message for message in alive}
    window = _window(request, sorted(private), private)
    return _page(call, place, [private[number] for number in window])


def _shown(call: Call, channel: Channel, wanted: list[Message]) -> TLObject:
    """Gives the history of a channel as this server words it."""
    manners = call.world.manners
    page = _page(call, channel, manners.cut(wanted))
    hidden = {item.id_for(call.account) for item in wanted if item in manners.hidden}
    peer = types.PeerChannel(channel.id)
    page.messages = [
        types.MessageEmpty(item.id, peer) if item.id in hidden else item for item in page.messages
    ]
    return page


def _window(request: TLRequest, ids: list[int], by_id: Mapping[int, Message]) -> list[int]:
    """Gives the ids asked for, newest first, out of all ``ids``, ascending.

    https://core.telegram.org/api/offsets
    """
    first = bisect_right(ids, request.min_id) if request.min_id else 0
    last = bisect_left(ids, request.max_id) if request.max_id else len(ids)
    # `end` counts the ids older than the offset; the page ends there and goes back in time.
    end = last
    if request.offset_id:
        end = bisect_left(ids, request.offset_id)
    elif request.offset_date and request.offset_date.timestamp() > 0:
        end = bisect_left(ids, request.offset_date, key=lambda number: by_id[number].date)
    end -= request.add_offset
    start = end - max(0, min(request.limit, _PAGE))
    return ids[max(first, start) : max(0, min(last, end))][::-1]


def _page(
    call: Call, place: Account | Channel, messages: list[Message]
) -> types.messages.MessagesSlice | types.messages.ChannelMessages | types.messages.Messages:
    users, chats = call.world.views.view_peers(messages, call.account)
    shown = [views.view_message(message, call.account) for message in messages]
    if isinstance(place, Channel):
        if not any(chat.id == place.id for chat in chats):
            chats.append(call.world.views.view_channel(place, call.account))
        if call.world.manners.plain_history:
            return types.messages.Messages(messages=shown, topics=[], chats=chats, users=users)
        return types.messages.ChannelMessages(
            pts=place.box.pts,
            count=len(place.alive),
            messages=shown,
            topics=[],
            chats=chats,
            users=users,
        )
    dialogue = call.world.find_dialogue(call.account, place)
    count = sum(not message.deleted_at for message in dialogue.messages) if dialogue else 0
    return types.messages.MessagesSlice(
        count=count, messages=shown, topics=[], chats=chats, users=users
    )


def _wanted_ids(request: TLRequest) -> list[int]:
    return [getattr(item, "id", 0) for item in request.id][:_PAGE]


def _get_channel_messages(call: Call, request: functions.channels.GetMessagesRequest) -> TLObject:
    channel = read_channel(call, request.channel, inside=True)
    ids = _wanted_ids(request)
    found = [channel.by_id.get(number) for number in ids]
    alive = [post for post in found if post is not None and not post.deleted_at]
    page = _page(call, channel, list(alive))
    peer = types.PeerChannel(channel.id)
    page.messages = _fill_gaps(page.messages, ids, peer)
    return page


def _get_messages(
    call: Call, request: functions.messages.GetMessagesRequest
) -> types.messages.Messages:
    ids = _wanted_ids(request)
    found = [call.account.messages.get(number) for number in ids]
    alive = [message for message in found if message is not None and not message.deleted_at]
    users, chats = call.world.views.view_peers(alive, call.account)
    shown = [views.view_message(message, call.account) for message in alive]
    return types.messages.Messages(
        messages=_fill_gaps(shown, ids, None), topics=[], chats=chats, users=users
    )


def _fill_gaps(shown: list[TLObject], ids: list[int], peer: TLObject | None) -> list[TLObject]:
    by_id = {message.id: message for message in shown}
    return [by_id.get(number) or types.MessageEmpty(number, peer) for number in ids]


def _dialogs_of(call: Call) -> list[tuple[Message | None, Channel | Profile]]:
    """Gives the last message and the peer of each dialog, latest first."""
    account = call.account
    rows: list[tuple[Message | None, Channel | Profile]] = [
        (channel.by_id[channel.alive[-1]] if channel.alive else None, channel)
        for channel in map(call.world.channels.__getitem__, account.channels)
    ]
    for dialogue in call.world.dialogues.values():
        last = next((item for item in reversed(dialogue.messages) if not item.deleted_at), None)
        if account in dialogue.members and last is not None:
            rows.append((last, dialogue.other(account)))
    dated = [(_top_date(message, place), message, place) for message, place in rows]
    dated.sort(key=lambda row: (row[0], row[2].id), reverse=True)
    return [(message, place) for _, message, place in dated]


def _top_date(message: Message | None, place: Channel | Profile) -> datetime:
    if message is not None:
        return message.date
    assert isinstance(place, Channel)  # noqa: S101  (a dialogue is listed for what was said in it)
    return place.created_at


def _get_dialogs(
    call: Call, request: functions.messages.GetDialogsRequest
) -> types.messages.Dialogs | types.messages.DialogsSlice:
    if call.user and request.folder_id:
        return types.messages.Dialogs([], [], [], [])
    rows = _dialogs_of(call)
    count = len(rows)
    after = getattr(request.offset_peer, "channel_id", 0) or getattr(
        request.offset_peer, "user_id", 0
    )
    if after:
        ids = [place.id for _, place in rows]
        rows = rows[ids.index(after) + 1 :] if after in ids else []
    rows = rows[: max(1, min(request.limit, _PAGE))]
    details = _dialog_details(call, rows)
    if len(rows) == count:
        return types.messages.Dialogs(**details)
    return types.messages.DialogsSlice(count=count, **details)


def _dialog_details(
    call: Call, rows: Iterable[tuple[Message | None, Channel | Profile]]
) -> dict[str, list[TLObject]]:
    account, rows = call.account, list(rows)
    messages = [message for message, _ in rows if message is not None]
    users, chats = call.world.views.view_peers(messages, account)
    known = {chat.id for chat in chats} | {user.id for user in users}
    for _, place in rows:
        if isinstance(place, Channel) and place.id not in known:
            chats.append(call.world.views.view_channel(place, account))
        elif not isinstance(place, Channel) and place.id not in known:
            users.append(call.world.views.view_user(place, account))
    return {
        "dialogs": [_view_dialog(place, message, account) for message, place in rows],
        "messages": [views.view_message(message, account) for message in messages],
        "chats": chats,
        "users": users,
    }


def _view_dialog(place: Channel | Profile, last: Message | None, viewer: Profile) -> TLObject:
    pts = place.box.pts if isinstance(place, Channel) else None
    return views.view_dialog(place, last, viewer, pts=pts)


def _get_peer_dialogs(
    call: Call, request: functions.messages.GetPeerDialogsRequest
) -> types.messages.PeerDialogs:
    rows: list[tuple[Message | None, Channel | Profile]] = []
    for item in request.peers:
        place = read_peer(call, item.peer)
        last: Message | None = None
        if isinstance(place, Channel):
            last = place.by_id[place.alive[-1]] if place.alive else None
        else:
            dialogue = call.world.find_dialogue(call.account, place)
            last = dialogue.messages[-1] if dialogue and dialogue.messages else None
        rows.append((last, place))
    state = types.updates.State(pts=call.account.box.pts, qts=0, date=now(), seq=1, unread_count=0)
    return types.messages.PeerDialogs(state=state, **_dialog_details(call, rows))


def _get_rich_message(call: Call, request: functions.messages.GetRichMessageRequest) -> TLObject:
    place = read_peer(call, request.peer)
    message = place.by_id.get(request.id) if isinstance(place, Channel) else None
    if message is None or message.content.rich is None or message.deleted_at:
        raise Refusal(400, "MESSAGE_ID_INVALID")
    page = _page(call, place, [message])
    page.messages[0].rich_message = message.content.rich
    return page


def _read_history(
    call: Call, request: functions.messages.ReadHistoryRequest
) -> types.messages.AffectedMessages:
    read_peer(call, request.peer)
    return types.messages.AffectedMessages(pts=call.account.box.pts, pts_count=0)


def _read_channel_history(call: Call, request: functions.channels.ReadHistoryRequest) -> bool:
    read_channel(call, request.channel, inside=True)
    return True


def _get_chats(call: Call, request: functions.messages.GetChatsRequest) -> types.messages.Chats:
    # There are no basic groups here: supergroups are channels.
    if request.id:
        raise Refusal(400, "CHAT_ID_INVALID")
    return types.messages.Chats([])


METHODS: dict[type, Method] = {
    functions.messages.GetHistoryRequest: _get_history,
    functions.messages.GetMessagesRequest: _get_messages,
    functions.channels.GetMessagesRequest: _get_channel_messages,
    functions.messages.GetRichMessageRequest: _get_rich_message,
    functions.messages.GetDialogsRequest: _get_dialogs,
    functions.messages.GetPeerDialogsRequest: _get_peer_dialogs,
    functions.messages.GetChatsRequest: _get_chats,
    functions.messages.ReadHistoryRequest: _read_history,
    functions.channels.ReadHistoryRequest: _read_channel_history,
}
