"""The part of a post's alert rows that all its readers share, stored once: the end of their keys,
and what the payloads say of the post. The view ``whole_delivery`` joins it to the rows; a trigger
removes what no row refers to any more."""

from collections.abc import Iterable
from typing import TypeAlias

from storage import payloads
from storage.connection import Connection, Row
from storage.outbox import outbox_keys
from storage.payloads import AlertPayload
from storage.records import NewDelivery

_Common: TypeAlias = tuple[object, ...]

COLUMNS = "id, name, story, payload"
"""What a shared part is recognized by (the payload names the post), and its id."""

_ADD = "INSERT INTO told_post (id, name, post, story, payload) VALUES (?, ?, ?, ?, ?)"


class NewPosts:
    """The shared parts of new rows: those that are there already (``use``), and others, each of
    which gets an id after all those stored, when the first of its rows is split."""

    def __init__(self, last_id: int) -> None:
        self._there: dict[tuple[str, str | None, str | None], int] = {}
        self._first = last_id + 1
        self._numbers: dict[_Common, int] = {}
        self._added: list[_Common] = []
        self._stored = 0

    def use(self, there: Iterable[Row]) -> None:
        """Share these parts (rows with ``COLUMNS``) where they say the same."""
        for row in there:
            self._there[row["name"], row["story"], row["payload"]] = int(row["id"])

    def split(self, row: NewDelivery) -> tuple[str, str, int | None]:
        """What is stored in the row itself: the beginning of its key, its own part of the payload,
        and the id of the shared part."""
        told = row.payload
        if not isinstance(told, AlertPayload):
            return row.key, payloads.write(told), None
        own, name = outbox_keys.split(row.key)
        return own, payloads.write_for_reader(told), self.number_of(name, row.story, told)

    def number_of(self, name: str, story: str | None, told: AlertPayload) -> int:
        """The id of the shared part of rows whose keys end so, and that say this of the post."""
        common = (name, story, payloads.of_post(told))
        number = self._numbers.get(common)
        if number is None:
            shared = payloads.write_for_post(told)
            number = self._there.get((name, story, shared))
            if number is None:
                number = self._first + len(self._added)
                self._added.append((number, name, told.doc_id, story, shared))
            self._numbers[common] = number
        return number

    def statement(self) -> tuple[str, list[_Common]]:
        """The INSERT of those that are not stored yet, and its parameters."""
        new = self._added[self._stored :]
        self._stored += len(new)
        return _ADD, new


async def set_payload(tx: Connection, id: int, payload: AlertPayload) -> None:
    """Change an alert's payload. What it says of its post becomes the row's own if it differs from
    the shared part."""
    former = await tx.fetch_one(
        "SELECT t.id, t.payload FROM delivery AS d JOIN told_post AS t ON t.id = d.told_post"
        " WHERE d.id = ?",
        (id,),
    )
    if former is None or former["payload"] is None:
        whole = payloads.write(payload)
        await tx.execute("UPDATE delivery SET payload = ? WHERE id = ?", (whole, id))
        return
    number, shared = former["id"], payloads.write_for_post(payload)
    if shared != former["payload"]:
        number = await tx.insert(
            "INSERT INTO told_post (name, post, story, payload)"
            " SELECT name, post, story, ? FROM told_post WHERE id = ?",
            (shared, former["id"]),
        )
    await tx.execute(
        "UPDATE delivery SET payload = ?, told_post = ? WHERE id = ?",
        (payloads.write_for_reader(payload), number, id),
    )
