-- What an alert tells of; and the posts that came to it without a message of their own: they said
-- nothing new to its reader, or, where "fresh" says what is new in them, were added to it.
ALTER TABLE delivery ADD COLUMN post TEXT;
UPDATE delivery SET post = json_extract(payload, '$.doc_id') WHERE kind = 'alert';
CREATE TABLE folded (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    post TEXT NOT NULL,
    folded_at INTEGER NOT NULL,
    fresh TEXT,
    PRIMARY KEY (delivery_id, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX folded_by_post ON folded (post);
