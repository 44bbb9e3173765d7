"""What the bot says of how far channels are read."""

from collections.abc import Mapping

from storage.languages.records import Texts, texts


class ReadingWords(Texts, frozen=True, kw_only=True):
    """``recent`` of all channels; the others of one channel, to whoever runs the instance.
    ``spans`` are labels of how far back is read, by days; 0: all there is."""

    CONTEXT = "reading"
    recent: str = "Recent posts of {channels} are still being read: {posts} so far."
    reach: str = "The archive reaches back to {first}."
    reach_uneven: str = "The archive reaches back to {first}, of some channels only to {last}."
    waiting: str = "{channel} is not read yet."
    reading: str = "{channel}: recent posts are being read, newest first: {posts}, back to {since}."
    read: str = "{channel} is stored back to {since}."
    failed: str = "⚠️ {channel}: reading stopped: {reason}."
    history: str = "{channel}: the history is being read, oldest first. So far {posts}."
    history_begun: str = (
        "The history of {channel} is read now, oldest first. I write when it is done."
    )
    how_far: str = "↻ How far?"
    further: str = "Read further back"
    how_much: str = "How much of {channel} shall I read? Old posts alert nobody."
    spans: Mapping[int, str] = texts({30: "30 days", 365: "1 year", 0: "All"})
    stop: str = "Stop reading"
    stopped: str = "Stopped. What is read stays."


def reading_words(language: str) -> ReadingWords:
    """What is said in a language: English where there is no other."""
    return ReadingWords.of(language)
