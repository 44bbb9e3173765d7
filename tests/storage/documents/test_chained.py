"""Which versions of a document are entered in the chain, and what they are called."""

from collections.abc import Callable

import pytest

from storage.document import Document
from storage.documents import chained
from storage.structs import replace

MakeDocument = Callable[..., Document]
STATES = {
    "one": {"title": "One"},
    "two": {"title": "Two"},
    "six": {"title": "Six"},
    "one gone": {"title": "One", "deleted_at": "2024-05-01T12:00:00Z"},
    "two gone": {"title": "Two", "deleted_at": "2024-05-01T12:00:00Z"},
    "one seen": {"title": "One", "views": 5},
}


@pytest.mark.parametrize(
    ("stored", "replaced", "document", "versions"),
    [
        # Of one batch: what was replaced before it was ever stored has an entry, too.
        (None, [], "one", ["stored one"]),
        (None, ["one"], "two", ["stored one", "edited two"]),
        (None, ["one", "two"], "six", ["stored one", "edited two", "edited six"]),
        (None, ["one"], "one gone", ["stored one", "deleted one gone"]),
        ("one", [], "one", []),
        ("one", [], "one seen", []),
        ("one seen", [], "one", []),
        ("one", [], "two", ["changed two"]),
        ("one", ["one"], "two", ["edited two"]),
        ("one", ["one seen"], "two", ["edited two"]),
        ("one", ["two"], "six", ["changed two", "edited six"]),
        ("one", ["two"], "one", ["changed two", "edited one"]),
        ("one", [], "one gone", ["deleted one gone"]),
        ("one gone", [], "one", ["restored one"]),
        ("one gone", [], "two", ["restored two"]),
        ("one gone", [], "two gone", ["changed two gone"]),
    ],
)
def test_versions_that_differ_from_the_one_before(
    make_document: MakeDocument,
    stored: str | None,
    replaced: list[str],
    document: str,
    versions: list[str],
) -> None:
    plain = make_document("Text")
    known = {name: replace(plain, **fields) for name, fields in STATES.items()}  # type: ignore[arg-type]
    found = chained.new_versions(
        None if stored is None else known[stored],
        [known[one] for one in replaced],
        known[document],
    )
    names = {(one.title, one.deleted_at): name for name, one in known.items() if not one.views}
    assert [f"{kind} {names[one.title, one.deleted_at]}" for kind, one in found] == versions
