"""What the bot says about itself to new and returning users."""

from storage.languages.catalogue import Forms
from storage.languages.records import Texts


class WelcomeWords(Texts, frozen=True, kw_only=True):
    """``{names}`` stand for values; ``more`` and ``paused`` are forms for ``Words.count``."""

    CONTEXT = "welcoming"
    hello: str = (
        "Hello! I watch Telegram channels and write as soon as a post has the words that you name. "
        "I also search everything that was posted, and sum up a day in a digest."
    )
    again: str = "Hello again. This is how things stand:"
    watched: str = "📡 {channels}: {names}"
    watched_none: str = "📡 No channel is watched yet."
    more: Forms = ("and {n} more", "and {n} more")
    latest: str = "The latest post:"
    help: str = "All commands: /help"
    alerts: str = "🔔 {alerts}: /alerts"
    no_alerts: str = "🔔 No alerts yet"
    paused: Forms = ("{n} paused", "{n} paused")
    digest: str = "📰 A digest {times}, next {when}"
    digests: Forms = ("📰 {n} digest", "📰 {n} digests")
    next_digest: str = "{digests}, the next one {when}"
    no_digest: str = "📰 No digest"
    zone: str = "🕒 Time zone {zone}, where it is {time}"
    woken: str = "▶️ You had said /stop. On again: {what}."
    woken_nothing: str = "▶️ You had said /stop. I write again."
    found: str = (
        "▶️ I could not write here for a while. On again: {what}. What was posted meanwhile: "
        "/catchup"
    )
    found_nothing: str = "▶️ I could not write here for a while. I write again."
    the_digests: Forms = ("{n} digest", "{n} digests")
    and_: str = " and "
    search_button: str = "🔎 Search"
    alert_button: str = "🔔 New alert"
    digest_button: str = "📰 Digests"
    zone_button: str = "🕒 Time zone"


def welcome_words(language: str) -> WelcomeWords:
    """The words of a language; English for one that the bot does not speak."""
    return WelcomeWords.of(language)
