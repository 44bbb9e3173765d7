"""What the bot says of its questions, and of what is no question to it."""

from storage.languages.records import Texts


class AskingWords(Texts, frozen=True, kw_only=True):
    """``{names}`` stand for values, as in ``Words``; ``forms`` are forms for ``Words.count``."""

    CONTEXT = "asking"
    cancel: str = "✕ Cancel"
    cancelled: str = "Cancelled."
    nothing_open: str = "There is nothing to cancel."
    search_for: str = "🔎 Search for “{text}”"
    is_over: str = "This question is over. Give the command again."
    is_anothers: str = "This question was put to somebody else."
    reply_here: str = "Answer in reply to this message."
    no_words: str = (
        "I read words only. Send me words to search for, or forward me a post that has a text: "
        "I'll make an alert of it."
    )
    one_at_a_time: str = (
        "One command in a message, please: nothing is done yet. Send each by itself:"
    )
    stop_words: str = (
        "Nothing is stopped, for words stand behind it: {stop} alone ends all messages here. "
        "To change or remove an alert with these words: {alerts}"
    )
    takes_none: str = "{command} takes no words."
    search_words: str = "To search for them: {command}"
    no_slash: str = "To search for it, leave out the slash: {query}"
    proposed: str = "From this post I would make the alert {query}."
    take: str = "✓ Set the alert"
    change: str = "✎ Other words"
    change_ask: str = "Which words then? A tap copies mine: {query}"
    no_names: str = "I find no names or hashtags in this post. Which words shall I watch for?"
    now: str = "Now"
    off: str = "Off"
    digest_ask: str = (
        "When shall one come? Choose, or write: 8:30; weekdays 8, 18; weekly mon 9; every 3h."
    )
    quiet_ask: str = "When shall I keep silent? Choose, or write: 23:00-7:30."
    unseen_name: str = "There is nothing to be seen in that name. Write one with letters or digits."
    zone_unset: str = "No time zone is chosen here yet: the time is {zone}."


def asking_words(language: str) -> AskingWords:
    """The words of a language; English for one that the bot does not speak."""
    return AskingWords.of(language)
