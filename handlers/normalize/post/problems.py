"""What a reader reports beside documents: parts it could not read, and parts it left out."""

from dataclasses import dataclass, field

from msgspec import Struct


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a file that could not be read; what stands around it was.

    ``raw`` is that part by itself as a small file of the same ``format``, where there is such a
    part; ``message_id`` is the message that it is, where that can be seen.
    """

    file: str
    place: str
    what: str
    hint: str = ""
    raw: bytes | None = field(default=None, repr=False)
    format: str = ""
    message_id: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        line = f"{where}: {self.what}"
        return f"{line}; {self.hint}" if self.hint else line


class Skipped(Struct, frozen=True, kw_only=True):
    """What was left out on purpose: the messages of a private chat or a group, or a page that has
    none to give, which ``why`` then says."""

    file: str
    chat: str
    messages: int
    why: str = ""
