"""What the bot says of subscriptions as a file, and of taking them back."""

from collections.abc import Mapping

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text, texts


class SubscriptionWords(Texts, frozen=True, kw_only=True):
    """``what`` is an entry of a file: an alert with its query, say; ``why`` one of ``reasons`` or
    ``troubles``; ``counts`` several of the counted nouns."""

    CONTEXT = "subscriptions"

    caption: str = (
        "All that is set up here, as a file: to keep, to change, or for another chat. Send it to "
        "me there, and I say what is new in it before anything is set up. In a group, write "
        "/subscriptions as the file's caption, or in reply to it."
    )
    empty: str = (
        "Nothing is set up here yet. Send me a file that I made in another chat: I say what is new "
        "in it before anything is set up."
    )
    how: str = "To see what a file of subscriptions holds, answer it with /subscriptions."

    title: str = "What this file holds"
    new: str = "New: {counts}"
    known: str = "Here already: {counts}"
    refused: str = "Can't be taken: {counts}"
    nothing_new: str = "Nothing of it is new: there is nothing to set up."
    left: Forms = ("{n} entry more was not looked at.", "{n} entries more were not looked at.")
    taken: str = "Set up: {counts}"
    undone: str = "Undone: all is as it was before."
    undone_but: str = "Undone, but for what was changed since and stays as it is: {counts}."
    stopped: str = "I am silent here again, as before: /start wakes me."
    undo_over: str = "That can't be undone any more."
    take: str = "✓ Set up what is new"
    show: str = "‹ What the file holds"

    row_new: str = "＋ {what}"
    row_known: str = text("= {what}", note="It is here already.")
    row_refused: str = "✕ {what}: {why}"
    note: str = text("{what} ({note})", note="The note: what is not as one may think.")
    not_watched: str = text("not watched here: {channels}", note="In brackets behind an alert.")
    stays: str = text(
        "other here, and stays so: {command}", note="In brackets behind what is here already."
    )
    paused: str = text("paused", note="These stand in brackets behind an alert or a digest.")
    urgent: str = "urgent"
    silent: str = "without a sound"
    once: str = "once for an event"
    hourly_limit: str = "{count} an hour at most"
    every: str = "every {count} minutes"
    left_out: Forms = ("without {n} channel", "without {n} channels")
    channels: Forms = ("of {n} channel", "of {n} channels")
    now: str = text("now: {value}", note="In brackets behind a setting of the file.")

    alert: str = "Alert {query}"
    digest: str = text("Digest {name}, {times}", note="The name may be a query.")
    review: str = text("Review {name}, {times}", note="The name may be a query.")
    silence: str = "Silence of {channel}"
    surge: str = "Surges of {query}"
    entry: str = text("{part}, entry {number}", note="The part is a word of the file: alerts.")
    all_posts: str = "of all posts"

    alerts: Forms = ("{n} alert", "{n} alerts")
    digests: Forms = ("{n} digest", "{n} digests")
    silences: Forms = ("{n} silence", "{n} silences")
    surges: Forms = ("{n} surge", "{n} surges")
    settings: Forms = ("{n} setting", "{n} settings")
    others: Forms = ("{n} other entry", "{n} other entries")

    reasons: Mapping[str, str] = texts(
        {
            "dates": "it ends before a date, and would tell of nothing new",
            "after": "it asks for dates",
            "times": "its times can't be read",
            "value": "it can't have this value: {field}",
            "unwatched": "not watched here",
            "no_channels": "none of its channels is known here",
            "channels": "it names more channels than may be: {field}",
            "too_many": "as many are here as one may have ({most})",
            "twice": "it stands there before",
        }
    )
    troubles: Mapping[str, str] = texts(
        {
            "part": "there is no such part",
            "unknown": "there is no such field: {field}",
            "missing": "this is missing: {field}",
            "kind": "this is of another kind than it should be: {field}",
            "signs": "there are signs in it that nobody sees: {field}",
        }
    )

    foreign: str = "That is no file of subscriptions. /subscriptions makes one."
    broken: str = "That file is damaged at line {line}. Mend it there, or send one as I made it."
    repeated: str = (
        "That file is damaged: {field} stands twice in one place of it. Mend it there, or send one "
        "as I made it."
    )
    newer: str = (
        "That file was made by a newer version of me (its form {version}, I know {known}). Nothing "
        "of it was taken."
    )
    too_large: str = "That file is too large to be one of subscriptions: {size} bytes of {most}."
    gone: str = "I can't read that file any more. Send it once more."
    late: str = "I could not read that file just now. Try again in a moment."
    changed: str = "It is another file by now: look once more."


def subscription_words(language: str) -> SubscriptionWords:
    """What is said in a language: English where there is no other."""
    return SubscriptionWords.of(language)
