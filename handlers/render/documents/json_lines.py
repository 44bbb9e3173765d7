"""Documents as JSON Lines: UTF-8, one compact object a line."""

import json
from collections.abc import Iterable, Iterator

from storage import document
from storage.document import Document
from storage.errors import DatelineError, DocumentError

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: Document, **extra: object) -> str:
    """One line, without its newline; ``extra`` adds fields after the document's own."""
    return _encode({**document.to_json(value), **extra})


def load(lines: Iterable[str], *, where: str) -> Iterator[Document]:
    """The documents of JSON lines; empty lines are passed over.

    Raises DocumentError that names ``where`` and the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{where}, line {number}"
        try:
            yield document.from_json(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise DocumentError(
                f"is not JSON: {error}", where=place, hint="give one document a line"
            ) from None
        except DatelineError as error:
            raise DocumentError(str(error), where=place) from None
