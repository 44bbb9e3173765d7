"""For how long things are kept, and from when on a document is too old."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from storage.document import Document
from storage.retention.limits import Keeping, is_older, published_by

YEAR, MONTH = timedelta(days=365), timedelta(days=30)


@pytest.mark.parametrize(
    ("documents", "group_posts", "of_channels", "of_groups"),
    [
        (None, None, None, None),
        (YEAR, None, YEAR, YEAR),
        (None, MONTH, None, MONTH),
        (YEAR, MONTH, YEAR, MONTH),
        (MONTH, YEAR, MONTH, MONTH),
    ],
)
def test_posts_of_groups_are_kept_for_the_shorter_time(
    documents: timedelta | None,
    group_posts: timedelta | None,
    of_channels: timedelta | None,
    of_groups: timedelta | None,
) -> None:
    keeping = Keeping(documents=documents, group_posts=group_posts)
    assert keeping.of_posts(of_group=False) == of_channels
    assert keeping.of_posts(of_group=True) == of_groups


@pytest.mark.parametrize(
    ("published", "precision", "latest"),
    [
        ("2024-03-05T10:00:07Z", "second", datetime(2024, 3, 5, 10, 0, 7, tzinfo=UTC)),
        ("2024-03-05T10:00", "minute", datetime(2024, 3, 5, 10, 1, tzinfo=UTC)),
        ("2024-03-05", "day", datetime(2024, 3, 7, tzinfo=UTC)),
        ("2024-03", "month", datetime(2024, 4, 3, tzinfo=UTC)),
        ("2024", "year", datetime(2025, 1, 3, tzinfo=UTC)),
        ("--03-05", "day_no_year", None),
        (None, "none", None),
    ],
)
def test_a_vague_date_counts_as_the_latest_that_it_may_mean(
    make_document: Callable[..., Document],
    published: str | None,
    precision: str,
    latest: datetime | None,
) -> None:
    document = make_document(published_at=published, published_precision=precision)
    assert published_by(document) == latest
    if latest is None:
        assert not is_older(document, datetime(9000, 1, 1, tzinfo=UTC))
    else:
        assert not is_older(document, latest)
        assert is_older(document, latest + timedelta(seconds=1))
