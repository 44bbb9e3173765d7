"""What the bot says of the channels that are watched, to those who read."""

from collections.abc import Mapping

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text, texts


class ListingWords(Texts, frozen=True, kw_only=True):
    """``per_day`` and ``per_week`` say how busy a channel is; ``gets`` what whoever presses gets of
    it, ``gets_group`` what their group or channel does."""

    CONTEXT = "listing"
    hint: str = "Press one to read it, or to get its posts."
    last_post: str = "last post {when}"
    per_day: Forms = ("{n} post a day", "{n} posts a day")
    per_week: Forms = ("{n} post a week", "{n} posts a week")
    silent: str = "none in the last 7 days"
    gets: Mapping[str, str] = texts(
        {"all": "🔔 You get all its posts.", "own": "🔔 You get its own posts, no forwards."}
    )
    gets_group: Mapping[str, str] = texts(
        {
            "all": "🔔 All its posts come here.",
            "own": "🔔 Its own posts come here, no forwards.",
        }
    )
    muted: str = text("🔇 Muted in {muted} of {alerts}.", also="total")
    official: str = "🏛 An official channel."
    official_guess: str = "🏛 An official channel, by its title."
    unofficial: str = "No official channel."
    mark_official: str = "🏛 It is official"
    mark_unofficial: str = "🏛 It is not official"
    latest: str = "📖 Latest posts"
    follow: Mapping[str, str] = texts({"all": "🔔 All posts", "own": "🔔 No forwards"})
    unfollow: str = "🔕 Nothing"
    mute: str = "🔇 Mute"
    unmute: str = "🔊 Unmute"
    share: str = "🔗 Share"
    back: str = "‹ Channels"
    followed: Mapping[str, str] = texts(
        {
            "all": "From now on each of its posts comes at once.",
            "own": "From now on each of its own posts comes at once.",
        }
    )
    unfollowed: str = "Its posts no longer come."
    muted_now: str = "Muted in {alerts}. The same button undoes it."
    unmuted_now: str = "It is not muted any more."
    nothing_to_mute: str = "There are no alerts to mute it in."
    gone: str = "This channel is not watched any more."


def listing_words(language: str) -> ListingWords:
    """What is said in a language: English where there is no other."""
    return ListingWords.of(language)
