"""Converts our messages to Telegram's objects, and chats to the peers that requests need."""

import copy
import functools
import itertools
from collections.abc import Callable
from typing import TypeAlias

from telethon import Button as TelethonButton
from telethon.tl import types
from telethon.tl.functions.messages import EditMessageRequest, SendMediaRequest, SendMessageRequest

from handlers.render.text.messages import File, Keyboard, Message
from handlers.render.text.rich import RichText, WireSpan
from storage.channels import chat_ids

MOST_UNITS = 4096
"""The most UTF-16 units that a message may have (core.telegram.org/api/config)."""
GENERAL = 1
"""The id of the General topic, which every group with topics has."""
Request: TypeAlias = SendMessageRequest | SendMediaRequest | EditMessageRequest
_KINDS: dict[str, Callable[[int, int], types.TypeMessageEntity]] = {
    "bold": types.MessageEntityBold,
    "italic": types.MessageEntityItalic,
    "strike": types.MessageEntityStrike,
    "code": types.MessageEntityCode,
    "spoiler": types.MessageEntitySpoiler,
    "blockquote": types.MessageEntityBlockquote,
}


def peer(chat_id: int, access_hash: int | None) -> types.TypeInputPeer:
    """The peer for a marked chat id. ``access_hash``: the one given to this account, or None.

    Not taken from Telethon's session, which after a kill may not know a chat that our database
    knows.
    """
    if chat_id > 0:
        return types.InputPeerUser(chat_id, access_hash or 0)
    if (channel_id := chat_ids.channel_of(chat_id)) is not None:
        return types.InputPeerChannel(channel_id, access_hash or 0)
    return types.InputPeerChat(-chat_id)


def hash_of(entity: object) -> int | None:
    """The hash by which this account may address a user or chat; None if the update had no usable
    one (core.telegram.org/api/min)."""
    return None if getattr(entity, "min", False) else getattr(entity, "access_hash", None)


def entities(text: RichText) -> list[types.TypeMessageEntity]:
    """The formatting of a text as Telegram's entities, with offsets in UTF-16 units."""
    return list(_entities(text))


@functools.lru_cache(maxsize=64)
def _entities(text: RichText) -> tuple[types.TypeMessageEntity, ...]:
    # The same text goes to many.
    return tuple(_entity(span) for span in text.wire_spans() if span.kind != "command")


def _entity(span: WireSpan) -> types.TypeMessageEntity:
    if span.kind == "link":
        return types.MessageEntityTextUrl(span.offset, span.length, span.url or "")
    if span.kind == "pre":
        return types.MessageEntityPre(span.offset, span.length, "")
    return _KINDS[span.kind](span.offset, span.length)


def markup(keyboard: Keyboard) -> types.ReplyInlineMarkup | None:
    """The inline keyboard below a message, or None without buttons."""
    if not keyboard:
        return None
    rows = [
        types.KeyboardButtonRow(
            [
                TelethonButton.url(button.text, button.url)
                if button.data is None
                else TelethonButton.inline(button.text, button.data.encode())
                for button in row
            ]
        )
        for row in keyboard
    ]
    return types.ReplyInlineMarkup(rows)


def button_data(markup: object) -> list[bytes]:
    """The callback data of a message's buttons, in their order."""
    rows = getattr(markup, "rows", ())
    kinds = (getattr(button, "type", None) for row in rows for button in row.buttons)
    return [kind.data for kind in kinds if isinstance(kind, types.InlineButtonTypeCallback)]


def send_request(
    to: types.TypeInputPeer,
    message: Message,
    random_id: int,
    *,
    silent: bool = False,
    reply_to: int | None = None,
    topic: int | None = None,
) -> SendMessageRequest | SendMediaRequest:
    """The request that sends a message. It may be made repeatedly: Telegram sends it once for each
    ``random_id``.

    ``reply_to``: the id of the message that it answers; ``topic``: the topic that it is sent to.
    """
    if message.preview is not None:
        return SendMediaRequest(
            peer=to,
            media=_preview(message.preview),
            message=message.text.text,
            random_id=random_id,
            silent=silent or None,
            invert_media=True,
            reply_to=reply_header(reply_to, topic),
            entities=entities(message.text) or None,
            reply_markup=markup(message.keyboard),
        )
    return SendMessageRequest(
        peer=to,
        message=message.text.text,
        random_id=random_id,
        silent=silent or None,
        reply_to=reply_header(reply_to, topic),
        no_webpage=True,
        entities=entities(message.text) or None,
        reply_markup=markup(message.keyboard),
    )


def reply_header(reply_to: int | None, topic: int | None) -> types.InputReplyToMessage | None:
    """The reply header for a message to answer, a topic, or both; None for neither. A message that
    answers nothing names only the topic (core.telegram.org/api/forum#forum-topics)."""
    if reply_to is not None:
        return types.InputReplyToMessage(reply_to, top_msg_id=topic)
    return None if topic is None else types.InputReplyToMessage(topic)


def places_of(header: object) -> tuple[int | None, int | None]:
    """The id of the message that a message answers, and its topic in the group; None for each that
    is missing. A message that answers nothing names only the topic
    (core.telegram.org/constructor/messageReplyHeader). General is returned as None, since nothing
    is sent to it by its id."""
    number = getattr(header, "reply_to_msg_id", None)
    if not getattr(header, "forum_topic", False):
        return number, None
    top = getattr(header, "reply_to_top_id", None)
    answered, topic = (None, number) if top is None else (number, top)
    return answered, None if topic == GENERAL else topic


def is_in_topic(request: Request, topic: int) -> bool:
    """Whether a request sends to this topic."""
    header = getattr(request, "reply_to", None)
    return header is not None and topic in (header.top_msg_id, header.reply_to_msg_id)


