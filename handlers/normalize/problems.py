"""What a reader reports beside documents: parts it could not read, and parts it left out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a file that could not be read; what stands around it was."""

    file: str
    place: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        line = f"{where}: {self.what}"
        return f"{line}; {self.hint}" if self.hint else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Messages left out on purpose: those of a private chat or a group."""

    file: str
    chat: str
    messages: int
