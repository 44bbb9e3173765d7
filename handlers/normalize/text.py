"""Text files: articles, flattened channel pages and canonical text, read into documents."""

from handlers.normalize.article import article
from handlers.normalize.datelines import datelines
from handlers.normalize.page import header as page_header
from handlers.normalize.page import page
from handlers.normalize.post import compose, guards, headers, lines, page_marks
from storage.document import Document

# A dateline shows an article if it stands among this many first lines.
_REACH = 5


def read_text(text: str, *, file: str, file_hash: str) -> list[Document]:
    """The documents that a text file holds, in order; none if it holds nothing to read.

    ``file`` is its base name, ``file_hash`` the SHA-256 of its bytes in hex, of which the ids of
    documents take the first 16 digits. Never fails: what no rule fits is a paragraph.
    """
    shaped = shape(text, file=file, file_hash=file_hash)
    return [compose.finish(document) for document in shaped]


def shape(text: str, *, file: str = "", file_hash: str = "") -> list[Document]:
    """The documents of a text file before ``compose.finish``: no hash, language or hashtags yet."""
    if not headers.match(text) and not text.strip():
        return []
    if is_page(text):
        return page.read_page(text, file=file, file_hash=file_hash)
    return [article.read_article(text, file=file, file_hash=file_hash)]


def is_page(text: str) -> bool:
    """Whether a text is a channel's page or a post, and not an article.

    Forward lines, placeholders and a channel's header are found in pages only. Otherwise an article
    has something after its header, blank lines between its paragraphs, or a dateline.
    """
    header = headers.match(text)
    rest = text[header.end :] if header else text
    rows = rest.split("\n")
    shown = [row for row in rows if not lines.is_blank(row)]
    if _has_marks(shown):
        return True
    if header is not None and not lines.is_blank(rows[0]):
        return False
    if header is not None and len(rows) == 1:
        return False
    if any(lines.is_blank(row) for row in rows[1 if header else 0 : _last_shown(rows)]):
        return False
    return not any(_opens_article(row) for row in shown[:_REACH])


def _has_marks(rows: list[str]) -> bool:
    if page_header.read(rows).count:
        return True
    pairs = zip(rows, [*rows[1:], None], strict=False)
    return any(
        page_marks.forward_name(row) is not None
        or page_marks.placeholder(row, following) is not None
        or page_marks.is_hidden_pair(row, following)
        for row, following in pairs
    )


def _last_shown(rows: list[str]) -> int:
    return max((at for at, row in enumerate(rows) if not lines.is_blank(row)), default=-1) + 1


def _opens_article(row: str) -> bool:
    found = None if guards.role(row) else datelines.match(row)
    if found is None:
        return False
    line = found.dateline
    return line.agency is not None or (line.place or "").split(",")[0].isupper()
