"""The archive that an outline is weighed against."""

import pytest

from handlers.digests import reading
from handlers.stories.gist import Frequencies


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
