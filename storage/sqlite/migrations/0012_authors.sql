-- Who wrote a post of a group, where it was a person: what of theirs there is can be found at once.
ALTER TABLE document ADD COLUMN author_key TEXT;
CREATE INDEX document_by_author ON document (author_key) WHERE author_key IS NOT NULL;

-- And what was forwarded from them.
CREATE INDEX document_by_origin_user ON document (json_extract(json, '$.forwarded_from.user_id'))
    WHERE json_extract(json, '$.forwarded_from.user_id') IS NOT NULL;
