"""What the bot says of queries beyond searching itself: previews, sorting, filters, inline mode."""

from collections.abc import Mapping

from storage.languages import formats
from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text, texts


class QueryingWords(Texts, frozen=True, kw_only=True):
    """``posts`` and ``channels`` are forms for ``Words.count``; ``periods`` and ``languages`` are
    the labels of filters by their value."""

    CONTEXT = "querying"
    fired: Forms = (
        "It would have fired {n} time in the last 7 days.",
        "It would have fired {n} times in the last 7 days.",
    )
    fired_many: str = "It would have fired more than {n} times in the last 7 days."
    fired_never: str = "It would not have fired in the last 7 days."
    common: str = "⚠️ Much of all that is posted has it."
    often: str = "⚠️ That is about {n} a day."
    rarer: str = "More words make it rarer; a digest tells it in one message: {example}"
    latest: str = "The latest:"
    preview_slow: str = "How often it would have fired takes too long to count."
    keep: str = "✓ Keep"
    narrow: str = "Narrow"
    kept: str = "Kept."
    narrow_ask: str = "Narrow {query} to:"
    narrow_more: str = "Or send /alert with more words; this one can then be removed."
    narrow_none: str = "I have no suggestion yet how to narrow {query}."
    narrow_by_words: str = "Send /alert with more words; this one can then be removed."
    only_original: str = "No forwards"
    narrowed: str = "Narrowed to {query}."
    cannot_narrow: str = "This query can't be narrowed any more."
    no_dates: str = "Posts to come have no date yet: leave {dates} out of an alert."
    small_operator: str = "In small letters “or” and “not” are words. Did you mean {command}?"
    all_of_list: str = "A post must have all of these. For any of them: {command}"
    meant_channel: str = "It is looked for as a word. For all posts of the channel: {command}"
    meant: str = "Did you mean:"
    indexing: str = "The archive is being indexed anew: posts before {moment} are not found yet."
    of_all: str = "All posts"
    of_days: Forms = ("All posts of the last {n} day", "All posts of the last {n} days")
    of_channel: str = "All posts of {channel}"
    none_of: str = text("{posts}: nothing found.", note="All posts of @harbour: nothing found.")
    many_results: str = "more than {n} results"

    also_in: Forms = ("+{n} channel", "+{n} channels")
    also_posts: Forms = ("+{n} post", "+{n} posts")
    told_too: str = "Others that tell it:"
    named: str = "The latest posts speak of:"
    quoted_lately: str = "Who is quoted, among others:"
    quoted_by: str = text("Posts that quote {query}:", note="A line of bars follows.")
    other_speaker: str = "✎ Another name"
    search_name: str = "🔎 All posts with {name}"
    alert_is_set: str = "✓ 🔔 An alert tells of it."
    open_alert: str = "✓ 🔔 Open the alert"
    ask_quotes: str = "Whose words? Send a name, and words that were said if you like:"
    by_relevance: str = "⇅ By relevance"
    by_date: str = "⇅ By date"
    channel_filter: str = "Channel"
    period_filter: str = "Period"
    language_filter: str = "Language"
    any_channel: str = "All channels"
    any_period: str = "Any time"
    any_language: str = "Any language"
    periods: Mapping[str, str] = texts(
        {"1d": "1 day", "7d": "7 days", "30d": "30 days", "1y": "1 year"}
    )
    languages: Mapping[str, str] = texts({"ru": "Russian", "en": "English"})
    back: str = "‹ Back"
    make_alert: str = "🔔 Make this an alert"
    share: str = "🔗 Share"
    no_alert: str = "A period alone makes no alert: search for a word."
    slow: str = "This search took too long and was stopped. Use more words or a shorter period."

    inline_empty: str = "Type words to search for"
    inline_problem: str = "I can't read this query: {error}"
    inline_refused: str = "This is a private instance"
    inline_none: str = "Nothing found"
    inline_slow: str = "This search took too long"

    def number(self, number: int) -> str:
        """A number as it is written: ``1,000``."""
        return formats.number(number, self.language)


def querying_words(language: str) -> QueryingWords:
    """The words of a language; English for one that the bot does not speak."""
    return QueryingWords.of(language)
