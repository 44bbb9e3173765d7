-- What a machine made of a post in another language: of the words that the hash is of, and of no others.
CREATE TABLE translation (
    document_id BIGINT NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    language TEXT COLLATE "C" NOT NULL,
    content_hash TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (document_id, language)
);
