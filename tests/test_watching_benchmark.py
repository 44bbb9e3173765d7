"""What ``benchmarks/watching.py`` says of what it measured, however little that is."""

import pytest

from benchmarks.watching import report

LIVE = {"a": 1.0, "b": 2.0}


@pytest.mark.parametrize(
    ("stored", "lost", "found", "told", "status"),
    [
        (
            {"a": 1.25, "b": 2.75},
            {"c": 5.0},
            {"c": 25.0},
            [
                "2 posts, 2 stored",
                "post to stored: median 500.0 ms, 99th percentile 750.0 ms",
                "post to bare Telethon's handler: none",
                "1 pushes lost, 1 posts found: median 20.0 s, longest 20.0 s; effective",
            ],
            0,
        ),
        (
            {},
            {"c": 5.0},
            {},
            ["2 posts, 0 stored", "post to stored: none", "", "1 pushes lost, 0 posts found; eff"],
            1,
        ),
        (LIVE, {}, {}, ["2 posts, 2 stored", "", "", "0 pushes lost, 0 posts found; eff"], 0),
    ],
)
def test_what_was_not_seen_at_all_is_told_too(
    capsys: pytest.CaptureFixture[str],
    stored: dict[str, float],
    lost: dict[str, float],
    found: dict[str, float],
    told: list[str],
    status: int,
) -> None:
    assert report(LIVE, {}, stored, lost, found) == status
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(told)
    for line, begins in zip(lines, told, strict=True):
        assert line.startswith(begins)
