"""Whether two documents of one name are one post."""

from collections.abc import Callable
from typing import Any

import pytest

from storage.document import Channel, Document
from storage.documents.merge import may_be_one

NAMED, NUMBERED = Channel(username="harbour"), Channel(id=77, username="harbour")
NOON, LONG_AGO = "2024-05-01T12:00:00Z", "2020-01-01T00:00:00Z"
IN_MOSCOW = "2024-05-01T15:00:00+03:00"


@pytest.mark.parametrize(
    ("known", "new", "is_one"),
    [
        # Of one number, or of none: the name is the post, whenever it is said to be posted.
        ({"channel": NUMBERED}, {"channel": NUMBERED, "published_at": LONG_AGO}, True),
        ({"channel": NAMED}, {"channel": NAMED, "published_at": LONG_AGO}, True),
        ({"channel": None}, {"channel": NAMED, "published_at": LONG_AGO}, True),
        ({"channel": NUMBERED}, {"channel": Channel(id=78, username="harbour")}, False),
        # The number of one is not known: then their times tell.
        ({"channel": NUMBERED}, {"channel": NAMED}, True),
        ({"channel": NAMED}, {"channel": NUMBERED}, True),
        ({"channel": NUMBERED}, {"channel": None}, True),
        ({"channel": NUMBERED}, {"channel": NAMED, "published_at": "2024-05-01T12:01:00Z"}, True),
        ({"channel": NUMBERED}, {"channel": NAMED, "published_at": "2024-05-01T11:59:00Z"}, True),
        ({"channel": NUMBERED}, {"channel": NAMED, "published_at": "2024-05-01T12:01:01Z"}, False),
        ({"channel": NAMED}, {"channel": NUMBERED, "published_at": "2024-05-01T11:58:59Z"}, False),
        ({"channel": NUMBERED}, {"channel": NAMED, "published_at": IN_MOSCOW}, True),
        # What is not known to the second tells nothing.
        *(
            ({"channel": NUMBERED}, {"channel": NAMED, "published_at": "2024-05-03", **vague}, True)
            for vague in (
                {"published_precision": "day"},
                {"published_precision": "minute"},
                {"published_precision": "second", "flags": ("zone_unknown",)},
            )
        ),
        ({"channel": NUMBERED}, {"channel": NAMED, "published_at": None}, True),
        ({"channel": NUMBERED, "published_at": None}, {"channel": NAMED}, True),
    ],
)  # fmt: skip
def test_documents_of_one_name_are_one_post_but_where_the_name_moved(
    known: dict[str, Any], new: dict[str, Any], is_one: bool, make_document: Callable[..., Document]
) -> None:
    exact = {"published_at": NOON, "published_precision": "second"}
    one, other = (make_document("Grain", **{**exact, **fields}) for fields in (known, new))
    assert may_be_one(one, other) == is_one
