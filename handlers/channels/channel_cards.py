"""What a chat is shown of one watched channel, wherever it is shown."""

from handlers.channels.rendering import Card, Row, card_message, title_of
from handlers.conversation.services import Services
from handlers.render.text.bars import Matches
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.searching import matches
from handlers.sources import following
from handlers.texts.words import Words
from storage.channels import watched
from storage.document import Channel as PostChannel
from storage.query.reading import syntax
from storage.records import Channel
from storage.subscribers import alerts, mutes


async def show_card(
    services: Services,
    row: int,
    chat_id: int,
    page: int,
    here: Here,
    words: Words,
    *,
    may_mark: bool,
    unfollowed: int | None = None,
) -> Message | None:
    """A watched channel by its row, with buttons that lead back to a page of the list; None where
    it is watched no more. ``may_mark``: it is shown to the operator; ``unfollowed``: the alert that
    was removed just now, to be put back."""
    async with services.database.reader() as conn:
        one = await watched.find_watched(conn, row)
        if one is None:
            return None
        have = await alerts.list_alerts(conn, chat_id)
        name = muted_as(one.channel)
        muted = await mutes.list_muting(conn, name, [alert.id for alert in have]) if name else set()
        a_day = await watched.posts_a_day(conn, one.channel, now=here.now)
    told = [alert for alert in have if alert.id not in muted]
    follows = following.list_following(told, one.channel)
    card = Card(
        row=Row(watched=one, a_day=a_day),
        follow="all" if "all" in follows.values() else next(iter(follows.values()), None),
        muted=len(muted),
        alerts=len(have),
        page=page,
        is_group=chat_id < 0,
        may_mark=may_mark,
        matches=await _read_matches(one.channel, services, here) if one.last_post_at else None,
        unfollowed=unfollowed,
    )
    return card_message(card, here, words)


async def _read_matches(channel: Channel, services: Services, here: Here) -> Matches | None:
    """How many posts a day it has; None for one that is not found yet."""
    query = following.channel_query(channel)
    return await matches.read_matches(syntax.parse(query), services, here) if query else None


def muted_as(channel: Channel) -> str | None:
    """How alerts name a channel that they leave out; None for one that is not found yet."""
    known = PostChannel(id=channel.channel_id, username=channel.username, title=title_of(channel))
    return mutes.name_of(known)
