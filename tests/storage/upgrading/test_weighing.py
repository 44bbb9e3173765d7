"""What a migration goes through, by its statements."""

import pytest

from storage.sqlite.migrate import Migration
from storage.upgrading import weighing
from storage.upgrading.weighing import Size, Step, weigh

SIZES = {"post": Size(rows=1_000, bytes=5_000), "chat": Size(rows=10, bytes=40)}


def steps(*scripts: str) -> list[Step]:
    missing = [
        Migration(version=number, name=f"step{number}", sql=sql.replace("; ", ";\n"))
        for number, sql in enumerate(scripts, 1)
    ]
    return list(weigh(missing, SIZES))


@pytest.mark.parametrize(
    ("sql", "rows", "size", "copied", "read", "rebuilds"),
    [
        ("CREATE TABLE more (id INTEGER);", 0, 0, 0, 0, ()),
        ("-- from post\nALTER TABLE post ADD COLUMN more;", 0, 0, 0, 0, ()),
        ("CREATE TABLE more AS SELECT * FROM post;", 1_000, 5_000, 1_000, 0, ()),
        ("INSERT INTO more SELECT * FROM chat\n JOIN post;", 1_000, 5_000, 1_000, 0, ()),
        ("INSERT OR IGNORE INTO more SELECT * FROM chat;", 10, 40, 10, 0, ()),
        ("INSERT INTO more VALUES (1);", 0, 0, 0, 0, ()),
        ("INSERT INTO more SELECT * FROM nothing;", 0, 0, 0, 0, ()),
        ("UPDATE post SET id = 1;", 1_000, 5_000, 1_000, 0, ()),
        ("DELETE FROM chat;", 10, 40, 10, 0, ()),
        ("UPDATE post SET id = 1; DELETE FROM chat;", 1_000, 5_040, 1_010, 0, ()),
        ("CREATE INDEX one ON post (id);", 1_000, 0, 0, 1_000, ()),
        ("CREATE UNIQUE INDEX one ON chat (id); CREATE INDEX two ON post (id);",
         1_000, 0, 0, 1_010, ()),
        ("DROP TABLE post;", 0, 0, 0, 0, ()),
        ("DROP TABLE post; CREATE TABLE post AS SELECT * FROM chat;", 10, 40, 10, 0, ("post",)),
        ("CREATE TABLE new AS SELECT * FROM post; DROP TABLE post; ALTER TABLE new RENAME TO post;"
         " UPDATE post SET id = 1;", 1_000, 10_000, 2_000, 0, ("post",)),
        ("INSERT INTO chat SELECT * FROM post; UPDATE chat SET id = 1;",
         1_010, 10_040, 2_010, 0, ()),
        ("CREATE TABLE old AS SELECT * FROM chat; DROP TABLE old;", 10, 40, 10, 0, ()),
    ],
)  # fmt: skip
def test_a_step_is_weighed_by_the_tables_that_it_goes_through(
    sql: str, rows: int, size: int, copied: int, read: int, rebuilds: tuple[str, ...]
) -> None:
    (step,) = steps(sql)
    assert (step.version, step.name) == (1, "step1")
    assert (step.rows, step.bytes, step.rebuilds) == (rows, size, rebuilds)
    least = copied / 150_000 + read / 2_000_000
    most = 0.3 + copied / 15_000 + read / 200_000
    assert step.seconds == pytest.approx((least, most))


def test_what_a_step_leaves_is_what_the_next_one_finds() -> None:
    first, second, third = steps(
        "ALTER TABLE post RENAME TO entry;", "DELETE FROM post;", "DELETE FROM entry;"
    )
    assert (first.rows, second.rows, third.rows) == (0, 0, 1_000)


def test_steps_come_one_after_the_other() -> None:
    assert weighing.total([(1, 2), (0.5, 4)]) == (1.5, 6)
    assert weighing.total([]) == (0, 0)
