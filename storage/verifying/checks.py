"""What must hold between the rows of a database, each as a query for what breaks it.

Each query gives one column, which names what is wrong (``name``). They go through tables and their
indexes from end to end and keep nothing in memory but what they find.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``what`` is said of what ``sql`` finds, behind how many it is: "documents are not in it"."""

    where: str
    what: str
    sql: str


_HAS_NO_ROW = """
    SELECT {name} AS name FROM {table} AS r WHERE r.{column} IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM {other} AS o WHERE o.{key} = r.{column})
"""

INDEXED = (
    Check(
        where="index",
        what="documents are not in it",
        sql="SELECT d.doc_id AS name FROM document AS d"
        " LEFT JOIN document_index_docsize AS s ON s.id = d.id WHERE s.id IS NULL",
    ),
    Check(
        where="index",
        what="documents were indexed by another version",
        sql="SELECT doc_id AS name FROM document WHERE analysis <> :version",
    ),
)
"""They hold while no new version of the analysis is at work."""

ALWAYS = (
    Check(
        where="index",
        what="entries are of no document",
        sql="SELECT s.id AS name FROM document_index_docsize AS s"
        " LEFT JOIN document AS d ON d.id = s.id WHERE d.id IS NULL",
    ),
    Check(
        where="documents",
        what="rows hold no document, or another one",
        sql="SELECT doc_id AS name FROM document"
        " WHERE NOT json_valid(json) OR json_extract(json, '$.doc_id') IS NOT doc_id",
    ),
    Check(
        where="documents",
        what="earlier versions cannot be read",
        sql="SELECT id AS name FROM revision WHERE NOT json_valid(json)",
    ),
    Check(
        where="events",
        what="posts are in an event that is not there",
        sql="SELECT e.document_id AS name FROM event_post AS e WHERE e.event > e.id"
        " OR EXISTS (SELECT 1 FROM event_alias AS a WHERE a.event = e.event)",
    ),
    Check(
        where="outbox",
        what="rows tell of a post that is not there",
        sql=_HAS_NO_ROW.format(
            name="r.id", table="delivery", column="told_post", other="told_post", key="id"
        ),
    ),
    Check(
        where="outbox",
        what="posts are told by no row",
        sql="SELECT t.id AS name FROM told_post AS t"
        " WHERE NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.told_post = t.id)",
    ),
    Check(
        where="outbox",
        what="keys stand in several rows",
        sql="SELECT min(id) AS name FROM whole_delivery GROUP BY key HAVING count(*) > 1",
    ),
    Check(
        where="outbox",
        what="rows that are done are under way",
        sql="SELECT id AS name FROM delivery WHERE state <> 'queued' AND leased_until IS NOT NULL",
    ),
    Check(
        where="outbox",
        what="rows that wait are done",
        sql="SELECT id AS name FROM delivery"
        " WHERE state = 'queued' AND (finished_at IS NOT NULL OR message_id IS NOT NULL)",
    ),
    Check(
        where="outbox",
        what="rows that were sent say not when",
        sql="SELECT id AS name FROM delivery WHERE state = 'sent' AND finished_at IS NULL",
    ),
    Check(
        where="outbox",
        what="edits that wait are of a message that is not there",
        sql="SELECT u.id AS name FROM delivery AS u WHERE u.state = 'queued'"
        " AND u.target IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM delivery AS t WHERE t.id = u.target)",
    ),
)
