"""A digest: what came in, grouped by channel, one text once however often it was forwarded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.render.text.dates import Here, moment
from handlers.render.text.headings import address, channel_name, headline, origin_name, published
from handlers.render.text.messages import Message, split
from handlers.render.text.rich import RichText, bold, fill, join, link
from handlers.texts.words import Words
from storage.document import Document

ITEMS = 100
ITEMS_AT_LEAST = 3
CHANNELS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One text of a digest; ``elsewhere`` are other posts of the same text, in order."""

    document: Document
    elsewhere: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A channel's items, in order of publication; ``count`` of them came in."""

    name: str
    items: tuple[Item, ...]


def distinct(documents: Iterable[Document]) -> list[Item]:
    """The documents with those of one origin, or of equal text, made one item each.

    An item shows its original where that is among them, else the first. Service messages and
    posts that were deleted since are left out.
    """
    parent: dict[str, str] = {}

    def find(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    posts = [post for post in documents if post.kind != "service" and post.deleted_at is None]
    for document in posts:
        first, *others = _identities(document)
        for other in others:
            parent[find(other)] = find(first)
    families: dict[str, list[Document]] = {}
    for document in posts:
        families.setdefault(find(_identities(document)[0]), []).append(document)
    return [_item(family) for family in families.values()]


def _item(family: Sequence[Document]) -> Item:
    shown = next((post for post in family if post.forwarded_from is None), family[0])
    return Item(shown, tuple(post for post in family if post is not shown))


def _identities(document: Document) -> list[str]:
    """Keys of which two documents share one exactly when they are the same text."""
    keys = [f"id {document.doc_id}"]
    channel, forward = document.channel, document.forwarded_from
    if channel is not None and document.message_id:
        keys += _posts(channel.id, channel.username, document.message_id)
    if forward is not None and forward.message_id:
        keys += _posts(forward.channel_id, forward.username, forward.message_id)
    if any(text.strip() for text in document.texts()):
        keys.append(f"text {document.content_hash}")
    return keys


def _posts(channel_id: int | None, username: str | None, message_id: int) -> list[str]:
    by_id = [f"post {channel_id} {message_id}"] if channel_id else []
    return by_id + ([f"post @{username.lower()} {message_id}"] if username else [])


def grouped(items: Iterable[Item], words: Words) -> list[Group]:
    """The items by the channel of the post that is shown; the channel with the most first."""
    names: dict[str, str] = {}
    groups: dict[str, list[Item]] = {}
    for item in items:
        channel = item.document.channel
        name = channel_name(item.document, words)
        key = str((channel and (channel.id or channel.username)) or name)
        names[key] = name
        groups.setdefault(key, []).append(item)
    made = [Group(names[key], tuple(sorted(group, key=_order))) for key, group in groups.items()]
    return sorted(made, key=lambda group: (-len(group.items), group.name))


def _order(item: Item) -> tuple[str, int]:
    return item.document.published_at or "", item.document.message_id or 0


def digest_messages(
    documents: Sequence[Document],
    *,
    after: datetime,
    here: Here,
    cut: bool,
    words: Words,
) -> tuple[Message, ...]:
    """The digest of what came in from ``after`` up to now, as messages that Telegram takes.

    ``cut``: more came in than is given. Nothing to tell gives no message.
    """
    items = distinct(documents)
    if not items:
        return ()
    groups = grouped(items, words)
    posts = words.count(words.posts, len(items))
    title = fill(
        words.digest_title,
        posts=posts,
        since=moment(after, here, words),
        until=moment(here.now, here, words),
    )
    share = max(ITEMS_AT_LEAST, ITEMS // len(groups))
    blocks = [bold(title), *(_block(group, share, here, words) for group in groups)]
    if cut:
        blocks.append(RichText(words.digest_cut))
    return split(Message(join("\n\n", blocks)))


def _block(group: Group, share: int, here: Here, words: Words) -> RichText:
    shown = group.items[-share:]
    left = len(group.items) - len(shown)
    lines = [bold(group.name), *(_line(item, here, words) for item in shown)]
    if left:
        more = words.count(words.more_posts, left)
        lines.append(fill("… " + words.digest_more, posts=more))
    return join("\n", lines)


def _line(item: Item, here: Here, words: Words) -> RichText:
    document = item.document
    at = published(document, here, words)
    line = f"• {at} " + link(headline(document, words), address(document))
    notes = [_source(document), _elsewhere(item, words)]
    return join(" · ", [line, *(note for note in notes if note)])


def _source(document: Document) -> str | None:
    if document.forwarded_from is None:
        return None
    name = origin_name(document.forwarded_from)
    return f"↪ {name}" if name else None


def _elsewhere(item: Item, words: Words) -> str | None:
    own = channel_name(item.document, words)
    others = (channel_name(document, words) for document in item.elsewhere)
    names = [name for name in dict.fromkeys(others) if name != own]
    if not names:
        return None
    shown = ", ".join(names[:CHANNELS_NAMED])
    if len(names) > CHANNELS_NAMED:
        shown += f" +{len(names) - CHANNELS_NAMED}"
    return words.digest_also_in.replace("{channels}", shown)
