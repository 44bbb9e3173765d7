-- What a machine made of a post in another language: of the words that the hash is of, and of no others.
CREATE TABLE translation (
    document_id INTEGER NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    language TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    text TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (document_id, language)
) STRICT, WITHOUT ROWID;
