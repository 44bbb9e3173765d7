"""Documents as JSON Lines: UTF-8, one compact object a line."""

import json
from collections.abc import Iterable, Iterator, Mapping

from storage import document
from storage.document import Document
from storage.errors import DatelineError, DocumentError
from storage.query.marked import Attached
from storage.records import Hit

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: Document, **extra: object) -> str:
    """One line, without its newline; ``extra`` adds fields after the document's own."""
    return write({**document.to_json(value), **extra})


def write(members: Mapping[str, object]) -> str:
    """One line of JSON with these members."""
    return _encode(members)


def hit_members(hit: Hit) -> dict[str, object]:
    """A search result as JSON: the document, with an extract (``snippet``) and the words that
    matched (``matched``)."""
    parts = (hit.snippet.text, *map(_attached, hit.attached))
    snippet = "\n".join(part for part in parts if part)
    return {**document.to_json(hit.document), "snippet": snippet, "matched": list(hit.matched)}


def _attached(found: Attached) -> str:
    """``[document] dredging_plan.pdf``: what is attached and matched, by its name in the schema."""
    return f"[{found.name or found.type}] {found.text.text}"


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
