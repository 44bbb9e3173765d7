"""Channels and groups, and the posts in them."""

import secrets
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telethon.tl import TLObject, types

from bot.sandbox.protocol.session import Session
from bot.sandbox.state.boxes import Box, Event, Kind
from bot.sandbox.state.changes import PATIENCE
from bot.sandbox.state.clock import now
from bot.sandbox.state.ledger import Answer, Posted
from bot.sandbox.state.messages import Button, Content, File, Forward, Message, inline_markup
from bot.sandbox.state.profiles import ChannelProfile, Profile
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.chats import wait_for_message
from bot.sandbox.world.talks import Talks


@dataclass(slots=True, kw_only=True, eq=False)
class Post(Message):
    """A message in a channel or group."""

    channel: "Channel"
    id: int

    def id_for(self, viewer: Profile) -> int:
        return self.id

    @property
    def place(self) -> ChannelProfile | None:
        return self.channel

    @property
    def link(self) -> str:
        """The public link, or the one that members of a private channel can open."""
        name = self.channel.username or f"c/{self.channel.id}"
        return f"https://t.me/{name}/{self.id}"

    async def edit(
        self,
        text: str | None = None,
        *,
        entities: Sequence[TLObject] | None = None,
        media: TLObject | None = None,
        hide: bool = False,
    ) -> None:
        """Changes the text (entities go unless given) or the media; the date of edit is now."""
        content = Content(
            text=self.text if text is None else text,
            entities=tuple(entities or ()) if text is not None else self.entities,
            media=self.content.media if media is None else media,
            markup=self.content.markup,
        )
        self.channel.edit_post(self, content, hide=hide)

    async def set_views(self, views: int) -> None:
        """Counts views: an edit that hides its date."""
        self.views = views
        self.channel.edit_post(self, self.content, hide=True)

    async def react(self, emoji: str, count: int = 1) -> None:
        """Sets the count of a reaction: an edit that hides its date."""
        self.reactions[emoji] = count
        self.channel.edit_post(self, self.content, hide=True)

    async def delete(self) -> None:
        """Deletes the post."""
        self.channel.delete_posts([self])


