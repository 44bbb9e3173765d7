"""What the bot says of silences of channels and of surges of queries."""

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text


class SilenceWords(Texts, frozen=True, kw_only=True):
    """``will_say`` to ``unread`` are what is said of one channel, in the list too."""

    CONTEXT = "silences"
    title: str = "Channels whose silence is told here: {count}"
    none: str = (
        "No channel's silence is told here. Name a channel, and I say when it has been silent for "
        "unusually long: at least 6 hours, and longer than nearly all its pauses at that time of "
        "the week in eight weeks:"
    )
    row: str = text("{channel}: {state}", note="The state is a sentence.")
    hint: str = "A tap opens one."
    channel_button: str = "📡 The channel"
    made: str = "When {channel} falls silent, I'll say so here."
    known: str = "I already say here when {channel} falls silent."
    will_say: str = "If it posts nothing more, that is said {when}."
    is_silent: str = "It has been silent for unusually long."
    too_few: str = (
        "Its pauses are not known well enough yet: it takes two weeks and twenty of them. Until "
        "then nothing is said."
    )
    unread: str = "It can't be read at present."
    removed: str = "The silence of {channel} is told here no more."
    not_told: str = "The silence of {channel} is not told here."
    limit: str = "There are {count} of these here, the most that one may have. Remove one first."

    silent: str = "🔇 {channel} is silent: its last post came {when}, {pause} ago."
    usual: str = "At this time of the week its pauses take {usual} at most, but for the rarest."
    not_read: str = "⚠️ {channel} could not be read since {when}. Whether it is silent is not known."
    hours: Forms = ("{n} hour", "{n} hours")
    days: Forms = ("{n} day", "{n} days")
    open_post: str = "Last post"
    all_silences: str = "‹ All silences"


class SurgeWords(Texts, frozen=True, kw_only=True):
    """``told`` and ``usual`` say how much was posted in ``last_hour`` or ``last_minutes``."""

    CONTEXT = "surges"
    title: str = "Queries whose surges are told here: {count}"
    none: str = (
        "No surges are told here. With a query I say when much more is posted of it than usually "
        "at that hour:"
    )
    hint: str = "A tap opens one: how much is posted, where it is told."
    rule: str = "🕗 Told when there is much more than usually at that hour, once in 6 hours at most"
    last_told: str = "Told last: {when}"
    made: str = (
        "When much more than usual at that hour is posted of {query}, I'll say so here, once in "
        "6 hours at most."
    )
    known: str = "Surges of {query} are told here already."
    removed: str = "Surges of {query} are told here no more."
    gone: str = "That is told here no more."
    limit: str = "There are {count} of these here, the most that one may have. Remove one first."

    no_dates: str = "Surges are those of posts to come: leave {dates} out."
    edit_ask: str = (
        "What shall surges be told of? Write the query anew; it is now (a tap copies it):"
    )

    told: str = text("📈 {query}: {posts} of {channels} {span}.", note="12 posts of 5 channels …")
    usual: str = text("Usually it is {usual}.", note="3 posts; in the same time.")
    usual_none: str = "Usually it is next to none."
    last_hour: str = "in the last hour"
    last_minutes: Forms = ("in the last {n} minute", "in the last {n} minutes")
    of_channels: Forms = ("{n} channel", "{n} channels")
    more: Forms = ("and {n} more", "and {n} more")
    search: str = "🔎 All posts"
    all_surges: str = "‹ All queries"


def surge_words(language: str) -> SurgeWords:
    """What is said in a language: English where there is no other."""
    return SurgeWords.of(language)


def silence_words(language: str) -> SilenceWords:
    """What is said in a language: English where there is no other."""
    return SilenceWords.of(language)
