"""What is said otherwise in groups and channels: there nothing is "yours"."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from handlers.texts.words import Words
from storage.languages.records import NOT_TEXTS, Texts, texts
from storage.structs import replace

ChatKind: TypeAlias = Literal["private", "group", "channel"]

_SUMMARIES = {
    "alert": "tell of posts that have these words",
    "alerts": "the alerts here, to change and remove",
    "quiet": "when not to write here",
    "timezone": "the time zone of this chat",
    "stop": "no more messages; the alerts are kept",
    "forgetme": "delete all that is stored about this chat",
}


class GroupWords(Texts, frozen=True, kw_only=True):
    """What ``Words`` say, as it is said in a group."""

    CONTEXT = "group"

    summaries: Mapping[str, str] = texts(_SUMMARIES)
    ask_alert: str = "Which words shall I watch for?"
    alert_known: str = "This group has this alert already: {query}."
    alert_limit: str = (
        "This group has {alerts}, the most that one may have here. Remove one first: /alerts"
    )
    alerts_title: str = "This group's alerts: {count}"
    alerts_none: str = "This group has no alerts yet."
    digest_no_plan: str = "This group has no digest yet."
    settings_title: str = "This group's settings"
    settings_changed_zone: str = "This group's time zone is now {zone}."
    stopped: str = (
        "Stopped. I'll send no more alerts and digests here. They are kept: /start turns them on."
    )
    forget_ask: str = (
        "Delete all that I have stored about this group: {alerts}, its digests, collections with "
        "their notes, silences, surges, links, feeds and settings? This can't be undone."
    )
    forgotten: str = "All that was stored about this group is deleted. /start begins anew."


class ChannelWords(Texts, frozen=True, kw_only=True):
    """What ``Words`` say, as it is said in a channel."""

    CONTEXT = "channel"

    summaries: Mapping[str, str] = texts(_SUMMARIES)
    ask_alert: str = "Which words shall I watch for?"
    alert_known: str = "This channel has this alert already: {query}."
    alert_limit: str = (
        "This channel has {alerts}, the most that one may have here. Remove one first: /alerts"
    )
    alerts_title: str = "This channel's alerts: {count}"
    alerts_none: str = "This channel has no alerts yet."
    digest_no_plan: str = "This channel has no digest yet."
    settings_title: str = "This channel's settings"
    settings_changed_zone: str = "This channel's time zone is now {zone}."
    stopped: str = (
        "Stopped. I'll send no more alerts and digests here. They are kept: /start turns them on."
    )
    forget_ask: str = (
        "Delete all that I have stored about this channel: {alerts}, its digests, collections with "
        "their notes, silences, surges, links, feeds and settings? This can't be undone."
    )
    forgotten: str = "All that was stored about this channel is deleted. /start begins anew."


def words_in(place: ChatKind, words: Words) -> Words:
    """The words of a language as they are used in a place."""
    if place == "private":
        return words
    said = (GroupWords if place == "group" else ChannelWords).of(words.language)
    other: dict[str, Any] = {
        name: getattr(said, name) for name in said.__struct_fields__ if name not in NOT_TEXTS
    }
    return replace(words, **{**other, "summaries": {**words.summaries, **said.summaries}})
