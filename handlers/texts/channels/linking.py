"""What the bot says of links, and of channels that are asked for."""

from collections.abc import Mapping

from storage.languages.records import Texts, texts


class LinkingWords(Texts, frozen=True, kw_only=True):
    """``kinds`` say what a link leads to; the others of channels that are not watched."""

    CONTEXT = "linking"
    made: str = "Whoever opens this sees {channel} here and can follow it, until {end}:\n{link}"
    made_unwatched: str = (
        "{channel} is not watched here. Whoever opens this asks the operator for it, until {end}:\n"
        "{link}"
    )
    links_title: str = "Links: {count}"
    links_none: str = (
        "There are no links. 🔗 Share below what a search finds, on an alert's page and on a "
        "channel's makes one."
    )
    share_ask: str = (
        "What shall the link lead to? Words as for a search. An alert of yours has 🔗 Share on its "
        "card: /alerts"
    )
    kinds: Mapping[str, str] = texts(
        {"search": "Search: {target}", "alert": "Alert: {target}", "channel": "{target}"}
    )
    row: str = "{number}. {what}, until {end}\n{link}"
    revoked: str = "The link leads nowhere any more."
    dead: str = "This link leads nowhere: it has ended, or was removed."
    no_channel: str = "{text} is no channel's @name."
    all_links: str = "🔗 All links"
    asked: str = "{channel} is not watched here. The operator is asked; you will be told here."
    asked_already: str = "{channel} is not watched here yet. The operator has not answered yet."
    denied_lately: str = (
        "The operator does not want to watch {channel}. You can ask again in a week."
    )
    too_many: str = (
        "{channel} is not watched here, and too much waits for an answer to ask for more."
    )
    not_watched: str = "{channel} is not watched here. What is: /channels"
    take_back: str = "✕ Remove the request"
    taken_back: str = "The request for {channel} is removed."
    request: str = "A reader asks to watch {channel}."
    watch: str = "Watch"
    deny: str = "Deny"
    granted: str = "{channel} goes on the list, as a reader asked."
    denied: str = "{channel} is not watched; who asked is told."
    settled: str = "That was answered before, or nobody asks for it any more."
    told_watched: str = (
        "{channel} is watched now, as you asked. What it posts can be found and followed."
    )
    told_denied: str = "The operator does not want to watch {channel}."
    open_channel: str = "Open"


def linking_words(language: str) -> LinkingWords:
    """What is said in a language: English where there is no other."""
    return LinkingWords.of(language)
