"""What a client has missed: updates.*.

https://core.telegram.org/api/updates#recovering-gaps
"""

from telethon.tl import TLObject, functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.history import newest_first
from bot.sandbox.rpc.peers import read_channel
from bot.sandbox.state import views
from bot.sandbox.state.boxes import Event
from bot.sandbox.state.clock import now
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.channels import Channel

# Telegram's documentation names 10 to 100 for channels of people, and up to 100,000 for bots.
_CHANNEL_LIMIT = 100
_BOT_CHANNEL_LIMIT = 100_000
_SLICE = 500


def _get_state(call: Call, request: functions.updates.GetStateRequest) -> TLObject:
    return _state(call.account, call.account.box.pts)


def _state(account: Account, pts: int) -> types.updates.State:
    qts = account.qts if account.is_bot else 0
    return types.updates.State(pts=pts, qts=qts, date=now(), seq=1, unread_count=0)


def _get_difference(
    call: Call, request: functions.updates.GetDifferenceRequest
) -> types.updates.DifferenceEmpty | types.updates.DifferenceSlice | types.updates.Difference:
    account = call.account
    if not request.pts:
        raise Refusal(400, "PERSISTENT_TIMESTAMP_EMPTY")
    events = account.box.since(request.pts)
    notes = [update for update in account.notes if update.qts > request.qts]
    if not events and not notes:
        return types.updates.DifferenceEmpty(date=now(), seq=1)
    some = events[:_SLICE]
    news, others, users, chats = _split(call, some)
    chats += _channels_of(call, notes)
    details = {
        "new_messages": news,
        "new_encrypted_messages": [],
        "other_updates": others + notes,
        "chats": chats,
        "users": users,
    }
    if len(some) < len(events):
        state = _state(account, some[-1].pts)
        return types.updates.DifferenceSlice(intermediate_state=state, **details)
    return types.updates.Difference(state=_state(account, account.box.pts), **details)


def _channels_of(call: Call, notes: list[TLObject]) -> list[TLObject]:
    """Gives the channels that updates about memberships speak of."""
    ids = {update.channel_id for update in notes if hasattr(update, "channel_id")}
    found = [call.world.channels[number] for number in sorted(ids)]
    return [call.world.views.view_channel(channel, call.account) for channel in found]


def _split(
    call: Call, events: list[Event]
) -> tuple[list[TLObject], list[TLObject], list[TLObject], list[TLObject]]:
    """Gives new messages (as they are now), other updates, users and channels."""
    account = call.account
    messages = [message for event in events for message in event.messages]
    users, chats = call.world.views.view_peers(messages, account)
    news = [
        views.view_message(event.messages[0], account)
        for event in events
        if event.kind == "new" and event.messages[0].deleted_at is None
    ]
    others = [views.view_event(event, account) for event in events if event.kind != "new"]
    return news, others, users, chats


def _get_channel_difference(
    call: Call, request: functions.updates.GetChannelDifferenceRequest
) -> TLObject:
    channel = read_channel(call, request.channel, inside=True)
    if request.pts < 1:
        raise Refusal(400, "PERSISTENT_TIMESTAMP_EMPTY")
    most = _BOT_CHANNEL_LIMIT if call.account.is_bot else _CHANNEL_LIMIT
    events = channel.box.since(request.pts)
    if not events:
        return types.updates.ChannelDifferenceEmpty(pts=channel.box.pts, final=True)
    if len(events) > min(request.limit, most):
        return _too_long(call, channel)
    news, others, users, chats = _split(call, events)
    chats = chats or [call.world.views.view_channel(channel, call.account)]
    return types.updates.ChannelDifference(
        pts=channel.box.pts,
        new_messages=news,
        other_updates=others,
        chats=chats,
        users=users,
        final=True,
    )


def _too_long(call: Call, channel: Channel) -> types.updates.ChannelDifferenceTooLong:
    posts = newest_first(channel, limit=10)
    last = posts[0] if posts else None
    users, chats = call.world.views.view_peers(posts, call.account)
    return types.updates.ChannelDifferenceTooLong(
        dialog=views.view_dialog(channel, last, call.account, pts=channel.box.pts),
        messages=[views.view_message(post, call.account) for post in posts],
        chats=chats or [call.world.views.view_channel(channel, call.account)],
        users=users,
        final=True,
    )


METHODS: dict[type, Method] = {
    functions.updates.GetStateRequest: _get_state,
    functions.updates.GetDifferenceRequest: _get_difference,
    functions.updates.GetChannelDifferenceRequest: _get_channel_difference,
}
