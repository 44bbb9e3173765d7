"""Text files: articles, flattened channel pages and canonical text, read into documents."""

from handlers.normalize import page
from storage.document import Document


def read_text(text: str, *, file: str, file_hash: str) -> list[Document]:
    """The documents that a text file holds, in order; none if it holds nothing to read.

    ``file`` is its base name, ``file_hash`` the SHA-256 of its bytes in hex, of which the ids of
    documents take the first 16 digits. Never fails: what no rule fits is a paragraph.
    """
    return page.read_page(text, file=file, file_hash=file_hash)
