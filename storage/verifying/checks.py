"""What must hold between the rows of a database, each as a query for what breaks it.

Each query gives one column, which names what is wrong (``name``). They go through tables and their
indexes from end to end and keep nothing in memory but what they find.
"""

from collections.abc import Sequence

from msgspec import Struct

MOST_NAMED = 3
MOST_COUNTED = 1000


class Report(Struct, frozen=True, kw_only=True):
    """``problems``: a line each. ``is_damaged``: what is in the file cannot be relied on.
    ``is_older``: the database is of an earlier version, of which only the file and what points at
    what were looked at."""

    documents: int
    problems: tuple[str, ...]
    is_damaged: bool = False
    is_older: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class Check(Struct, frozen=True, kw_only=True):
    """``many`` is said of what ``sql`` finds, behind how many it is: "documents are not in it";
    ``one``, where it is one."""

    where: str
    one: str
    many: str
    sql: str

    def of(self, indexed: str) -> str:
        """The query; ``indexed``: the table that holds a row for each document of the index."""
        return self.sql.replace(":indexed", indexed)


_HAS_NO_ROW = """
    SELECT {name} AS name FROM {table} AS r WHERE r.{column} IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM {other} AS o WHERE o.{key} = r.{column})
"""

INDEXED = (
    Check(
        where="index",
        one="document is not in it",
        many="documents are not in it",
        sql="SELECT d.doc_id AS name FROM document AS d"
        " LEFT JOIN :indexed AS s ON s.id = d.id WHERE s.id IS NULL",
    ),
    Check(
        where="index",
        one="document was indexed by another version",
        many="documents were indexed by another version",
        sql="SELECT doc_id AS name FROM document WHERE analysis <> ?",
    ),
)
"""They hold while no new version of the analysis is at work."""

IN_FILE = (
    Check(
        where="documents",
        one="row holds no document, or another one",
        many="rows hold no document, or another one",
        sql="SELECT doc_id AS name FROM document"
        " WHERE NOT json_valid(json) OR name_key(json_extract(json, '$.doc_id')) IS NOT doc_id",
    ),
    Check(
        where="documents",
        one="earlier version cannot be read",
        many="earlier versions cannot be read",
        sql="SELECT id AS name FROM revision WHERE NOT json_valid(json)",
    ),
)
"""They look into JSON by SQLite's own functions, and at names by ``name_key``."""

ALWAYS = (
    Check(
        where="index",
        one="entry is of no document",
        many="entries are of no document",
        sql="SELECT s.id AS name FROM :indexed AS s"
        " LEFT JOIN document AS d ON d.id = s.id WHERE d.id IS NULL",
    ),
    Check(
        where="events",
        one="post is in an event that is not there",
        many="posts are in an event that is not there",
        sql="SELECT e.document_id AS name FROM event_post AS e WHERE e.event > e.id"
        " OR EXISTS (SELECT 1 FROM event_alias AS a WHERE a.event = e.event)",
    ),
    Check(
        where="outbox",
        one="row tells of a post that is not there",
        many="rows tell of a post that is not there",
        sql=_HAS_NO_ROW.format(
            name="r.id", table="delivery", column="told_post", other="told_post", key="id"
        ),
    ),
    Check(
        where="outbox",
        one="post is told by no row",
        many="posts are told by no row",
        sql="SELECT t.id AS name FROM told_post AS t"
        " WHERE NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.told_post = t.id)",
    ),
    Check(
        where="outbox",
        one="key stands in several rows",
        many="keys stand in several rows",
        sql="SELECT min(id) AS name FROM whole_delivery GROUP BY key HAVING count(*) > 1",
    ),
    Check(
        where="outbox",
        one="row that is done is under way",
        many="rows that are done are under way",
        sql="SELECT id AS name FROM delivery WHERE state <> 'queued' AND leased_until IS NOT NULL",
    ),
    Check(
        where="outbox",
        one="row that waits is done",
        many="rows that wait are done",
        sql="SELECT id AS name FROM delivery"
        " WHERE state = 'queued' AND (finished_at IS NOT NULL OR message_id IS NOT NULL)",
    ),
    Check(
        where="outbox",
        one="row that was sent says not when",
        many="rows that were sent say not when",
        sql="SELECT id AS name FROM delivery WHERE state = 'sent' AND finished_at IS NULL",
    ),
    Check(
        where="outbox",
        one="edit that waits is of a message that is not there",
        many="edits that wait are of a message that is not there",
        sql="SELECT u.id AS name FROM delivery AS u WHERE u.state = 'queued'"
        " AND u.target IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM delivery AS t WHERE t.id = u.target)",
    ),
)


UNFOUND = (
    "document is not found by its own words",
    "documents are not found by their own words",
)
UNREADABLE = ("row that waits cannot be read", "rows that wait cannot be read")


def counted(count: int, one: str, many: str) -> str:
    """How many they are, and what is said of one, or of several."""
    more = " or more" if count == MOST_COUNTED else ""
    return f"{count}{more} {one if count == 1 else many}"


def said_of(where: str, one: str, many: str, names: Sequence[str]) -> list[str]:
    """A line for what is wrong in one way, with the first of ``names``, which are counted up to
    ``MOST_COUNTED``; none where nothing is."""
    if not names:
        return []
    named = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return [f"{where}: {counted(min(len(names), MOST_COUNTED), one, many)}: {named}"]
