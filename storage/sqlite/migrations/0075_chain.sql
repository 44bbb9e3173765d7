-- The chain of documents (storage/chain): an entry for every version that was stored, each with the
-- hash of the one before, and a head for each day. Entries stay when their document goes.
CREATE TABLE chain_entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    doc_id TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    stored_at INTEGER,
    version BLOB NOT NULL,
    hash BLOB NOT NULL,
    document_id INTEGER REFERENCES document (id) ON UPDATE CASCADE ON DELETE SET NULL
) STRICT;

CREATE INDEX chain_entry_by_document ON chain_entry (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE chain_head (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    restored_at INTEGER,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    root BLOB NOT NULL,
    last_hash BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
