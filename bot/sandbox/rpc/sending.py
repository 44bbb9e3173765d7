"""Writing: messages.sendMessage, sendMedia, editMessage, deleteMessages."""

from collections.abc import Mapping
from typing import Any

from telethon.tl import TLObject, TLRequest, functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.peers import read_channel, read_peer
from bot.sandbox.state.boxes import Event
from bot.sandbox.state.clock import now
from bot.sandbox.state.ledger import Duplicate, DuplicateOutcome
from bot.sandbox.state.messages import Content, File, Message, PrivateMessage
from bot.sandbox.state.profiles import Profile
from bot.sandbox.state.repeats import Remembered
from bot.sandbox.world import files
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.channels import Channel, Post
from bot.sandbox.world.users import User
from storage.structs import replace

_TEXT_LIMIT, _CAPTION_LIMIT = 4096, 1024
_BUTTON_DATA_LIMIT = 64
_BUTTON_LIMIT = 100


def _send_message(call: Call, request: functions.messages.SendMessageRequest) -> TLObject:
    if not request.message.strip():
        raise Refusal(400, "MESSAGE_EMPTY")
    content = _read_content(request, _TEXT_LIMIT)
    return _deliver(call, request, content, None)


def _send_media(call: Call, request: functions.messages.SendMediaRequest) -> TLObject:
    if isinstance(request.media, types.InputMediaWebPage):
        content = _read_content(request, _TEXT_LIMIT, media=_read_preview(call, request.media))
        return _deliver(call, request, content, None)
    media, file = files.read_media(call.account, request.media)
    if media is None:
        raise Refusal(400, "MEDIA_INVALID")
    content = _read_content(request, _CAPTION_LIMIT, media=media)
    return _deliver(call, request, content, file)


def _read_preview(call: Call, sent: TLObject) -> TLObject | None:
    """The preview of a post of a public channel: no other page can be looked at here."""

    def is_known(url: str) -> bool:
        name, _, number = url.removeprefix("https://t.me/").partition("/")
        return number.isdigit() and any(
            channel.username == name and int(number) in channel.by_id
            for channel in call.world.channels.values()
        )

    found = files.preview(sent, is_known)
    if found is None and not sent.optional:
        raise Refusal(400, "WEBPAGE_NOT_FOUND")
    return found


def _read_content(request: TLRequest, limit: int, *, media: TLObject | None = None) -> Content:
    text = request.message or ""
    length = len(text.encode("utf-16-le")) // 2
    if length > limit:
        raise Refusal(400, "MESSAGE_TOO_LONG" if media is None else "MEDIA_CAPTION_TOO_LONG")
    entities = tuple(request.entities or ())
    for entity in entities:
        if entity.offset < 0 or entity.length <= 0 or entity.offset + entity.length > length:
            raise Refusal(400, "ENTITY_BOUNDS_INVALID")
    content = Content(
        text=text,
        entities=entities,
        media=media,
        markup=request.reply_markup,
        media_above=bool(request.invert_media) and media is not None,
    )
    _check_buttons(content)
    return content


