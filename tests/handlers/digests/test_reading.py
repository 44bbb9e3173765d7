"""The archive that an outline is weighed against."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from handlers.digests import reading
from handlers.stories.gist import Frequencies
from storage.connection import Database
from storage.document import Channel


@pytest.mark.parametrize(
    ("scripts", "posts", "counts"),
    [
        ({}, 0, {}),
        ({True: (10, {1: 3, 2: 1})}, 10, {1: 3, 2: 1}),
        ({True: (10, {1: 3, 2: 1}), False: (5, {1: 4, 3: 2})}, 15, {1: 7, 2: 1, 3: 2}),
        ({True: (0, {}), False: (5, {3: 2})}, 5, {3: 2}),
    ],
)
def test_a_term_is_counted_in_the_posts_of_both_scripts(
    scripts: dict[bool, tuple[int, dict[int, int]]], posts: int, counts: dict[int, int]
) -> None:
    given = {script: Frequencies(*counted) for script, counted in scripts.items()}
    assert reading._archive(given) == (posts, counts)
    assert {script: (one.posts, one.counts) for script, one in given.items()} == scripts


async def test_what_alerts_showed_is_known_by_the_name_of_its_post(
    database: Database, store: Any, make_post: Callable[..., Any], now: datetime
) -> None:
    # The key of a row is in small letters where the number of its channel is not known.
    port = Channel(username="Lisvik_Port", title="Port of Lisvik")
    posts = [
        make_post(n, f"The ferry {n} sails", channel=port, doc_id=f"tg:@Lisvik_Port/{n}")
        for n in (1, 2)
    ]
    await store(*posts)
    async with database.reader() as conn:
        read = await reading._read(
            conn, now - timedelta(days=1), now, 0, mine={posts[0].doc_id}, query=None
        )
    assert {post.document.doc_id: post.mine for post in read} == {
        "tg:@Lisvik_Port/1": True,
        "tg:@Lisvik_Port/2": False,
    }
