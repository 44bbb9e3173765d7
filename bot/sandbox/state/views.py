"""The world as Telethon's types, as one account may see it (access hashes are its own)."""

import os
import struct
from collections.abc import Iterable
from hashlib import blake2b

from telethon.tl import TLObject, types

from bot.sandbox.state.boxes import Event
from bot.sandbox.state.manners import Manners
from bot.sandbox.state.messages import Message, PrivateMessage
from bot.sandbox.state.profiles import ChannelProfile, Profile


class Views:
    """Accounts and channels as each viewer may see them: access hashes are the viewer's own."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._secret = os.urandom(16)
        self._hashes: dict[tuple[int, int], int] = {}

    def access_hash(self, viewer: Profile, target_id: int) -> int:
        """Gives the number with which this viewer, and no other, may address the target."""
        known = self._hashes.get((viewer.id, target_id))
        if known is None:
            seed = struct.pack("<qq", viewer.id, target_id)
            digest = blake2b(seed, key=self._secret, digest_size=8).digest()
            # Odd hashes belong to ``min`` views: none of them opens anything.
            number: int = struct.unpack("<q", digest)[0]
            known = self._hashes[viewer.id, target_id] = number & ~1 or 2
        return known

    def view_user(self, account: Profile, viewer: Profile) -> TLObject:
        """Gives a User; ``is_self`` when it looks at itself."""
        return types.User(
            id=account.id,
            is_self=account is viewer,
            bot=account.is_bot,
            bot_info_version=1 if account.is_bot else None,
            deleted=account.deactivated,
            access_hash=self.access_hash(viewer, account.id),
            first_name=None if account.deactivated else account.first_name,
            last_name=account.last_name,
            username=account.username,
            phone=account.phone if account is viewer else None,
            lang_code=account.language if viewer.is_bot and not account.is_bot else None,
        )

    def view_channel(
        self, channel: ChannelProfile, viewer: Profile, *, origin: bool = False
    ) -> TLObject:
        """Gives a Channel; a mere ``origin`` of a forward comes as ``min``: not to be addressed."""
        member = viewer.id in channel.members
        is_min = origin and not member
        listed = [types.Username(channel.username, active=True)] if channel.username else []
        in_list = self._manners.lists_usernames and bool(listed)
        return types.Channel(
            id=channel.id,
            title=channel.title,
            photo=types.ChatPhotoEmpty(),
            date=channel.created_at,
            left=not member,
            broadcast=not channel.is_group,
            megagroup=channel.is_group,
            forum=channel.is_forum,
            min=is_min,
            access_hash=self.access_hash(viewer, channel.id) ^ int(is_min),
            username=None if in_list else channel.username,
            usernames=listed if in_list else None,
            participants_count=len(channel.members),
            admin_rights=channel.admin_rights(viewer) if viewer.id in channel.admins else None,
        )

    def view_peers(
        self, messages: Iterable[Message], viewer: Profile
    ) -> tuple[list[TLObject], list[TLObject]]:
        """Gives the users and channels that these messages speak of."""
        accounts: dict[int, Profile] = {}
        channels: dict[int, ChannelProfile] = {}
        origins: dict[int, ChannelProfile] = {}
        for message in messages:
            if message.send_as is not None:
                channels[message.send_as.id] = message.send_as
            elif message.sender is not None:
                accounts[message.sender.id] = message.sender
            if isinstance(message, PrivateMessage):
                accounts[message.recipient.id] = message.recipient
            elif message.place is not None:
                channels[message.place.id] = message.place
            forward = message.forward
            if forward is not None and forward.channel is not None:
                origins[forward.channel.id] = forward.channel
            if forward is not None and forward.user is not None:
                accounts[forward.user.id] = forward.user
        users = [self.view_user(account, viewer) for account in accounts.values()]
        chats = [self.view_channel(channel, viewer) for channel in channels.values()]
        chats += [
            self.view_channel(channel, viewer, origin=True)
            for channel in origins.values()
            if channel.id not in channels
        ]
        return users, chats


def view_message(message: Message, viewer: Profile) -> TLObject:
    """Gives a Message, or a MessageService."""
    is_post = message.place is not None and not message.place.is_group
    if message.action is not None:
        return types.MessageService(
            id=message.id_for(viewer),
            peer_id=_peer(message, viewer),
            date=message.date,
            post=is_post,
            action=message.action,
        )
    return types.Message(
        id=message.id_for(viewer),
        peer_id=_peer(message, viewer),
        from_id=None if is_post else _sender(message),
        date=message.date,
        message=message.text,
        out=message.sender is viewer and not is_post,
        post=is_post,
        silent=message.silent,
        invert_media=message.content.media_above,
        entities=list(message.entities) or None,
        media=message.content.media,
        rich_message=message.content.rich_part,
        reply_markup=message.content.markup,
        fwd_from=message.forward.header() if message.forward else None,
        reply_to=_reply(message, viewer),
        grouped_id=message.grouped_id,
        views=message.views,
        forwards=0 if message.views is not None else None,
        post_author=message.author,
        edit_date=message.edit_date,
        edit_hide=message.edit_hide,
        reactions=_reactions(message),
    )


def _peer(message: Message, viewer: Profile) -> TLObject:
    if message.place is not None:
        return types.PeerChannel(message.place.id)
    assert isinstance(message, PrivateMessage)  # noqa: S101  (narrows the type)
    other = message.recipient if message.sender is viewer else message.sender
    return types.PeerUser(other.id if other else 0)


def _sender(message: Message) -> TLObject | None:
    if message.send_as is not None:
        return types.PeerChannel(message.send_as.id)
    return types.PeerUser(message.sender.id) if message.sender else None


def _reply(message: Message, viewer: Profile) -> TLObject | None:
    answered = None if message.reply_to is None else message.reply_to.id_for(viewer)
    if message.topic is None:
        return None if answered is None else types.MessageReplyHeader(reply_to_msg_id=answered)
    return types.MessageReplyHeader(
        forum_topic=True,
        reply_to_msg_id=answered or message.topic,
        reply_to_top_id=message.topic if answered else None,
    )


def _reactions(message: Message) -> TLObject | None:
    if not message.reactions:
        return None
    counts = [
        types.ReactionCount(types.ReactionEmoji(emoji), count)
        for emoji, count in message.reactions.items()
    ]
    return types.MessageReactions(results=counts)


def view_event(event: Event, viewer: Profile) -> TLObject:
    """Gives the update for an event of this viewer's box, or of a channel's."""
    first = event.messages[0]
    in_channel = first.place is not None
    if event.kind == "delete":
        ids = [message.id_for(viewer) for message in event.messages]
        if first.place is not None:
            return types.UpdateDeleteChannelMessages(first.place.id, ids, event.pts, event.count)
        return types.UpdateDeleteMessages(ids, event.pts, event.count)
    if event.kind == "edit":
        kind = types.UpdateEditChannelMessage if in_channel else types.UpdateEditMessage
    else:
        kind = types.UpdateNewChannelMessage if in_channel else types.UpdateNewMessage
    return kind(view_message(first, viewer), event.pts, event.count)


def view_dialog(
    place: ChannelProfile | Profile, last: Message | None, viewer: Profile, *, pts: int | None
) -> TLObject:
    """Gives a Dialog: one row of the list of chats; ``pts``: where a channel's box stands."""
    top = last.id_for(viewer) if last is not None else 0
    if isinstance(place, ChannelProfile):
        peer = types.PeerChannel(place.id)
    else:
        peer = types.PeerUser(place.id)
    return types.Dialog(
        peer=peer,
        top_message=top,
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        unread_mentions_count=0,
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        notify_settings=types.PeerNotifySettings(),
        pts=pts,
    )
