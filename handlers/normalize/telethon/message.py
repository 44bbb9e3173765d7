"""Telethon messages as documents: live objects, or records made of their JSON.

Nothing here imports Telethon. A message is whatever has the attributes of Telegram's ``message``
and ``messageService`` (https://core.telegram.org/constructor/message); text is ``message.message``
with its entities, never ``message.text``, which is Markdown.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.normalize.parsing import addresses, times
from handlers.normalize.parsing.fields import clean, kind, listed, whole, words
from handlers.normalize.parsing.spans import from_entities, shifted
from handlers.normalize.post import compose, lines, polls
from handlers.normalize.post.compose import PostText, Provenance
from handlers.normalize.telethon import actions, authors, forwards
from handlers.normalize.telethon import links as telethon_links
from handlers.normalize.telethon import media as telethon_media
from handlers.normalize.telethon import rich as telethon_rich
from handlers.normalize.telethon.forwards import Peers
from handlers.normalize.telethon.rich import Rich
from storage.document import FACT_CHECK, Block, Channel, Document, Flag, Link, Media, Source, Span
from storage.errors import InputError
from storage.structs import replace
from storage.times import from_partial

LARGEST_ALBUM = 10
"""Messages of one album (https://core.telegram.org/api/files#albums-grouped-media)."""

_ALBUM_SENT = timedelta(seconds=10)
_SOURCE = Source(type="telethon")


def normalize(
    messages: Sequence[object],
    *,
    channel: Channel,
    peers: Peers | None = None,
    source: Source | None = None,
) -> Document:
    """The document of one message, or of the messages of one album.

    ``channel`` is where they were posted; ``peers`` names the origins of forwards, by marked id.
    Raises InputError when there is no message, or one without an id or a channel.
    """
    if not messages:
        raise InputError("there is no message here", where="telethon")
    parts = sorted(messages, key=_message_id) if len(messages) > 1 else messages
    first = parts[0]
    known = _channel_of(first, channel)
    shared = _provenance(parts, known, source or _SOURCE)
    if getattr(first, "action", None) is not None or kind(first) == "MessageService":
        return _service(first, known, shared)
    return _post(parts, known, peers or {}, shared)


def is_same_album(parts: Sequence[object], message: object) -> bool:
    """Whether a message goes on the album that others began.

    Its parts are sent at once. An album id that comes again later is another's: Telegram does not
    say that ids of albums are never used twice.
    """
    grouped_id = whole(message, "grouped_id")
    if grouped_id is None or grouped_id != whole(parts[0], "grouped_id"):
        return False
    if len(parts) >= LARGEST_ALBUM:
        return False
    first, last = (_sent(part) for part in (parts[0], message))
    return first is None or last is None or abs(last - first) <= _ALBUM_SENT


def _sent(message: object) -> datetime | None:
    moment = times.read(getattr(message, "date", None))
    return from_partial(moment.text) if moment else None


def _message_id(message: object) -> int:
    message_id = whole(message, "id")
    if message_id is None:
        raise InputError("a message has no id", where="telethon")
    return message_id


def _channel_of(message: object, channel: Channel) -> Channel:
    channel_id = whole(getattr(message, "peer_id", None), "channel_id")
    if channel.id is not None or channel_id is None:
        return channel
    return Channel(id=channel_id, username=channel.username, title=channel.title)


def _doc_id(channel: Channel, message_id: int) -> str:
    found = addresses.doc_id(channel, message_id)
    if found is None:
        raise InputError(
            f"message {message_id} names no channel", where="telethon", hint="name it: --channel"
        )
    return found


def _provenance(parts: Sequence[object], channel: Channel, source: Source) -> Provenance:
    """The fields that say where and when, the same for posts and service messages."""
    first = parts[0]
    message_id = _message_id(first)
    moment = times.read(getattr(first, "date", None))
    return {
        "doc_id": _doc_id(channel, message_id),
        "source": source,
        "channel": channel,
        "message_id": message_id,
        "album_ids": tuple(_message_id(part) for part in parts) if len(parts) > 1 else (),
        "grouped_id": whole(first, "grouped_id"),
        # Telegram gives a channel's title with its name: a title alone means that it has none.
        "url": addresses.link(channel, message_id, private=channel.title is not None),
        "published_at": moment.text if moment else None,
        "published_precision": "second" if moment else "none",
        "published_basis": "api" if moment else "none",
        "flags": ("zone_unknown",) if moment and not moment.zone_known else (),
    }


def _post(parts: Sequence[object], channel: Channel, peers: Peers, shared: Provenance) -> Document:
    first = parts[0]
    rich = [telethon_rich.read(part) for part in parts]
    media = _media(parts, peers, rich)
    own = _own_words(parts, rich)
    links = [link for each in rich for link in each.links] + _other_links(parts)
    taken = compose.with_attached(own, media, _lists(parts), links)
    shared["flags"] += _withheld(parts, rich, taken)
    return Document(
        kind="post",
        **shared,
        **compose.derived("post", taken.title, taken.body),
        edited_at=_edited_at(parts),
        forwarded_from=forwards.read_forward(first, channel=channel, peers=peers),
        reply_to=forwards.read_reply(first, channel=channel),
        author_signature=_signature(parts),
        author=authors.read_author(first, channel=channel, peers=peers),
        views=_largest(parts, "views"),
        forwards=_largest(parts, "forwards"),
        reactions=_reactions(parts),
        title=taken.title,
        body=taken.body,
        links=taken.links,
        media=media,
    )


def _own_words(parts: Sequence[object], rich: Sequence[Rich]) -> PostText:
    """What the post itself says; a rich message has blocks in place of a text."""
    if not any(each.blocks for each in rich):
        return compose.split_post(*_text(parts))
    blocks: tuple[Block, ...] = ()
    for part, each in zip(parts, rich, strict=True):
        text, spans = _text([part])
        if text and text not in "\n".join(block.text for block in each.blocks):
            blocks += lines.blocks(lines.split(text, spans))
        blocks += each.blocks
    return compose.headed(blocks)


def _withheld(parts: Sequence[object], rich: Sequence[Rich], taken: PostText) -> tuple[Flag, ...]:
    """Whether Telegram is known to have kept back some of the text."""
    lacks_all = taken.title is None and any(
        kind(getattr(part, "media", None)) == "MessageMediaUnsupported" for part in parts
    )
    lacks = lacks_all or any(not each.is_whole for each in rich)
    return ("text_withheld",) if lacks else ()


def _service(message: object, channel: Channel, shared: Provenance) -> Document:
    action = getattr(message, "action", None)
    title, body = actions.title(action), actions.body(action)
    return Document(
        kind="service",
        **shared,
        **compose.derived("service", title, body),
        service_action=actions.name(action),
        reply_to=forwards.read_reply(message, channel=channel),
        title=title,
        body=body,
        media=actions.media(action),
    )


def _text(parts: Sequence[object]) -> tuple[str, tuple[Span, ...]]:
    """The text of a message or the captions of an album, one after the other, and their spans."""
    whole: str = ""
    spans: tuple[Span, ...] = ()
    for part in parts:
        own = getattr(part, "message", None)
        if not isinstance(own, str) or not own:
            continue
        own = clean(own)
        found = from_entities(own, listed(part, "entities"))
        if whole:
            whole += "\n\n"
            found = tuple(shifted(found, len(whole)))
        whole, spans = whole + own, spans + found
    return whole, spans


def _lists(parts: Sequence[object]) -> tuple[Block, ...]:
    """Polls and checklists: the question or title as a subhead, options and tasks as bullets."""
    found: tuple[Block, ...] = ()
    for part in parts:
        media = getattr(part, "media", None)
        if media is None:
            continue
        poll, todo = getattr(media, "poll", None), getattr(media, "todo", None)
        if poll is not None:
            options = [
                telethon_media.plain(getattr(a, "text", None)) for a in listed(poll, "answers")
            ]
            found += polls.blocks(telethon_media.plain(getattr(poll, "question", None)), options)
        if todo is not None:
            tasks = [telethon_media.plain(getattr(t, "title", None)) for t in listed(todo, "list")]
            found += polls.blocks(telethon_media.plain(getattr(todo, "title", None)), tasks)
    return found


def _other_links(parts: Sequence[object]) -> list[Link]:
    """The addresses behind buttons and in stories."""
    found: list[Link] = []
    for part in parts:
        markup = getattr(part, "reply_markup", None)
        if markup is not None:
            found += telethon_links.of_buttons(markup)
        story = getattr(getattr(part, "media", None), "story", None)
        if story is not None:
            found += telethon_links.of_story(story)
    return found


def _media(parts: Sequence[object], peers: Peers, rich: Sequence[Rich]) -> tuple[Media, ...]:
    is_album = len(parts) > 1
    found: tuple[Media, ...] = ()
    for part, each in zip(parts, rich, strict=True):
        number = _message_id(part) if is_album else None
        found += tuple(replace(medium, message_id=number) for medium in each.media)
        found += telethon_media.read(getattr(part, "media", None), message_id=number, peers=peers)
        found += _fact_check(getattr(part, "factcheck", None), number)
    return found


def _fact_check(note: object, message_id: int | None) -> tuple[Media, ...]:
    """What independent checkers wrote under a post (https://core.telegram.org/api/factcheck)."""
    text = telethon_media.plain(getattr(note, "text", None))
    if text is None:
        return ()
    return (Media(type="unknown", name=FACT_CHECK, title=text, message_id=message_id),)


def _edited_at(parts: Sequence[object]) -> str | None:
    """The latest edit that is shown: one with ``edit_hide`` is a reaction or a view count."""
    shown = [
        times.text(getattr(part, "edit_date", None))
        for part in parts
        if not getattr(part, "edit_hide", None)
    ]
    return max((text for text in shown if text), default=None)


def _signature(parts: Sequence[object]) -> str | None:
    signatures = (words(part, "post_author") for part in parts)
    return next((name for name in signatures if name), None)


def _largest(parts: Sequence[object], name: str) -> int | None:
    if len(parts) == 1:
        return whole(parts[0], name)
    counts = (whole(part, name) for part in parts)
    return max((count for count in counts if count is not None), default=None)


def _reactions(parts: Sequence[object]) -> int | None:
    totals = []
    for part in parts:
        reactions = getattr(part, "reactions", None)
        if reactions is not None:
            totals.append(sum(whole(each, "count") or 0 for each in listed(reactions, "results")))
    return sum(totals) if totals else None
