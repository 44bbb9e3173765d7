"""How a text is translated, as commands see it: by a hook of the process."""

from asyncio import Task
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from storage.errors import ServiceError

Why: TypeAlias = Literal["often", "down", "refused"]


class TranslationError(ServiceError):
    """No translation was made: this person has asked too ``often``, the endpoint is ``down``, or it
    ``refused`` the text."""

    def __init__(self, why: Why) -> None:
        super().__init__(why, where="TRANSLATE_URL")
        self.why: Why = why


Translate: TypeAlias = Callable[[int, str, str | None, str], Awaitable[str]]
"""``await translate(person, text, source, target)``: the text in the target language (``en``);
``source`` None where its language is not known. Raises TranslationError."""

UnderWay: TypeAlias = dict[tuple[str, str, str], Task[str | None]]
"""What is being made: of which post, with which words (their hash), in which language."""
