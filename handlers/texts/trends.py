"""What the bot says of how much is posted over time."""

from storage.languages import formats
from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text


class TrendWords(Texts, frozen=True, kw_only=True):
    """``posts`` and ``channels`` are counted nouns; ``day`` is one as it is written beside text."""

    CONTEXT = "trends"
    ask: str = (
        "What shall I count? Words as for a search, behind them a span of days, if you like: 90d. "
        "Several with a comma and a space between them are compared."
    )
    title: str = text(
        "📈 {query}: {posts} of {channels} in {days}", note="oil: 23 posts of 4 channels in 30 days"
    )
    compared: str = text("📈 Posts in {days}:", note="Posts in 90 days:")
    row: str = text("{number}. {query}: {posts}", note="1. oil: 23 posts")
    most_on_day: str = text("The most on a day: {count} ({day}).", note="38 (14 Nov).")
    most_in_week: str = text("The most in a week: {count} (from {day}).", note="38 (from 14 Nov).")
    recent: str = text("The last 7 days: {recent}; the 7 before: {before}.", note="Numbers.")
    by_channel: str = text("By channel: {parts}", note="Harbour News 120, Quay Watch 80")
    others: Forms = ("{n} other", "{n} others")
    of_channels: Forms = ("{n} channel", "{n} channels")
    mark: str = text("{sign} {day}: {title} ({posts})", note="The sign stands in the picture too.")
    mark_week: str = "{sign} Week from {day}: {title} ({posts})"
    none: str = "Nothing that is stored here was posted of {query} in {days}."
    since: str = "Counted from {day} on: the rest takes too long."
    too_long: str = "How many posts there are of that takes too long to count."
    unread: str = "Of what was posted before {day} nothing is kept here."
    too_many: str = "{count} queries at most can be compared."
    sign_days: Forms = ("A sign is {n} day.", "A sign is {n} days.")
    mean: str = text("each line the mean of 7 days", note="Below the number of days.")
    weekly: str = text("counted by weeks", note="Below the number of days.")
    search: str = "🔎 All posts"

    def number(self, number: int) -> str:
        """A number as it is written: ``1,000``."""
        return formats.number(number, self.language)


def trend_words(language: str) -> TrendWords:
    """What is said in a language: English where there is no other."""
    return TrendWords.of(language)