def _preview(url: str) -> types.InputMediaWebPage:
    """A web page's preview; if Telegram has none, the message is sent without it
    (core.telegram.org/constructor/inputMediaWebPage)."""
    return types.InputMediaWebPage(url, force_large_media=True, optional=True)


_OF_TOPICS = ("TOPIC_", "THREAD")
_OF_PLACES = (*_OF_TOPICS, "REPLY_", "MSG_ID", "MESSAGE_ID")
"""Parts of refusals that may concern the topic, if the request names nothing but a topic."""
_OF_BUTTONS = "REPLY_MARKUP"
"""A refusal that concerns the message itself, wherever it is sent."""
_OF_PREVIEWS = ("MEDIA", "WEBPAGE", "EMBED", "CHAT_SEND_")
_OF_FILES = ("CHAT_SEND_DOCS_", "CHAT_SEND_MEDIA_")
_OF_PICTURES = ("MEDIA", "PHOTO", "IMAGE", "FILE", "CHAT_SEND_")


def plainer(request: Request, refusal: str, topic: int | None = None) -> Request | None:
    """The same request without what Telegram may have refused by that error name: its preview or
    picture, its reply, or the ``topic``. None if nothing can be left out."""
    media = getattr(request, "media", None)
    named = {types.InputMediaWebPage: _OF_PREVIEWS, types.InputMediaUploadedPhoto: _OF_PICTURES}
    if any(part in refusal for part in named.get(type(media), ())):
        if isinstance(request, EditMessageRequest):
            return _changed(request, media=None, no_webpage=True, invert_media=None)
        return SendMessageRequest(
            peer=request.peer,
            message=request.message,
            random_id=request.random_id,
            silent=request.silent,
            reply_to=request.reply_to,
            no_webpage=True,
            entities=request.entities,
            reply_markup=request.reply_markup,
        )
    header = getattr(request, "reply_to", None)
    if header is None:
        return None
    names_topic_alone = header.reply_to_msg_id == topic
    places = _OF_PLACES if names_topic_alone else _OF_TOPICS
    is_gone = _OF_BUTTONS not in refusal and any(part in refusal for part in places)
    if names_topic_alone and not is_gone:
        return None
    return _changed(request, reply_to=reply_header(None, None if is_gone else topic))


def _changed(request: Request, **fields: object) -> Request:
    changed = copy.copy(request)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def file_request(
    to: types.TypeInputPeer,
    file: File,
    uploaded: types.InputFile,
    caption: RichText,
    *,
    random_id: int,
) -> SendMediaRequest:
    """The request that sends an uploaded file, once for each ``random_id``."""
    media = types.InputMediaUploadedDocument(
        file=uploaded,
        mime_type=file.mime,
        attributes=[types.DocumentAttributeFilename(file.name)],
        force_file=True,
    )
    return SendMediaRequest(
        peer=to,
        media=media,
        message=caption.text,
        random_id=random_id,
        entities=entities(caption) or None,
    )


def without_file(request: Request, refusal: str, said: str) -> SendMessageRequest | None:
    """What goes in place of a file that may not be sent in a chat: its caption, and ``said``. None
    if that is not what Telegram refused by that error name."""
    media = getattr(request, "media", None)
    is_file = isinstance(media, types.InputMediaUploadedDocument)
    if not is_file or not any(part in refusal for part in _OF_FILES):
        return None
    return SendMessageRequest(
        peer=request.peer,
        message=f"{request.message}\n\n{said}".strip(),
        random_id=request.random_id,
        reply_to=request.reply_to,
        entities=request.entities,
    )


def picture_request(
    to: types.TypeInputPeer,
    message: Message,
    uploaded: types.InputFile,
    *,
    random_id: int,
) -> SendMediaRequest:
    """The request that sends an uploaded picture with a message's text as its caption, once for
    each ``random_id``."""
    return SendMediaRequest(
        peer=to,
        media=types.InputMediaUploadedPhoto(file=uploaded),
        message=message.text.text,
        random_id=random_id,
        entities=entities(message.text) or None,
        reply_markup=markup(message.keyboard),
    )


def edit_request(to: types.TypeInputPeer, message_id: int, message: Message) -> EditMessageRequest:
    """The request that replaces a message's text and buttons."""
    has_preview = message.preview is not None
    return EditMessageRequest(
        peer=to,
        id=message_id,
        message=message.text.text,
        no_webpage=None if has_preview else True,
        invert_media=has_preview or None,
        media=_preview(message.preview) if message.preview is not None else None,
        entities=entities(message.text) or None,
        reply_markup=markup(message.keyboard),
    )


def edit_buttons_request(
    to: types.TypeInputPeer, message_id: int, keyboard: Keyboard
) -> EditMessageRequest:
    """The request that replaces only a message's buttons; an empty keyboard removes them. A preview
    above the text stays there; without a preview that flag has no effect."""
    return EditMessageRequest(
        peer=to, id=message_id, invert_media=True, reply_markup=markup(keyboard)
    )


_NEW = (types.UpdateNewMessage, types.UpdateNewChannelMessage)


def sent_id(result: object) -> int | None:
    """The id that a sent message got, from Telegram's answer; None if it names none.

    A repeated request may be answered with the message as it is now; the id is the same.
    """
    if isinstance(result, types.UpdateShortSentMessage):
        return int(result.id)
    updates = getattr(result, "updates", ())
    named = (update.id for update in updates if isinstance(update, types.UpdateMessageID))
    shown = (update.message.id for update in updates if isinstance(update, _NEW))
    return next((int(number) for number in itertools.chain(named, shown)), None)
