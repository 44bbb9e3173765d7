"""The head of a day as it is posted: what anybody needs to compare it later."""

from handlers.render.text.messages import Message
from handlers.render.text.rich import code, fill
from handlers.texts.languages import words_of
from storage.chain import entries
from storage.chain.heads import Head


class HeadWriter:
    """Writes heads in a language."""

    def __init__(self, language: str) -> None:
        self._words = words_of(language).watching

    def write(self, head: Head) -> Message:
        """The message of a head: its line, and the hash of that."""
        said = fill(
            self._words.head,
            day=head.day,
            number=head.number,
            first=head.first,
            last=head.last,
            hash=code(head.true_hash.hex()),
            line=code(head.line),
        )
        if head.restored_at is None:
            return Message(said)
        since = entries.moment(head.restored_at)
        return Message(fill(self._words.head_restored, head=said, since=since))
