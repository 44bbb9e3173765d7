"""What the bot says of channels that one might watch, and of two that are compared."""

from storage.languages import formats
from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text


class SuggestWords(Texts, frozen=True, kw_only=True):
    """``posts`` is a counted noun, ``by`` a list of channels with numbers."""

    CONTEXT = "suggestions"
    title: str = text(
        "Channels that the watched ones forward from or name, in {days}:", note="In 30 days."
    )
    none: str = "In {days} the watched channels forwarded from no other channel, and named none."
    row: str = text("{number}. {channel}: {how}", note="1. Quay Watch: forwarded 12 times")
    forwarded: Forms = ("forwarded {n} time", "forwarded {n} times")
    named: Forms = ("named in {n} post", "named in {n} posts")
    by: str = text("by {channels}", note="by Harbour News 12, Town 3")
    more: Forms = ("and {n} more", "and {n} more")
    hint: str = (
        "A button asks the operator to watch one. A @name may be a person's or a group's too."
    )
    hint_operator: str = "A button watches one. A @name may be a person's or a group's too."
    newest: Forms = (
        "Names were looked for in the newest {n} post: the rest takes too long.",
        "Names were looked for in the newest {n} posts: the rest takes too long.",
    )
    ask: str = "Ask for {number}"
    watch: str = "Watch {number}"
    watched: str = "{channel} is watched here already."

    def number(self, number: int) -> str:
        """A number as it is written: ``1,000``."""
        return formats.number(number, self.language)


class CompareWords(Texts, frozen=True, kw_only=True):
    """``same``: how many posts say what a post of the other channel says; ``lag`` a span."""

    CONTEXT = "comparing"
    ask: str = "Which two channels shall I compare? Their @names, behind them a span: 30d."
    two: str = "It takes two channels: {example}"
    title: str = "↔️ {one} and {other}, {days}"
    share: str = text(
        "{channel}: {posts}, of which {same} ({percent} %) say what the other says.",
        note="Harbour News: 210 posts, of which 34 (16 %) …",
    )
    nothing: str = "{channel}: no posts."
    first: str = text(
        "{channel} was first {times} of {all}, by {lag} in the median.", note="first 21 of 28"
    )
    first_few: str = text("{channel} was first {times} of {all}.", note="first 2 of 3")
    together: Forms = ("{n} came in the same second.", "{n} came in the same second.")
    forwards: str = text("{channel} forwarded {posts} of {other}.", note="7 posts of Quay Watch.")
    too_few: str = "That is too few to say who copies whom."
    no_common: str = "They have nothing in common that is stored here."
    what: str = (
        "Counted are forwards and copies of the words, also changed a little. Who tells of the "
        "same in other words does not count."
    )
    since: str = text(
        "Compared is what was posted since {day}: of what was before, not all of both is known "
        "here.",
        note="Since yesterday 9:05.",
    )
    seconds: Forms = ("{n} second", "{n} seconds")
    minutes: Forms = ("{n} minute", "{n} minutes")
    hours: Forms = ("{n} hour", "{n} hours")

    def number(self, number: int) -> str:
        """A number as it is written: ``1,000``."""
        return formats.number(number, self.language)


def suggest_words(language: str) -> SuggestWords:
    """What is said in a language: English where there is no other."""
    return SuggestWords.of(language)


def compare_words(language: str) -> CompareWords:
    """What is said in a language: English where there is no other."""
    return CompareWords.of(language)
