"""/latest: the newest posts, of everything, of a channel, or with words."""

from typing import Any

import pytest

from storage.document import Channel

PORT = Channel(id=200, username="port_desk", title="Port Desk")


@pytest.mark.parametrize(
    ("asked", "found", "missing"),
    [
        ("/latest", ["The ferry", "The barge"], []),
        ("/latest @port_desk", ["The barge"], ["The ferry"]),
        ("/latest ferry", ["The ferry"], ["The barge"]),
    ],
)
async def test_the_newest_come_first(
    ann: Any, make_post: Any, store: Any, asked: str, found: list[str], missing: list[str]
) -> None:
    await store(make_post(1, "The ferry sails"), make_post(2, "The barge sinks", channel=PORT))
    said = await ann.read(asked)
    assert all(title in said for title in found)
    assert not any(title in said for title in missing)


async def test_where_there_is_nothing_that_is_said(ann: Any) -> None:
    assert "after:30d" in await ann.read("/latest")
