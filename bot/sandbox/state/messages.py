"""Messages: in a channel, or between two accounts."""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from telethon.tl import TLObject, types

from bot.sandbox.state.clock import now
from bot.sandbox.state.profiles import ChannelProfile, Profile

HOME = 2
"""The data centre that all accounts are at."""


class Button(Struct, frozen=True):
    """A button under a message: it carries data back to the bot, or opens a link."""

    text: str
    data: bytes | None = None
    url: str | None = None


class Content(Struct, frozen=True, kw_only=True):
    """What an edit may change. Entities, media, markup and ``rich`` are Telethon's types;
    ``media_above``: the media, or a page's preview, is shown above the text; ``shown``: so many
    blocks of a rich message come at once, the rest when it is asked for."""

    text: str = ""
    entities: tuple[TLObject, ...] = ()
    media: TLObject | None = None
    markup: TLObject | None = None
    media_above: bool = False
    rich: TLObject | None = None
    shown: int | None = None

    @property
    def rich_part(self) -> TLObject | None:
        """The rich message as it comes at once."""
        if self.rich is None or self.shown is None or self.shown >= len(self.rich.blocks):
            return self.rich
        blocks = self.rich.blocks[: self.shown]
        return types.RichMessage(blocks, self.rich.photos, self.rich.documents, part=True)

    @property
    def preview(self) -> str | None:
        """The address of the page that is previewed."""
        page = getattr(self.media, "webpage", None)
        return None if page is None else str(page.url)

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The rows of inline buttons."""
        if not isinstance(self.markup, types.ReplyInlineMarkup):
            return ()
        return tuple(tuple(map(_read_button, row.buttons)) for row in self.markup.rows)


def _read_button(button: TLObject) -> Button:
    return Button(
        button.text, getattr(button.type, "data", None), getattr(button.type, "url", None)
    )


def inline_markup(rows: tuple[tuple[Button, ...], ...]) -> TLObject | None:
    """Gives Telethon's markup for rows of buttons, None for none."""
    if not rows:
        return None
    return types.ReplyInlineMarkup(
        [types.KeyboardInlineButtonRow([_write_button(button) for button in row]) for row in rows]
    )


def _write_button(button: Button) -> TLObject:
    if button.url is not None:
        kind = types.InlineButtonTypeUrl(button.url)
    else:
        kind = types.InlineButtonTypeCallback(button.data or button.text.encode())
    return types.KeyboardInlineButton(button.text, kind)


class Version(Struct, frozen=True, kw_only=True):
    """The content from a time on."""

    at: datetime
    content: Content

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def entities(self) -> tuple[TLObject, ...]:
        return self.content.entities

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        return self.content.buttons


class Forward(Struct, frozen=True, kw_only=True):
    """Where a forwarded message comes from: a channel's post, a user, or a hidden name."""

    date: datetime
    channel: ChannelProfile | None = None
    channel_post: int | None = None
    user: Profile | None = None
    name: str | None = None
    author: str | None = None

    def header(self) -> TLObject:
        """Gives Telethon's header."""
        origin = None
        if self.channel is not None:
            origin = types.PeerChannel(self.channel.id)
        elif self.user is not None:
            origin = types.PeerUser(self.user.id)
        return types.MessageFwdHeader(
            date=self.date,
            from_id=origin,
            from_name=self.name,
            channel_post=self.channel_post,
            post_author=self.author,
        )


class File(Struct, frozen=True, kw_only=True):
    """A file that came with a message; ``dc_id``: the data centre that keeps it."""

    name: str
    mime: str
    data: bytes
    dc_id: int = HOME


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """What every message has. ``at`` is when the server took it, ``date`` what it claims."""

    content: Content
    sender: Profile | None = None
    # In a group: the group itself or a channel, in whose name the sender speaks.
    send_as: ChannelProfile | None = None
    at: datetime = field(default_factory=now)
    date: datetime = field(default_factory=now)
    random_id: int | None = None
    reply_to: "Message | None" = None
    # In a group with topics; None in General, whose number is 1.
    topic: int | None = None
    forward: Forward | None = None
    # Telethon's MessageAction: makes it a service message ("… pinned a message").
    action: TLObject | None = None
    silent: bool = False
    grouped_id: int | None = None
    views: int | None = None
    author: str | None = None
    reactions: dict[str, int] = field(default_factory=dict)
    edit_date: datetime | None = None
    edit_hide: bool = False
    deleted_at: datetime | None = None
    versions: list[Version] = field(default_factory=list)
    file: File | None = None

    def __post_init__(self) -> None:
        self.versions.append(Version(at=self.at, content=self.content))

    def id_for(self, viewer: Profile) -> int:
        """The message's number, as this account sees it."""
        raise TypeError("a message lives in a channel or between two accounts")

    @property
    def place(self) -> ChannelProfile | None:
        """The channel or group that it stands in; None between two accounts."""
        return None

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def entities(self) -> tuple[TLObject, ...]:
        return self.content.entities

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        return self.content.buttons

    @property
    def preview(self) -> str | None:
        """The address of the page that is previewed, if it is shown above the text."""
        return self.content.preview if self.content.media_above else None

    @property
    def edits(self) -> tuple[Version, ...]:
        """The versions after the first, oldest first; the last is the present one."""
        return tuple(self.versions[1:])

    def find_button(self, wanted: str | bytes | Button) -> Button:
        """Gives the button with this text or data; raises LookupError."""
        data = wanted.encode() if isinstance(wanted, str) else wanted
        for row in self.buttons:
            for button in row:
                if wanted in (button, button.text) or data == button.data:
                    return button
        raise LookupError(f"no button {wanted!r} under {self.text[:40]!r}")

    def revise(self, content: Content, *, hide: bool = False) -> None:
        """Takes a new content; ``hide`` marks an edit that shows no "edited" (views, reactions)."""
        shown_before = self.edit_date is not None and not self.edit_hide
        if not (hide and shown_before):
            self.edit_date, self.edit_hide = now(), hide
        if content != self.content:
            self.content = content
            self.versions.append(Version(at=now(), content=content))


@dataclass(slots=True, kw_only=True, eq=False)
class PrivateMessage(Message):
    """A message between two accounts: each of them numbers it in its own box."""

    recipient: Profile
    ids: dict[int, int] = field(default_factory=dict)

    def id_for(self, viewer: Profile) -> int:
        return self.ids[viewer.id]

    @property
    def id(self) -> int:
        """The number in the recipient's box."""
        return self.ids[self.recipient.id]
