"""The state of watching, for people: each channel with what is read of it and what is missing."""

from datetime import datetime

from handlers.render.text.headings import NAME_UNITS
from handlers.render.text.messages import shorten
from handlers.render.text.rich import RichText, fill, join, link
from handlers.texts.watching import WatchingWords
from handlers.texts.words import Words
from storage.channels import progress
from storage.channels.progress import ChannelStatus


def channel_lines(status: ChannelStatus, name: str, words: Words, now: datetime) -> RichText:
    """A channel in a few lines."""
    channel = status.channel
    url = f"https://t.me/{channel.username}" if channel.username else None
    lines = [
        "• " + link(shorten(name, NAME_UNITS), url) + ": " + _posts(status, words.watching, now)
    ]
    lines += [fill("  {line}", line=line) for line in _facts(status, words, now)]
    return join("\n", lines)


def _posts(status: ChannelStatus, words: WatchingWords, now: datetime) -> RichText:
    if status.last_message_id is None or status.last_post_at is None:
        return fill(words.quiet)
    today = str(status.posts_today)
    return fill(
        words.row,
        id=str(status.last_message_id),
        age=words.span((now - status.last_post_at).total_seconds()),
        today=today + "+" if status.posts_today >= progress.COUNTED else today,
    )


def _facts(status: ChannelStatus, all_words: Words, now: datetime) -> list[RichText]:
    channel, backfill, words = status.channel, status.backfill, all_words.watching
    scan = words.never
    if channel.last_scan_at is not None:
        scan = words.ago.format(age=words.span((now - channel.last_scan_at).total_seconds()))
    source = words.sources[channel.source or "none"]
    lines = [fill(words.facts, cursor=str(channel.cursor), scan=scan, source=source)]
    gaps = {"open": str(len(status.open_gaps)), "filled": str(channel.gaps_filled)}
    lines.append(fill(words.gaps, **gaps, posts=_count(all_words, channel.posts_filled)))
    if status.lag_median is not None and status.lag_worst is not None:
        median, worst = words.span(status.lag_median), words.span(status.lag_worst)
        lines.append(fill(words.lag, median=median, worst=worst))
    if backfill is not None and backfill.newest_first and backfill.finished_at is None:
        lines.append(fill(words.recent, posts=_count(all_words, backfill.posts)))
    elif backfill is not None and 0 < backfill.next_id <= backfill.last_id:
        read = {"posts": _count(all_words, backfill.posts), "next": str(backfill.next_id - 1)}
        lines.append(fill(words.history, **read, last=str(backfill.last_id)))
    if channel.error:
        lines.append(fill(words.trouble, reason=words.trouble_of(channel.error)))
    return lines


def _count(words: Words, posts: int) -> str:
    return words.count(words.posts, posts)
