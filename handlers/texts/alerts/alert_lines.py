"""What an alert says of its story: who else tells it, and what became of the post."""

from collections.abc import Mapping

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, texts


class AlertLinesWords(Texts, frozen=True, kw_only=True):
    """``added`` and ``removed`` count lines of a text that came and went; ``tally`` and
    ``bundle…`` count posts of a list."""

    CONTEXT = "alert_lines"
    also: str = "also in {names}"
    follows: str = "follows: {words}"
    edited: str = "edited {time}"
    added: Forms = ("+{n} line", "+{n} lines")
    removed: Forms = ("−{n} line", "−{n} lines")
    deleted: str = "deleted {span} after posting"
    deleted_at_once: str = "deleted"
    stands: str = "the same stands in {name}"
    also_title: str = "🔁 The same story elsewhere: {posts}"
    also_folded: str = "＝ came to this message"
    also_event: str = "≈ came to this message: probably the same event, in other words"
    counted: Forms = ("+{posts} in {n} channel", "+{posts} in {n} channels")
    event_posts: Forms = ("{n} more post", "{n} more posts")
    news: Mapping[str, str] = texts(
        {
            "official": "an official channel tells it too",
            "number": "another number",
            "name": "another name",
            "negation": "the opposite is said",
            "turn": "it took a turn",
            "attached": "a file is attached",
        }
    )
    also_none: str = "It stands nowhere else."
    late: str = "late: posted {span} before it could be read"
    bundle: Forms = ("🔔 {n} post", "🔔 {n} posts")
    bundle_late: Forms = ("🔔 {n} post that was missed", "🔔 {n} posts that were missed")
    bundle_away: Forms = (
        "🔔 While I was away: {n} post (you may know it)",
        "🔔 While I was away: {n} posts (you may know some of them)",
    )
    bundle_gone: Forms = ("🗑 {n} post was deleted", "🗑 {n} posts were deleted")
    changed: str = "changed"
    changed_back: str = "It says again what it said before."
    seconds: str = "{n} s"
    burst: str = "🔔 In quick succession: {count}"
    burst_open: str = "📖 Read in full"
    tally: Forms = ("➕ {n} more in this list", "➕ {n} more in this list")
    minutes: str = "{n} min"
    hours: str = "{n} h"
    days: str = "{n} d"

    def span(self, seconds: float) -> str:
        """A length of time in its largest unit, in full seconds."""
        if seconds < 59.5:
            return self.seconds.format(n=max(1, round(seconds)))
        if seconds < 3600:
            return self.minutes.format(n=max(1, round(seconds / 60)))
        if seconds < 86400:
            return self.hours.format(n=round(seconds / 3600))
        return self.days.format(n=round(seconds / 86400))


def alert_lines_words(language: str) -> AlertLinesWords:
    """The words of a language; English for one that is not there."""
    return AlertLinesWords.of(language)
