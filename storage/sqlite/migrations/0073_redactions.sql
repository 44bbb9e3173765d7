-- Posts whose texts the operator took out ("dateline redact"): under every name that they have, so
-- that whatever is read again of them is emptied at the door.
CREATE TABLE redaction (
    doc_id TEXT PRIMARY KEY,
    redacted_at INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
