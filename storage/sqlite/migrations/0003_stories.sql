-- Near copies of a post join its story: documents learn the name of theirs, and the posts of recent
-- days leave hashes by which the copies that come after them are found.
ALTER TABLE document ADD COLUMN story TEXT;

CREATE INDEX document_by_story ON document (story) WHERE story IS NOT NULL;

CREATE TABLE sketch (
    hash INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    PRIMARY KEY (hash, document_id)
) STRICT, WITHOUT ROWID;
