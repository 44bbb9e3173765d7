"""What a program may see: the one place where that is decided, of queries and of posts. Pure."""

from collections.abc import Collection

from msgspec import Struct

from storage.document import Document
from storage.documents import redactions
from storage.query import tree
from storage.query.tree import Filter, Not, Query
from storage.query.words import analysis
from storage.structs import replace


class Sight(Struct, frozen=True, kw_only=True):
    """``channels``: bare ids of those that are seen, none for all; ``private``: posts of channels
    without a public name are seen too."""

    channels: frozenset[int] = frozenset()
    private: bool = False

    def shows(self, document: Document) -> bool:
        """Whether a post is seen; what was redacted is by nobody."""
        if redactions.is_redacted(document):
            return False
        channel = document.channel
        if self.channels and (channel is None or channel.id not in self.channels):
            return False
        return self.private or channel is None or bool(channel.username)

    def narrowed(self, query: Query, nameless: Collection[int]) -> Query:
        """The query, of the channels that are seen alone: what it finds is still to be looked at,
        for a channel's title may say another's number. ``nameless``: bare ids of channels without
        a public name; a query of dates alone does not leave them out."""
        parts = [] if query.root is None else [query.root]
        if self.channels:
            parts.append(_of(self.channels))
        if parts and nameless and not self.private:
            parts.append(Not(_of(nameless)))
        return replace(query, root=tree.both(parts)) if parts else query


def _of(channels: Collection[int]) -> Filter:
    numbers = sorted(map(str, channels))
    marks = frozenset(analysis.mark("channel", number) for number in numbers)
    return Filter("channel", "|".join(numbers), (marks,))


EVERYTHING = Sight(private=True)
"""What the operator sees."""
