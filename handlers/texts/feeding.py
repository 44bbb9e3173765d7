"""What the bot says of feeds, and what stands in them."""

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text


class FeedingWords(Texts, frozen=True, kw_only=True):
    """``{names}`` stand for values."""

    CONTEXT = "feeding"
    ask: str = text(
        "No feeds yet. {example} makes one of what a query finds, {channel} one of a channel.",
        note="The answer to a bare /feed.",
    )
    made: str = (
        "A feed of {what}. Whoever has its address reads it, so it is shown this once:\n"
        "{addresses}\nTo remove it, with all its pages: /feed"
    )
    title: str = "Feeds: {count}"
    row: str = "{number}. {what}, since {since}"
    in_days: str = text("{posts} in {days}", note="12 posts in 7 days; behind a feed of a list.")
    gone: str = text("it brings nothing any more", note="Behind a feed of a list.")
    channel: str = "channel {name}"
    collection: str = "collection {name}"
    goes_out: Forms = ("📡 It goes out as {n} feed: /feed", "📡 It goes out as {n} feeds: /feed")
    collection_button: str = "📡 Feed"
    no_collection: str = "There is no collection {name}."
    revoked: str = "The feed's address leads nowhere any more."
    many: str = "There are {count} feeds, which is all that there may be. Remove one first: /feed"
    off: str = text(
        "This instance serves no feeds. Its operator can turn that on (FEEDS_ADDRESS).",
        note="FEEDS_ADDRESS is the name of a setting and stays as it is.",
    )
    no_channel: str = "{name} is not watched here. What is: /channels"
    in_private: str = (
        "The address of a feed is secret, and here all would read it. Write to me in private: "
        "{example}"
    )
    deleted: str = "Deleted at the source."
    edited: str = "Edited."
    original: str = "The original"
    story: str = "All posts that say this"
    more: str = "Left out: {count}"


def feeding_words(language: str) -> FeedingWords:
    """What is said in a language: English where there is no other."""
    return FeedingWords.of(language)