def _check_buttons(content: Content) -> None:
    buttons = [button for row in content.buttons for button in row]
    if len(buttons) > _BUTTON_LIMIT:
        raise Refusal(400, "REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if button.data is not None and not 0 < len(button.data) <= _BUTTON_DATA_LIMIT:
            raise Refusal(400, "BUTTON_DATA_INVALID")
        if button.url is not None and not button.url.startswith(("http://", "https://", "tg://")):
            raise Refusal(400, "BUTTON_URL_INVALID")


def _deliver(call: Call, request: TLRequest, content: Content, file: File | None) -> TLObject:
    place = read_peer(call, request.peer)
    repeated = _find_repeated(call, request.random_id)
    if repeated is not None:
        return _answer_again(call, repeated)
    details: dict[str, Any] = {
        "content": content,
        "sender": call.account,
        "random_id": request.random_id,
        **_read_header(call, place, request),
        "silent": bool(request.silent),
        "file": file,
        "send_as": request.send_as,
    }
    if isinstance(place, Channel):
        return _deliver_post(call, place, details)
    _check_recipient(call, place)
    details["send_as"] = None
    message = PrivateMessage(recipient=place, **details)
    dialogue = call.world.dialogue(call.account, place)
    event = dialogue.send(message, skip=call.session)
    _remember(call, message)
    if content.media is None and content.markup is None:
        return types.UpdateShortSentMessage(
            id=message.id_for(call.account),
            pts=event.pts,
            pts_count=event.count,
            date=message.date,
            out=True,
            entities=list(content.entities) or None,
        )
    return _sent(call, message, event)


def _deliver_post(call: Call, channel: Channel, details: dict[str, Any]) -> TLObject:
    if not channel.is_group and call.account.id not in channel.admins:
        raise Refusal(400, "CHAT_ADMIN_REQUIRED")
    if not channel.may_post(call.account):
        raise Refusal(403, "CHAT_WRITE_FORBIDDEN")
    markup = details["content"].markup
    details["send_as"] = _read_name(call, channel, details["send_as"])
    if not channel.is_group and not isinstance(markup, types.ReplyInlineMarkup | None):
        raise Refusal(400, "REPLY_MARKUP_INVALID")
    details["views"] = None if channel.is_group else 1
    post = Post(channel=channel, id=channel.box.next_message_id(), **details)
    event = channel.add_post(post, skip=call.session)
    _remember(call, post)
    return _sent(call, post, event)


def _read_name(call: Call, channel: Channel, peer: TLObject | None) -> Channel | None:
    """In whose name a member of a group writes; None for his own."""
    if peer is None or isinstance(peer, types.InputPeerSelf):
        return None
    name = read_channel(call, peer)
    if not channel.may_speak_as(call.account, name):
        raise Refusal(400, "SEND_AS_PEER_INVALID")
    return name


def _sent(call: Call, message: Message, event: Event) -> TLObject:
    number = types.UpdateMessageID(message.id_for(call.account), message.random_id)
    return call.world.view_events([event], call.account, number)


def _find_repeated(call: Call, random_id: int) -> Message | None:
    """What this id was sent with before, as far as the server knows; or a Refusal of it is raised.

    An id that was used and is not known any more is a new one.
    """
    if not random_id:
        raise Refusal(400, "RANDOM_ID_EMPTY")
    repeats = call.world.manners.repeats
    used = call.account.random_ids.get(random_id)
    known = repeats.recall(used, session_id=call.session.id, at=now())
    if known is None:
        return None
    if repeats.answer == "error":
        _count_duplicate(call, random_id, "refused")
        raise Refusal(500, "RANDOM_ID_DUPLICATE")
    _count_duplicate(call, random_id, "answered")
    return known.message


def _remember(call: Call, message: Message) -> None:
    """Keep the id of a message that was sent just now, perhaps for the second time."""
    random_ids, random_id = call.account.random_ids, message.random_id
    assert random_id is not None  # noqa: S101  (narrows the type)
    if random_id in random_ids:
        _count_duplicate(call, random_id, "forgotten")
    random_ids[random_id] = Remembered(message=message, session_id=call.session.id, at=now())


def _count_duplicate(call: Call, random_id: int, outcome: DuplicateOutcome) -> None:
    call.world.ledger.duplicates.append(
        Duplicate(sender=call.account, random_id=random_id, at=now(), outcome=outcome)
    )


def _answer_again(call: Call, message: Message) -> TLObject:
    """The answer to a repeated send: the message of before, in a step that changes no box."""
    box = message.channel.box if isinstance(message, Post) else call.account.box
    return _sent(call, message, Event(box.pts, 0, "new", (message,)))


def _check_recipient(call: Call, recipient: Account) -> None:
    if recipient.deactivated:
        raise Refusal(400, "INPUT_USER_DEACTIVATED")
    if isinstance(recipient, Bot) and call.account.is_bot:
        raise Refusal(400, "USER_IS_BOT")
    if not call.account.is_bot:
        return
    if isinstance(recipient, User) and call.account.id in recipient.blocked:
        raise Refusal(400, "USER_IS_BLOCKED")
    # A bot cannot write first.
    dialogue = call.world.find_dialogue(call.account, recipient)
    if dialogue is None or not any(item.sender is recipient for item in dialogue.messages):
        raise Refusal(400, "PEER_ID_INVALID")


def _read_header(call: Call, place: Account | Channel, request: TLRequest) -> dict[str, Any]:
    """What a message answers, and the topic that it goes to: a reply goes to that of what it
    answers, and what names a topic alone answers nothing (core.telegram.org/api/forum)."""
    number = getattr(request.reply_to, "reply_to_msg_id", None)
    top = getattr(request.reply_to, "top_msg_id", None)
    if not number or not isinstance(place, Channel) or not place.is_forum:
        return {"reply_to": _read_reply(call, place, number)}
    opened = place.by_id.get(number)
    if opened is not None and isinstance(opened.action, types.MessageActionTopicCreate):
        return {"reply_to": None, "topic": _check_topic(place, number)}
    answered = _read_reply(call, place, number)
    if top is not None and (answered is None or answered.topic != top):
        raise Refusal(400, "REPLY_MESSAGE_ID_INVALID")
    topic = None if answered is None or answered.topic is None else answered.topic
    return {"reply_to": answered, "topic": _check_topic(place, topic)}


def _check_topic(group: Channel, topic: int | None) -> int | None:
    if topic is not None and topic not in group.topics:
        raise Refusal(400, "TOPIC_DELETED")
    if topic is not None and not group.topics[topic]:
        raise Refusal(400, "TOPIC_CLOSED")
    return topic


def _read_reply(call: Call, place: Account | Channel, number: int | None) -> Message | None:
    if not number:
        return None
    messages: Mapping[int, Message] = (
        place.by_id if isinstance(place, Channel) else call.account.messages
    )
    message: Message | None = messages.get(number)
    if message is None or message.deleted_at:
        raise Refusal(400, "REPLY_MESSAGE_ID_INVALID")
    return message


def _edit_message(call: Call, request: functions.messages.EditMessageRequest) -> TLObject:
    place = read_peer(call, request.peer)
    messages: Mapping[int, Message] = (
        place.by_id if isinstance(place, Channel) else call.account.messages
    )
    message: Message | None = messages.get(request.id)
    if message is None or message.deleted_at or message.sender is not call.account:
        raise Refusal(400, "MESSAGE_ID_INVALID")
    content = _edited(call, message, request)
    if content == message.content:
        raise Refusal(400, "MESSAGE_NOT_MODIFIED")
    if isinstance(message, Post):
        event = message.channel.edit_post(message, content, skip=call.session)
    else:
        assert isinstance(message, PrivateMessage)  # noqa: S101  (narrows the type)
        dialogue = call.world.get_dialogue(message.recipient, call.account)
        event = dialogue.edit(message, content, skip=call.session)
    return call.world.view_events([event], call.account)


def _edited(call: Call, message: Message, request: TLRequest) -> Content:
    old = message.content
    if request.message is None:
        # As far as is known, the flag is taken from each edit anew.
        above = bool(request.invert_media) and old.media is not None
        return replace(old, markup=request.reply_markup, media_above=above)
    if isinstance(request.media, types.InputMediaWebPage):
        return _read_content(request, _TEXT_LIMIT, media=_read_preview(call, request.media))
    if old.preview is not None:
        media = None if request.no_webpage else old.media
        return _read_content(request, _TEXT_LIMIT, media=media)
    return _read_content(
        request, _TEXT_LIMIT if old.media is None else _CAPTION_LIMIT, media=old.media
    )


def _delete_messages(
    call: Call, request: functions.messages.DeleteMessagesRequest
) -> types.messages.AffectedMessages:
    account = call.account
    doomed: dict[Profile, list[PrivateMessage]] = {}
    for number in request.id:
        message = account.messages.get(number)
        if isinstance(message, PrivateMessage) and not message.deleted_at:
            other = message.recipient if message.sender is account else message.sender
            doomed.setdefault(other or account, []).append(message)
    for other, messages in doomed.items():
        call.world.get_dialogue(account, other).delete(messages, skip=call.session)
    count = sum(map(len, doomed.values()))
    return types.messages.AffectedMessages(pts=account.box.pts, pts_count=count)


def _delete_posts(
    call: Call, request: functions.channels.DeleteMessagesRequest
) -> types.messages.AffectedMessages:
    channel = read_channel(call, request.channel, inside=True)
    found = [channel.by_id[number] for number in request.id if number in channel.by_id]
    if call.account.id not in channel.admins and any(
        post.sender is not call.account for post in found
    ):
        raise Refusal(403, "MESSAGE_DELETE_FORBIDDEN")
    count = channel.delete_posts(found, skip=call.session)
    return types.messages.AffectedMessages(pts=channel.box.pts, pts_count=count)


def _set_typing(call: Call, request: functions.messages.SetTypingRequest) -> bool:
    read_peer(call, request.peer)
    return True


METHODS: dict[type, Method] = {
    functions.messages.SendMessageRequest: _send_message,
    functions.messages.SendMediaRequest: _send_media,
    functions.messages.EditMessageRequest: _edit_message,
    functions.messages.DeleteMessagesRequest: _delete_messages,
    functions.channels.DeleteMessagesRequest: _delete_posts,
    functions.messages.SetTypingRequest: _set_typing,
}
