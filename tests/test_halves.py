"""The quick look's two processes run every test, and each about as many as the other."""

import halves


def test_each_file_is_in_one_half_and_both_have_as_many_tests() -> None:
    files = set(halves.TESTS.rglob("test_*.py"))
    one, other = halves.list_half(1), halves.list_half(2)
    assert one | other == files
    assert not one & other
    counts = [
        sum(path.read_text(encoding="utf-8").count("def test_") for path in half)
        for half in (one, other)
    ]
    assert min(counts) > 1000
    assert abs(counts[0] - counts[1]) < 0.05 * sum(counts)
