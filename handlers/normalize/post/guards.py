"""Guards of canonical text: how a line that would read as something else is written.

A text line that would read as markup (``Forwarded from …``, `` date …``) gets a leading U+200B, and
is read back without it; a line of any other text keeps a U+200B of its own. Where a whole text
would be taken apart otherwise than it was put together, its lines say what they are: U+200B and one
of three more characters that nothing else uses there.
"""

from typing import Literal

from handlers.normalize.post import headers, page_marks

GUARD = "\u200b"
Role = Literal["title", "deck", "body"]
_ROLES: dict[Role, str] = {"title": "\u2063", "deck": "\u2062", "body": "\u2061"}
_BY_MARK = {GUARD + mark: role for role, mark in _ROLES.items()}


def reads_as_markup(text: str) -> bool:
    """Whether a line of text, guards aside, would be read as markup of a page or a header."""
    bare = text.lstrip(GUARD)
    return (
        page_marks.forward_name(bare) is not None
        or headers.match(bare) is not None
        or bare.strip()
        in (page_marks.VIEW, page_marks.HIDDEN, page_marks.TOO_BIG, page_marks.NOT_IN_BROWSER)
    )


def protect(text: str) -> str:
    """A line of text as canonical text holds it."""
    return GUARD + text if reads_as_markup(text) or _reads_as_role(text) else text


def assign(text: str, role: Role) -> str:
    """A line that says what it is, whatever stands around it."""
    return GUARD + _ROLES[role] + text


def unprotect(text: str) -> str:
    """The line of text that a line of canonical text holds; other lines as they are."""
    role = _role(text)
    if role is not None:
        return text[2:]
    if text.startswith(GUARD) and (reads_as_markup(text[1:]) or _reads_as_role(text[1:])):
        return text[1:]
    return text


def role(text: str) -> Role | None:
    """What a line says that it is, or None."""
    return _role(text)


def _role(text: str) -> Role | None:
    return _BY_MARK.get(text[:2])


def _reads_as_role(text: str) -> bool:
    """Whether a line says what it is, whatever stands guard before that."""
    return text.startswith(GUARD) and _role(GUARD + text.lstrip(GUARD)) is not None
