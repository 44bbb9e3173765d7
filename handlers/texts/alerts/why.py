"""What the bot says of ``/why``: what a post matches, what it lacks, and what held it back."""

from collections.abc import Mapping

from storage.languages.records import Texts, texts


class WhyWords(Texts, frozen=True, kw_only=True):
    """``fates`` by ``fates.How``, ``holds`` by ``fates.Hold``, ``silences`` by ``fates.Silence``;
    ``unstored`` by ``commands.why.Unstored``; ``languages`` as in "the post is in …"."""

    CONTEXT = "why"
    ask: str = "Which post? Send me its link, or answer an alert with /why."
    no_link: str = "I see no link of a post in that."
    no_alert: str = "That is no alert. Answer an alert with /why, or send the link of a post:"
    a_list: str = "That is a list of several posts. Send the link of the one that you mean:"
    matches: str = "Matches: {queries}"
    matched: str = "When it came it matched: {queries}"
    none: str = "It does not match the only alert:"
    none_of: str = "None of the {n} alerts matches it:"
    more: str = "… and {n} more, no nearer"
    fates: Mapping[str, str] = texts(
        {
            "told": "It came: {when}.",
            "listed": "It came in a list: {when}.",
            "listing": "It is in a list that is on its way.",
            "taken_away": "It came: {when}. That message was deleted here since.",
            "sending": "It is being sent at this moment.",
            "waiting": "It waits for its turn to be sent.",
            "refused": "Telegram does not take it ({error}). It is tried again: {when}.",
            "held": "It is held back, and comes {when}{hold}.",
            "dead": "It could not be sent: {error}.",
            "expired": "It waited for too long to be sent and was given up.",
            "gone": "I was not allowed to write here then.",
            "dropped": (
                "It was waiting, and was taken out: its alert was removed, its channel muted, or "
                "all was stopped."
            ),
        }
    )
    holds: Mapping[str, str] = texts(
        {
            "quiet": ": quiet hours",
            "snooze": ": snoozed",
            "period": ": told together every {number} minutes",
            "limit": ": at most {number} an hour are told one by one",
            "restored": ": after a restored backup it may have come before",
            "": "",
        }
    )
    silences: Mapping[str, str] = texts(
        {
            "own": "It stands in this chat itself.",
            "stopped": "All messages are stopped here: /start turns them on again.",
            "history": "It was read as history, and history raises no alerts.",
            "newer": "The alert {query} was made after I had read the post ({when}).",
            "changed": "The alert {query} was changed after I had read the post ({when}).",
            "paused": "{query} is paused.",
            "muted": "{query} leaves {channel} out: it is muted.",
            "unknown": "{query}: it did not come, and nothing that is set now explains it.",
        }
    )
    folded: str = "It says nothing that {post} did not say, so it came to that one's message."
    added: str = "What is new in it was added to the message about {post}."
    counted: str = (
        "It tells probably of the same event as {post}, with no other number or name, so it was "
        "counted at that one's message: the alert rings once for an event."
    )
    unstored: Mapping[str, str] = texts(
        {
            "unwatched": "I don't watch that channel.",
            "unread": "I have not read it yet: {channel} is read up to number {cursor}.",
            "unreadable": "I have not read it: {channel} can't be read at present (see /channels).",
            "aside": (
                "I could not read it, and have set it aside: the next version tries again. Whoever "
                "runs me sees it in {command}."
            ),
            "older": "It is older than what I have read of {channel}.",
            "own": "I wrote that myself; what I say is no post.",
            "absent": (
                "I found no such post when I read {channel}: it was deleted before, or is no post "
                "(a service message, say)."
            ),
        }
    )

    quote: str = "“{words}”"
    missing: str = "{part} is not in it"
    none_in: str = "none of these is in it: {parts}"
    apart_words: str = "the words of {part} are in it, but not one after the other"
    apart_near: str = "{part}: they stand further apart"
    no_beginning: str = "no word in it begins with {part}"
    no_form: str = "{part}: this very form is not in it"
    other_capitals: str = "{part}: the word is in it, but not with these capitals"
    not_titled: str = "{part} is not in the title"
    below_title: str = "{part} is not in the title, only below it"
    only_attached: str = "{part} is not in the text, only in what is attached"
    excluded: str = "excluded by {part}"
    other_channel: str = "{part}: it stands in {name}"
    other_origin: str = "{part}: it is forwarded from {name}"
    no_forward: str = "{part}: it is no forward"
    other_author: str = "{part}: not known to have written it"
    other_language: str = "{part}: the post is in {name}"
    no_language: str = "{part}: its language is not known"
    has_none: str = "{part}: it has none"
    not_original: str = "{part}: it is a forward"
    not_edited: str = "{part}: it has not been edited"
    not_deleted: str = "{part}: it has not been deleted"
    other_place: str = "{part}: it is not datelined there"
    not_quoted: str = "{part}: nobody of that name is quoted in it"
    no_link_to: str = "{part}: no link in it leads there"
    other_date: str = "{part}: published {name}"
    languages: Mapping[str, str] = texts(
        {
            "ar": "Arabic",
            "be": "Belarusian",
            "bg": "Bulgarian",
            "cs": "Czech",
            "de": "German",
            "el": "Greek",
            "en": "English",
            "es": "Spanish",
            "fa": "Persian",
            "fr": "French",
            "he": "Hebrew",
            "hi": "Hindi",
            "hy": "Armenian",
            "it": "Italian",
            "ja": "Japanese",
            "ka": "Georgian",
            "kk": "Kazakh",
            "ko": "Korean",
            "mk": "Macedonian",
            "nl": "Dutch",
            "pl": "Polish",
            "pt": "Portuguese",
            "ro": "Romanian",
            "ru": "Russian",
            "sr": "Serbian",
            "sv": "Swedish",
            "tr": "Turkish",
            "uk": "Ukrainian",
            "zh": "Chinese",
        }
    )


def why_words(language: str) -> WhyWords:
    """The words of a language; English for one that the bot does not speak."""
    return WhyWords.of(language)
