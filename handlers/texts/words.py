"""What all commands have in common, and the words of queries, alerts, digests and settings."""

from collections.abc import Mapping

from msgspec import field

from handlers.texts import problems
from handlers.texts.watching import WatchingWords
from storage.document import MediaType
from storage.languages import formats
from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text, texts


class Words(Texts, frozen=True, kw_only=True):
    """What the bot says of most things. ``summaries`` has one line a command, ``samples`` the words
    of examples, ``media`` a word for each type of attachment, ``watching`` what is said of
    watching."""

    CONTEXT = "common"

    today: str = "today"
    yesterday: str = "yesterday"
    tomorrow: str = "tomorrow"
    year_unknown: str = "year unknown"
    day: str = text("{day} {month}", note="The month is short: 26 Nov.")
    day_of_year: str = text("{day} {month} {year}", note="26 Nov 2024.")
    month_of_year: str = text("{month} {year}", note="November 2024.")
    day_and_clock: str = text("{day} {clock}", note="26 Nov 21:42, today 8:00.")
    summaries: Mapping[str, str] = texts(
        {
            "start": "begin, or go on after /stop",
            "help": "what I understand, with examples",
            "search": "find posts, newest first",
            "latest": "the newest posts, of a channel too",
            "quotes": "what somebody said, newest first",
            "trend": "how much is posted of it each day; compares too",
            "export": "what a search finds, as a file",
            "alert": "tell me when a post has these words",
            "alerts": "my alerts, to change and remove",
            "why": "why a post came, or did not",
            "digest": "what came in, now or every day",
            "catchup": "what came in while I was away",
            "review": "the week: what rose, fell, was changed",
            "channels": "what is watched: to read, follow, mute",
            "suggest": "channels that the watched ones lead to",
            "compare": "who of two channels copies whom",
            "surge": "tell me when much more than usual is posted of it",
            "silence": "tell me when a channel falls silent",
            "share": "a link to what a query finds, to pass on",
            "links": "links that I made, to remove; a new one to a channel",
            "feed": "what a query or a channel brings, in a reader of feeds",
            "settings": "language, time zone, quiet hours, digest",
            "quiet": "when not to disturb me",
            "timezone": "the time zone I live in",
            "language": "the language that I speak here",
            "for": "set up a group or channel that I manage",
            "mine": "my groups and channels, with their alerts and plans",
            "cancel": "leave what I was asked",
            "stop": "no more messages; my alerts are kept",
            "about": "what I am, and what I watch",
            "privacy": "what is stored about me, and what for",
            "save": "put a post into a collection, with a note",
            "collections": "what was saved: to read, or as a brief",
            "mydata": "all that is stored about me, as a file",
            "subscriptions": "all that I set up, as a file; and back",
            "forgetme": "delete all that is stored about me",
            "admit": "let a person or a group in, by id or @name",
            "users": "who is let in, and to remove them",
            "invite": "a link to let people in; 1 person, 7 days",
            "watch": "watch a channel",
            "unwatch": "watch a channel no more",
            "backfill": "read a channel's history",
            "status": "how watching and sending go",
        }
    )
    samples: Mapping[str, str] = texts(
        {
            "word": "sanctions",
            "words": "oil price",
            "phrase": '"oil price"',
            "either": "oil OR gas",
            "without": "oil -olive",
            "prefix": "sanction*",
            "speaker": "Lavrov sanctions",
            "daily": "daily 08:00",
            "weekdays": "weekdays 8, 18:00",
            "zone": "Europe/Berlin",
            "other_language": "ru",
            "note": "brief: for Monday",
        }
    )
    media: Mapping[MediaType, str] = texts(
        {
            "photo": "photo",
            "video": "video",
            "round_video": "video message",
            "animation": "animation",
            "voice": "voice message",
            "audio": "audio",
            "document": "file",
            "sticker": "sticker",
            "poll": "poll",
            "location": "location",
            "contact": "contact",
            "webpage": "link",
            "story": "story",
            "paid": "paid media",
            "invoice": "invoice",
            "giveaway": "giveaway",
            "checklist": "checklist",
            "dice": "dice",
            "game": "game",
            "unknown": "attachment",
        }
    )
    fact_check: str = "fact-check"
    withheld: str = "Not all of it could be read: see the post."
    watching: WatchingWords = field(default_factory=WatchingWords)

    # Numbers of things.
    posts: Forms = ("{n} post", "{n} posts")
    results: Forms = ("{n} result", "{n} results")
    alerts: Forms = ("{n} alert", "{n} alerts")
    channels: Forms = ("{n} channel", "{n} channels")
    posts_at_most: Forms = ("{n}", "{n}")  # "at most {n}": in some languages of posts
    days: Forms = ("{n} day", "{n} days")
    people: Forms = ("{n} person", "{n} people")

    # Common to all commands.
    help_title: str = "What I understand. Tap a command to give it, an example to copy it."
    help_queries: str = (
        "A post must have all words of a query, in any form and case. {phrase} is a phrase, "
        "{either} finds either, {without} leaves out posts with a word, {prefix} finds beginnings."
    )
    for_example: str = "For example: {example}"
    refused: str = (
        "This is a private instance. To use it, ask its operator to let you in and give them "
        "your id: {id}"
    )
    refused_group: str = (
        "This is a private instance. To use it here, ask its operator to let this chat in and "
        "give them its id: {id}"
    )
    operators_only: str = "Only the operator of this instance may do that."
    managers_only: str = "Only administrators of this chat may do that."
    unknown_command: str = "I don't know {command}."
    did_you_mean: str = "Did you mean {command}?"
    see_help: str = "All commands: /help"
    too_fast: str = "That was too much at once. Try again in a minute."
    old_button: str = "This button no longer works."
    previous: str = "‹ Prev"
    following: str = "Next ›"
    unknown_date: str = "date unknown"
    no_name: str = "unnamed"

    # Queries, alerts, search.
    query_error: str = "I can't read this query: {error}."
    query_long: str = (
        "This query is too long: {length} characters, {limit} at most. Leave some words out."
    )
    ask_alert: str = "Which words shall I watch for? You can forward me a post instead."
    ask_search: str = "What shall I look for?"
    alert_added: str = "Alert set: {query}. I'll write when a post matches."
    alert_known: str = "You have this alert already: {query}."
    alert_limit: str = (
        "You have {alerts}, the most that one may have here. Remove one first: /alerts"
    )
    alerts_title: str = "Your alerts: {count}"
    alerts_none: str = "You have no alerts yet."
    alerts_hint: str = "A tap opens one: what it finds, how it comes."
    alert_gone: str = "This alert was removed before."
    keep: str = "Keep"
    open_post: str = "Open"
    forwarded_from: str = "Forwarded from {name}"
    forwarded: str = "Forwarded"
    search_title: str = "Found for {query}"
    search_none: str = "Nothing found for {query}."
    search_hint: str = "Try fewer words, or a beginning such as {example}."
    search_old: str = "This list is too old. Search again."

    # Digests.
    digest_none: str = text("Nothing new since {since}.", also="until")
    digest_planned: str = "A digest comes {times} ({zone}). The next one: {when}."
    digest_no_plan: str = "You have no digest yet."
    digest_off_already: str = "There was no digest to turn off."
    review_off_already: str = "There was no review to turn off."
    digest_usage: str = "You can say:"
    digest_bad_word: str = "I don't understand {text} here."
    zone_unknown: str = "I know no time zone {zone}."
    zone_nearest: str = "Did you mean {zone}, where it is {time}?"
    zone_choose: str = "Choose a region:"
    zone_many: str = "There are several time zones. Choose a place:"

    # Channels, settings, leaving.
    channels_title: str = "Watched: {count}"
    channels_none: str = "No channel is watched yet."
    settings_title: str = "Your settings"
    settings_language: str = "Language: {value}"
    settings_zone: str = "Time zone: {value}"
    settings_digest: str = "Digest: {times} ({zone})"
    settings_digests: str = "Digests: {count}, the next one {when}"
    settings_no_digest: str = "Digest: off"
    settings_alerts: str = "Alerts: {count} of {limit}"
    settings_stopped: str = "Stopped: nothing is sent until /start"
    settings_usage: str = "To change them:"
    settings_changed_language: str = "I'll speak English."
    settings_changed_zone: str = "Your time zone is now {zone}."
    settings_bad: str = "I don't know the setting {text}."
    language_name: str = text("English", note="The name of this very language, in it.")
    language_unknown: str = "I don't speak {language}. I speak: {languages}."
    stopped: str = (
        "Stopped. I'll send no more alerts and digests. Yours are kept: /start turns them on."
    )
    forget_ask: str = (
        "Delete all that I have stored about you: {alerts}, your digests, collections with their "
        "notes, silences, surges, links, feeds and settings? This can't be undone. To have it as a "
        "file first: /mydata"
    )
    forget_yes: str = "Yes, delete all"
    forgotten: str = "All that was stored about you is deleted. /start begins anew."
    forget_kept: str = "Nothing was deleted."
    forget_backups: str = "The daily backups hold it until {day}."
    admitted: str = "Let in: {id}"
    admit_usage: str = "Give the id that the person was told."

    @property
    def months(self) -> tuple[str, ...]:
        """The months as they are named without a day."""
        return formats.months(self.language)

    @property
    def months_short(self) -> tuple[str, ...]:
        """The months as they stand beside a day."""
        return formats.months_short(self.language)

    def example(self, template: str) -> str:
        """An example to copy, its ``{names}`` replaced by samples: ``/alert {word}``."""
        return template.format_map(self.samples)

    def problem(self, english: str) -> str:
        """What is wrong with a query, or what to do, as far as there is a translation."""
        return problems.said(english, self.language)
