"""What goes into FTS5's columns, and a query tree as an FTS5 expression.

Nothing typed reaches FTS5: only quoted terms that ``encode`` made, which hold letters, digits and
private-use characters, all of them token characters of ``unicode61``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from storage.document import Document
from storage.query import analysis
from storage.query.analysis import Analysed

COLUMNS = ("title", "body", "form", "mark")

# Small letters that unicode61 takes as they are.
_FOREIGN = re.compile("[^0-9a-z\u0430-\u044f\u0451-\u045f\u0491\u00df-\u00f6\u00f8-\u00ff]")


@lru_cache(maxsize=200_000)
def encode(term: str) -> str:
    """A term as one FTS5 token. Beginnings stay beginnings: prefixes work on the encoded form."""
    return _FOREIGN.sub(lambda match: f"\ue000{ord(match[0]):05x}", term)


def index_row(document: Document) -> tuple[str, str, str, str]:
    """The texts of COLUMNS for a document."""
    return index_analysed(analysis.analyse_document(document))


def index_analysed(analysed: Analysed) -> tuple[str, str, str, str]:
    """The texts of COLUMNS for a document that is analysed already."""
    forms = {word.form for word in analysed.title}
    forms.update(word.form for word in analysed.body)
    return (
        _join(word.term for word in analysed.title),
        _join(word.term for word in analysed.body),
        _join(sorted(forms)),
        _join(sorted(analysed.marks)),
    )


def _join(terms: Iterable[str]) -> str:
    return " ".join(map(encode, terms))
