"""What a look found: good to know, or worth a warning. What keeps from serving is an error."""

from msgspec import Struct


class Finding(Struct, frozen=True, kw_only=True):
    """One line of ``dateline check``; ``is_warning``: it serves, and something should be done."""

    where: str
    what: str
    hint: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        mark = "warning: " if self.is_warning else ""
        return f"{self.where}: {mark}{self.what}{f'; {self.hint}' if self.hint else ''}"


def warning(where: str, what: str, hint: str = "") -> Finding:
    """Something that does not keep the service from running."""
    return Finding(where=where, what=what, hint=hint, is_warning=True)


def counted(count: int, noun: str) -> str:
    """``1 session``, ``no sessions``, ``3 sessions``."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
