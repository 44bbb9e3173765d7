"""What must hold between the rows of a database, each as a query for what breaks it.

Each query gives one column, which names what is wrong (``name``). They go through tables and their
indexes from end to end and keep nothing in memory but what they find.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``many`` is said of what ``sql`` finds, behind how many it is: "documents are not in it";
    ``one``, where it is one."""

    where: str
    one: str
    many: str
    sql: str


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
        " LEFT JOIN document_index_docsize AS s ON s.id = d.id WHERE s.id IS NULL",
    ),
    Check(
        where="index",
        one="document was indexed by another version",
        many="documents were indexed by another version",
        sql="SELECT doc_id AS name FROM document WHERE analysis <> :version",
    ),
)
"""They hold while no new version of the analysis is at work."""

ALWAYS = (
    Check(
        where="index",
        one="entry is of no document",
        many="entries are of no document",
        sql="SELECT s.id AS name FROM document_index_docsize AS s"
        " LEFT JOIN document AS d ON d.id = s.id WHERE d.id IS NULL",
    ),
    Check(
        where="documents",
        one="row holds no document, or another one",
        many="rows hold no document, or another one",
        sql="SELECT doc_id AS name FROM document"
        " WHERE NOT json_valid(json) OR json_extract(json, '$.doc_id') IS NOT doc_id",
    ),
    Check(
        where="documents",
        one="earlier version cannot be read",
        many="earlier versions cannot be read",
        sql="SELECT id AS name FROM revision WHERE NOT json_valid(json)",
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
