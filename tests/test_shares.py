"""The quick look's processes run every test, and each about as many as another."""

import re
from itertools import combinations

import shares


def test_each_file_is_in_one_share_and_all_have_as_many_tests() -> None:
    files = set(shares.TESTS.rglob("test_*.py"))
    dealt = [shares.list_share(number) for number in range(1, shares.COUNT + 1)]
    assert set().union(*dealt) == files
    assert all(not one & other for one, other in combinations(dealt, 2))
    counts = [
        sum(path.read_text(encoding="utf-8").count("def test_") for path in share)
        for share in dealt
    ]
    assert min(counts) > 700
    assert max(counts) - min(counts) < 0.05 * sum(counts)


def test_the_task_starts_as_many_as_there_are_shares() -> None:
    task = (shares.TESTS.parent / "do").read_text(encoding="utf-8")
    others = re.findall(r"for share in ([\d ]+); do", task)
    numbers = range(1, shares.COUNT + 1)
    assert others and all([*map(int, found.split())] == [*numbers][1:] for found in others)
    assert "SHARE=1 " in task
