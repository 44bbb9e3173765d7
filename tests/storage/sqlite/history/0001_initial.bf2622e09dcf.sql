-- Times are microseconds since 1970, UTC. Row ids of documents hold their time (storage/moments.py).

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    id INTEGER PRIMARY KEY,
    channel_id INTEGER UNIQUE,
    username TEXT,
    username_key TEXT UNIQUE,
    title TEXT,
    access_hash INTEGER,
    watched INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL DEFAULT 0,
    added_at INTEGER NOT NULL,
    last_scan_at INTEGER,
    error TEXT
) STRICT;

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL UNIQUE,
    channel_id INTEGER,
    message_id INTEGER,
    stored_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    live INTEGER NOT NULL,
    content_hash TEXT,
    origin_channel_id INTEGER,
    origin_message_id INTEGER,
    deleted_at INTEGER,
    analysis INTEGER NOT NULL,
    ranks TEXT NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX document_by_message ON document (channel_id, message_id);
CREATE INDEX document_by_content ON document (content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX document_by_origin ON document (origin_channel_id, origin_message_id)
    WHERE origin_channel_id IS NOT NULL;
CREATE INDEX document_by_arrival ON document (stored_at, id) WHERE live = 1;
CREATE INDEX document_by_analysis ON document (analysis) WHERE analysis = 0;

-- Every doc_id that ever named a document, those of an album's parts too: all resolve for ever.
CREATE TABLE document_name (
    doc_id TEXT PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    deleted_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX document_name_by_document ON document_name (document_id);

-- What a document said before a later edit.
CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    replaced_at INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX revision_by_document ON revision (document_id);

-- Fed with terms of our own making (storage/query/compile_fts5.py): normal forms of the title and
-- of the rest, word forms as they stand, marks such as "in channel 7" or "has a photo".
CREATE VIRTUAL TABLE document_index USING fts5 (
    title, body, form, mark,
    content='', tokenize='unicode61 remove_diacritics 0'
);

CREATE TABLE subscriber (
    chat_id INTEGER PRIMARY KEY,
    access_hash INTEGER,
    username TEXT,
    name TEXT,
    language TEXT,
    timezone TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    admitted INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_digest_at INTEGER
) STRICT;

CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (chat_id, query)
) STRICT;

CREATE TABLE digest_plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL UNIQUE REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    minute INTEGER NOT NULL,
    timezone TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE digest_run (
    plan_id INTEGER NOT NULL REFERENCES digest_plan (id) ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    ran_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, local_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    random_id INTEGER NOT NULL UNIQUE CHECK (random_id <> 0),
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'gone', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    message_id INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE INDEX delivery_queue ON delivery (priority, due_at, id) WHERE state = 'queued';
CREATE INDEX delivery_by_chat ON delivery (chat_id, state);
