"""What the cards of alerts, plans and channels have in common: one word for one thing."""

from storage.languages import formats
from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text


class CardWords(Texts, frozen=True, kw_only=True):
    """``posts_many``: there are so many or more; ``goes_…``: to whom something is sent;
    ``moved_here``: to the topic of a group in which that was said."""

    CONTEXT = "cards"
    remove: str = text("✕ Remove", note="The one word for removing, wherever something is.")
    remove_alert: str = "✕ Remove this alert"
    remove_named: str = "✕ Remove: {name}"
    remove_numbered: str = text("✕ Remove {number}", note="The number of an entry of a list.")
    undo: str = "↩️ Undo"
    removed: str = "Removed: {name}"
    restored: str = "It is back."
    gone: str = "That was removed before."
    too_late: str = text(
        "That can't be put back any more.", note="It was removed longer ago, or has ended."
    )
    back: str = "‹ Back"
    edit_query: str = "✎ Query"
    channels: str = "📡 Channels"

    matches: str = text("{days}: {posts}", note="7 days: 23 posts")
    peak: str = text("{matches}, most on {day}", note="30 days: 91 posts, most on 14 Nov")
    posts_many: str = "≥ {posts}"
    counted_since: str = "counted from {day} on: the rest took too long"
    uncounted: str = "How many posts match takes too long to count."
    latest: str = "🔎 Latest matches"

    all_channels: str = "all channels"
    no_channels: str = "its channels are not known any more"
    held_to: str = "📡 {channels}"
    more: Forms = ("and {n} more", "and {n} more")
    choose_channels: str = "Of which channels? None chosen: of all."
    choose_all: str = "All channels"
    too_many_channels: str = (
        "No more channels fit into one alert. Make a second one for the others."
    )
    needs_channel: str = "This asks for no words: it needs a channel."
    none_watched: str = "No channel is watched yet."

    goes_private: str = "➡️ To you, here"
    goes_group: str = "➡️ To this group: {name}"
    goes_topic: str = text("➡️ To a topic of this group: {name}", note="The name is a link to it.")
    goes_channel: str = "➡️ To this channel: {name}"
    moved_here: str = "➡️ It comes here from now on, and not where it came before."

    def number(self, number: int) -> str:
        """A number as it is written: ``1,000``."""
        return formats.number(number, self.language)


def card_words(language: str) -> CardWords:
    """The words of a language; English for one that the bot does not speak."""
    return CardWords.of(language)