@dataclass(slots=True, kw_only=True, eq=False)
class Channel(ChannelProfile):
    """A broadcast channel, or a supergroup (``is_group``)."""

    world: Talks = field(repr=False)
    box: Box = field(default_factory=Box, repr=False)
    by_id: dict[int, Post] = field(default_factory=dict, repr=False)
    # Ids of the posts that are not deleted, ascending.
    alive: list[int] = field(default_factory=list, repr=False)

    @property
    def posts(self) -> list[Post]:
        """The posts that are not deleted, oldest first."""
        return [self.by_id[number] for number in self.alive]

    # What its owner does

    async def post(
        self,
        text: str = "",
        *,
        entities: Sequence[TLObject] = (),
        media: TLObject | None = None,
        buttons: tuple[tuple[Button, ...], ...] = (),
        **details: Any,
    ) -> Post:
        """Posts. ``details``: date, views, author (a signature), reply_to, silent."""
        content = Content(
            text=text, entities=tuple(entities), media=media, markup=inline_markup(buttons)
        )
        return self._publish(content, details)

    async def post_rich(
        self,
        blocks: Sequence[TLObject],
        *,
        photos: Sequence[TLObject] = (),
        documents: Sequence[TLObject] = (),
        shown: int | None = None,
        **details: Any,
    ) -> Post:
        """Posts a rich message, of Telethon's page blocks; ``shown``: how many of them come at
        once."""
        rich = types.RichMessage(list(blocks), list(photos), list(documents))
        return self._publish(Content(rich=rich, shown=shown), details)

    async def post_album(
        self, media: Sequence[TLObject], text: str = "", **details: Any
    ) -> list[Post]:
        """Posts several media as one album; the text goes with the first."""
        details["grouped_id"] = secrets.randbits(62) | 1
        return [
            self._publish(Content(text="" if position else text, media=item), dict(details))
            for position, item in enumerate(media)
        ]

    async def forward(self, origin: Post, **details: Any) -> Post:
        """Forwards a post of a channel; a forward keeps its first origin."""
        details["forward"] = origin.forward or Forward(
            date=origin.date, channel=origin.channel, channel_post=origin.id, author=origin.author
        )
        return self._publish(origin.content, details)

    async def forward_from(
        self,
        sender: Profile | str,
        text: str,
        *,
        entities: Sequence[TLObject] = (),
        sent_at: datetime | None = None,
        **details: Any,
    ) -> Post:
        """Forwards a message of a person, or of one who hides behind a name (a str)."""
        hidden = isinstance(sender, str)
        details["forward"] = Forward(
            date=sent_at or now(),
            user=None if isinstance(sender, str) else sender,
            name=str(sender) if hidden else None,
        )
        return self._publish(Content(text=text, entities=tuple(entities)), details)

    async def say(
        self,
        member: Profile,
        text: str,
        *,
        reply_to: Post | None = None,
        send_as: ChannelProfile | None = None,
        topic: int | None = None,
        file: File | None = None,
    ) -> Post:
        """Says something in a group, or in one of its topics; below a ``file``.

        ``send_as``: the group itself, in whose name its anonymous administrators speak, or a
        channel of the member's.
        """
        details: dict[str, Any] = {
            "sender": member,
            "reply_to": reply_to,
            "views": None,
            "send_as": send_as,
            "topic": topic,
            "file": file,
        }
        media = self.world.keep_file(file) if file is not None else None
        return self._publish(Content(text=text, media=media), details)

    def open_general(self) -> None:
        """The first message of a group with topics tells that it was made: General is topic 1."""
        action = types.MessageActionChannelCreate(self.title)
        self._publish(Content(), {"action": action, "views": None})

    async def open_topic(self, title: str) -> int:
        """Opens a topic in a group that has them; gives its number."""
        post = await self.announce(types.MessageActionTopicCreate(title=title, icon_color=0))
        self.topics[post.id] = True
        return post.id

    async def close_topic(self, topic: int) -> None:
        """A topic takes no more messages."""
        self.topics[topic] = False
        action = types.MessageActionTopicEdit(closed=True)
        self._publish(Content(), {"action": action, "views": None, "topic": topic})

    async def delete_topic(self, topic: int) -> None:
        """Deletes a topic with all that was said in it."""
        del self.topics[topic]
        gone = [post for post in self.posts if topic in (post.id, post.topic)]
        self.delete_posts(gone)

    async def press(
        self,
        member: Profile,
        post: Post,
        button: str | bytes | Button,
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109
        wait: bool = True,
    ) -> Answer | None:
        """Presses a button under a bot's post, as `Chat.press` does."""
        pressed = post.find_button(button)
        return await self.world.queries.press(member, post, pressed, timeout=timeout, wait=wait)

    async def wait_for(
        self,
        what: str | Callable[[Post], bool] | None = None,
        *,
        sender: Profile,
        after: Post | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> Post:
        """Waits for a post by ``sender`` (a bot, say), as `Chat.wait_for` does."""
        return await wait_for_message(
            self.world.changes,
            lambda: self.posts,
            what,
            sender=sender,
            after=after,
            timeout=timeout,
        )

    async def delete(self, posts: Sequence[Post]) -> None:
        """Deletes several posts at once."""
        self.delete_posts(list(posts))

    async def announce(self, action: TLObject) -> Post:
        """Posts a service message: Telethon's MessageAction, such as MessageActionPinMessage()."""
        return self._publish(Content(), {"action": action, "views": None})

    async def rename(self, title: str) -> None:
        """Changes the title; Telegram announces it with a service message."""
        self.title = title
        self._tell_change()
        await self.announce(types.MessageActionChatEditTitle(title))

    async def set_username(self, username: str | None) -> None:
        """Moves to another name, or goes private."""
        self.world.rename(self, username)
        self._tell_change()

    def add_member(
        self,
        account: Account,
        *,
        admin: bool = False,
        may_post: bool = True,
        by: Profile | None = None,
    ) -> None:
        """Takes a member in, or makes it an administrator, and tells it.

        ``may_post``: whether an administrator has that right; ``by`` is who did it, else the first
        administrator.
        """
        before = self.participant(account)
        self.members[account.id] = account
        account.channels[self.id] = self
        if admin:
            self.admins[account.id] = account
        (self.voiceless.discard if may_post else self.voiceless.add)(account.id)
        self._tell(account, before, by)

    def remove_member(self, account: Account, *, by: Profile | None = None) -> None:
        """Lets a member go and tells it; a private channel is closed to it from now on."""
        before = self.participant(account)
        self.members.pop(account.id, None)
        self.admins.pop(account.id, None)
        account.channels.pop(self.id, None)
        self._tell(account, before, by)

    def _tell(self, account: Account, before: TLObject | None, by: Profile | None) -> None:
        self.world.push_update(account, types.UpdateChannel(self.id), channels=[self])
        if account.is_bot:
            self._tell_bot(account, before, by)
        self.world.changes.fire()

    def _tell_bot(self, bot: Account, before: TLObject | None, by: Profile | None) -> None:
        actor = by or next(iter(self.admins.values()), bot)
        bot.qts += 1
        update = types.UpdateChannelParticipant(
            channel_id=self.id,
            date=now(),
            actor_id=actor.id,
            user_id=bot.id,
            qts=bot.qts,
            prev_participant=before,
            new_participant=self.participant(bot),
        )
        bot.notes.append(update)
        self.world.push_update(bot, update, users=[actor], channels=[self])

    def _tell_change(self) -> None:
        for member in self.members.values():
            self.world.push_update(member, types.UpdateChannel(self.id), channels=[self])
        self.world.changes.fire()

    # What happens to posts

    def _publish(self, content: Content, details: dict[str, Any]) -> Post:
        details.setdefault("views", 1)
        details.setdefault("date", now())
        post = Post(channel=self, id=self.box.next_message_id(), content=content, **details)
        self.add_post(post)
        return post

    def add_post(self, post: Post, *, skip: Session | None = None) -> Event:
        """Takes a new post and pushes it to the members; ``skip`` as in `Dialogue.send`."""
        self.by_id[post.id] = post
        self.alive.append(post.id)
        sender = post.sender
        if sender is not None and sender.is_bot:
            self.world.ledger.received.append(post)
        elif post.action is None:
            self.world.ledger.posted.append(
                Posted(channel=self, id=post.id, text=post.text, date=post.date, at=post.at)
            )
        return self._record("new", [post], skip)

    def edit_post(
        self, post: Post, content: Content, *, hide: bool = False, skip: Session | None = None
    ) -> Event:
        """Changes a post."""
        post.revise(content, hide=hide)
        return self._record("edit", [post], skip)

    def delete_posts(self, posts: list[Post], *, skip: Session | None = None) -> int:
        """Deletes posts; gives how many were there."""
        doomed = [post for post in posts if post.deleted_at is None]
        for post in doomed:
            post.deleted_at = now()
            del self.alive[bisect_left(self.alive, post.id)]
        if doomed:
            self._record("delete", doomed, skip)
        return len(doomed)

    def _record(self, kind: Kind, posts: list[Post], skip: Session | None) -> Event:
        event = self.box.record(kind, *posts)
        for member in self.members.values():
            self.world.push_event(member, event, channel=self, skip=skip)
        self.world.changes.fire()
        return event
